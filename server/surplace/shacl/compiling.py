"""Makes a query of each constraint of each shape that has a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store

from surplace.namespaces import SH, compact
from surplace.rdf.terms import Term, text_of
from surplace.shacl.constraints import Constraints
from surplace.shacl.shapes import ShapeError, Shapes, shown


@dataclass(frozen=True)
class Constraint:
    """One constraint and the query whose rows violate it, with ?this and, for what is at fault, ?value."""

    shape: Term
    parameter: str
    """The name of the parameter of SHACL, such as minCount."""
    query: str
    path: str
    """The property of a property shape, or "" where there is none or a longer path."""
    severity: str
    message: str
    """A sentence, in which {?this}, {?value} and other variables stand for what a row binds."""
    on_focus: bool
    """Whether the value of a row is ?this itself where it binds no ?value."""
    targets: str = ""
    """For a query about one ?this, which is given beforehand: the query for all of them."""

    @property
    def component(self) -> str:
        """Return the IRI of the constraint component."""
        name = "SPARQL" if self.parameter == "sparql" else self.parameter[0].upper() + self.parameter[1:]
        return f"{SH}{name}ConstraintComponent"


def compile_shapes(quads: Iterable[Quad]) -> list[Constraint]:
    """Return the constraints of a shapes graph; raises ShapeError for a shape that cannot be used.

    The data must hold the superclasses of each class that a thing has: a query looks for the class itself.
    """
    shapes = Shapes(quads)
    return [found for shape in shapes.all() for found in _checked(shape, shapes)]


def faulty_shapes(shapes: Shapes) -> Iterator[ShapeError]:
    """Yield the first fault of each shape that cannot be used; one that others share is told once."""
    told = set[str]()
    for shape in shapes.all():
        try:
            _checked(shape, shapes)
        except ShapeError as error:
            if str(error) not in told:
                yield error
            told.add(str(error))


def unasked_shapes(shapes: Shapes) -> Iterator[ShapeError]:
    """Yield a fault for each shape that has no target and is part of no other."""
    for shape in shapes.all():
        if not shapes.is_asked(shape):
            yield ShapeError(
                shape,
                "has no target and is part of no other shape, so that nothing is asked of it: give it a "
                "sh:targetClass, or join it to the shape of its class with sh:property.",
            )


def _checked(shape: Term, shapes: Shapes) -> list[Constraint]:
    """Return the constraints of a shape; raises ShapeError for one that cannot be used."""
    constraints = Constraints(shapes)
    constraints.check(shape)
    return list(_compiled(shape, constraints))


def _compiled(shape: Term, constraints: Constraints) -> Iterator[Constraint]:
    """Yield the constraints of a shape that has a target."""
    shapes = constraints.shapes
    target = _target(shape, shapes)
    if not target:
        return
    if shapes.values(shape, SH + "path"):
        yield from _of_property(shape, target, constraints)
        return
    for parameter, test in constraints.on_values(shape, "?this"):
        yield _constraint(shape, parameter, f"{target} FILTER(!{test})", shapes, on_focus=True)
    for part in shapes.values(shape, SH + "property"):
        yield from _of_property(shapes.shape(shape, part), target, constraints)
    for constraint in shapes.values(shape, SH + "sparql"):
        yield _of_sparql(shape, constraint, target, shapes)


def _of_property(shape: Term, target: str, constraints: Constraints) -> Iterator[Constraint]:
    """Yield the constraints of a property shape."""
    constraints.check(shape)
    path = constraints.path(shape)
    for parameter, test in constraints.on_paths(shape, "?this", path, "?value"):
        yield _constraint(shape, parameter, f"{target} {test.fails}", constraints.shapes)
    for parameter, expression in constraints.on_values(shape, "?value"):
        where = f"{target} ?this {path} ?value FILTER(!{expression})"
        yield _constraint(shape, parameter, where, constraints.shapes)


def _constraint(
    shape: Term, parameter: str, where: str, shapes: Shapes, *, on_focus: bool = False
) -> Constraint:
    """Make a constraint of a parameter."""
    path = shapes.value(shape, SH + "path")
    own = shapes.text(shape, SH + "message")
    return Constraint(
        shape,
        parameter.removeprefix(SH),
        f"SELECT DISTINCT ?this ?value WHERE {{ {where} }}",
        path.value if isinstance(path, NamedNode) else "",
        _severity(shape, shapes),
        own or f"It does not meet {compact(parameter)}: correct it, or the shape {shown(shape)}.",
        on_focus,
    )


def _of_sparql(shape: Term, constraint: Term, target: str, shapes: Shapes) -> Constraint:
    """Make a constraint of a query, which is asked of one focus node at a time, as SHACL says it."""
    select = shapes.value(constraint, SH + "select")
    if select is None:
        raise ShapeError(shape, "has a sh:sparql without sh:select: write the query there.")
    query = _prologue(constraint, shapes) + text_of(select)
    try:  # it is asked only where there is a focus node
        Store().query(query)
    except SyntaxError as error:
        reason = " ".join(str(error).split())
        raise ShapeError(constraint, f"has a sh:select that is no query, {reason}: correct it.") from None
    own = shapes.text(constraint, SH + "message") or shapes.text(shape, SH + "message")
    return Constraint(
        shape,
        "sparql",
        query,
        "",
        _severity(shape, shapes),
        own or f"It does not meet sh:sparql: correct it, or the shape {shown(shape)}.",
        True,
        f"SELECT DISTINCT ?this WHERE {{ {target} }}",
    )


def _prologue(constraint: Term, shapes: Shapes) -> str:
    """Write the prefixes that a constraint declares."""
    declared = [
        (shapes.text(declaration, SH + "prefix"), shapes.text(declaration, SH + "namespace"))
        for prefixes in shapes.values(constraint, SH + "prefixes")
        for declaration in shapes.values(prefixes, SH + "declare")
    ]
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared)


def _target(shape: Term, shapes: Shapes) -> str:
    """Write the pattern of the focus nodes of a shape, or "" if it has none of its own."""
    classes = shapes.values(shape, SH + "targetClass")
    patterns = [f"VALUES ?class {{ {' '.join(map(str, classes))} }} ?this a ?class ."] if classes else []
    patterns += [f"?this {subject} ?any ." for subject in shapes.values(shape, SH + "targetSubjectsOf")]
    return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)


def _severity(shape: Term, shapes: Shapes) -> str:
    """Return the severity that a build gives a result: sh:Violation stops it, any other is shown."""
    severity = shapes.value(shape, SH + "severity")
    return "violation" if severity in (None, NamedNode(SH + "Violation")) else "warning"
