"""Hostile queries by family: a ladder of each, from small to as large as may be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, islice

LADDER = (8, 30, 100, 400, 2_000, 10_000, 33_000, 100_000)
"""Depths and widths."""
TERMS, MOST_BINDS = 40, 170
"""Triples nested in the text of one BIND, and how many BINDs fit into a query: it is the value that nests."""

A = "<https://w3id.org/surplace/ontology/isPartOf>"
ANY = f"({A}|!{A})"

NESTED: dict[str, tuple[str, str, str]] = {
    # what stands before, what opens a level, what closes it
    "nested groups": ("ASK ", "{", "}"),
    "nested OPTIONAL": ("ASK {", "OPTIONAL{", "}"),
    "nested MINUS": ("ASK {?s ?p ?o ", "MINUS{?s ?p ?o ", "}"),
    "nested GRAPH": ("ASK {", "GRAPH ?g{", "}"),
    "nested UNION": ("ASK {", "{}UNION{", "}"),
    "nested selects": ("ASK {", "{SELECT*{", "}}"),
    "nested EXISTS": ("ASK {", "FILTER EXISTS{", "}"),
    "nested NOT EXISTS": ("ASK {", "FILTER NOT EXISTS{", "}"),
    "nested calls": ("ASK {BIND(", "STR(", ")"),
    "nested brackets": ("ASK {FILTER(1=", "(", ")"),
    "nested IF": ("ASK {BIND(", "IF(true,1,", ")"),
    "nested COALESCE": ("ASK {BIND(", "COALESCE(", ")"),
    "rows of !": ("ASK {FILTER(", "!", ""),
    "rows of -": ("ASK {FILTER(1=", "-(", ")"),
    "rows of ^": ("ASK {?s ", "^(", ")"),
    "nested paths": ("ASK {?s ", "(", ")*"),
    "nested blank nodes": ("ASK {?s ?p ", "[?p ", "]"),
    "nested lists": ("ASK {?s ?p ", "(", ")"),
    "nested quoted triples": ("ASK {?s ?p ", "<<(?s ?p ", ")>>"),
    "nested TRIPLE": ("ASK {?a ?p ?o BIND(", "TRIPLE(?a,?a,", ")"),
    # to a lexer that knows no grammar, what stands between < and > is an IRI
    "brackets like IRIs": ("ASK{FILTER(1<", "(", ")"),
}
INSIDE = {
    "nested calls": "1",
    "nested brackets": "1",
    "nested IF": "1",
    "nested COALESCE": "1",
    "rows of !": "true",
    "rows of -": "1",
    "rows of ^": A,
    "nested paths": A,
    "nested blank nodes": "?o",
    "nested lists": "1",
    "nested quoted triples": "?o",
    "nested TRIPLE": "?o",
    "brackets like IRIs": "1",
}
AFTER = {
    "nested calls": " AS ?x)",
    "nested IF": " AS ?x)",
    "nested COALESCE": " AS ?x)",
    "nested brackets": ")",
    "rows of !": ")",
    "rows of -": ")",
    "rows of ^": " ?o",
    "nested paths": " ?o",
    "nested TRIPLE": " AS ?x)",
    "brackets like IRIs": "&&?b>2)",
}

WIDE: dict[str, tuple[str, str, str]] = {
    # what stands before, what is repeated, what stands after
    "planner: one star": ("SELECT * {", "?s ?p{n} ?o{n} .", "}"),
    "planner: one chain": ("SELECT * {", "?v{n} ?p ?w{n} . ?w{n} ?q ?v{n} .", "}"),
    "planner: optional after optional": ("SELECT * {?s ?p ?o ", "OPTIONAL{?s ?p ?o{n}}", "}"),
    "products": ("SELECT (COUNT(*) AS ?n) {", "?a{n} ?b{n} ?c{n} .", "}"),
    "products, sorted": ("SELECT * {", "?a{n} ?b{n} ?c{n} .", "} ORDER BY ?a0 LIMIT 1"),
    "products, distinct": ("SELECT DISTINCT * {", "?a{n} ?b{n} ?c{n} .", "} LIMIT 1000000"),
    "products, grouped": ("SELECT ?a0 (COUNT(*) AS ?n) {", "?a{n} ?b{n} ?c{n} .", "} GROUP BY ?a0 ?c0"),
    "products, not exists": ("ASK {FILTER NOT EXISTS {", "?a{n} ?b{n} ?c{n} .", "FILTER(false)}}"),
    "graph products": ("SELECT (COUNT(*) AS ?n) {", "GRAPH ?g{n} {?a{n} ?b{n} ?c{n}}", "}"),
    "huge answers": ("SELECT * {", "?a{n} ?b{n} ?c{n} .", "}"),
    "huge graphs": ("CONSTRUCT {?a0 ?b0 [?a1 ?c0]} WHERE {?a1 ?x ?y . ", "?a{n} ?b{n} ?c{n} .", "}"),
    "unions": ("SELECT * {", "{?s ?p ?o}UNION", "{?s ?p ?o}}"),
    "sequences of paths": (f"SELECT * {{?s {A}", f"/{A}", " ?o}"),
    "alternatives of paths": (f"ASK {{?s ({A}", f"|{A}", ")* ?o}"),
    "stars of paths": ("SELECT (COUNT(*) AS ?n) {", f"?x{{n}} {ANY}* ?y{{n}} .", "}"),
    "pluses in a row": ("SELECT (COUNT(*) AS ?n) {?s ", f"{ANY}+/", f"{ANY}+ ?o}}"),
    "options of paths": ("ASK {?s ", f"{ANY}?/", f"{ANY}? ?o}}"),
    "rows of VALUES": ("SELECT * {VALUES ?x {", "{n} ", "}}"),
    "products of VALUES": (
        "SELECT (COUNT(*) AS ?n) {",
        "VALUES ?x{n} {1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0}",
        "}",
    ),
    "text bombs": ("SELECT (STRLEN(?x{n}) AS ?l) {BIND('0123456789abcdef' AS ?x0)", "", "}"),
    "conjunctions": ("ASK {FILTER(true", "&&true", ")}"),
    "disjunctions": ("ASK {FILTER(false", "||false", ")}"),
    "sums": ("ASK {FILTER(1", "+1", "=0)}"),
    "lists of IN": ("ASK {?s ?p ?o FILTER(?o IN(0", ",{n}", "))}"),
    "arguments": ("ASK {BIND(CONCAT('a'", ",'a'", ") AS ?x)}"),
    "columns": ("SELECT ", "?v{n} ", "{?s ?p ?o}"),
    "sort keys": ("SELECT * {?s ?p ?o} ORDER BY ?s", " ?v{n}", ""),
    "group keys": ("SELECT (COUNT(*) AS ?n) {?s ?p ?o} GROUP BY ?s", " ?v{n}", ""),
    "prefixes": ("", "PREFIX p{n}: <urn:{n}>\n", "ASK{}"),
    "comments": ("", "#\n", "ASK{}"),
    "open strings": ("ASK {?s ?p '", "\\'", ""),
    "open long strings": ('ASK {?s ?p """', '\\"', ""),
    "open IRIs": ("ASK {?s ?p ", "<a", ""),
    "open names": ("ASK {?s ?p ", "a:", ""),
    "escapes": ("ASK {?s ?p '", "\\u0061", "'}"),
    "white space": ("ASK {", " \t\n", "}"),
    "filters": ("ASK {?s ?p ?o ", "FILTER(?o!={n})", "}"),
    "binds": ("ASK {?s ?p ?o ", "BIND({n} AS ?v{n})", "}"),
    "EXISTS in brackets": ("ASK{FILTER(EXISTS{", "?s ?p ?o.", "})}"),
    "EXISTS in brackets, one star": ("ASK{FILTER(EXISTS{", "?s ?p{n} ?o{n}.", "})}"),
    "values of nested triples": ("SELECT ?x{n} {?a ?p ?x0 ", "", "} LIMIT 1"),
}
PRODUCTS = (2, 3, 4, 5, 6, 8, 12, 20)
"""How often to repeat what multiplies: more would not be slower, only more text."""
MULTIPLYING = ("product", "huge", "stars", "pluses", "unions", "options of", "planner: one chain")

