"""Makes mutants of the shapes, and tells which of them the worlds of tests/shapes find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

import test_shapes
from mutation.editing import Mutant, mutants
from mutation.judging import Judge
from surplace.build.asserted import as_asserted
from surplace.errors import SurplaceError
from surplace.namespaces import RDF, SUR, compact
from surplace.shacl.compiling import compile_shapes
from surplace.shacl.running import run

SH = "http://www.w3.org/ns/shacl#"
KEPT = {SH + name for name in ("message", "name", "path", "in", "or", "languageIn", "select", "sparql")}
"""What a shape cannot lack and be one, and what is taken apart; what is below `sh:property` goes with it."""
OTHER = NamedNode(SUR + "Mutant")


def judges() -> Iterator[Judge]:
    """Yield a judge for each shape."""
    for name, world in test_shapes.worlds().items():
        quads, _ = test_shapes.alone(name)
        changed = list(_changed(quads))
        with ExitStack() as stack:
            probes: list[tuple[Store, Callable[[list[str]], bool]]] = []

            def probe(
                facts: Iterable[Quad], right: Callable[[list[str]], bool], stack=stack, probes=probes
            ) -> None:  # type: ignore[no-untyped-def]
                closure = test_shapes.closed(facts)
                stack.enter_context(as_asserted(closure))
                probes.append((closure.store, right))

            probe(world.quads, lambda lines: not lines)
            for case in world.cases:
                probe(world.after(case), lambda lines, case=case: lines == test_shapes.expected(case))
            for facts, rule, right in test_shapes.alternatives(name):
                probe(facts, lambda lines, rule=rule, right=right: test_shapes.is_right(lines, rule) is right)
            for case, facts in test_shapes.targets(name):
                probe(facts, lambda lines, case=case: lines == test_shapes.expected(case))

            def finds(number: int, changed=changed, probes=probes) -> bool:  # type: ignore[no-untyped-def]
                for store, right in probes:
                    lines = _found(store, changed[number][1])
                    if lines is None or not right(lines):
                        return True
                return False

            yield Judge(name, [mutant for mutant, _ in changed], finds)


def _found(store: Store, quads: list[Quad]) -> list[str] | None:
    """Return what a store violates; nothing for shapes that are none any more."""
    try:
        results = run(store, [DefaultGraph()], compile_shapes(quads))
        return sorted({test_shapes.shown(found) for found in results})
    except (SurplaceError, SyntaxError, ValueError, KeyError, AssertionError, StopIteration, RuntimeError):
        return None


def _changed(quads: list[Quad]) -> Iterator[tuple[Mutant, list[Quad]]]:
    """Yield each mutant of a shape, and its statements."""
    for quad in quads:
        predicate = quad.predicate.value
        others = [other for other in quads if other != quad]
        shown = f"{_shown(quad.subject)} {_shown(quad.predicate)} {_shown(quad.object)}"

        def other(kind: str, *instead: Quad, others=others, shown=shown) -> tuple[Mutant, list[Quad]]:  # type: ignore[no-untyped-def]
            return Mutant(kind, 0, shown, ""), [*others, *instead]

        if predicate.startswith(SH) and predicate not in KEPT:
            yield other("constraint")
        if predicate in (SH + "class", SH + "datatype", SH + "targetClass", SH + "targetSubjectsOf"):
            yield other("constant", Quad(quad.subject, quad.predicate, OTHER, quad.graph_name))
        if isinstance(quad.object, Literal) and predicate.startswith(SH) and quad.object.value.isdigit():
            for by in (-1, 1):
                number = Literal(str(int(quad.object.value) + by), datatype=quad.object.datatype)
                yield other(f"number {by:+}", Quad(quad.subject, quad.predicate, number, quad.graph_name))
        if predicate == RDF + "rest" or predicate in (SH + "in", SH + "or", SH + "languageIn"):
            yield from _shorter(quads, quad)
        if predicate == SH + "select" and isinstance(quad.object, Literal):
            for mutant in mutants(quad.object.value):
                text = Quad(quad.subject, quad.predicate, Literal(mutant.text), quad.graph_name)
                yield (
                    Mutant(mutant.kind, mutant.line, f"{_shown(quad.subject)}: {mutant.lost}", ""),
                    [*others, text],
                )


def _shorter(quads: list[Quad], link: Quad) -> Iterator[tuple[Mutant, list[Quad]]]:
    """Yield the list without the item that *link* leads to, if it is not the only one."""
    cell = link.object
    if not isinstance(cell, BlankNode):
        return
    first = next(q.object for q in quads if q.subject == cell and q.predicate.value == RDF + "first")
    rest = next(q.object for q in quads if q.subject == cell and q.predicate.value == RDF + "rest")
    whole = link.predicate.value != RDF + "rest"
    if whole and isinstance(rest, NamedNode):
        return
    others = [quad for quad in quads if quad != link and quad.subject != cell]
    owner = _owner(quads, link)
    yield (
        Mutant(
            "item", 0, f"{_shown(owner.subject)} {_shown(owner.predicate)} {_described(quads, first)}", ""
        ),
        [*others, Quad(link.subject, link.predicate, rest, link.graph_name)],
    )


def _owner(quads: Iterable[Quad], link: Quad) -> Quad:
    """Return the statement that a list belongs to."""
    while link.predicate.value == RDF + "rest":
        link = next(quad for quad in quads if quad.object == link.subject)
    return link


def _described(quads: Iterable[Quad], term: object) -> str:
    """Write an item of a list; one without a name by what is said of it."""
    if not isinstance(term, BlankNode):
        return _shown(term)
    return "; ".join(sorted(f"{_shown(q.predicate)} {_shown(q.object)}" for q in quads if q.subject == term))


def _shown(term: object) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    return "…" if isinstance(term, BlankNode) else " ".join(str(term).split())[:80]
