"""What a build learns from the files of the ontology: the shapes of the rules, and the axioms.

To learn it takes seconds, and as long as the files are the same it is the same. So it is kept beside the
releases by the hash of what it was made from, and each release carries it.
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
from surplace.build.ontology import term_files
from surplace.engine.release import AXIOMS, RULES
from surplace.rules import patterns
from surplace.rules.patterns import Shape

KEPT: Final = "learned"
"""The folder beside the releases."""
_READERS: Final = (
    *("build/axioms.py", "build/entailment.py", "build/ontology.py"),
    *("rules/given.py", "rules/parsing.py", "rules/patterns.py", "sparql/lexer.py"),
)
"""The modules that decide what is learned."""


class Learned:
    """Learns what no earlier build has; owlrl and the parser of rules are loaded where they are needed."""

    def __init__(self, out: Path | None = None) -> None:
        """Know what the last build below *out* learned; what cannot be read of it is learned again."""
        self._known = {**_kept(out, RULES), **_kept(out, AXIOMS)}
        self._used: dict[str, dict[str, Any]] = {RULES: {}, AXIOMS: {}}
        self._rules: dict[str, Any] = {}
        self._axioms: dict[str, Any] = {}

    def shape(self, text: str, name: str) -> Shape:
        """Return the shape of a rule's query; *name* is the file's name in messages. Raises SurplaceError."""
        key = _key(text.encode())
        try:
            shape = patterns.of_json(self._known[key])
        except (KeyError, TypeError, ValueError):
            from surplace.rules.parsing import read_shape

            shape = read_shape(text, name)
        self._rules[Path(name).stem] = self._used[RULES][key] = patterns.to_json(shape)
        return shape

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
        self._axioms = self._used[AXIOMS][key] = of_axioms.to_json(axioms)
        return axioms

    def files(self) -> dict[str, bytes]:
        """Return the files of a release: the shapes of the rules by their names, and the axioms."""
        return {RULES: _bytes(self._rules), AXIOMS: _bytes(self._axioms)}

    def keep(self, out: Path) -> None:
        """Keep what was used for the next build below *out*; a disk that refuses costs nothing but time."""
        folder = out / KEPT
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, found in self._used.items():
                if not found:  # the build did not come to it
                    continue
                data, path = _bytes(found), folder / name
                if not path.exists() or path.read_bytes() != data:
                    new = path.with_name(f"{name}.new")
                    new.write_bytes(data)
                    new.replace(path)
        except OSError:
            return


def _bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _kept(out: Path | None, name: str) -> dict[str, Any]:
    """Read what a build kept; nothing where it cannot be read."""
    try:
        found = json.loads((out / KEPT / name).read_bytes()) if out else None
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
