"""Reads what a CONSTRUCT rule reads and writes from its text.

The algebra is rdflib's, which takes a while; only rules of the project are read with it, never a query from
outside, and a release carries what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from pyparsing import ParseException
from rdflib.paths import AlternativePath as Alternatives
from rdflib.paths import InvPath, MulPath, NegatedPath, SequencePath
from rdflib.paths import Path as RdflibPath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, Variable

from surplace.errors import SurplaceError
from surplace.namespaces import SKOS, SUR
from surplace.rules.given import NOTHING, TYPE, Bounds, given_by
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
from surplace.sparql.lexer import tokens

_ANNOTATIONS = {SKOS + "prefLabel"}
_OF_CONCLUSIONS = SUR + "follows"
"""What the engine adds to whatever a rule gives a class."""
_AND_OR = {"ConditionalAndExpression", "ConditionalOrExpression"}


class _Found(NamedTuple):
    """A triple pattern of a body in the terms of rdflib, and what holds wherever it is asked."""

    subject: Node
    predicate: Node | RdflibPath
    object: Node
    graph: Node | None
    role: str
    given: Bounds

    def pattern(self) -> Pattern:
        """Return it in the terms of a shape."""
        graph = None if self.graph is None else _text(self.graph)
        return Pattern(_text(self.subject), _path(self.predicate), _text(self.object), graph, self.role)


def read_shape(text: str, name: str) -> Shape:
    """Parse a CONSTRUCT query; *name* is the file's name in messages. Raises SurplaceError."""
    try:
        parsed = parseQuery(text)
        algebra = translateQuery(parsed).algebra
    except ParseException as error:
        raise SurplaceError(
            f"{name}, line {error.lineno}, column {error.column}: this is not valid SPARQL: correct the rule."
        ) from None
    except Exception as error:  # noqa: BLE001 - rdflib raises bare Exceptions for names and scopes
        reason = " ".join(str(error).split()) or type(error).__name__
        raise SurplaceError(f"{name} cannot be read ({reason}): correct the rule.") from None
    if algebra.name != "ConstructQuery":
        raise SurplaceError(f"{name} is not a CONSTRUCT query: a rule constructs what it concludes.")
    template = tuple(algebra.template or ())
    body = tuple(_walk(algebra.p, None, REQUIRED, NOTHING))
    assigned = frozenset(_assigned(algebra.p))
    return Shape(
        template=tuple((_text(s), _text(p), _text(o)) for s, p, o in template),
        body=tuple(found.pattern() for found in body),
        alternatives=tuple(
            tuple(found.pattern() for found in patterns) for patterns in _below_aggregates(algebra.p, None)
        ),
        assigned=assigned,
        writes=frozenset(_concluded(template, assigned, given_by(algebra.p))),
        reads_present=frozenset(_read(body, negative=False)),
        reads_absent=frozenset(_read(body, negative=True)),
        prefixes={item.prefix or "": str(item.iri) for item in parsed[0] if item.name == "PrefixDecl"},
        where=_outermost_group(text),
    )


def _outermost_group(text: str) -> str:
    """Return the text between the braces after WHERE, or after the template of the short form."""
    found = tokens(text)
    depth, start = 0, 0
    for number, token in enumerate(found):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 and token.is_word("WHERE"):
            start = found[number + 1].end
    return text[start : found[-1].start]


def _concluded(
    template: Iterable[tuple[Node, Node, Node]], assigned: frozenset[str], given: Bounds
) -> set[Key]:
    """Return the properties and classes of a template, with what the engine adds."""
    classes: dict[Node, frozenset[str]] = {}
    for subject, predicate, value in template:
        if predicate == TYPE:
            classes[subject] = classes.get(subject, frozenset()) | _named(value, given)
    found: set[Key] = set()
    for subject, predicate, value in template:
        # what a rule makes has the classes that it gives it; what it finds may have others
        kinds = classes.get(subject, frozenset()) if str(subject) in assigned else frozenset()
        found |= _keys(predicate, value, kinds, given)
        if predicate == TYPE:
            found |= {Key(str(TYPE), frozenset()), Key(_OF_CONCLUSIONS, kinds)}
    return found


