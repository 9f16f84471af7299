"""Where in a Turtle or TriG file something is said of a thing, and where in a query it is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from surplace.namespaces import compact
from surplace.rdf.turtle_lexer import DIRECTIVES, lex


def line_of(text: str, iri: str) -> int | None:
    """Return the first line of a valid text on which a statement about *iri*, or its graph, begins; else the
    first that names it otherwise, and None if none does.
    """
    prefixes = {"": ""}
    mentioned: int | None = None
    for tokens, line, is_head in _parts(text):
        word = tokens[0].lower()
        if is_head and word in DIRECTIVES:
            name = tokens[1] if word.endswith("prefix") else ""
            prefixes[name] = tokens[-1][1:-1]
        elif expanded(tokens[-1].removeprefix("^^"), prefixes) == iri:
            if is_head:
                return line
            mentioned = mentioned or line
    return mentioned


def line_in_query(text: str, iri: str) -> int | None:
    """Return the first line of a query, or of its header, that names *iri*; None if none does."""
    names = "|".join(re.escape(name) for name in (compact(iri), iri))
    found = re.search(rf"(?<![\w:/-])(?:{names})(?![\w/-])", text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def expanded(token: str, prefixes: dict[str, str]) -> str:
    """Return the IRI that a token names, or "" if it names none; the prefix "" stands for the base."""
    if token.startswith("<"):
        return urljoin(prefixes[""], token[1:-1])
    prefix, colon, local = token.partition(":")
    return prefixes[prefix + colon] + local if prefix + colon in prefixes else ""


def _parts(text: str) -> Iterator[tuple[list[str], int, bool]]:
    """Yield how each statement begins – a directive, GRAPH and its name, or a subject – and then each other
    token alone; with its line, and whether it is such a beginning.
    """
    head: list[str] = []
    waiting = True
    begins = 1
    for kind, part, line, _ in lex(text):
        if kind in {"comment", "break"}:
            continue
        if part in {".", "{", "}"}:
            head, waiting = [], True
        elif not waiting:
            yield [part], line, False
        else:
            begins = begins if head else line
            head.append(part)
            word = head[0].lower()
            size = 3 if word.endswith("prefix") else 2 if word in {"graph", *DIRECTIVES} else 1
            if len(head) == size:
                yield head, begins, True
                # a directive of SPARQL ends without a full stop
                head, waiting = [], word in {"prefix", "base"}
