"""The validation stage: every shape and every check, each fault as a sentence that says what to do."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyshacl
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolution, Store
from pyparsing import ParseException
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, Graph, URIRef
from rdflib.term import Node

from surplace.build.closure import select
from surplace.build.ontology import to_rdflib
from surplace.build.prepared import PreparedGraph
from surplace.build.report import Origins, Violation
from surplace.catalogue import Query, load_catalogue
from surplace.errors import SurplaceError
from surplace.namespaces import CATALOGUE, compact

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def validate(store: Store, shapes: Iterable[Quad], checks: Path, origins: Origins) -> list[Violation]:
    """Run the shapes and the checks over a closed store; return what they find, sorted.

    *checks* is a folder of queries with `#+ message` and `#+ severity` in their headers. The shapes see the
    default graph and the catalogue of questions, the checks see all graphs. Raises SurplaceError for a shape
    or check that cannot be run.
    """
    queries = load_catalogue(checks).checks() if checks.is_dir() else []
    # the store evaluates queries outside Python's lock, so the checks run while the shapes do
    with ThreadPoolExecutor(max_workers=1) as executor:
        found = executor.submit(run_checks, store, queries, origins)
        violations = list(run_shapes(store, shapes, origins))
        return sorted({*violations, *found.result()})


def run_checks(store: Store, queries: Iterable[Query], origins: Origins) -> list[Violation]:
    """Return a violation for each row of each check."""
    return [violation for query in queries for violation in run_check(store, query, origins)]


def run_check(store: Store, query: Query, origins: Origins) -> Iterator[Violation]:
    """Yield a violation for each row of a check."""
    try:
        rows = list(select(store, query.text))
    except (SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise SurplaceError(
            f"queries/checks/{query.category}/{query.path.name} cannot be run ({reason}): correct the query."
        ) from None
    for row in rows:
        subjects = [row[name].value for name in query.columns if isinstance(row[name], NamedNode)]
        places = (origins.of(subject) or origins.of_graph(subject) for subject in subjects)
        file = next((place for place in places if place), query.path.name)
        message = _filled(query.message or "", row, origins)
        yield Violation(
            query.severity,
            query.name,
            subjects[0] if subjects else "",
            file,
            f"{file}: {_sentence(message)}",
        )


def _filled(message: str, row: QuerySolution, origins: Origins) -> str:
    """Put the values of a row into the message of a check."""
    return _PLACEHOLDER.sub(lambda match: _value(row, match[1], origins), message)


def _value(row: QuerySolution, name: str, origins: Origins) -> str:
    """Return a value of a row as people read it."""
    term = row[name]
    if term is None:
        return "(none)"
    return origins.describe(term.value) if isinstance(term, NamedNode) else str(getattr(term, "value", term))


def run_shapes(store: Store, shapes: Iterable[Quad], origins: Origins) -> Iterator[Violation]:
    """Yield a violation for each result of SHACL validation of the default graph and of the catalogue."""
    shapes_graph = to_rdflib(shapes)
    if not len(shapes_graph):
        return
    seen = [
        quad
        for graph in (DefaultGraph(), NamedNode(CATALOGUE))
        for quad in store.quads_for_pattern(None, None, None, graph)
    ]
    with _quiet():
        try:
            _, results, text = pyshacl.validate(
                to_rdflib(seen, PreparedGraph()),
                shacl_graph=shapes_graph,
                inference="none",
                allow_warnings=True,
                inplace=True,
            )
        except (ReportableRuntimeError, ParseException) as error:
            raise SurplaceError(_unusable(error)) from None
    if not isinstance(results, Graph):
        raise SurplaceError(_unusable(text if isinstance(text, Exception) else results))
    for result in results.objects(None, SH.result):
        yield _violation(results, result, shapes_graph, origins)


def _unusable(error: object) -> str:
    """Say that the shapes are wrong, as against the data."""
    reason = " ".join(str(error).split("\nFor reference")[0].split()).rstrip(".")
    return f"The shapes in ontology/shapes cannot be used ({reason}): correct them."


def _violation(results: Graph, result: Node, shapes_graph: Graph, origins: Origins) -> Violation:
    """Turn one validation result into a violation."""
    focus = results.value(result, SH.focusNode)
    path = results.value(result, SH.resultPath)
    value = results.value(result, SH.value)
    shape = results.value(result, SH.sourceShape)
    severity = results.value(result, SH.resultSeverity)
    subject = str(focus)
    file = origins.of(
        subject,
        str(path) if isinstance(path, URIRef) else "",
        value.n3() if value is not None and hasattr(value, "n3") else "",
    )
    message = min((str(text) for text in results.objects(result, SH.resultMessage)), default="")
    if shapes_graph.value(shape, SH.message) is None and not _has_own_message(results, result, shapes_graph):
        message = f"{message.rstrip('.')}: correct it, or the shape {compact(str(shape))}."
    shown = origins.describe(subject) if isinstance(focus, URIRef) else f"“{subject}”"
    return Violation(
        "violation" if severity == SH.Violation else "warning",
        compact(str(shape)) if isinstance(shape, URIRef) else "shapes",
        subject,
        file or "data",
        f"{file or 'data'}: {shown}: {_sentence(origins.with_labels(message))}",
    )


def _has_own_message(results: Graph, result: Node, shapes_graph: Graph) -> bool:
    """Tell whether a SPARQL constraint brings a message of its own."""
    constraint = results.value(result, SH.sourceConstraint)
    return constraint is not None and shapes_graph.value(constraint, SH.message) is not None


def _sentence(message: str) -> str:
    """Put a full stop at the end, and line breaks away."""
    text = " ".join(message.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


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
