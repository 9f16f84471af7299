"""The validation stage: every shape and every check, each fault as a sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, Store

from surplace.build.asserted import as_asserted
from surplace.build.closure import Closure, select
from surplace.build.report import Origins, Violation
from surplace.catalogue import Query
from surplace.errors import SurplaceError
from surplace.namespaces import CATALOGUE, compact
from surplace.parallel import in_order
from surplace.rdf.terms import DEFAULT_GRAPH, text_of
from surplace.rdf.turtle import literal
from surplace.shacl.compiling import compile_shapes
from surplace.shacl.judge import differences
from surplace.shacl.running import Graphs, Result, run

_SEEN: Graphs = [DEFAULT_GRAPH, NamedNode(CATALOGUE)]
"""The graphs that the shapes see as one."""
_OF_VALUES = frozenset(("datatype", "or", "nodeKind"))
"""The parameters of constraints that a value of the wrong datatype does not meet."""
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def validate(
    closure: Closure,
    shapes: Sequence[Quad],
    checks: Iterable[Query],
    origins: Origins,
    *,
    judged: bool = False,
) -> list[Violation]:
    """Run the shapes and the checks over the closed knowledge; return what they find, sorted.

    The shapes see the default graph as it is asserted, and the catalogue of questions; the checks see all
    graphs. With *judged*, pySHACL must find what the shapes find. Raises SurplaceError for a shape that
    cannot be run, and where pySHACL differs.
    """
    with as_asserted(closure):
        violations = list(run_shapes(closure.store, shapes, origins, judged=judged))
    return sorted({*violations, *run_checks(closure.store, checks, origins)})


def run_checks(store: Store, queries: Iterable[Query], origins: Origins) -> list[Violation]:
    """Return a violation for each row of each check."""
    found = in_order(lambda query: list(run_check(store, query, origins)), queries)
    return [violation for violations in found for violation in violations]


def run_check(store: Store, query: Query, origins: Origins) -> Iterator[Violation]:
    """Yield a violation for each row of a check."""
    for row in select(store, query.text):
        subjects = [row[name].value for name in query.columns if isinstance(row[name], NamedNode)]
        graph = row["graph"] if "graph" in query.columns else None
        # where the graph at fault names the subject; else where that is described; else where the passage
        # that names it is written, not recorded
        places = [origins.naming(subjects[0], graph.value)] if isinstance(graph, NamedNode) else []
        places += [origins.of(subject) for subject in subjects[:1]]
        places += [origins.of_graph(subject) or origins.of(subject) for subject in subjects]
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


def run_shapes(
    store: Store, shapes: Sequence[Quad], origins: Origins, *, judged: bool = False
) -> Iterator[Violation]:
    """Yield a violation for each result of SHACL validation of the default graph and of the catalogue.

    With *judged*, raise SurplaceError where pySHACL finds anything else.
    """
    results = list(run(store, _SEEN, compile_shapes(shapes)))
    if judged and (differing := differences(store, _SEEN, shapes, results)):
        raise SurplaceError("\nsurplace: ".join(differing))
    for result in results:
        yield _violation(result, origins)


def _violation(result: Result, origins: Origins) -> Violation:
    """Turn one result into a violation."""
    constraint, subject = result.constraint, text_of(result.focus)
    value = "" if result.value is None else str(result.value)
    file = origins.of(subject, constraint.path, value) or "data"
    shape = constraint.shape
    shown = origins.describe(subject) if isinstance(result.focus, NamedNode) else f"“{subject}”"
    return Violation(
        constraint.severity,
        compact(shape.value) if isinstance(shape, NamedNode) else "shapes",
        subject,
        file,
        f"{file}: {shown}: {_sentence(origins.with_labels(result.message))}{_unfit(result, origins)}",
    )


def _unfit(result: Result, origins: Origins) -> str:
    """Name the value where its class or datatype alone is wrong; else it reads as if none were given."""
    value = result.value
    if result.constraint.parameter in _OF_VALUES and value != result.focus:
        if isinstance(value, Literal):
            return f" {literal(value, compact)} is given."
        if isinstance(value, NamedNode):
            return f" {origins.describe(value.value)} is given."
    if result.constraint.parameter != "class" or not isinstance(value, NamedNode) or value == result.focus:
        return ""
    given = origins.describe(value.value)
    return f" {given} is given, and no passage gives it a class that fits: say what it is with “a”."


def _sentence(message: str) -> str:
    """Put a full stop at the end, and line breaks away."""
    text = " ".join(message.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
