"""From the text of a query file to a Query: the header and the SPARQL must agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from surplace.catalogue import header as headers
from surplace.catalogue.fields import header_of
from surplace.catalogue.header import Header, QueryParameter
from surplace.catalogue.query import Query
from surplace.catalogue.values import Term
from surplace.errors import SurplaceError
from surplace.namespaces import PREFIXES
from surplace.sparql.lexer import (
    Token,
    ValuesBlock,
    projection,
    tokens,
)
from surplace.sparql.naming import prefixes_in
from surplace.sparql.rewriting import layout

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
CHECKS: Final = "checks"
"""The folder of queries whose rows are defects."""


def read_query(text: str, name: str, path: Path, category: str, shown: str) -> Query:
    """Check the text of a query file and return the query; *shown* is the file's name in messages."""
    header = headers.read(header_of(text, shown), shown)
    found = tokens(text)
    cut = layout(text, found)
    form = cut.form
    if form is None:
        raise SurplaceError(
            f"{shown}: there is no query here: write SELECT, ASK, CONSTRUCT or DESCRIBE after the prefixes."
        )
    if header.message is None and category.split("/")[0] == CHECKS:
        raise SurplaceError(f"{shown}: a check needs a message: add #+ message: with what is wrong in a row.")
    _check_graph(form, found, shown)
    columns = _checked_columns(header, form, found, shown, required=header.message is None)
    _check_message(header, columns, shown)
    for field, named in (("by", header.by), ("heads", header.heads)):
        for column in named:
            if column not in columns:
                raise SurplaceError(
                    f'{shown}: "{field}" names "{column}", which is no column: select and declare it.'
                )
    params = {
        item.name: replace(item, defaults=_defaults(item, cut.blocks, text, cut.prologue, shown))
        for item in header.params
    }
    return Query(
        name=name,
        path=path,
        category=category,
        summary=header.summary,
        description=header.description,
        tags=header.tags,
        params=params,
        columns=columns,
        form=form,
        layout=cut,
        message=header.message,
        severity=header.severity,
        outcome=header.outcome,
        example=header.example,
        shows=header.shows,
        answer=header.answer,
        usual=header.usual,
        by=header.by,
        beneath=header.beneath,
        words=header.words,
        heads=header.heads,
        sought=header.sought,
        related=header.related,
        group=header.group,
    )


def _checked_columns(
    header: Header, form: str, found: Sequence[Token], shown: str, *, required: bool
) -> Mapping[str, str]:
    """Compare the declared columns with the projection, and return them in its order."""
    if form != "SELECT":
        if header.columns:
            raise SurplaceError(f"{shown}: a {form} query has no columns: take columns out of the header.")
        return {}
    projected = projection(found)
    if projected is None:
        raise SurplaceError(f"{shown}: SELECT * leaves the columns open: name them after SELECT.")
    if header.columns is None:
        if required:
            raise SurplaceError(f"{shown}: the header has no columns: declare {', '.join(projected)}.")
        return dict.fromkeys(projected, "term")
    for name in projected:
        if name not in header.columns:
            raise SurplaceError(f'{shown}: the column "{name}" is selected, not declared: add it to columns.')
    for name in header.columns:
        if name not in projected:
            raise SurplaceError(
                f'{shown}: the column "{name}" is declared, not selected: select it or drop it.'
            )
    return {name: header.columns[name] for name in projected}


def _check_graph(form: str, found: Sequence[Token], shown: str) -> None:
    """Let a query for a graph say what is in it: a template is what the origin of an answer is added to."""
    after = next((found[n + 1].text for n, token in enumerate(found[:-1]) if token.is_word("CONSTRUCT")), "")
    if form == "DESCRIBE" or (form == "CONSTRUCT" and after != "{"):
        raise SurplaceError(
            f"{shown}: the query leaves open what its graph holds: write CONSTRUCT {{ … }} WHERE {{ … }}."
        )


def _check_message(header: Header, columns: Mapping[str, str], shown: str) -> None:
    for name in _PLACEHOLDER.findall(header.message or ""):
        if name not in columns:
            raise SurplaceError(f'{shown}: the message names "{{{name}}}", which is not selected: select it.')


def _defaults(
    parameter: QueryParameter, blocks: Sequence[ValuesBlock], text: str, start: str, shown: str
) -> tuple[Term, ...]:
    """Read the terms that stand in the VALUES blocks of a parameter; all its blocks must agree."""
    name = parameter.name
    own = [block for block in blocks if block.variable == name]
    if not own:
        raise SurplaceError(
            f'{shown}: the parameter "{name}" has no default in the text: write VALUES ?{name} {{ … }} there.'
        )
    readings = {_terms(block, text, start, shown) for block in own}
    if len(readings) > 1:
        raise SurplaceError(f"{shown}: the VALUES blocks of ?{name} differ: give them the same default.")
    (terms,) = readings
    if not terms:
        raise SurplaceError(f"{shown}: VALUES ?{name} is empty: write its default, or UNDEF for any value.")
    for term in terms:
        _check_type(parameter, term, shown)
    return terms


def _terms(block: ValuesBlock, text: str, start: str, shown: str) -> tuple[Term, ...]:
    """Parse the terms of a block with the RDF library: SPARQL and Turtle write them alike."""
    terms: list[Term] = []
    declared = prefixes_in(tokens(start))
    for piece in _pieces(block, text):
        if piece.upper() == "UNDEF":
            terms.append(None)
            continue
        try:
            (quad,) = parse(f"{start}\n<urn:s> <urn:p> {piece} .", format=RdfFormat.TURTLE)
        except (SyntaxError, ValueError):
            quad = None
        prefix, colon, _ = piece.rpartition("^")[2].partition(":")
        if quad is None and colon and not piece.startswith("<") and prefix not in declared:
            raise SurplaceError(
                f"{shown}: the prefix of {piece} in VALUES ?{block.variable} is not declared: "
                f"add a line PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>."
            )
        if quad is None or not isinstance(quad.object, NamedNode | Literal):
            raise SurplaceError(
                f"{shown}: {piece} in VALUES ?{block.variable} is no term: write an IRI, a literal or UNDEF."
            )
        terms.append(quad.object)
    return tuple(terms)


def _pieces(block: ValuesBlock, text: str) -> list[str]:
    """Join the tokens of each term: a string with its language or datatype, a number with its sign."""
    pieces: list[str] = []
    joined = False
    for token in block.terms:
        continues = token.kind == "tag" or token.text == "^" or joined
        if continues and pieces:
            pieces[-1] += text[token.start : token.end]
        else:
            pieces.append(token.text)
        joined = token.text in ("^", "+", "-")
    return pieces


def _check_type(parameter: QueryParameter, term: Term, shown: str) -> None:
    """Refuse a default that the parameter's own type would refuse."""
    if term is None:
        return
    fits = isinstance(term, NamedNode) == (parameter.type == "iri")
    if fits and isinstance(term, Literal):
        fits = term.datatype.value.endswith("#" + parameter.type)
    if not fits:
        raise SurplaceError(
            f'{shown}: the default {term} of "{parameter.name}" is not of the type {parameter.type}: '
            "correct the type or the VALUES block."
        )
