"""What a build learns from the files of the ontology: the shapes of the rules, and the axioms.

Each release carries it. To learn the axioms takes a while, and as long as the files are the same they are the
same; so they are kept beside the releases by the hash of what they were made from.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from surplace.build import axioms as of_axioms
from surplace.build.axioms import Axioms
from surplace.build.kept import keep, read_kept
from surplace.build.ontology import term_files
from surplace.engine.release import AXIOMS, RULES
from surplace.rules import patterns
from surplace.rules.rule import Rule, read_rules

_READERS: Final = ("build/axioms.py", "build/entailment.py", "build/ontology.py")
"""The modules that decide what axioms there are."""


class Learned:
    """Learns what no earlier build has; owlrl is loaded only if it is needed."""

    def __init__(self, out: Path | None = None) -> None:
        """Know what the last build below *out* learned; what cannot be read of it is learned again."""
        self._known = read_kept(out, AXIOMS)
        self._shapes: dict[str, Any] = {}
        self._axioms: dict[str, Any] = {}

    def rules(self, directory: Path) -> list[Rule]:
        """Return the rules in *directory*, in the order of their strata and names. Raises SurplaceError."""
        rules = read_rules(directory)
        self._shapes = {rule.name: patterns.to_json(rule.shape) for rule in rules}
        return rules

    def axioms(self, directory: Path, terms: list[Any]) -> Axioms:
        """Return the axioms among *terms*, which were read from the ontology in *directory*.

        Raises SurplaceError for one that is not followed.
        """
        key = _key(*(path.read_bytes() for path in term_files(directory)))
        try:
            axioms = of_axioms.of_json(self._known[key])
        except (KeyError, TypeError, ValueError):
            from surplace.build.entailment import read_axioms

            axioms = read_axioms(terms)
        self._axioms = of_axioms.to_json(axioms)
        self._known = {key: self._axioms}
        return axioms

    def files(self) -> dict[str, bytes]:
        """Return the files of a release: the shapes of the rules by their names, and the axioms."""
        return {RULES: _bytes(self._shapes), AXIOMS: _bytes(self._axioms)}

    def keep(self, out: Path) -> None:
        """Keep the axioms for the next build below *out*, if this one came to them."""
        if self._axioms:
            keep(out, AXIOMS, _bytes(self._known))


def _bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _key(*parts: bytes) -> str:
    """Return the hash of what something is learned from, and of the code that does it."""
    digest = hashlib.sha256(_code())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


@cache
def _code() -> bytes:
    """Return the hash of the modules and the versions of the libraries that decide what is learned."""
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for name in _READERS:
        digest.update((package / name).read_bytes())
    for library in ("owlrl", "rdflib"):
        digest.update(version(library).encode())
    return digest.digest()
