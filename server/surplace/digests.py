"""Writing digests into the records of passages, in the files where these stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from surplace.folders import TURTLE, files_below
from surplace.namespaces import PROVENANCE, SUR, last_segment
from surplace.rdf.formatting import formatted
from surplace.rdf.turtle import SUFFIXES, read_text

_PASSAGE_OF = NamedNode(SUR + "isPassageOf")
_KIND = NamedNode(SUR + "hasSourceKind")
_DIGEST = NamedNode(SUR + "hasDigest")
_COMMON = NamedNode(SUR + "hasPassagesDigest")


def record(
    directories: Iterable[Path], digests: Mapping[str, str], source: str, common: str | None
) -> list[Path]:
    """Record the digest of each passage (by its IRI) and the *common* one of *source*; return what changed.

    *common* is None for the text of a treaty, of which the passages are a part only.

    Written to are the files below *directories* that say of which source a passage is, and of which kind
    the source. The same digests give the same bytes. Raises SurplaceError for a file whose comments
    formatting would lose.
    """

    def change(quads: list[Quad]) -> list[Quad]:
        """Put the digests in the place of those that a file holds."""
        described = {(quad.subject, quad.predicate) for quad in quads}
        due = [
            *((NamedNode(passage), _DIGEST, value) for passage, value in digests.items()),
            *([(NamedNode(source), _COMMON, common)] if common is not None else []),
        ]
        mine = [
            Quad(subject, predicate, Literal(value), NamedNode(PROVENANCE))
            for subject, predicate, value in due
            if (subject, _PASSAGE_OF if predicate == _DIGEST else _KIND) in described
        ]
        subjects = {(quad.subject, quad.predicate) for quad in mine}
        return [*(quad for quad in quads if (quad.subject, quad.predicate) not in subjects), *mine]

    written = []
    for directory in directories:
        for path, _ in files_below(directory, str(directory), TURTLE):
            before = path.read_bytes().decode("utf-8-sig")
            if source not in before and last_segment(source) not in before:
                continue
            quads = read_text(before, SUFFIXES[path.suffix], str(path))
            if set(change(quads)) == set(quads):
                continue
            path.write_text(formatted(before, path.suffix, str(path), change), encoding="utf-8", newline="\n")
            written.append(path)
    return written
