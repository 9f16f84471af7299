"""Whether rdflib answers each question over the shipped data as Oxigraph does, with the values by default.

    .venv/bin/python tests/benchmarks/both_engines.py [QUESTION ...]

The tests compare both over the invented world; here rdflib takes minutes. It prints the processor time of
both for each question, and ends with an error if an answer differs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from surplace.resources import data_dir
from two_engines import Row, engines_over, questions


def timed(ask: Callable[[str], list[Row]], text: str) -> tuple[list[Row], float]:
    """Return the rows of an answer, and the seconds that it takes."""
    start = time.process_time()
    return ask(text), time.process_time() - start


def main(names: list[str]) -> None:
    """Compare the questions of these names, or all."""
    engines = engines_over([data_dir()])
    differing = []
    for name in names or sorted(questions().queries):
        text = questions()[name].text
        ours, quick = timed(engines.oxigraph, text)
        theirs, slow = timed(engines.rdflib, text)
        print(f"{name:62} {len(ours):5} rows, Oxigraph {quick:6.2f} s, rdflib {slow:6.2f} s", flush=True)
        if ours != theirs:
            differing.append(name)
    if differing:
        sys.exit(f"The engines differ on {', '.join(differing)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
