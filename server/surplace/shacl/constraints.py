"""What each kind of constraint asks, as SPARQL.

A constraint on a value is an expression that is true where the value conforms. A constraint on the values of
a path together is a `Test`. Those of SHACL Core that no shape here uses are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, count

from pyoxigraph import Literal, NamedNode, Store

from surplace.namespaces import RDF, SH, XSD, compact
from surplace.rdf.terms import Term, text_of
from surplace.shacl.shapes import TARGETS, ShapeError, Shapes, shown

_LEXICAL = ("date", "dateTime", "time", "gYear", "gYearMonth", "dayTimeDuration", "yearMonthDuration")
_CAST = {XSD + name for name in (*_LEXICAL, "integer", "decimal", "double", "float", "boolean")}
"""The datatypes whose literals SPARQL can tell to be ill-formed."""
_SIGNS = ("positive", "negative", "nonPositive", "nonNegative")
_TEXTS = ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "anyURI")
_INTEGERS = ("byte", "int", "long", "short", *(f"{sign}Integer" for sign in _SIGNS))
_UNSIGNED = ("unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort")
_OTHERS = ("base64Binary", "hexBinary", "dateTimeStamp", "duration", "gDay", "gMonth", "gMonthDay")
_DATATYPES = {
    *_CAST,
    *(XSD + name for name in (*_TEXTS, *_INTEGERS, *_UNSIGNED, *_OTHERS)),
    *(RDF + name for name in ("langString", "HTML", "XMLLiteral")),
}
"""Those of SPARQL, XML Schema and RDF that a literal may have."""
_NODE_KINDS = {
    SH + "IRI": "isIRI({0})",
    SH + "Literal": "isLiteral({0})",
    SH + "BlankNode": "isBlank({0})",
    SH + "BlankNodeOrIRI": "(!isLiteral({0}))",
    SH + "BlankNodeOrLiteral": "(!isIRI({0}))",
    SH + "IRIOrLiteral": "(!isBlank({0}))",
}
_ONCE = {
    SH + name
    for name in (
        *("path", "severity", "datatype", "in", "languageIn", "minInclusive", "nodeKind", "pattern"),
        *("minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShape"),
    )
}
"""What a shape may say once."""
_SAID_BESIDE = {*TARGETS} | {
    SH + name for name in ("path", "message", "severity", "name", "description", "qualifiedValueShape")
}


@dataclass(frozen=True)
class Test:
    """A condition on one focus node."""

    conforms: str
    """An expression that is true where the condition is met."""
    fails: str
    """A group that has a solution where it is not, and for each value that is at fault."""


class Constraints:
    """Writes the constraints of shapes as SPARQL."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self._numbers = count()
        self._within: list[Term] = []
        self._on_values: dict[str, Callable[..., str]] = {
            SH + "class": self._class,
            SH + "datatype": self._datatype,
            SH + "in": self._in,
            SH + "languageIn": self._language_in,
            SH + "minInclusive": self._min_inclusive,
            SH + "node": self._node,
            SH + "nodeKind": self._node_kind,
            SH + "not": self._not,
            SH + "or": self._or,
            SH + "pattern": self._pattern,
        }
        self._on_paths: dict[str, Callable[..., Test]] = {
            SH + "equals": self._equals,
            SH + "hasValue": self._has_value,
            SH + "lessThan": self._compared("<"),
            SH + "lessThanOrEquals": self._compared("<="),
            SH + "maxCount": self._counted(at_least=False),
            SH + "minCount": self._counted(at_least=True),
            SH + "qualifiedMaxCount": self._counted(at_least=False, qualified=True),
            SH + "qualifiedMinCount": self._counted(at_least=True, qualified=True),
        }

    def check(self, shape: Term) -> None:
        """Raise ShapeError for a shape that says what is not compiled."""
        # what another vocabulary says of a shape, as a label, constrains nothing
        said = {predicate for predicate in self.shapes.predicates(shape) if predicate.startswith(SH)}
        has_path = SH + "path" in said
        if self.shapes.is_kind(shape, SH + ("NodeShape" if has_path else "PropertyShape")):
            raise ShapeError(
                shape,
                "is a sh:NodeShape and has a sh:path: make it a sh:PropertyShape."
                if has_path
                else "is a sh:PropertyShape and has no sh:path: name the property there.",
            )
        compiled = {*_SAID_BESIDE, *self._on_values, *(self._on_paths if has_path else ())}
        if not has_path:
            compiled |= {SH + "property", SH + "sparql"}
        for predicate in sorted(said - compiled):
            where = "" if predicate in self._on_paths or not has_path else " beside sh:path"
            raise ShapeError(
                shape,
                f"uses {compact(predicate)}{where}, which is not compiled to SPARQL: say it with another "
                "constraint.",
                predicate,
            )
        for predicate in said & _ONCE:
            self.shapes.value(shape, predicate)
        for kind in self.shapes.values(shape, RDF + "type"):
            if kind not in (NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")):
                raise ShapeError(
                    shape,
                    f"is a {shown(kind)} too, which is not compiled to SPARQL: name its targets with "
                    "sh:targetClass.",
                    text_of(kind),
                )

    def path(self, shape: Term) -> str:
        """Write the path of a property shape: a property, or several one after the other."""
        path = self.shapes.value(shape, SH + "path")
        if path is None:
            raise ShapeError(shape, "has no sh:path: name the property there.")
        listed = RDF + "first" in self.shapes.predicates(path)
        steps = self.shapes.items(shape, path) if listed else [path]
        if not all(isinstance(step, NamedNode) for step in steps):
            raise ShapeError(
                shape,
                "has a sh:path that is neither a property nor a list of properties, which is not compiled to "
                "SPARQL: say it with another path.",
            )
        return "/".join(str(step) for step in steps)

    def on_values(self, shape: Term, value: str) -> Iterator[tuple[str, str]]:
        """Yield each constraint on single values: its parameter, and an expression over *value*."""
        for parameter, write in self._on_values.items():
            for argument in self.shapes.values(shape, parameter):
                yield parameter, write(shape, argument, value)

    def on_paths(self, shape: Term, focus: str, path: str, value: str) -> Iterator[tuple[str, Test]]:
        """Yield each constraint on the values together: its parameter, and a test of *focus*."""
        for parameter, write in self._on_paths.items():
            for argument in self.shapes.values(shape, parameter):
                yield parameter, write(shape, argument, focus, path, value)

    def conforms(self, shape: Term, value: str) -> str:
        """Write an expression that is true where *value* conforms to a shape."""
        if shape in self._within:
            raise ShapeError(shape, "refers to itself: say what it asks for without itself.")
        if self.shapes.values(shape, SH + "sparql"):
            raise ShapeError(
                shape,
                "uses sh:sparql and has no target, which is not compiled to SPARQL: join the constraint to a "
                "shape with sh:targetClass.",
            )
        self.check(shape)
        self._within.append(shape)
        tests: list[str] = []
        if self.shapes.values(shape, SH + "path"):
            path, one = self.path(shape), self._fresh()
            tests += [test.conforms for _, test in self.on_paths(shape, value, path, self._fresh())]
            for _, test in self.on_values(shape, one):
                tests.append(f"NOT EXISTS {{ {value} {path} {one} FILTER(!{test}) }}")
        else:
            tests += [test for _, test in self.on_values(shape, value)]
            for part in self.shapes.values(shape, SH + "property"):
                tests.append(self.conforms(self.shapes.shape(shape, part), value))
        self._within.pop()
        return f"({' && '.join(tests) or 'true'})"

    def _fresh(self) -> str:
        return f"?v{next(self._numbers)}"

    def _class(self, _: Term, kind: Term, value: str) -> str:
        return f"EXISTS {{ {value} a {kind} }}"

    def _datatype(self, shape: Term, kind: Term, value: str) -> str:
        if not isinstance(kind, NamedNode) or kind.value not in _DATATYPES:
            fault = f"has a sh:datatype {shown(kind)}, which is none: name one, such as xsd:date."
            raise ShapeError(shape, fault, text_of(kind))
        test = f"isLiteral({value}) && DATATYPE({value}) = {kind}"
        if kind.value in _CAST:
            test += f" && COALESCE({kind}(STR({value})) = {value}, false)"
        return f"({test})"

    def _in(self, shape: Term, head: Term, value: str) -> str:
        return f"({' || '.join(f'sameTerm({value}, {item})' for item in self.shapes.items(shape, head))})"

    def _language_in(self, shape: Term, head: Term, value: str) -> str:
        ranges = (f"LANGMATCHES(LANG({value}), {item})" for item in self.shapes.items(shape, head))
        return f"(isLiteral({value}) && ({' || '.join(ranges)}))"

    def _min_inclusive(self, _: Term, least: Term, value: str) -> str:
        return f"COALESCE({value} >= {least}, false)"

    def _node(self, shape: Term, other: Term, value: str) -> str:
        return self.conforms(self.shapes.shape(shape, other), value)

    def _node_kind(self, shape: Term, kind: Term, value: str) -> str:
        if not isinstance(kind, NamedNode) or kind.value not in _NODE_KINDS:
            fault = f"has a sh:nodeKind {shown(kind)}, which is none: name one, such as sh:IRI."
            raise ShapeError(shape, fault, text_of(kind))
        return _NODE_KINDS[kind.value].format(value)

    def _not(self, shape: Term, other: Term, value: str) -> str:
        return f"(!{self._node(shape, other, value)})"

    def _or(self, shape: Term, head: Term, value: str) -> str:
        return f"({' || '.join(self._node(shape, other, value) for other in self.shapes.items(shape, head))})"

    def _pattern(self, shape: Term, pattern: Term, value: str) -> str:
        # where a value is compared, a pattern that is none would only be an error that is passed over
        if not Store().query(f"ASK {{ BIND(REGEX('', {pattern}) AS ?valid) FILTER(BOUND(?valid)) }}"):
            raise ShapeError(shape, f"has a sh:pattern {pattern}, which is none: correct the expression.")
        return f"(!isBlank({value}) && REGEX(STR({value}), {pattern}))"

    def _equals(self, _: Term, other: Term, focus: str, path: str, value: str) -> Test:
        here, there = f"{focus} {path} {value}", f"{focus} {other} {value}"
        return _none(
            f"{{ {here} FILTER NOT EXISTS {{ {there} }} }} UNION {{ {there} FILTER NOT EXISTS {{ {here} }} }}"
        )

    def _has_value(self, _: Term, wanted: Term, focus: str, path: str, __: str) -> Test:
        return _true(f"EXISTS {{ {focus} {path} {wanted} }}")

    def _compared(self, operator: str) -> Callable[..., Test]:
        def write(_: Term, other: Term, focus: str, path: str, value: str) -> Test:
            beside = self._fresh()
            fits = f"COALESCE({value} {operator} {beside}, false)"
            return _none(f"{focus} {path} {value} . {focus} {other} {beside} FILTER(!{fits})")

        return write

    def _counted(self, *, at_least: bool, qualified: bool = False) -> Callable[..., Test]:
        def write(shape: Term, number: Term, focus: str, path: str, _: str) -> Test:
            values = [self._fresh() for _ in range(_whole(shape, number) + (not at_least))]
            group = " ".join(f"{focus} {path} {value} ." for value in values)
            group += "".join(f" FILTER(!sameTerm({one}, {other}))" for one, other in combinations(values, 2))
            kind = self.shapes.value(shape, SH + "qualifiedValueShape") if qualified else None
            if kind is not None:
                group += "".join(f" FILTER({self._node(shape, kind, value)})" for value in values)
            return _true(f"{'' if at_least else 'NOT '}EXISTS {{ {group} }}")

        return write


def _true(condition: str) -> Test:
    """Make the test of an expression."""
    return Test(condition, f"FILTER(!({condition}))")


def _none(group: str) -> Test:
    """Make the test that a group has no solution."""
    return Test(f"NOT EXISTS {{ {group} }}", group)


def _whole(shape: Term, number: Term) -> int:
    """Return the number of a constraint that counts."""
    if isinstance(number, Literal) and number.value.isdecimal():
        return int(number.value)
    raise ShapeError(shape, f"counts up to {shown(number)}, which is no whole number: write one, such as 1.")