SINGLE: dict[str, tuple[str, ...]] = {
    "group texts": tuple(
        f"SELECT (STRLEN(GROUP_CONCAT(?t; SEPARATOR='{'-' * width}')) AS ?n) "
        f"{{{' '.join(f'?a{k} ?b{k} ?c{k} .' for k in range(number))} BIND(STR(?c0) AS ?t)}}"
        for number in (1, 2, 3)
        for width in (1, 1000, 50_000)
    ),
    "regular expressions": tuple(
        f"ASK {{?s ?p ?o FILTER(REGEX(STR(?o), '{pattern}'))}}"
        for pattern in (
            "(a*)*b",
            "(a|a)*b",
            "(.*)*x",
            "((a{1,100}){1,100}){1,100}",
            "(" * 200 + "a" + ")*" * 200,
        )
    ),
    "replacements": tuple(
        f"SELECT (STRLEN(REPLACE(?x, '.', '{'x' * width}')) AS ?n) {{BIND('{'a' * length}' AS ?x)}}"
        for width, length in ((10, 100), (1000, 1000), (20_000, 20_000), (45_000, 45_000))
    ),
    "SERVICE": (
        "ASK {SERVICE <http://127.0.0.1:9/> {?s ?p ?o}}",
        "ASK {SERVICE SILENT <http://127.0.0.1:9/> {?s ?p ?o}}",
        "ASK {1SERVICE<http://127.0.0.1:9/>{?s ?p ?o}}",
        "ASK {\\u0053ERVICE <http://127.0.0.1:9/> {?s ?p ?o}}",
        "ASK {VALUES ?e {<http://127.0.0.1:9/>} SERVICE ?e {?s ?p ?o}}",
    ),
    "FROM": tuple(
        f"ASK FROM {word}<{iri}> {{?s ?p ?o}}"
        for word in ("", "NAMED ")
        for iri in ("file:///etc/passwd", "http://127.0.0.1:9/", "ftp://127.0.0.1/", "urn:none", "data:,x")
    ),
    "updates": tuple(
        text
        for text in (
            "LOAD <file:///etc/passwd>",
            "LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <urn:g>",
            "INSERT DATA {<urn:a> <urn:b> <urn:c>}",
            "DELETE WHERE {?s ?p ?o}",
            "CLEAR ALL",
            "DROP DEFAULT",
            "CREATE GRAPH <urn:g>",
            "COPY DEFAULT TO <urn:g>",
            "WITH <urn:g> DELETE {?s ?p ?o} WHERE {?s ?p ?o}",
            "ASK {} ; CLEAR ALL",
            "SELECT * {?s ?p ?o} DROP ALL",
        )
    ),
    "injections": (
        "ASK {} } DROP ALL #",
        "SELECT * {?s ?p '\\u0027} #'}",
        "ASK {?s ?p '\u202e'}",
        "ASK {?s ?p <\u200b>}",
        "ASK {?s ?p <a b>}",
        "ASK {?s ?p '\x00\x01\x1b[2J'}",
        "<script>alert(1)</script>",
        "SELECT (<javascript:alert(1)> AS ?x) {}",
        "ASK {BIND(<urn:f>(1) AS ?x)}",
        "ASK {BIND(<http://www.w3.org/2001/XMLSchema#double>('1e999999999') AS ?x)}",
        "\ufeffASK {}",
        "",
        " ",
        "ASK",
    ),
    "numbers": (
        f"ASK {{BIND({'9' * 90_000} AS ?x)}}",
        "ASK {BIND(1/0 AS ?x)}",
        "SELECT (9223372036854775807+1 AS ?x) {}",
        "SELECT (SUM(?x) AS ?n) {VALUES ?x {1e308 1e308}}",
        f"ASK {{BIND('{'9' * 50_000}'^^<http://www.w3.org/2001/XMLSchema#decimal>*2 AS ?x)}}",
        "SELECT (xsd:date('99999999999-01-01') AS ?x) {}",
        "SELECT (SUBSTR('abc', 1, 9223372036854775807) AS ?x) {}",
    ),
}


