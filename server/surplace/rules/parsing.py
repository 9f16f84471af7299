"""Reads what a CONSTRUCT rule reads and writes from its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from pyoxigraph import Store

from surplace.engine.syntax import bad_query, undeclared
from surplace.errors import SurplaceError
from surplace.namespaces import SKOS, SUR
from surplace.rules.algebra import (
    Aggregate,
    Construct,
    Expression,
    Extend,
    Filter,
    Graph,
    Join,
    LeftJoin,
    Limited,
    Minus,
    Node,
    Project,
    Term,
    Triple,
    Triples,
    Union,
    Values,
)
from surplace.rules.given import NOTHING, TYPE, Bounds, given_by, is_variable
from surplace.rules.patterns import (
    ABSENT,
    AGGREGATED,
    ANYTHING,
    OPTIONAL,
    REQUIRED,
    Key,
    Path,
    Pattern,
    Shape,
)
from surplace.rules.reading.queries import QueryReader
from surplace.sparql.fault import said_of

_ANNOTATIONS = {SKOS + "prefLabel"}
_OF_CONCLUSIONS = SUR + "follows"
"""What the engine adds to whatever a rule gives a class."""


class _Found(NamedTuple):
    """A triple pattern of a body, and what holds wherever it is asked."""

    pattern: Pattern
    given: Bounds


def read_shape(text: str, name: str) -> Shape:
    """Parse a CONSTRUCT query; *name* is the file's name in messages. Raises SurplaceError."""
    query, prefixes = _query(text, name)
    body = tuple(_walk(query.body, None, REQUIRED, NOTHING))
    assigned = frozenset(_assigned(query.body))
    return Shape(
        template=tuple((s, str(p), o) for s, p, o in query.template),
        body=tuple(found.pattern for found in body),
        alternatives=tuple(map(tuple, _below_aggregates(query.body, None))),
        assigned=assigned,
        writes=frozenset(_concluded(query.template, assigned, given_by(query.body))),
        reads_present=frozenset(_read(body, negative=False)),
        reads_absent=frozenset(_read(body, negative=True)),
        prefixes=prefixes,
        where=query.where,
    )


def _query(text: str, name: str) -> tuple[Construct, dict[str, str]]:
    """Return a query and its prefixes. Raises SurplaceError."""
    try:
        reader = QueryReader(text)
        Store().query(text)  # it judges the grammar
        found = reader.construct()
    except SyntaxError as error:
        raise SurplaceError(bad_query(text, *said_of(error)).in_file(name)) from None
    except ValueError as error:
        if refused := undeclared(text):
            raise SurplaceError(refused.in_file(name)) from None
        reason = " ".join(str(error).split())
        raise SurplaceError(f"{name} cannot be read ({reason}): correct the rule.") from None
    if found is None:
        raise SurplaceError(f"{name} is not a CONSTRUCT query: a rule constructs what it concludes.")
    return found, reader.prefixes


def _concluded(template: Iterable[Triple], assigned: frozenset[str], given: Bounds) -> set[Key]:
    """Return the properties and classes of a template, with what the engine adds."""
    classes: dict[Term, frozenset[str]] = {}
    for subject, predicate, value in template:
        if predicate == TYPE:
            classes[subject] = classes.get(subject, frozenset()) | _named(value, given)
    found: set[Key] = set()
    for subject, predicate, value in template:
        # what a rule makes has the classes that it gives it; what it finds may have others
        kinds = classes.get(subject, frozenset()) if subject.removeprefix("?") in assigned else frozenset()
        found |= _keys(predicate, value, kinds, given)
        if predicate == TYPE:
            found |= {Key(TYPE.strip("<>"), frozenset()), Key(_OF_CONCLUSIONS, kinds)}
    return found


def _read(body: Iterable[_Found], *, negative: bool) -> set[Key]:
    """Return the properties and classes that a body reads from the knowledge, in the open or not."""
    found: set[Key] = set()
    for pattern, given in body:
        if pattern.graph is None and negative == (pattern.role != REQUIRED):
            classes = given.classes.get(pattern.subject, frozenset())
            kinds = frozenset().union(*(_named(term, given) for term in classes))
            found |= _keys(pattern.predicate, pattern.object, kinds, given)
    return found


def _keys(predicate: Path, value: Term, kinds: frozenset[str], given: Bounds) -> set[Key]:
    """Return what a triple pattern is about."""
    if not isinstance(predicate, str):
        return {Key(name, frozenset()) for name in _path_names(predicate)}
    if predicate == TYPE:
        return {Key(name, frozenset()) for name in _named(value, given)}
    return {Key(name, kinds) for name in _named(predicate, given) - _ANNOTATIONS}


def _named(term: Term, given: Bounds) -> frozenset[str]:
    """Return the IRIs that a term is or may stand for."""
    if is_variable(term):
        return frozenset(value.strip("<>") for value in given.values.get(term, ())) or frozenset({ANYTHING})
    return frozenset({term.strip("<>")})


