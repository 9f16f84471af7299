// Reads a query as far as completion needs it: which place of a triple the cursor is at, and which classes
// the subject there belongs to. It is no parser: what it cannot follow it takes for a subject of no known class.

const TOKEN =
  /#[^\n]*|<[^<>"{}|^`\\\s]*>|"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[?$]\w+|_:[\w.-]*\w|(?:[A-Za-z][\w.-]*)?:(?:[\w:%-]|\.(?=\w))*|@[A-Za-z-]+|\^\^|[A-Za-z]\w*|[0-9][\w.+-]*|\S/g;
const CLOSED = new Set(["FILTER", "BIND", "HAVING", "VALUES"]);
const RDF_TYPE = "a";

/** Return the tokens before *end*, without comments. */
function tokensBefore(text, end) {
  return [...text.slice(0, end).matchAll(TOKEN)].map((match) => match[0]).filter((token) => token[0] !== "#");
}

/** Return the names of prefixes that the text declares. */
export function declared(text) {
  return new Set([...text.matchAll(/\bPREFIX\s+([\w.-]*):/gi)].map((match) => match[1]));
}

/** Read all triples of *text*, and the place at *cursor*: its slot, its subject, the path before it. */
export function read(text, cursor) {
  const triples = [];
  walk(tokensBefore(text, text.length), triples);
  const here = walk(tokensBefore(text, cursor), []);
  return { triples, ...here };
}

function walk(tokens, triples) {
  let state = fresh();
  const outer = [];
  let blanks = 0;
  let position = tokens.findIndex((token) => token === "{");
  if (position < 0) return { slot: "none", subject: "", path: [] };
  for (; position < tokens.length; position++) {
    const token = tokens[position];
    const word = /^[A-Za-z]\w*$/.test(token) ? token.toUpperCase() : "";
    if (token === "{" || token === "}" || (token === "." && state.slot !== "predicate")) {
      state = fresh();
    } else if (token === "[") {
      outer.push(state);
      state = { slot: "predicate", subject: `[${blanks++}`, path: [], open: true };
    } else if (token === "]") {
      const name = state.subject;
      state = outer.pop() ?? fresh();
      term(state, name, triples);
    } else if (token === ";") {
      state = { slot: "predicate", subject: state.subject, path: [], open: true };
    } else if (token === ",") {
      state.slot = "object";
    } else if (CLOSED.has(word) && state.slot !== "object") {
      position = skipped(tokens, position);
      state = fresh();
    } else if ((word === "GRAPH" || word === "SERVICE") && state.slot !== "object") {
      position++;
      state = fresh();
    } else if (word && token !== RDF_TYPE && word !== "TRUE" && word !== "FALSE") {
      state = fresh();
    } else if (state.slot === "predicate" && "/|^()*+?!".includes(token)) {
      if ("/|^(!".includes(token)) state.open = true;
      if (token !== "(" && token !== ")") state.path.push(token);
    } else {
      term(state, token, triples);
    }
  }
  return { slot: state.slot, subject: state.subject, path: state.path, ended: !state.open };
}

function fresh() {
  return { slot: "subject", subject: "", path: [], open: true };
}

function term(state, token, triples) {
  if (state.slot === "subject") {
    Object.assign(state, { slot: "predicate", subject: token, path: [], open: true });
  } else if (state.slot === "predicate" && state.open) {
    state.path.push(token);
    state.open = false;
  } else if (token[0] !== "@" && token !== "^^") {
    triples.push({ subject: state.subject, path: state.path, object: token });
    state.slot = "ended";
  }
}

/** Skip to the bracket that closes the next one that opens, if one opens here or after a variable. */
function skipped(tokens, position) {
  let depth = 0;
  for (let at = position + 1; at < tokens.length; at++) {
    if ("({".includes(tokens[at])) depth++;
    else if (")}".includes(tokens[at]) && --depth <= 0) return at;
  }
  return tokens.length;
}

/** Return the classes of each variable, as far as its triples tell. */
export function classesOf(triples, terms) {
  const known = new Map();
  const stated = new Set();
  for (const { subject, path, object } of triples) {
    if (isType(path) && terms.of[object]) {
      known.set(subject, [...(known.get(subject) ?? []), object]);
      stated.add(subject);
    }
  }
  for (let round = 0; round < 4; round++) {
    for (const { subject, path, object } of triples) {
      if (stated.has(object) || known.has(object) || isType(path)) continue;
      const found = led(known.get(subject) ?? null, path, terms);
      if (found?.length) known.set(object, found);
    }
  }
  return known;
}

export function isType(path) {
  return path.length === 1 && (path[0] === RDF_TYPE || path[0] === "rdf:type");
}

/** Return the classes that a path leads to from *classes*; nothing where that cannot be told. */
export function led(classes, path, terms) {
  let at = classes;
  for (const step of path) {
    if (step === "/") continue;
    if ("|^*+?!".includes(step)) return null;
    const from = at ?? Object.keys(terms.values);
    at = [...new Set(from.flatMap((name) => terms.values[name]?.[step] ?? []))];
  }
  return at;
}
