"""How much faster the closure stage is than owlrl alone, over the shipped data, in one run.

    .venv/bin/python tests/benchmarks/closure.py [ROUNDS]

Both start from the same triples in memory and end with all that follows. tests/test_closure.py shows that the
results are the same; here only the time counts, the best of the rounds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import owlrl
from pyoxigraph import DefaultGraph, Literal, Quad

from surplace.build.closure import close
from surplace.build.entailment import read_axioms
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.namespaces import PROVENANCE
from surplace.rdf.as_rdflib import to_rdflib
from surplace.resources import data_dir, ontology_dir


def best(rounds: int, work: Callable[[], object]) -> float:
    """Return the shortest time, in seconds, that *work* took."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main(rounds: int) -> None:
    """Print both times and their ratio."""
    sources = read_sources([data_dir()])
    terms = read_ontology(ontology_dir(), Origins()).terms
    # descriptions in words take part in no axiom, and would cost owlrl minutes
    stated = [
        quad
        for quad in (*sources.graph(PROVENANCE), *terms)
        if not (isinstance(quad.object, Literal) and quad.predicate.value.startswith("http://"))
    ]
    triples = [*stated, *(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in sources.knowledge)]

    def with_owlrl() -> None:
        owlrl.DeductiveClosure(
            owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
        ).expand(to_rdflib(triples))

    ours = best(rounds, lambda: close(sources, terms, [], read_axioms(terms)))
    theirs = best(1, with_owlrl)
    print(f"{len(triples):,} triples: closure stage {ours:.2f} s, owlrl {theirs:.1f} s")
    print(f"ratio 1 : {theirs / ours:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