def _walk(node: Node, graph: Term | None, role: str, given: Bounds) -> Iterator[_Found]:
    """Yield the patterns below a node of the algebra; *given* is what holds around it."""
    match node:
        case Triples():
            here = given & given_by(node) if graph is None else given
            for subject, predicate, value in node.triples:
                yield _Found(Pattern(subject, predicate, value, graph, role), here)
        case Graph():
            yield from _walk(node.inner, node.name, role, given)
        case Join():
            yield from _walk(node.one, graph, role, given & given_by(node.other))
            yield from _walk(node.other, graph, role, given & given_by(node.one))
        case Union():
            yield from _walk(node.one, graph, role, given)
            yield from _walk(node.other, graph, role, given)
        case LeftJoin():
            known = given & given_by(node.one)
            yield from _walk(node.one, graph, role, given)
            yield from _walk(node.other, graph, ABSENT if role == ABSENT else OPTIONAL, known)
            yield from _tests((node.test,), graph, ABSENT, known)
        case Minus():
            yield from _walk(node.one, graph, role, given)
            yield from _walk(node.other, graph, ABSENT, given & given_by(node.one))
        case Filter():
            yield from _walk(node.inner, graph, role, given)
            yield from _tests(node.tests, graph, role, given & given_by(node.inner))
        case Extend():
            yield from _walk(node.inner, graph, role, given)
            yield from _tests((node.value,), graph, ABSENT, given & given_by(node.inner))
        case Project():
            yield from _walk(node.inner, graph, role, given.within(node.variables))
        case Aggregate() | Limited():  # what is counted or compared must be complete before it is
            yield from _walk(node.inner, graph, AGGREGATED if role == REQUIRED else role, given)


def _tests(tests: Iterable[Expression], graph: Term | None, role: str, given: Bounds) -> Iterator[_Found]:
    """Yield the patterns of tests: EXISTS asks in the open only where nothing but && and || is around it."""
    for test in tests:
        for group, required in test.asks:
            yield from _walk(group, graph, role if required else ABSENT, given)


def _links(start: Term, path: Path, end: Term) -> Iterator[Triple]:
    """Yield the steps of a sequence as patterns of their own, so that a solution shows what is between."""
    steps: Sequence[Path] = path[1:] if isinstance(path, tuple) and path[0] == "/" else [path]
    for number, step in enumerate(steps, 1):
        names = re.sub(r"\W", "_", f"surplace_{start.removeprefix('?')}_{end.removeprefix('?')}_{number}")
        between = end if number == len(steps) else f"?{names}"
        yield start, step, between
        start = between


def _assigned(node: Node) -> Iterator[str]:
    """Yield the variables that BIND or VALUES gives a value, as far as the outermost group sees them."""
    match node:
        case Extend():
            yield node.variable
            yield from _assigned(node.inner)
        case Values():
            yield from node.columns
        case Join() | Union() | LeftJoin() | Minus():
            yield from _assigned(node.one)
            yield from _assigned(node.other)
        case Filter() | Graph() | Project() | Aggregate() | Limited():
            yield from _assigned(node.inner)


def _below_aggregates(node: Node, graph: Term | None) -> Iterator[list[Pattern]]:
    """Yield what may lie below each aggregate in the open: a list of patterns for each way to a solution."""
    match node:
        case Aggregate() | Limited():
            yield from _ways(node.inner, graph)
        case Join() | Union():
            yield from _below_aggregates(node.one, graph)
            yield from _below_aggregates(node.other, graph)
        case LeftJoin() | Minus():
            yield from _below_aggregates(node.one, graph)
        case Graph():
            yield from _below_aggregates(node.inner, node.name)
        case Filter() | Extend() | Project():
            yield from _below_aggregates(node.inner, graph)


def _ways(node: Node, graph: Term | None) -> list[list[Pattern]]:
    """Return the patterns of each way in which a node of the algebra may have a solution."""
    match node:
        case Triples():
            links = (link for triple in node.triples for link in _links(*triple))
            return [[Pattern(s, p, o, graph, AGGREGATED) for s, p, o in links]]
        case Join():
            return [
                [*one, *other] for one, other in product(_ways(node.one, graph), _ways(node.other, graph))
            ]
        case Union():
            return [*_ways(node.one, graph), *_ways(node.other, graph)]
        case LeftJoin():
            known = _ways(node.one, graph)
            return [*known, *([*one, *other] for one, other in product(known, _ways(node.other, graph)))]
        case Minus():
            return _ways(node.one, graph)
        case Graph():
            return _ways(node.inner, node.name)
        case Values():
            return [[]]
    return _ways(node.inner, graph)


def _path_names(path: Path) -> Iterable[str]:
    """Yield the properties that a property path walks."""
    if isinstance(path, str):
        yield path.strip("<>")
    elif path == ("!",):
        yield ANYTHING
    else:
        for part in path[1:]:
            yield from _path_names(part)
