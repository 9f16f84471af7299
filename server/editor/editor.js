// CodeMirror in a shadow root: there its style sheets are adopted, which the page's policy allows.
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, tooltips, highlightActiveLine, drawSelection, placeholder } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { StreamLanguage, syntaxHighlighting, HighlightStyle, bracketMatching, indentUnit } from "@codemirror/language";
import { autocompletion, closeCompletion, completionKeymap, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap, highlightSelectionMatches } from "@codemirror/search";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { tags } from "@lezer/highlight";
import { completer } from "./completion.js";

const EDGE = 16;
const HELP = "Control and Enter runs it. Control and Space completes. Tab leaves the editor.";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: [tags.string, tags.number, tags.literal], color: "var(--code-literal)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-variable)", whiteSpace: "nowrap" },
  { tag: [tags.atom, tags.namespace, tags.propertyName], color: "var(--code-name)" },
  { tag: [tags.operator, tags.bracket, tags.punctuation], color: "var(--code-sign)" },
]);

// The marks of CodeMirror's own are pictures in data: addresses, which the policy forbids: these are text.
const look = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: "6px" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--code-font)", fontSize: "var(--code-size)", lineHeight: "1.5", minHeight: "var(--code-least)", maxHeight: "var(--code-most)", borderRadius: "6px" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--tint)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--code-selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--code-line)", outline: "1px solid var(--line)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-selection)" },
  ".cm-lintRange-error, .cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--against) 2px", textUnderlineOffset: ".2em" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--against)" },
  ".cm-lint-marker-error, .cm-lint-marker-warning": { content: "normal" },
  ".cm-lint-marker:before": { content: '"▲"', color: "var(--against)", fontSize: ".8em" },
  ".cm-tooltip": { backgroundColor: "var(--tint)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: "6px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--code-font)", maxHeight: "min(14rem, 34vh)", maxWidth: "calc(100vw - 2rem)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--card)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".85", fontFamily: "system-ui, sans-serif", fontSize: ".9em" },
  ".cm-completionInfo": { maxWidth: "24rem", padding: ".4rem .6rem", fontFamily: "system-ui, sans-serif", fontSize: ".9rem" },
  ".cm-diagnostic": { borderLeftColor: "var(--against)", fontFamily: "system-ui, sans-serif", maxWidth: "32rem" },
  ".cm-diagnosticAction": { backgroundColor: "var(--link)", color: "var(--card)", borderRadius: "4px", padding: ".15rem .5rem" },
  ".cm-panels": { backgroundColor: "var(--tint)", color: "var(--ink)" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button": { backgroundImage: "none", backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--soft)" },
});

/** Return where what is offered may stand: beside the edges of the window, and above *below* if that is in sight. */
function room(below) {
  const top = below.getBoundingClientRect().top;
  const bottom = top > 0 && top < window.innerHeight ? top : window.innerHeight;
  return { left: EDGE, top: 0, right: document.documentElement.clientWidth - EDGE, bottom };
}

/**
 * Make the editor in *host*; *on* has what to do when it is asked, and when its text has changed, and the element
 * *below* it, which nothing is to cover.
 */
export function createEditor(host, text, terms, on) {
  const root = host.attachShadow({ mode: "open" });
  const help = document.createElement("p");
  help.id = "help";
  help.hidden = true;
  help.textContent = HELP;
  root.append(help);
  const asks = { key: "Mod-Enter", run: () => (on.ask(), true), preventDefault: true };
  const extensions = [
    Prec.highest(keymap.of([asks])),
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    bracketMatching(),
    closeBrackets(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    StreamLanguage.define({ ...sparql, languageData: { ...sparql.languageData, commentTokens: { line: "#" } } }),
    syntaxHighlighting(colours),
    autocompletion({ override: [completer(terms)], icons: false, maxRenderedOptions: 60 }),
    lintGutter(),
    search({ top: true }),
    tooltips({ tooltipSpace: () => room(on.below()) }),
    placeholder("SELECT …"),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": "Query in SPARQL", "aria-describedby": "help", spellcheck: "false" }),
    look,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) on.changed(update.state.doc.toString());
    }),
  ];
  const start = (doc) => EditorState.create({ doc, extensions });
  const view = new EditorView({ state: start(text), parent: root, root });

  return {
    get text() {
      return view.state.doc.toString();
    },
    focus: () => view.focus(),
    /** Take away what was offered, and what is still being looked for. */
    rest: () => closeCompletion(view),
    /** Show another text, with a history of its own. */
    show(doc) {
      view.setState(start(doc));
      on.changed(doc);
    },
    /** Mark what the service found at fault: places are lines and columns, counted from 1 in characters. */
    mark(faults) {
      view.dispatch(setDiagnostics(view.state, faults.map((fault) => diagnostic(view, fault))));
      if (faults.length) view.dispatch({ selection: { anchor: place(view, faults[0]) }, scrollIntoView: true });
    },
    /** Mend a fault as the service proposes. */
    mend(fault) {
      const { from, to, actions } = diagnostic(view, fault);
      actions[0].apply(view, from, to);
      if (!byTouch()) view.focus();
    },
  };
}

/** Tell whether a focus in the editor brings up a keyboard, which covers half of what there is to read. */
export const byTouch = () => matchMedia("(pointer: coarse)").matches;

function place(view, { line, column }) {
  const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  const before = [...found.text].slice(0, column - 1).join("");
  return Math.min(found.from + before.length, found.to);
}

function diagnostic(view, fault) {
  const from = place(view, fault);
  const end = view.state.doc.lineAt(from).to;
  const word = /^[^\s{}();,]*/.exec(view.state.sliceDoc(from, end))[0];
  const to = Math.min(from + Math.max(word.length, 1), end);
  const { paste, instead, append } = fault;
  const apply = (editor, start, stop) => {
    const line = paste && !editor.state.doc.toString().includes(paste) ? [{ from: 0, insert: `${paste}\n` }] : [];
    const word = instead ? [{ from: start, to: stop, insert: instead }] : [];
    const last = append ? [{ from: editor.state.doc.length, insert: `\n${append}` }] : [];
    editor.dispatch({ changes: [...line, ...word, ...last] });
  };
  const name = instead ? `Write ${instead}` : append ? `Write ${append} at the end` : paste ? `Add ${paste}` : "";
  const actions = name ? [{ name, apply }] : [];
  return { from, to, severity: fault.severity, message: fault.message, actions };
}
