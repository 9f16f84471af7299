"""Makes mutants of a SPARQL query: the same text with one fault, as an author might make it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mutation.reading import Part, Reader, Statement
from surplace.sparql.lexer import Token

COMPARED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}
SWAPPED = {"MAX": "MIN", "MIN": "MAX", "ASC": "DESC", "DESC": "ASC"}
STEP = r"\^?(?:<[^>]*>|[\w-]*:[\w-]+|a)[*+?]?"
NOWHERE = "<https://w3id.org/surplace/id/mutant>"
"""What stands in the place of a constant: nothing has this name."""


@dataclass(frozen=True)
class Mutant:
    """A query with one fault: *kind* of fault, and *lost*, the piece of the text that it concerns.

    *line* is that of the piece in the query, counted from 1; *text* is the whole query with the fault.
    """

    kind: str
    line: int
    lost: str
    text: str


def mutants(text: str, kept: Collection[str] = ()) -> Iterator[Mutant]:
    """Yield the mutants of a query, a text without header; not of VALUES of the parameters in *kept*."""
    reader = Reader(text)
    edits = [
        edit for part in reader.where().walk() for edit in (*_of_part(text, part), *_of_paths(text, part))
    ]
    edits += _of_tokens(text, reader.found, kept)
    for kind, at, start, end, new, lost in edits:
        found = text[:start] + new + text[end:]
        yield Mutant(kind, text.count("\n", 0, at) + 1, " ".join(lost.split()), found)


Edit = tuple[str, int, int, int, str, str]
"""Kind, where it is shown, start and end of what is replaced, by what, and how the fault is shown."""


def _of_part(text: str, part: Part) -> Iterator[Edit]:
    """Yield the mutants that lack a part, or what surrounds one."""
    whole = text[part.start : part.end]
    if part.kind == "triples":
        for number, lost in enumerate(part.statements):
            others = [_written(text, s) for s in part.statements[:number] + part.statements[number + 1 :]]
            yield "pattern", lost.verb[0], part.start, part.end, " ".join(others), _written(text, lost)
    elif part.kind in ("optional", "minus", "bind"):
        yield part.kind, part.start, part.start, part.end, "", whole
    elif part.kind == "filter":
        kind = "not-exists" if re.match(r"FILTER\s+NOT", whole) else "filter"
        yield kind, part.start, part.start, part.end, "", whole
    elif part.kind == "graph":
        yield "graph", part.start, part.start, text.index("{", part.start), "", whole
    elif part.kind == "union":
        for number, branch in enumerate(part.inner):
            rest = [text[b.start : b.end] for b in part.inner[:number] + part.inner[number + 1 :]]
            branch_lost = text[branch.start : branch.end]
            yield "branch", branch.start, part.start, part.end, " UNION ".join(rest), branch_lost


def _written(text: str, statement: Statement) -> str:
    return (
        " ".join(text[slice(*piece)] for piece in (statement.subject, statement.verb, statement.object))
        + " ."
    )


def _of_paths(text: str, part: Part) -> Iterator[Edit]:
    """Yield the mutants with another path; several patterns may have the same."""
    for start, end in dict.fromkeys(statement.verb for statement in part.statements):
        path = text[start:end]
        for found in re.finditer(r"(?<=[\w)>])[*+?]", path):
            yield "path", start, start + found.start(), start + found.end(), "", f"{found.group()} of {path}"
        for found in (*re.finditer(rf"{STEP}\|", path), *re.finditer(rf"\|{STEP}(?!\|)", path)):
            yield (
                "alternative",
                start,
                start + found.start(),
                start + found.end(),
                "",
                f"{found.group()} of {path}",
            )


def _of_tokens(text: str, found: list[Token], kept: Collection[str]) -> Iterator[Edit]:
    """Yield the mutants of signs, words and terms, constants and items behind the first WHERE."""
    first = next(number for number, token in enumerate(found) if token.is_word("WHERE"))
    items = dict(_listed(found, first, kept))
    for number, token in enumerate(found):
        line = text[text.rfind("\n", 0, token.start) + 1 : (text + "\n").index("\n", token.end)].strip()
        pair = found[number + 1].text if found[number + 1 : number + 2] and token.text in "<>!" else ""
        if token.text in SWAPPED:
            yield (
                "swapped",
                token.start,
                token.start,
                token.end,
                SWAPPED[token.text],
                f"{token.text} in {line}",
            )
        elif token.is_word("DISTINCT"):
            yield "distinct", token.start, token.start, token.end, "", line
        elif token.kind == "other" and pair == "=":
            sign = token.text + "="
            yield "compared", token.start, token.start, token.end + 1, COMPARED[sign], f"{sign} in {line}"
        elif token.kind == "other" and token.text in COMPARED and found[number - 1].text not in "<>!":
            yield (
                "compared",
                token.start,
                token.start,
                token.end,
                COMPARED[token.text],
                f"{token.text} in {line}",
            )
        elif number in items:
            if items[number]:
                end = token.end + (found[number + 1].text == "," and 1)
                start = token.start
                if found[number + 1].text == ")" and found[number - 1].text == ",":
                    start = found[number - 1].start
                yield "item", token.start, start, end, "", f"{token.text} in {line}"
        elif number > first and token.kind in ("name", "iri") and _stands_for_a_thing(found, number):
            yield "constant", token.start, token.start, token.end, NOWHERE, f"{token.text} in {line}"


def _listed(found: list[Token], first: int, kept: Collection[str]) -> Iterator[tuple[int, bool]]:
    """Yield the positions of the terms in VALUES and IN, and whether it may be taken out."""
    for number, token in enumerate(found[first:], first):
        if token.is_word("IN") and found[number + 1].text == "(":
            close, start = ")", number + 2
            free = True
        elif token.is_word("VALUES") and found[number + 1].kind == "variable":
            close, start = "}", number + 3
            free = found[number + 1].text[1:] not in kept
        else:
            continue
        terms, at = [], start
        while found[at].text != close:
            if found[at].text not in ",^" and found[at - 1].text != "^":
                terms.append(at)
            at += 1
        for position in terms:
            yield position, free and len(terms) > 1


def _stands_for_a_thing(found: list[Token], number: int) -> bool:
    """Tell whether a name is a term of a pattern or expression: no predicate, function, datatype."""
    before, after = found[number - 1].text, found[number + 1].text
    if before == "^" or after in ("(", "/", "|", "*", "+", "?") or before in ("/", "|"):
        return False
    return after in (")", ",", ".", ";", "}", "=", "!", "&", "|") or before in ("=", ",")
