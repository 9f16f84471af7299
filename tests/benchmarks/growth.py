"""How the time of each rule and check grows, over more data than tests/test_growth.py has time for.

    .venv/bin/python tests/benchmarks/growth.py [NAME …]

Prints, the fastest growing first, the exponent with which the CPU time grows with the data, the copies of the
world of the query that it was measured on in the end, the rows, and the milliseconds at one, two and four
times the data. What takes less than 0.1 s on 4,096 copies is left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import test_checks
import test_rules
from growth import LIMIT, Copies

FLOOR, MOST = 0.1, 4096


def main(names: list[str]) -> None:
    """Measure the queries of these names, or all."""
    queries = {
        **{name: (rule.text, test_rules.worlds()[name]) for name, rule in test_rules.rules().items()},
        **{name: (check.text, test_checks.worlds()[name]) for name, check in test_checks.checks().items()},
    }
    found = []
    for name in names or queries:
        text, world = queries[name]
        copies = Copies(text, [world.quads, *(world.after(case) for case in world.cases)])
        growth = copies.growth(FLOOR, MOST, lambda growth: growth.exponent <= LIMIT)
        if growth.seconds[-1] >= FLOOR:
            found.append((growth.exponent, name, growth))
    for exponent, name, growth in sorted(found, key=lambda item: -item[0]):
        times = " ".join(f"{seconds * 1000:9.1f}" for seconds in growth.seconds)
        print(f"{exponent:5.2f}  {name:48}{growth.copies:7,}{growth.rows:10,}{times}")


if __name__ == "__main__":
    main(sys.argv[1:])
