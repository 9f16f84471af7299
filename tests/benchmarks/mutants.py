"""Tells how many mutants of the rules, questions or shapes their own tests find, and names the others.

    .venv/bin/python tests/benchmarks/mutants.py PART [NAME …] [--sample N] [--json] [--write]

A mutant has one fault: a pattern, filter, branch or item less, a sign, constant or path changed. What no test
finds must stand in tests/mutation/survivors/<part>.yaml, below the reason why it may live; one that does not,
or that is found by now, makes the command fail. `--write` puts what is new there, as not yet looked at.
PART is rules, questions or shapes.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from mutation import questions, rules, shapes, survivors

JUDGES = {"rules": rules.judges, "questions": questions.judges, "shapes": shapes.judges}


def main() -> None:
    """Judge the mutants of a part and print what lives."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", choices=JUDGES)
    parser.add_argument("names", nargs="*", help="the rules, questions or shapes (all unless given)")
    parser.add_argument("--sample", type=int, help="judge so many mutants of each, chosen alike each time")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="write the list of survivors anew")
    asked = parser.parse_args()
    begun = time.monotonic()
    made: Counter[str] = Counter()
    living: dict[str, list[str]] = {}
    for judge in JUDGES[asked.part]():
        if asked.names and judge.name not in asked.names:
            continue
        judged = judge
        if asked.sample and asked.sample < len(judge.mutants):
            judged = judge.sampled(sorted(random.Random(1).sample(range(len(judge.mutants)), asked.sample)))
        made[judge.name] = len(judged.mutants)
        living[judge.name] = survivors.names(judge.mutants, judged.survivors())
    total, lives = made.total(), sum(map(len, living.values()))
    if asked.write:
        survivors.write(asked.part, living)
    new, gone = survivors.differences(asked.part, living, all_judged=not asked.sample)
    figures = {
        "mutants": total,
        "found": total - lives,
        "found %": round(100 * (total - lives) / max(1, total), 1),
        "seconds": round(time.monotonic() - begun, 1),
    }
    if asked.json:
        print(
            json.dumps({**figures, "living": living, "new": new, "gone": gone}, ensure_ascii=False, indent=1)
        )
    else:
        print(f"{asked.part}: {figures['found']} of {total} mutants are found ({figures['found %']} %)")
        for title, items in (("not found, and not in the list", new), ("in the list, but found", gone)):
            for item in items:
                print(f"{title}: {item}")
    sys.exit(bool(new or gone))


if __name__ == "__main__":
    main()