def families(most: int = 100_000) -> dict[str, list[str]]:
    """Return hostile queries of at most *most* characters, by family."""
    found = {name: [text for text in _nested(name) if len(text) <= most] for name in NESTED}
    found |= {name: [text for text in dict.fromkeys(_wide(name)) if len(text) <= most] for name in WIDE}
    found |= {name: [text for text in texts if len(text) <= most] for name, texts in SINGLE.items()}
    return found


def mixed(number: int, most: int = 100_000) -> Iterator[tuple[str, str]]:
    """Yield *number* queries with their family, taking turns among the families."""
    kept = {name: texts for name, texts in families(most).items() if texts}
    turns: dict[str, Callable[[], str]] = {name: cycle(texts).__next__ for name, texts in kept.items()}
    return ((name, turns[name]()) for name in islice(cycle(kept), number))


def _nested(name: str) -> Iterator[str]:
    before, opening, closing = NESTED[name]
    for depth in LADDER:
        levels = opening * depth + INSIDE.get(name, "").rjust(1) + closing * depth
        yield before + levels + AFTER.get(name, "") + ("}" if "{" in before else "")


def _wide(name: str) -> Iterator[str]:
    before, part, after = WIDE[name]
    for number in PRODUCTS if any(word in name for word in MULTIPLYING) else LADDER:
        if name == "text bombs":
            number = min(number, 400)
            parts = "".join(f"BIND(CONCAT(?x{n},?x{n}) AS ?x{n + 1})" for n in range(number))
        elif name == "values of nested triples":
            number = min(number, MOST_BINDS)
            opening, closing = "TRIPLE(?a,?a," * TERMS, ")" * TERMS
            parts = "".join(f"BIND({opening}?x{n}{closing} AS ?x{n + 1})" for n in range(number))
        elif number * len(part) > 100_000:
            continue
        else:
            parts = "".join(part.replace("{n}", str(n)) for n in range(number))
        yield before.replace("{n}", str(number)) + parts + after.replace("{n}", str(number))
