"""Statements, as they are asked about, looked up and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from surplace.engine.knowledge import Knowledge
from surplace.errors import SurplaceError
from surplace.namespaces import BASE, PREFIXES, compact, sparql_prologue
from surplace.rdf.terms import Term

LONGEST: Final = 2000
"""Characters that an object may be given in."""

# One token and its tag: what nests, as triple terms do, would end the process of the parser.
_LITERAL: Final = re.compile(
    r"""
      (?:"(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+')
      (?:@[A-Za-z]+(?:-[A-Za-z0-9]+)* | \^\^(?:<[^<>"{}|^`\\\x00-\x20]*> | [A-Za-z]+:\w+))?
    | [+-]?[0-9]+(?:\.[0-9]+)?
    | true | false
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Statement:
    """A triple: subject, predicate and object."""

    subject: Term
    predicate: Term
    object: Term

    def __str__(self) -> str:
        """Return the triple as N-Triples writes it, without the full stop."""
        return f"{self.subject} {self.predicate} {self.object}"

    def terms(self) -> tuple[Term, Term, Term]:
        """Return the three terms."""
        return self.subject, self.predicate, self.object


def statements_about(iri: str, knowledge: Knowledge, most: int) -> list[Statement]:
    """Return at most *most* statements that the knowledge makes about a thing, sorted."""
    node = NamedNode(iri)
    table = knowledge.select(f"SELECT ?p ?o WHERE {{ {node} ?p ?o }} ORDER BY ?p ?o LIMIT {most}")
    return [Statement(node, row["p"], row["o"]) for row in table.rows]


def to_iri(text: str) -> NamedNode:
    """Read an IRI as people write it: whole, with a prefix, or as a path below the base; also in <>.

    Raises SurplaceError.
    """
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        text = PREFIXES[prefix] + local
    elif "://" not in text:
        text = BASE + text.strip("/")
    try:
        return NamedNode(text)
    except ValueError:
        raise SurplaceError(
            f'"{text}" is not an IRI: write it whole, or with a prefix as in state:CHN.'
        ) from None


def to_predicate(text: str) -> NamedNode:
    """Read a predicate: an IRI as people write it, or `a` as in Turtle; raises SurplaceError."""
    return to_iri("rdf:type" if text == "a" else text)


def to_object(text: str) -> Term:
    """Read the object of a statement: an IRI in <> or as people write it, or one literal as in Turtle.

    Raises SurplaceError.
    """
    if len(text) > LONGEST:
        raise SurplaceError(f"The object has {len(text)} characters: write at most {LONGEST}.")
    if not _LITERAL.fullmatch(text):
        if text.startswith(('"', "'")):
            raise _no_literal(text)
        return to_iri(text)
    try:
        (triple,) = parse(f"{sparql_prologue()}<a:a> <a:b> {text} .".encode(), format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        raise _no_literal(text) from None
    found: Term = triple.object
    return found


def _no_literal(text: str) -> SurplaceError:
    shown = " ".join(text.split())
    return SurplaceError(f'{shown} is not a literal: write it as in "1982-12-23"^^xsd:date.')


def words(term: Term, labels: Mapping[str, str]) -> str:
    """Return a term as people read it."""
    if isinstance(term, NamedNode):
        return labels.get(term.value) or compact(term.value)
    return term.value if isinstance(term, Literal) else str(term)


def names(statements: Iterable[Statement]) -> set[str]:
    """Return the IRIs of all terms."""
    return {term.value for s in statements for term in s.terms() if isinstance(term, NamedNode)}
