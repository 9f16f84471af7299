"""pySHACL as the judge of the compiled shapes: it must find the same violations, no more and no fewer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, cast

from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from surplace.errors import SurplaceError
from surplace.namespaces import SH, compact
from surplace.rdf.terms import Term
from surplace.shacl.running import Graphs, Result


class Verdict(NamedTuple):
    """What both must agree on. Terms are written as N-Triples; blank nodes of the shapes are "[]"."""

    focus: str
    shape: str
    component: str
    path: str
    """The property, or "" for none and for a longer path."""
    value: str


_RESULTS = f"""PREFIX sh: <{SH}>
SELECT ?focus ?shape ?component ?path ?value {{
    ?report sh:result ?result .
    ?result sh:focusNode ?focus ; sh:sourceShape ?shape ; sh:sourceConstraintComponent ?component .
    OPTIONAL {{ ?result sh:resultPath ?path FILTER(isIRI(?path)) }}
    OPTIONAL {{ ?result sh:value ?value }}
}}"""
# only what the report itself names: a result may carry further ones as its details


def differences(store: Store, graphs: Graphs, shapes: Sequence[Quad], results: Iterable[Result]) -> list[str]:
    """Return a sentence for each violation that only pySHACL, or only the compiled shapes, find in *graphs*.

    *results* are those of the compiled shapes. Values that cannot be compared violate sh:lessThan and
    sh:lessThanOrEquals by the specification; pySHACL puts some of them in an order, which is not held against
    the compiled shapes. Raises SurplaceError if pySHACL is not installed, or refuses the shapes.
    """
    found = {verdict(result): result for result in results}
    judged = judge((q for graph in graphs for q in store.quads_for_pattern(None, None, None, graph)), shapes)
    only_found = {key for key in set(found) - judged if not _incomparable(store, graphs, shapes, found[key])}
    missing = judged - set(found)
    return [
        *(f"The compiled shapes find what pySHACL does not: {_said(key)}" for key in sorted(only_found)),
        *(f"pySHACL finds what the compiled shapes do not: {_said(key)}" for key in sorted(missing)),
    ]


def verdict(result: Result) -> Verdict:
    """Return what pySHACL has to say too where it agrees with a result."""
    constraint = result.constraint
    path = NamedNode(constraint.path) if constraint.path else None
    terms = (result.focus, constraint.shape, NamedNode(constraint.component), path, result.value)
    return Verdict(*map(_written, terms))


def judge(data: Iterable[Quad], shapes: Iterable[Quad]) -> set[Verdict]:
    """Return the verdicts of pySHACL."""
    try:
        import pyshacl
    except ImportError:
        raise SurplaceError(
            'pySHACL is not installed, so that nothing can be judged: run pip install "surplace[judge]".'
        ) from None
    from rdflib import Graph

    from surplace.rdf.as_rdflib import to_rdflib
    from surplace.shacl.prepared import PreparedGraph

    with _quiet():
        try:
            _, report, _ = pyshacl.validate(
                to_rdflib(data, PreparedGraph()),
                shacl_graph=to_rdflib(shapes),
                inference="none",
                allow_warnings=True,
                inplace=True,
            )
        except Exception as error:  # noqa: BLE001 - what its parts raise has no common class
            report = error
    if not isinstance(report, Graph):
        reason = " ".join(str(report).split()).rstrip(".")
        raise SurplaceError(f"pySHACL cannot use the shapes in ontology/shapes ({reason}): correct them.")
    said = Store()
    said.load(report.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    rows = cast(QuerySolutions, said.query(_RESULTS))
    return {Verdict(*(_written(row[name]) for name in Verdict._fields)) for row in rows}


def _written(term: Term | None) -> str:
    """Write a term alike for both; a path that is a list is none here."""
    return "" if term is None else "[]" if isinstance(term, BlankNode) else str(term)


def _incomparable(store: Store, graphs: Graphs, shapes: Iterable[Quad], result: Result) -> bool:
    """Tell whether a result says of values of two datatypes that one is not less than the other."""
    shape, parameter = result.constraint.shape, NamedNode(SH + result.constraint.parameter)
    if not result.constraint.parameter.startswith("lessThan"):
        return False
    for other in (quad.object for quad in shapes if (quad.subject, quad.predicate) == (shape, parameter)):
        alike = f"COALESCE(DATATYPE(?other) = DATATYPE({result.value}), false)"
        if store.query(f"ASK {{ {result.focus} {other} ?other FILTER(!{alike}) }}", default_graph=graphs):
            return True
    return False


def _said(verdict: Verdict) -> str:
    """Name a violation on which the two differ."""
    names = [compact(term.strip("<>")) for term in verdict]
    beside = f", with {' '.join(name for name in names[3:] if name)}" if any(names[3:]) else ""
    return f"{names[2]} of {names[1]} at {names[0]}{beside}."


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging each malformed literal with a traceback: the shapes report them."""
    loggers = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl", "pyshacl.validator")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
