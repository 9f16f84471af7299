"""How much faster rules run in the store than in rdflib, over the shipped data, in one run.

    .venv/bin/python tests/benchmarks/rules.py [ROUNDS]

Both start from the same closed knowledge and run the rules of the first two strata once, which conclude from
which day a treaty binds whom. Both must find as many triples; then the time counts, the best of the rounds.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable

import rdflib
from pyoxigraph import QueryTriples, RdfFormat

from surplace.build.closure import close
from surplace.build.entailment import read_axioms
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.resources import data_dir, ontology_dir
from surplace.rules.rule import read_rules
from surplace.rules.running import run_rules

STRATA = 2


def best(rounds: int, work: Callable[[], int]) -> tuple[float, int]:
    """Return the shortest time, in seconds, that *work* took, and what it returned."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return min(times), found


def main(rounds: int) -> None:
    """Print both times and their ratio."""
    terms = read_ontology(ontology_dir(), Origins()).terms
    store = close(read_sources([data_dir()]), terms, [], read_axioms(terms)).store
    rules = [rule for rule in read_rules(ontology_dir() / "rules") if rule.stratum <= STRATA]
    run_rules(store, rules)  # so that each rule has what lower ones conclude
    warnings.simplefilter("ignore", DeprecationWarning)  # of rdflib about itself
    dataset = rdflib.Dataset(default_union=False)
    dataset.parse(data=(store.dump(format=RdfFormat.N_QUADS) or b"").decode(), format="nquads")

    def in_the_store() -> int:
        answers = [store.query(rule.text) for rule in rules]
        return sum(len(set(answer)) for answer in answers if isinstance(answer, QueryTriples))

    def in_rdflib() -> int:
        return sum(len(set(dataset.query(rule.text))) for rule in rules)

    ours, found = best(rounds, in_the_store)
    theirs, other = best(1, in_rdflib)
    print(
        f"{len(rules)} rules, {found:,} triples (rdflib: {other:,}): "
        f"store {ours:.3f} s, rdflib {theirs:.2f} s"
    )
    print(f"ratio 1 : {theirs / ours:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
