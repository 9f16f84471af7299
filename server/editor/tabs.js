// Queries in tabs, which this browser keeps. A tab is called after its first comment.
const KEY = "surplace.sparql";
const LONGEST = 28;

/** Put a list of tabs before *host*; *given* says that *text* came with the address; *write* begins a new query. */
export function createTabs(host, text, given, show, write) {
  const kept = load();
  let { queries, current } = kept ?? { queries: [text], current: 0 };
  if (given && kept) {
    const same = queries.indexOf(text);
    if (same < 0) queries.push(text);
    current = same < 0 ? queries.length - 1 : same;
  }
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Queries");
  const more = button("+ New query", "", () => (open(""), write()));
  more.className = "second";
  const bar = document.createElement("div");
  bar.className = "tab-bar";
  bar.append(list, more);
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = `This is an example: type over it, or press “${more.textContent}” above for an empty one.`;
  host.before(bar, hint);
  host.setAttribute("role", "tabpanel");

  /** Keep the queries, and say what to do with the example as long as nobody has touched it. */
  function settle() {
    hint.hidden = given || queries[current] !== text;
    save(queries, current);
  }

  function draw(focus = false) {
    list.replaceChildren(...queries.map((query, number) => tab(query, number)));
    host.setAttribute("aria-labelledby", `tab-${current}`);
    if (focus) list.querySelector("[aria-selected=true]").focus();
    settle();
  }

  function tab(query, number) {
    const selected = number === current;
    const name = title(query, number);
    const item = button(name, "", () => select(number));
    item.id = `tab-${number}`;
    item.setAttribute("role", "tab");
    item.setAttribute("aria-selected", String(selected));
    item.setAttribute("aria-controls", host.id);
    item.tabIndex = selected ? 0 : -1;
    item.addEventListener("keydown", (event) => pressed(event, number));
    if (queries.length === 1) return item;
    item.title = "Delete closes it";
    const close = button("×", "", () => remove(number));
    close.className = "close";
    close.tabIndex = -1;
    close.setAttribute("aria-hidden", "true");
    const pair = document.createElement("span");
    pair.setAttribute("role", "presentation");
    pair.append(item, close);
    return pair;
  }

  function pressed(event, number) {
    const last = queries.length - 1;
    const steps = { ArrowRight: number === last ? 0 : number + 1, ArrowLeft: number === 0 ? last : number - 1, Home: 0, End: last };
    if (event.key in steps) select(steps[event.key], true);
    else if (event.key === "Delete" && last > 0) remove(number);
    else return;
    event.preventDefault();
  }

  function select(number, focus = false) {
    if (number !== current) {
      current = number;
      show(queries[current]);
    }
    draw(focus);
  }

  function open(query) {
    queries.push(query);
    select(queries.length - 1);
  }

  function remove(number) {
    queries.splice(number, 1);
    current = Math.min(number < current ? current - 1 : current, queries.length - 1);
    show(queries[current]);
    draw(true);
  }

  return {
    /** Show the tab that is current, which is another text than the page came with if this browser kept one. */
    begin() {
      draw();
      if (!given && kept) show(queries[current]);
    },
    /** Show a query in a tab of its own. */
    open,
    /** Keep what the current tab now holds. */
    keep(query) {
      if (queries[current] === query) return;
      const before = title(queries[current], current);
      queries[current] = query;
      if (title(query, current) === before) settle();
      else draw();
    },
  };
}

function title(query, number) {
  const comment = /^[^\S\n]*#+\s*(\S.*)$/m.exec(query.replace(/^#\+.*\n/gm, ""))?.[1] ?? `Query ${number + 1}`;
  return comment.length > LONGEST ? `${comment.slice(0, LONGEST - 1)}…` : comment;
}

export function button(text, label, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", pressed);
  return made;
}

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    const fits = Array.isArray(kept?.queries) && kept.queries.length && kept.queries.every((query) => typeof query === "string");
    return fits && kept.queries[kept.current] !== undefined ? kept : null;
  } catch {
    return null;
  }
}

function save(queries, current) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ queries, current }));
  } catch {
    // a browser that keeps nothing still asks
  }
}
