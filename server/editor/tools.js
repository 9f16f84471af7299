// What is done with a query: run, cancel, copy its link, begin from an example.
import { byTouch } from "./editor.js";
import { button } from "./tabs.js";

/** Put the tools around the editor in *form*; *open* shows a query in a tab of its own. */
export function createTools(form, editor, answer, open) {
  const submit = form.querySelector("button[type=submit]");
  const status = document.createElement("p");
  status.className = "status";
  status.setAttribute("role", "status");
  const cancel = button("Cancel", "", () => running?.abort());
  cancel.className = "second";
  cancel.hidden = true;
  const link = button("Copy link", "", copy);
  link.className = "second";
  submit.after(cancel, link);
  submit.title = "Control and Enter";
  submit.closest(".field").after(status);
  form.prepend(examples(form.dataset.examples, open, (text) => (status.textContent = text)));
  let running = null;

  form.addEventListener("submit", (event) => {
    if (form.elements.format.value !== "html") return; // a file, which the browser fetches
    event.preventDefault();
    ask();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && running && !event.defaultPrevented) running.abort();
  });

  function address() {
    return `${form.action.split("#")[0]}?${new URLSearchParams({ query: editor.text })}`;
  }

  async function ask() {
    running?.abort();
    editor.rest();
    const own = new AbortController();
    running = own;
    cancel.hidden = false;
    answer.place.setAttribute("aria-busy", "true");
    const began = performance.now();
    const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
    status.textContent = "Running …";
    const clock = setInterval(() => (status.textContent = `Running … ${Math.round(seconds())} s`), 1000);
    try {
      const response = await fetch(address(), { headers: { Accept: "text/html" }, signal: own.signal });
      answer.show(new DOMParser().parseFromString(await response.text(), "text/html"));
      const faults = answer.faults();
      editor.mark(faults);
      history.replaceState(null, "", address());
      const count = answer.place.querySelector(".count");
      const outcome = response.ok ? (count?.textContent.trim().split(".")[0] ?? "Answered") : "Not answered";
      if (count && !count.querySelector("a")) count.hidden = true; // the status says it, in sight of it
      status.textContent = `${outcome}, in ${seconds()} s.`;
      if (faults.some((fault) => fault.severity === "error") && !byTouch()) editor.focus();
    } catch (error) {
      if (error.name === "AbortError") {
        if (running === own) status.textContent = `Cancelled after ${seconds()} s.`;
      } else {
        answer.say("The service did not answer: look whether it is up, and run the query again.");
        status.textContent = "Not answered.";
      }
    } finally {
      clearInterval(clock);
      if (running === own) {
        running = null;
        cancel.hidden = true;
        answer.place.removeAttribute("aria-busy");
      }
    }
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(address());
      status.textContent = "The link is copied.";
    } catch {
      history.replaceState(null, "", address());
      status.textContent = "The address of this page is the link now: copy it from there.";
    }
  }

  return { ask, clear: () => (status.textContent = "") };
}

/** Make the list of examples, which are fetched when somebody turns to it. */
function examples(address, open, say) {
  const box = document.createElement("div");
  box.className = "examples";
  const label = document.createElement("label");
  label.textContent = "Begin from a question";
  label.htmlFor = "examples";
  const list = document.createElement("select");
  list.id = "examples";
  list.append(new Option("…", ""));
  box.append(label, list);
  const texts = new Map();
  let asked = false;
  const load = async () => {
    if (asked) return;
    asked = true;
    try {
      const found = await (await fetch(address, { headers: { Accept: "application/ld+json" } })).json();
      for (const [title, text] of questions(found)) {
        texts.set(title, text);
        list.append(new Option(title, title));
      }
    } catch {
      asked = false;
      say("The examples did not come: try again.");
    }
  };
  list.addEventListener("focus", load);
  list.addEventListener("pointerenter", load);
  list.addEventListener("change", () => {
    if (texts.has(list.value)) open(texts.get(list.value));
    list.value = "";
  });
  return box;
}

/** Return titles and texts of the questions in a description of them in JSON-LD, sorted by title. */
function questions(described) {
  const nodes = described["@graph"] ?? described;
  const values = (node, name) => Object.entries(node).find(([key]) => key.split(/[:#/]/).at(-1) === name)?.[1] ?? [];
  const text = (value) => (Array.isArray(value) ? text(value[0]) : (value?.["@value"] ?? value));
  return nodes
    .map((node) => [text(values(node, "prefLabel")), text(["select", "ask", "construct"].map((form) => values(node, form)).find((found) => found.length) ?? [])])
    .filter(([title, query]) => title && query)
    .sort(([one], [other]) => one.localeCompare(other));
}
