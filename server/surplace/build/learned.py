"""What a build learns from the files of the ontology: the shapes of the rules, and the axioms.

Each release carries it. To learn it takes a while, and it is the same as long as the files are; so it is kept
beside the releases by the hash of what it was made from: the axioms of all files, the shape of each rule.
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
from surplace.rules.parsing import read_shape
from surplace.rules.patterns import Shape
from surplace.rules.rule import Rule, read_rules

_OF_AXIOMS: Final = ("build/axioms.py", "build/entailment.py", "build/ontology.py")
"""The modules that decide what axioms there are."""
_OF_SHAPES: Final = ("rules", "sparql/lexer.py", "namespaces.py")
"""The folder and the modules that decide what shape a rule has."""


class Learned:
    """Learns what no earlier build has; owlrl is loaded only if it is needed."""

    def __init__(self, out: Path | None = None) -> None:
        """Know what the last build below *out* learned; what cannot be read of it is learned again."""
        self._known, self._known_shapes = read_kept(out, AXIOMS), read_kept(out, RULES)
        self._shapes: dict[str, Any] = {}
        self._rules: list[Rule] = []
        self._axioms: dict[str, Any] = {}

    def rules(self, directory: Path) -> list[Rule]:
        """Return the rules in *directory*, in the order of their strata and names. Raises SurplaceError."""
        self._rules = read_rules(directory, self._shape)
        return self._rules

    def _shape(self, text: str, name: str) -> Shape:
        """Return the shape of the rule of that text; *name* is its file's in messages."""
        key = _key(_OF_SHAPES, text.encode())
        try:
            shape = patterns.of_json(self._known_shapes[key])
            self._shapes[key] = self._known_shapes[key]
        except (KeyError, TypeError, ValueError):
            shape = read_shape(text, name)
            self._shapes[key] = patterns.to_json(shape)
        return shape

    def axioms(self, directory: Path, terms: list[Any]) -> Axioms:
        """Return the axioms among *terms*, which were read from the ontology in *directory*.

        Raises SurplaceError for one that is not followed.
        """
        key = _key(_OF_AXIOMS, *(path.read_bytes() for path in term_files(directory)))
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
        shapes = {rule.name: patterns.to_json(rule.shape) for rule in self._rules}
        return {RULES: _bytes(shapes), AXIOMS: _bytes(self._axioms)}

    def keep(self, out: Path) -> None:
        """Keep for the next build below *out* what this one came to."""
        if self._axioms:
            keep(out, AXIOMS, _bytes(self._known))
        if self._shapes != self._known_shapes:
            keep(out, RULES, _bytes(self._shapes))


def _bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _key(modules: tuple[str, ...], *parts: bytes) -> str:
    """Return the hash of what something is learned from, and of the *modules* that do it."""
    digest = hashlib.sha256(_code(modules))
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


@cache
def _code(modules: tuple[str, ...]) -> bytes:
    """Return the hash of modules, and of the versions of the libraries that decide what is learned."""
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for name in modules:
        path = package / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    for library in ("owlrl", "pyoxigraph", "rdflib"):
        digest.update(version(library).encode())
    return digest.digest()
