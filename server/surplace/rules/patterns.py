"""What a CONSTRUCT rule reads and writes, as patterns with the role that each plays.

The algebra is rdflib's; only rules of the project are read with it, never a query from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from pyparsing import ParseException
from rdflib.paths import AlternativePath as Alternatives
from rdflib.paths import InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, Variable

from surplace.errors import SurplaceError
from surplace.namespaces import SKOS, SUR
from surplace.rules.given import NOTHING, TYPE, Given, given_by

ANYTHING = "*"
"""The name of a property or class that is a variable."""
REQUIRED, OPTIONAL, ABSENT, AGGREGATED = "required", "optional", "absent", "aggregated"

_ANNOTATIONS = {SKOS + "prefLabel"}
_OF_CONCLUSIONS = SUR + "follows"
"""What the engine adds to whatever a rule gives a class."""
_AND_OR = {"ConditionalAndExpression", "ConditionalOrExpression"}


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
    given: Given = field(default=NOTHING, compare=False, repr=False)
    """What holds wherever the pattern is asked."""


@dataclass(frozen=True)
class Shape:
    """What a CONSTRUCT query says: its template, the patterns of its body, the variables it assigns."""

    template: tuple[tuple[Node, Node, Node], ...]
    body: tuple[Pattern, ...]
    assigned: frozenset[str]
    """Names of variables that BIND or VALUES gives a value in the outermost group."""
    given: Given = NOTHING
    """What holds in every answer of the body."""

    def concludes(self) -> set[Key]:
        """Return the properties and classes of the template, with what the engine adds."""
        classes = {
            subject: self._classes(subject) for subject, predicate, _ in self.template if predicate == TYPE
        }
        found: set[Key] = set()
        for subject, predicate, value in self.template:
            # what a rule makes has the classes that it gives it; what it finds may have others
            kinds = classes.get(subject, frozenset()) if str(subject) in self.assigned else frozenset()
            found |= _keys(predicate, value, kinds, self.given)
            if predicate == TYPE:
                found |= {Key(str(TYPE), frozenset()), Key(_OF_CONCLUSIONS, kinds)}
        return found

    def reads(self, *, negative: bool | None = None) -> set[Key]:
        """Return the properties and classes that the body reads from the knowledge.

        *negative* picks those under a negation (True) or in the open (False).
        """
        found: set[Key] = set()
        for pattern in self.body:
            if pattern.graph is None and negative in (None, pattern.role != REQUIRED):
                classes = pattern.given.classes.get(pattern.subject, frozenset())
                kinds = frozenset().union(*(_named(term, pattern.given) for term in classes))
                found |= _keys(pattern.predicate, pattern.object, kinds, pattern.given)
        return found

    def _classes(self, subject: Node) -> frozenset[str]:
        """Return the classes that the template gives a subject."""
        return frozenset(
            name
            for one, predicate, value in self.template
            if one == subject and predicate == TYPE
            for name in _named(value, self.given)
        )


def _keys(predicate: Node | Path, value: Node, kinds: frozenset[str], given: Given) -> set[Key]:
    """Return what a triple pattern is about."""
    if isinstance(predicate, Path):
        return {Key(name, frozenset()) for name in _path_names(predicate)}
    if predicate == TYPE:
        return {Key(name, frozenset()) for name in _named(value, given)}
    return {Key(name, kinds) for name in _named(predicate, given) - _ANNOTATIONS}


def _named(term: Node, given: Given) -> frozenset[str]:
    """Return the IRIs that a term is or may stand for."""
    if isinstance(term, Variable):
        return frozenset(str(value) for value in given.values.get(term, ())) or frozenset({ANYTHING})
    return frozenset({str(term)})


@lru_cache(maxsize=1024)
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
    return Shape(
        template,
        tuple(_walk(algebra.p, None, REQUIRED, NOTHING)),
        frozenset(_assigned(algebra.p)),
        given_by(algebra.p),
    )


def _walk(node: Any, graph: Node | None, role: str, given: Given) -> Iterator[Pattern]:
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
                yield Pattern(subject, predicate, value, graph, role, here)
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


def _tests(node: Any, graph: Node | None, role: str, given: Given) -> Iterator[Pattern]:
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


def _path_names(path: Node | Path) -> Iterable[str]:
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
