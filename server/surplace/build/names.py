"""Names that data, terms and shapes use, and nothing defines or describes: of ours, or of a standard.

A rule would take such a name for one more thing: a state that is misspelt, for a territory that is party to
nothing. A concept that is none would be said to lack a class, and of a shape the data would be to blame. A
misspelt property of a standard would say nothing at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from surplace.build.ontology import Ontology
from surplace.build.report import Origins, Violation
from surplace.build.sources import Sources, graph_of
from surplace.build.standards import NOT_THERE, is_misnamed, names_beside
from surplace.catalogue.nearest import nearest_name
from surplace.namespaces import CLAIM, GRAPH, ID, REJECTED, SHAPE, SOURCE, SUR, VOCAB, compact
from surplace.shacl.compiling import faulty_shapes, unasked_shapes
from surplace.shacl.shapes import Shapes

_THINGS: Final = (ID, SOURCE, CLAIM, GRAPH)
NOT_DESCRIBED: Final = "described nowhere: correct the name, or describe it"
_NOT_DEFINED: Final = "defined nowhere: correct the name, or define it in ontology/"


def name_faults(sources: Sources, ontology: Ontology) -> Iterator[Violation]:
    """Yield a violation for each thing that data name and none describes, and for each term that is none.

    Terms are what data and shapes name of the ontology, shapes of each other, and all of them of a standard.
    Where a prefix leads past our names, nothing is known of what the data describe.
    """
    if sources.misled:
        return
    described = {graph_of(quad) for quad in sources.quads} | _subjects(sources.quads)
    defined = _subjects((*ontology.terms, *ontology.alignments, *ontology.retired))
    shaped = defined | _subjects(ontology.shapes)
    in_data, in_shapes = _named(sources.quads), _named(ontology.shapes)
    in_all = _named((*sources.quads, *ontology.quads()))
    for named, ours, known, missing in (
        (in_data, _THINGS, described, NOT_DESCRIBED),
        (in_data, (VOCAB, SUR), defined, _NOT_DEFINED),
        (in_shapes, (VOCAB, SUR, SHAPE), shaped, _NOT_DEFINED),
    ):
        for iri in sorted(iri for iri in named.keys() - known if iri.startswith(ours)):
            if not iri.startswith(REJECTED):  # an empty graph of what is rejected is told by itself
                yield _fault(sources, iri, named[iri], unknown(iri, compact(iri), known, missing))
    for iri in sorted(filter(is_misnamed, in_all)):
        yield _fault(sources, iri, in_all[iri], unknown(iri, compact(iri), names_beside(iri), NOT_THERE))


def shape_faults(ontology: Ontology, origins: Origins, told: Collection[str]) -> Iterator[Violation]:
    """Yield a violation for each shape that cannot be used, unless by a name that is *told* already."""
    shapes = Shapes(ontology.shapes)
    faulty = list(faulty_shapes(shapes))
    # where a target or a shape is misspelt, nothing seems to be asked of what it is joined to
    for error in faulty or (() if told else unasked_shapes(shapes)):
        if error.name not in told:
            shape = shapes.named(error.shape)
            file = origins.of(shape) or "ontology/shapes"
            # a node without an IRI has another name in each build
            said = re.sub(r"^_:\S+", f"a part of {compact(shape)}", str(error))
            yield Violation("violation", "shapes", shape, file, f"{file}: {said}")


def _fault(sources: Sources, iri: str, graphs: Iterable[str], sentence: str) -> Violation:
    """Make the violation of a name that stands in *graphs*."""
    file = sources.origins.of_graphs(graphs, iri)
    return Violation("violation", "names", iri, file, f"{file}: {sentence}")


def _named(quads: Iterable[Quad]) -> dict[str, set[str]]:
    """Return each name that is said of something, with the graphs where it is: also that of a datatype."""
    named: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        graph = graph_of(quad)
        named[quad.predicate.value].add(graph)
        if isinstance(quad.object, NamedNode):
            named[quad.object.value].add(graph)
        elif isinstance(quad.object, Literal):
            named[quad.object.datatype.value].add(graph)
    return named


def unknown(iri: str, written: str, known: Collection[str], missing: str = _NOT_DEFINED) -> str:
    """Say that a name is not *known*, and which near it is; *missing* is said where none is."""
    nearest = nearest_name(iri, written, known)
    where, _, _ = missing.partition(":")
    return f"{written} is {f'{where}: did you mean {compact(nearest)}?' if nearest else f'{missing}.'}"


def _subjects(quads: Iterable[Quad]) -> set[str]:
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
