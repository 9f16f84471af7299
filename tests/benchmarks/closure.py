"""How much faster the closure stage is than owlrl alone, over the shipped data and invented treaty data.

    .venv/bin/python tests/benchmarks/closure.py [STATES TREATIES]

STATES invented states are added, with rows of the six treaties and of as many invented TREATIES: 182 and 22
unless said, some 60,000 triples; 0 0 for the shipped data alone. Both start from the same triples in memory
and end with all that follows, the reading of the axioms included. What follows must be the same in the
namespaces of the project, or this fails. Times are CPU seconds; owlrl takes minutes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import owlrl
from pyoxigraph import DefaultGraph, Literal, Quad

sys.path.insert(0, str(Path(__file__).parent.parent))

import treaty_states

from surplace.build.closure import close
from surplace.build.entailment import read_axioms
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.namespaces import AXIOM, PROVENANCE
from surplace.rdf.as_rdflib import to_rdflib
from surplace.resources import data_dir, ontology_dir
from test_closure import default_graph, ours


def main(states: int, treaties: int) -> None:
    """Print both times and their ratio; end with an error if what follows differs."""
    with tempfile.TemporaryDirectory() as folder:
        treaty_states.write(Path(folder), states, treaties)
        sources = read_sources([data_dir(), Path(folder)] if states else [data_dir()])
    terms = read_ontology(ontology_dir(), Origins()).terms
    # descriptions in words take part in no axiom, and would cost owlrl minutes
    stated = [
        quad
        for quad in (*sources.graph(PROVENANCE), *terms)
        if not (isinstance(quad.object, Literal) and quad.predicate.value.startswith("http://"))
    ]
    triples = [*stated, *(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in sources.knowledge)]

    start = time.process_time()
    closure = close(sources, terms, [], read_axioms(terms))
    by_stage = time.process_time() - start
    print(
        f"{len(triples):,} triples, {closure.derived:,} derived: closure stage {by_stage:.2f} s", flush=True
    )

    start = time.process_time()
    graph = to_rdflib(triples)
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
    ).expand(graph)
    by_owlrl = time.process_time() - start
    print(f"owlrl {by_owlrl:.1f} s, a ratio of 1 : {by_owlrl / by_stage:.0f}")

    found = {
        triple
        for triple in ours(to_rdflib(default_graph(closure.store)))
        if not triple[0].startswith(f"<{AXIOM}")  # the closure's own description of what it did
    }
    if found != ours(graph):
        sys.exit("What follows differs.")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:3] or ("182", "22")))
