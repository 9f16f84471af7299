"""Whether every name of a release answers as a page and in every RDF format, over HTTP, and how fast.

    PYTHONPATH=tests .venv/bin/python tests/benchmarks/all_names.py [RELEASE] [FORMAT …]

RELEASE is the folder of releases, .surplace by default; formats are ttl, nt, rdf, jsonld, trig, nq.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from names import FORMATS, faults, names, read
from service import serving

PLENTY = {"SURPLACE_CLIENT_SECONDS": "1000000", "SURPLACE_CLIENT_BURST": "1000000"}
"""One client asks for everything here, which is more than its share."""


def main(folder: str = ".surplace", *forms: str) -> int:
    """Ask for every name; print what is wrong and the figures; return the exit code."""
    forms = forms or tuple(FORMATS)
    found = sorted(names(read(Path(folder))))
    wrong = []
    with serving("--release", folder, environment=PLENTY) as service:
        start = time.perf_counter()
        for iri in found:
            wrong += faults(service, iri, forms)
        seconds = time.perf_counter() - start
    print(*wrong, sep="\n")
    asked = len(found) * (1 + len(forms))
    print(f"{len(found)} names, {asked} requests in {seconds:.0f} s, {len(wrong)} faults")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
