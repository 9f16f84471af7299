// Completes what leads to rows: properties that things of the subject's classes have, classes that have what
// is asked of the subject, and prefixes. Counts and definitions are those of the release.
import { pickedCompletion } from "@codemirror/autocomplete";
import { classesOf, declared, isType, led, read } from "./reading.js";

const KEYWORDS =
  "SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES CONSTRUCT DESCRIBE ASK PREFIX LIMIT OFFSET EXISTS NOT AS IN COUNT".split(" ").concat("GROUP BY", "ORDER BY");

/** The boost of what fits the subject best; a section of its own would stand below all that has none. */
const FITS = 99;

/** Return the source of completions; *loading* promises what the release holds. */
export function completer(loading) {
  let known = null;
  loading.then((found) => {
    known = found;
  });
  // what is asked for while they are loading is offered when they are there
  return (context) => (known ? offered(context, known) : loading.then((found) => (found && !context.aborted ? offered(context, found) : null)));
}

function offered(context, known) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  if (/#[^<>]*$/.test(before.replace(/<[^>]*>|"[^"]*"/g, ""))) return null;
  const text = context.state.doc.toString();
  const prefix = /\bPREFIX\s+([\w-]*:?)$/i.exec(before);
  if (prefix) return { from: context.pos - prefix[1].length, options: prefixes(known), validFor: /^[\w-]*:?$/ };
  const word = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
  if (!word.text && !context.explicit) return null;
  if ("?$".includes(word.text[0] ?? " ")) return { from: word.from, options: variables(text, word.text), validFor: /^[?$]\w*$/ };
  return { from: word.from, options: options(text, word.from, known), validFor: /^[\w-]*:?[\w-]*$/ };
}

/** Return what fits at *place*, most used first. */
function options(text, place, terms) {
  const here = read(text, place);
  const triples = here.triples;
  const have = declared(text);
  const classes = classesOf(triples, terms);
  if (here.slot === "predicate" && !here.ended) {
    return properties(here, classes, terms, have);
  }
  if (here.slot === "object" || here.slot === "predicate") {
    if (isType(here.path)) return classOptions(here.subject, triples, classes, terms, have);
  }
  const all = { ...terms.classes, ...terms.properties };
  const names = Object.keys(all).map((name) => named(name, terms, have, counts(all)));
  return [...KEYWORDS.map((label) => ({ label, type: "keyword", boost: -50 })), ...prefixNames(terms, have), ...names];
}

function properties(here, classes, terms, have) {
  const start = classes.get(here.subject) ?? null;
  const path = here.path.at(-1) === "/" ? here.path.slice(0, -1) : [];
  const inverse = here.path.at(-1) === "^";
  const at = inverse ? null : path.length ? led(start, path, terms) : start;
  const found = at?.length ? common(at.map((name) => terms.of[name] ?? {})) : counts(terms.properties);
  return Object.keys(found).map((name) => named(name, terms, have, found, name === "rdf:type" ? "a" : name));
}

/** Return what all of some tables have, with the least count; where that is nothing, what any has. */
function common(tables) {
  const all = tables.flatMap(Object.keys);
  const shared = all.filter((name) => tables.every((table) => name in table));
  return Object.fromEntries((shared.length ? shared : all).map((name) => [name, Math.min(...tables.filter((table) => name in table).map((table) => table[name]))]));
}

function classOptions(subject, triples, classes, terms, have) {
  const asked = triples.filter((triple) => triple.subject === subject && !isType(triple.path) && terms.properties[triple.path[0]]);
  const fits = (name) => asked.every(({ path }) => path[0] in (terms.of[name] ?? {}));
  const near = new Set(classes.get(subject) ?? []);
  const found = counts(terms.classes);
  return Object.keys(terms.classes)
    .filter((name) => found[name] && fits(name))
    .map((name) => ({ ...named(name, terms, have, found), ...(near.has(name) ? { boost: FITS } : {}) }));
}

function counts(entries) {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry.count]));
}

function named(name, terms, have, found, label = name) {
  const entry = terms.classes[name] ?? terms.properties[name] ?? {};
  const count = found[name];
  const words = [entry.label, count ? count.toLocaleString("en") : ""].filter(Boolean).join(" · ");
  return {
    label,
    type: name in terms.classes ? "class" : "property",
    detail: words,
    boost: Math.min(Math.log10((count ?? 0) + 1) * 8, 60),
    ...(entry.definition && !isNarrow() ? { info: () => about(entry) } : {}),
    apply: (view, completion, from, to) => insert(view, completion, label, from, to, terms, have),
  };
}

/** Tell whether what explains an entry has no room beside the list, and would cover others. */
const isNarrow = () => matchMedia("(max-width: 40rem)").matches;

function about(entry) {
  const box = document.createElement("div");
  box.textContent = entry.definition;
  return box;
}

/** Insert a name, and the line of its prefix where that is missing. */
function insert(view, completion, label, from, to, terms, have) {
  const prefix = label.includes(":") ? label.slice(0, label.indexOf(":")) : "";
  const missing = prefix in terms.prefixes && !have.has(prefix) && label[0] !== "<";
  const head = missing ? `PREFIX ${prefix}: <${terms.prefixes[prefix]}>\n` : "";
  view.dispatch({
    changes: [...(head ? [{ from: 0, insert: head }] : []), { from, to, insert: label }],
    selection: { anchor: from + head.length + label.length },
    annotations: pickedCompletion.of(completion),
    userEvent: "input.complete",
  });
}

function prefixes(terms) {
  return Object.entries(terms.prefixes).map(([name, iri]) => ({ label: `${name}:`, detail: iri, apply: `${name}: <${iri}>`, type: "namespace" }));
}

function prefixNames(terms, have) {
  return Object.entries(terms.prefixes).map(([name, iri]) => ({
    label: `${name}:`,
    detail: iri,
    type: "namespace",
    boost: have.has(name) ? 10 : -20,
    apply: (view, completion, from, to) => insert(view, completion, `${name}:`, from, to, terms, have),
  }));
}

function variables(text, typed) {
  const found = new Set(text.match(/[?$]\w+/g) ?? []);
  found.delete(typed);
  return [...found].map((label) => ({ label, type: "variable" }));
}
