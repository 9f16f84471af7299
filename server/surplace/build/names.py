"""Names of ours that data and shapes use, and nothing defines or describes.

A rule would take such a name for one more thing: a state that is misspelt, for a territory that is party to
nothing. A concept that is none would be said to lack a class, and of a shape the data would be to blame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from surplace.build.ontology import Ontology
from surplace.build.report import Violation
from surplace.build.sources import Sources, graph_of
from surplace.catalogue.nearest import nearest_name
from surplace.namespaces import CLAIM, GRAPH, ID, REJECTED, SOURCE, SUR, VOCAB, compact

_THINGS: Final = (ID, SOURCE, CLAIM, GRAPH)
_NOT_DESCRIBED: Final = "described nowhere: correct the name, or describe it"
_NOT_DEFINED: Final = "defined nowhere: correct the name, or define it in ontology/"


def name_faults(sources: Sources, ontology: Ontology) -> Iterator[Violation]:
    """Yield a violation for each thing that data name and none describes, and for each term that is none.

    Terms are the concepts that data or shapes name, and what shapes name of the ontology. Where a prefix
    leads past our names, nothing is known of what the data describe.
    """
    if sources.misled:
        return
    described = {graph_of(quad) for quad in sources.quads} | _subjects(sources.quads)
    defined = _subjects((*ontology.terms, *ontology.alignments, *ontology.retired))
    for quads, ours, known, missing in (
        (sources.quads, _THINGS, described, _NOT_DESCRIBED),
        (sources.quads, (VOCAB,), defined, _NOT_DEFINED),
        (ontology.shapes, (VOCAB, SUR), defined, _NOT_DEFINED),
    ):
        named: dict[str, set[str]] = defaultdict(set)
        for quad in quads:
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(ours):
                named[quad.object.value].add(graph_of(quad))
        for iri in sorted(named.keys() - known):
            if not iri.startswith(REJECTED):  # an empty graph of what is rejected is told by itself
                file = sources.origins.of_graphs(named[iri], iri)
                sentence = unknown(iri, compact(iri), known, missing)
                yield Violation("violation", "names", iri, file, f"{file}: {sentence}")


def unknown(iri: str, written: str, known: Collection[str], missing: str = _NOT_DEFINED) -> str:
    """Say that a name is not *known*, and which near it is; *missing* is said where none is."""
    nearest = nearest_name(iri, written, known)
    where, _, _ = missing.partition(":")
    return f"{written} is {f'{where}: did you mean {compact(nearest)}?' if nearest else f'{missing}.'}"


def _subjects(quads: Iterable[Quad]) -> set[str]:
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
