"""A release as it would be if something were otherwise; the release itself is only read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import cast

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from surplace.build import axioms
from surplace.build.axioms import Axioms
from surplace.build.canonical import quads_of
from surplace.build.closure import Closure, close
from surplace.build.findings import conclude
from surplace.build.report import Origins
from surplace.build.sources import Sources, graph_of
from surplace.engine.release import AXIOMS, DUMP, RULES, Release
from surplace.errors import SurplaceError
from surplace.namespaces import (
    ALIGNMENTS,
    AXIOM,
    KNOWLEDGE,
    ONTOLOGY,
    PROVENANCE,
    REJECTED,
    RULE,
    SHAPES,
    SOURCE,
    sparql_prologue,
)
from surplace.rules.patterns import Shape, of_json
from surplace.rules.rule import rules_of

SUPPOSITION = SOURCE + "supposition"
"""The source that a supposed fact is put down to."""
PROLOGUE = sparql_prologue()
_DERIVED = (AXIOM, RULE, KNOWLEDGE)


@dataclass(frozen=True)
class AssertedRelease:
    """What a release is made of before anything is concluded: sources, claims, terms, records."""

    quads: list[Quad]
    conclusions: list[Quad]
    """What the rules of the release concluded from it."""
    axioms: Axioms
    shapes: Mapping[str, Shape]
    """The shapes of the rules by their names."""

    def store(self) -> Store:
        """Return the facts as the knowledge has them, with terms and records, and nothing that is derived."""
        store = Store()
        rejected = {quad.triple for quad in self.quads if graph_of(quad).startswith(REJECTED)}
        store.bulk_extend(
            Quad(*quad.triple)
            for quad in self.quads
            if graph_of(quad) in (ONTOLOGY, PROVENANCE)
            or (graph_of(quad).startswith(SOURCE) and quad.triple not in rejected)
        )
        return store


def given(release: Release) -> AssertedRelease:
    """Read a release; raises SurplaceError if it cannot be read, or is older than what it must hold."""
    shapes = {name: of_json(shape) for name, shape in release.learned(RULES).items()}
    known = axioms.of_json(release.learned(AXIOMS))
    try:
        kept: list[Quad] = []
        conclusions: list[Quad] = []
        # there are a hundred times as many quads as graphs
        places: dict[object, list[Quad] | None] = {}
        for quad in quads_of(release.path / DUMP):
            graph = quad.graph_name
            if graph not in places:
                name = graph_of(quad)
                asserted = kept if name and not name.startswith(_DERIVED) else None
                places[graph] = conclusions if name.startswith(RULE) else asserted
            if (place := places[graph]) is not None:
                place.append(quad)
    except (OSError, SyntaxError):
        raise SurplaceError(
            f"The dump of the release {release.path} cannot be read: build it again."
        ) from None
    return AssertedRelease(kept, conclusions, known, shapes)


def concluded(
    facts: AssertedRelease,
    additions: Iterable[Quad] = (),
    left_out: Callable[[Quad], bool] = lambda _: False,
) -> Store:
    """Close *facts*, with *additions* and without what is *left_out*, and run the rules."""
    closure = closed(facts, additions, left_out)
    conclude(closure, rules_of(closure.store, facts.shapes))
    return closure.store


def closed(
    facts: AssertedRelease,
    additions: Iterable[Quad] = (),
    left_out: Callable[[Quad], bool] = lambda _: False,
) -> Closure:
    """Close *facts*, with *additions* and without what is *left_out*."""
    terms, others, said = [], [], []
    rejected, stated = set(), set()
    for quad in chain((quad for quad in facts.quads if not left_out(quad)), additions):
        graph = graph_of(quad)
        if graph == ONTOLOGY:
            terms.append(quad)
        elif graph in (SHAPES, ALIGNMENTS):
            others.append(quad)
        else:
            said.append(quad)
            if graph.startswith(SOURCE):
                stated.add(quad.triple)
            elif graph.startswith(REJECTED):
                rejected.add(quad.triple)
    sources = Sources(said, stated - rejected, Origins())
    return close(sources, terms, others, facts.axioms, traced=False)


def rows(store: Store, query: str) -> list[dict[str, str]]:
    """Return the rows of a SELECT query as text, unbound variables left out."""
    answer = cast(QuerySolutions, store.query(PROLOGUE + query))
    names = [variable.value for variable in answer.variables]
    return [
        {
            name: str(getattr(term, "value", term))
            for name, term in zip(names, row, strict=True)
            if term is not None
        }
        for row in answer
    ]


def fact(subject: str, predicate: str, value: object, graph: str) -> Quad:
    """Make a quad; *value* is an IRI as text, or a term."""
    term = NamedNode(value) if isinstance(value, str) else value
    return Quad(NamedNode(subject), NamedNode(predicate), term, NamedNode(graph))  # type: ignore[arg-type]
