// Puts the editor in the place of the text area, and the parts that need it around it.
import { createEditor } from "./editor.js";
import { createTabs } from "./tabs.js";
import { createAnswer } from "./answer.js";
import { createTools } from "./tools.js";
import { loadTerms } from "./terms.js";

const form = document.getElementById("ask");
const area = form.elements.query;
const answer = createAnswer(document.getElementById("answer"), form, (fault) => {
  editor.mend(fault);
  tools.ask();
});

// The text area stays the one that the form sends; the editor writes each change into it.
const host = document.createElement("div");
host.className = "editor";
host.id = "editor";
area.after(host);
area.hidden = true;
form.querySelector("label[for=query]").hidden = true;

const terms = loadTerms(form.dataset.terms);
const editor = createEditor(host, area.value, terms, {
  ask: () => tools.ask(),
  below: () => form.querySelector(".field.ask"),
  changed: (text) => {
    area.value = text;
    tabs.keep(text);
  },
});
const tools = createTools(form, editor, answer, (query) => tabs.open(query));
const tabs = createTabs(host, area.value, form.dataset.given === "yes", (text) => {
  editor.show(text);
  answer.clear();
  tools.clear();
}, () => editor.focus());
tabs.begin();
editor.mark(answer.faults());