def _read(body: Iterable[_Found], *, negative: bool) -> set[Key]:
    """Return the properties and classes that a body reads from the knowledge, in the open or not."""
    found: set[Key] = set()
    for pattern in body:
        if pattern.graph is None and negative == (pattern.role != REQUIRED):
            classes = pattern.given.classes.get(pattern.subject, frozenset())
            kinds = frozenset().union(*(_named(term, pattern.given) for term in classes))
            found |= _keys(pattern.predicate, pattern.object, kinds, pattern.given)
    return found


def _keys(predicate: Node | RdflibPath, value: Node, kinds: frozenset[str], given: Bounds) -> set[Key]:
    """Return what a triple pattern is about."""
    if isinstance(predicate, RdflibPath):
        return {Key(name, frozenset()) for name in _path_names(predicate)}
    if predicate == TYPE:
        return {Key(name, frozenset()) for name in _named(value, given)}
    return {Key(name, kinds) for name in _named(predicate, given) - _ANNOTATIONS}


def _named(term: Node, given: Bounds) -> frozenset[str]:
    """Return the IRIs that a term is or may stand for."""
    if isinstance(term, Variable):
        return frozenset(str(value) for value in given.values.get(term, ())) or frozenset({ANYTHING})
    return frozenset({str(term)})


def _walk(node: Any, graph: Node | None, role: str, given: Bounds) -> Iterator[_Found]:
    """Yield the patterns below a node of the algebra; *given* is what holds around it."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _walk(item, graph, role, given)
        return
    if not isinstance(node, CompValue):
        return
    match node.name:
        case "BGP" | "TriplesBlock":
            here = given & given_by(node) if graph is None else given
            for subject, predicate, value in node.triples:
                yield _Found(subject, predicate, value, graph, role, here)
        case "Graph":
            yield from _walk(node.p, node.term, role, given)
        case "Join":
            yield from _walk(node.p1, graph, role, given & given_by(node.p2))
            yield from _walk(node.p2, graph, role, given & given_by(node.p1))
        case "LeftJoin" | "Minus":
            known = given & given_by(node.p1)
            inner = OPTIONAL if node.name == "LeftJoin" else ABSENT
            yield from _walk(node.p1, graph, role, given)
            yield from _walk(node.p2, graph, ABSENT if role == ABSENT else inner, known)
            yield from _tests(node.expr, graph, ABSENT, known)
        case "Filter":
            yield from _walk(node.p, graph, role, given)
            yield from _tests(node.expr, graph, role, given & given_by(node.p))
        case "Extend":
            yield from _walk(node.p, graph, role, given)
            yield from _tests(node.expr, graph, ABSENT, given & given_by(node.p))
        case "Project":
            yield from _walk(node.p, graph, role, given.within(node.PV))
        case "AggregateJoin" | "Slice":  # what is counted or compared must be complete before it is
            yield from _walk(node.p, graph, AGGREGATED if role == REQUIRED else role, given)
        case _:
            for key, value in node.items():
                if key not in ("_vars", "PV", "datasetClause"):
                    yield from _walk(value, graph, role, given)


def _tests(node: Any, graph: Node | None, role: str, given: Bounds) -> Iterator[_Found]:
    """Yield the patterns of a test: EXISTS asks in the open only where nothing but && and || is around it."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _tests(item, graph, role, given)
    elif isinstance(node, CompValue):
        if node.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            asked = role if node.name == "Builtin_EXISTS" else ABSENT
            yield from _walk(node.graph, graph, asked, given)
            return
        for key, value in node.items():
            if key != "_vars":
                yield from _tests(value, graph, role if node.name in _AND_OR else ABSENT, given)


