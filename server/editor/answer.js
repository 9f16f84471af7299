// What the service answered: the same piece of the page that it sends without JavaScript, with its views as tabs.
import { button } from "./tabs.js";

/**
 * Take over the section *place*, which may have an answer already; *mend* corrects a fault that it names.
 * What is wrong, and a name that is unknown, stand above *form*, an answer below, as in the page itself.
 */
export function createAnswer(place, form, mend) {
  let preferred = "table";

  function arrange() {
    // the editor marks the place itself
    for (const quoted of place.querySelectorAll("[data-quoted]")) quoted.remove();
    for (const item of place.querySelectorAll("[data-paste], [data-instead], [data-append]")) {
      const { instead, append } = item.dataset;
      const words = instead ? `Write ${instead}` : append ? `Write ${append} at the end` : "Add the line";
      const correct = button(`${words}, and run`, "", () => mend(fault(item)));
      correct.className = "second";
      item.append(" ", correct);
    }
    const views = [...place.querySelectorAll("[data-view]")];
    for (const links of place.querySelectorAll("[data-view=raw] .downloads")) raw(links);
    if (views.length < 2) return;
    const list = document.createElement("div");
    list.className = "tabs views";
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Views of the answer");
    views[0].before(list);
    const items = views.map((view, number) => {
      const heading = view.querySelector("h3");
      heading.hidden = true;
      const item = button(heading.textContent, "", () => select(number));
      item.setAttribute("role", "tab");
      item.id = `view-${view.dataset.view}`;
      view.id = `panel-${view.dataset.view}`;
      item.setAttribute("aria-controls", view.id);
      view.setAttribute("role", "tabpanel");
      view.setAttribute("aria-labelledby", item.id);
      item.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: views.length - 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        select((number + step) % views.length, true);
      });
      return item;
    });
    list.append(...items);

    function select(number, focus = false) {
      preferred = views[number].dataset.view;
      views.forEach((view, other) => {
        view.hidden = other !== number;
        items[other].setAttribute("aria-selected", String(other === number));
        items[other].tabIndex = other === number ? 0 : -1;
      });
      if (focus) items[number].focus();
      if (preferred === "raw") views[number].querySelector(".downloads a:not([aria-current])")?.parentElement.dispatchEvent(new Event("shown"));
    }
    select(Math.max(0, views.findIndex((view) => view.dataset.view === preferred)));
  }

  function reveal(wrong) {
    if (wrong) form.before(place);
    else form.after(place);
    const { top } = place.getBoundingClientRect();
    if (top < 0 || top > window.innerHeight * 0.8) (wrong ? place : form.querySelector(".status")).scrollIntoView();
  }

  arrange();
  return {
    place,
    /** Show the answer that a page has, or what it says is wrong. */
    show(page) {
      const found = page.getElementById("answer") ?? page.querySelector("main");
      place.replaceChildren(...(found ? [...found.childNodes].map((node) => document.importNode(node, true)) : []));
      arrange();
      reveal(Boolean(place.querySelector("#wrong, .missing")));
    },
    say(text) {
      const box = document.createElement("p");
      box.className = "problem";
      box.textContent = text;
      place.replaceChildren(box);
      reveal(true);
    },
    clear: () => place.replaceChildren(),
    /** Return what the answer says is wrong with the query, with its places. */
    faults: () => [...place.querySelectorAll("[data-line]")].map(fault),
  };
}

function fault({ dataset }) {
  const { line, column, message, paste, instead, append, severity } = dataset;
  return { line: Number(line), column: Number(column), message, paste, instead, append, severity: severity ?? "error" };
}

/** Let links to the formats show what they lead to, below them. */
function raw(links) {
  const shown = document.createElement("pre");
  shown.tabIndex = 0;
  shown.setAttribute("role", "region");
  shown.setAttribute("aria-label", "Raw answer");
  const box = document.createElement("div");
  box.className = "scroll";
  box.append(shown);
  const load = async (link) => {
    for (const other of links.querySelectorAll("a")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    shown.textContent = "…";
    links.after(box);
    try {
      shown.textContent = (await (await fetch(link.href)).text()).slice(0, 400_000);
    } catch {
      shown.textContent = "The answer did not come: run it again.";
    }
  };
  for (const link of links.querySelectorAll("a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      load(link);
    });
  }
  links.addEventListener("shown", () => links.querySelector("a[aria-current]") || load(links.querySelector("a")));
}
