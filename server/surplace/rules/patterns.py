"""What a CONSTRUCT rule reads and writes, as patterns with the role that each plays.

The algebra is rdflib's; only rules of the project are read with it, never a query from outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pyparsing import ParseException
from rdflib.paths import AlternativePath as Alternatives
from rdflib.paths import InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, URIRef, Variable

from surplace.errors import SurplaceError
from surplace.namespaces import RDF, SKOS

ANYTHING = "*"
"""The name of a property or class that is a variable."""
REQUIRED, OPTIONAL, ABSENT = "required", "optional", "absent"

_TYPE = URIRef(RDF + "type")
_ANNOTATIONS = {SKOS + "prefLabel"}
_NEGATIVE = {"LeftJoin", "Minus"}


class Key(NamedTuple):
    """A property or class that a pattern is about, and the classes that its subject is said to be of."""

    name: str
    kinds: frozenset[str]

    def meets(self, other: Key) -> bool:
        """Tell whether a triple that this key writes could be one that the *other* reads.

        A conclusion has the classes that its rule gives it, so that a property of one class of conclusions is
        not read where another class is asked for.
        """
        if ANYTHING not in (self.name, other.name) and self.name != other.name:
            return False
        kinds = (self.kinds, other.kinds)
        return any(not kind or ANYTHING in kind for kind in kinds) or bool(self.kinds & other.kinds)


@dataclass(frozen=True)
class Pattern:
    """A triple pattern of a body, the graph it is looked for in (None: the knowledge), and its role."""

    subject: Node
    predicate: Node | Path
    object: Node
    graph: Node | None
    role: str


@dataclass(frozen=True)
class Shape:
    """What a CONSTRUCT query says: its template, the patterns of its body, the variables it assigns."""

    template: tuple[tuple[Node, Node, Node], ...]
    body: tuple[Pattern, ...]
    assigned: frozenset[str]
    """Names of variables that BIND or VALUES gives a value in the outermost group."""
    choices: Mapping[str, frozenset[str]]
    """The constants that a variable may stand for, where BIND or VALUES names them."""

    def concludes(self) -> set[Key]:
        """Return the properties and classes of the template."""
        kinds = self._kinds((s, p, o) for s, p, o in self.template)
        return {key for s, p, o in self.template for key in self._keys(s, p, o, kinds)}

    def reads(self, *, negative: bool | None = None) -> set[Key]:
        """Return the properties and classes that the body reads from the knowledge.

        *negative* picks those under a negation (True) or in the open (False).
        """
        body = [pattern for pattern in self.body if pattern.graph is None]
        kinds = self._kinds((pattern.subject, pattern.predicate, pattern.object) for pattern in body)
        return {
            key
            for pattern in body
            if negative in (None, pattern.role != REQUIRED)
            for key in self._keys(pattern.subject, pattern.predicate, pattern.object, kinds)
        }

    def _kinds(self, triples: Iterable[tuple[Node, Node | Path, Node]]) -> dict[Node, frozenset[str]]:
        """Return the classes that each subject is said to be of."""
        kinds: dict[Node, frozenset[str]] = defaultdict(frozenset)
        for subject, predicate, value in triples:
            if predicate == _TYPE:
                kinds[subject] |= self._named(value)
        return kinds

    def _keys(
        self, subject: Node, predicate: Node | Path, value: Node, kinds: Mapping[Node, frozenset[str]]
    ) -> set[Key]:
        """Return what a triple pattern is about."""
        of = kinds.get(subject, frozenset())
        if isinstance(predicate, Path):
            return {Key(str(term), frozenset()) for term in _path_terms(predicate)}
        if predicate == _TYPE:
            return {Key(name, frozenset()) for name in self._named(value)}
        return {Key(name, of) for name in self._named(predicate) - _ANNOTATIONS}

    def _named(self, term: Node) -> frozenset[str]:
        """Return the IRIs that a term is or may stand for."""
        if isinstance(term, Variable):
            return self.choices.get(str(term), frozenset({ANYTHING}))
        return frozenset({str(term)})


def read_shape(text: str, name: str) -> Shape:
    """Parse a CONSTRUCT query; *name* is the file's name in messages. Raises SurplaceError."""
    try:
        algebra = translateQuery(parseQuery(text)).algebra
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
    choices: dict[str, set[str]] = defaultdict(set)
    for variable, value in _choices(algebra.p):
        choices[variable] |= {str(value) if isinstance(value, URIRef) else ANYTHING}
    return Shape(
        template,
        tuple(_walk(algebra.p, None, REQUIRED)),
        frozenset(_assigned(algebra.p)),
        {variable: frozenset(values) for variable, values in choices.items()},
    )


def _walk(node: Any, graph: Node | None, role: str) -> Iterator[Pattern]:
    """Yield the patterns below a node of the algebra."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _walk(item, graph, role)
        return
    if not isinstance(node, CompValue):
        return
    if node.name in ("BGP", "TriplesBlock"):
        for subject, predicate, value in node.triples:
            yield Pattern(subject, predicate, value, graph, role)
        return
    if node.name == "Graph":
        yield from _walk(node.p, node.term, role)
        return
    if node.name == "Builtin_NOTEXISTS":
        yield from _walk(node.graph, graph, ABSENT)
        return
    if node.name == "AggregateJoin":  # what is counted or compared must be complete before it is
        for pattern in _walk(node.p, graph, role):
            kept = OPTIONAL if pattern.role == REQUIRED else pattern.role
            yield Pattern(pattern.subject, pattern.predicate, pattern.object, pattern.graph, kept)
        return
    for key, value in node.items():
        if key in ("_vars", "PV", "datasetClause"):
            continue
        inner = role
        if node.name in _NEGATIVE and key in ("p2", "expr") and role != ABSENT:
            inner = OPTIONAL if node.name == "LeftJoin" else ABSENT
        yield from _walk(value, graph, inner)


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


def _choices(node: Any) -> Iterator[tuple[str, Node]]:
    """Yield each variable that BIND or VALUES gives a value, with that value."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _choices(item)
    elif isinstance(node, CompValue):
        if node.name == "Extend":
            yield str(node.var), node.expr
        elif node.name == "values":
            yield from ((str(variable), value) for row in node.res for variable, value in row.items())
        for value in node.values():
            yield from _choices(value)


def _path_terms(path: Node | Path) -> Iterable[Node]:
    """Yield the properties that a property path walks."""
    if isinstance(path, MulPath):
        yield from _path_terms(path.path)
    elif isinstance(path, InvPath):
        yield from _path_terms(path.arg)
    elif isinstance(path, SequencePath | Alternatives | NegatedPath):
        for arg in path.args:
            yield from _path_terms(arg)
    elif isinstance(path, Node):
        yield path