def _links(start: Node, path: Node | RdflibPath, end: Node) -> Iterator[tuple[Node, Node | RdflibPath, Node]]:
    """Yield the steps of a sequence as patterns of their own, so that a solution shows what is between."""
    steps: Sequence[Node | RdflibPath] = path.args if isinstance(path, SequencePath) else [path]
    for number, step in enumerate(steps, 1):
        between = (
            end if number == len(steps) else Variable(re.sub(r"\W", "_", f"surplace_{start}_{end}_{number}"))
        )
        yield start, step, between
        start = between


def _assigned(node: Any) -> Iterator[str]:
    """Yield the variables that BIND or VALUES gives a value, as far as the outermost group sees them."""
    if not isinstance(node, CompValue):
        return
    if node.name == "Extend":
        yield str(node.var)
    elif node.name == "values":
        for row in node.res:
            yield from (str(variable) for variable in row)
    for key in ("p", "p1", "p2"):
        if key in node:
            yield from _assigned(node[key])


def _below_aggregates(node: Any, graph: Node | None) -> Iterator[list[_Found]]:
    """Yield what may lie below each aggregate in the open: a list of patterns for each way to a solution."""
    if not isinstance(node, CompValue):
        return
    if node.name in ("AggregateJoin", "Slice"):
        yield from _ways(node.p, graph)
    elif node.name in ("Join", "Union"):
        yield from _below_aggregates(node.p1, graph)
        yield from _below_aggregates(node.p2, graph)
    elif node.name in ("LeftJoin", "Minus"):
        yield from _below_aggregates(node.p1, graph)
    elif "p" in node:
        yield from _below_aggregates(node.p, node.term if node.name == "Graph" else graph)


def _ways(node: Any, graph: Node | None) -> list[list[_Found]]:
    """Return the patterns of each way in which a node of the algebra may have a solution."""
    if not isinstance(node, CompValue):
        return [[]]
    match node.name:
        case "BGP":
            links = (link for triple in node.triples for link in _links(*triple))
            return [[_Found(s, p, o, graph, AGGREGATED, NOTHING) for s, p, o in links]]
        case "Join":
            return [[*one, *other] for one, other in product(_ways(node.p1, graph), _ways(node.p2, graph))]
        case "Union":
            return [*_ways(node.p1, graph), *_ways(node.p2, graph)]
        case "LeftJoin":
            known = _ways(node.p1, graph)
            return [*known, *([*one, *other] for one, other in product(known, _ways(node.p2, graph)))]
        case "Minus":
            return _ways(node.p1, graph)
        case "Graph":
            return _ways(node.p, node.term)
    return _ways(node.p, graph) if "p" in node else [[]]


def _path_names(path: Node | RdflibPath) -> Iterable[str]:
    """Yield the properties that a property path walks."""
    if isinstance(path, MulPath):
        yield from _path_names(path.path)
    elif isinstance(path, InvPath):
        yield from _path_names(path.arg)
    elif isinstance(path, SequencePath | Alternatives):
        for arg in path.args:
            yield from _path_names(arg)
    elif isinstance(path, NegatedPath):
        yield ANYTHING
    else:
        yield str(path)


def _path(path: Node | RdflibPath) -> Path:
    """Return a property or path in the terms of a shape."""
    if isinstance(path, MulPath):
        return path.mod, _path(path.path)
    if isinstance(path, InvPath):
        return "^", _path(path.arg)
    if isinstance(path, SequencePath | Alternatives):
        return "/" if isinstance(path, SequencePath) else "|", *map(_path, path.args)
    return ("!",) if isinstance(path, RdflibPath) else _text(path)


def _text(node: Node) -> str:
    """Write a term as in N-Triples, a variable as in SPARQL."""
    if isinstance(node, Variable):
        return f"?{node}"
    if isinstance(node, rdflib.URIRef):
        return str(NamedNode(str(node)))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return str(Literal(str(node), language=node.language))
        return str(
            Literal(str(node), datatype=NamedNode(str(node.datatype)))
            if node.datatype
            else Literal(str(node))
        )
    return str(BlankNode(str(node)))
