"""What a folder holds that is to be read, and the refusal of all that would be left out unsaid."""

from __future__ import annotations

import difflib
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from surplace.errors import SurplaceError
from surplace.rdf.turtle import SUFFIXES
from surplace.words.english import joined

TURTLE: Final = {suffix: form.title for suffix, form in SUFFIXES.items()}
QUERY: Final = {".rq": "a query"}
"""Suffixes of files, each with what such a file holds."""
_SKIPPED: Final = re.compile(r"\..*|.*~|#.*#|.*\.(?:bak|orig)", re.DOTALL)
"""Hidden files, and what editors and merges leave behind."""
_OTHER_RDF: Final = frozenset((".nt", ".nq", ".n3", ".rdf", ".owl", ".jsonld", ".trix", ".hdt"))
"""Suffixes of RDF that is not read."""
_OTHER_QUERIES: Final = frozenset((".sparql",))
"""Suffixes that others give to queries."""
_ALIKE: Final = 0.85
"""How alike two suffixes must be, from 0 to 1, for one to be taken for the other: `.trg`, and not `.txt`."""
_KINDS: Final = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def files_below(
    folder: Path, shown: str, kinds: Mapping[str, str], *, among_others: bool = False
) -> list[tuple[Path, str]]:
    """Return the files below a folder, sorted, each with its name in messages: its path after *shown*.

    *kinds* are the suffixes of the files that are read, each with what such a file holds. Hidden files, what
    editors leave behind, and what is no RDF by its name, as a text or a table, are passed over. Raises
    SurplaceError for RDF that is not read, and for what is no file; not where the files lie *among_others*.
    """
    return list(_below(folder, shown, kinds, {}, among_others=among_others))


def _below(
    folder: Path, shown: str, kinds: Mapping[str, str], read: dict[Path, str], *, among_others: bool
) -> Iterator[tuple[Path, str]]:
    """Yield the files; *read* are the folders that were read, so that links lead nowhere twice."""
    place = folder.resolve()
    if place in read and among_others:
        return
    if place in read:
        raise SurplaceError(f"{shown} is the same folder as {read[place]}: remove the link to it.")
    read[place] = shown or str(folder)
    try:
        held = sorted(path for path in folder.iterdir() if not _SKIPPED.fullmatch(path.name))
    except OSError as error:
        raise SurplaceError(
            f"{shown or folder} cannot be read ({error.strerror}): check its permissions."
        ) from None
    for path in held:
        if path.suffix.lower() in _OTHER_QUERIES and QUERY.keys() <= kinds.keys():
            raise SurplaceError(f"{shown or folder}/{path.name} is not read: call it {path.stem}.rq.")
        name = f"{shown}/{path.name}" if shown else path.name
        if (suffix := _misspelt(path, kinds)) and not path.is_dir():
            raise SurplaceError(f"{name} is not read for its suffix: call it {path.stem}{suffix}.")
        if among_others and path.suffix.lower() not in kinds and not path.is_dir():
            continue
        mode = _mode(path, name)
        if stat.S_ISDIR(mode):
            if path.suffix in kinds:
                raise SurplaceError(f"{name} is a folder and no file: name it without {path.suffix}.")
            yield from _below(path, name, kinds, read, among_others=among_others)
        elif not stat.S_ISREG(mode):
            raise SurplaceError(
                f"{name} is {_KINDS[stat.S_IFMT(mode)]} and no file: take it out of the folder."
            )
        elif path.suffix in kinds:
            yield path, name
        elif path.suffix.lower() in kinds:
            raise SurplaceError(
                f"{name} is not read for its capital letters: call it {path.stem}{path.suffix.lower()}."
            )
        elif {suffix.lower() for suffix in path.suffixes} & {*kinds, *_OTHER_RDF}:
            written = joined([f"{kind} ({suffix})" for suffix, kind in kinds.items()], word="or")
            raise SurplaceError(f"{name} is not read: write it as {written}, or take it out of the folder.")


def _misspelt(path: Path, kinds: Mapping[str, str]) -> str:
    """Return the suffix that is meant by that of a path; "" if it is right, or none is near."""
    given = path.suffix.lower()
    near = difflib.get_close_matches(given, kinds, n=1, cutoff=_ALIKE)
    return near[0] if near and near[0] != given else ""


def _mode(path: Path, name: str) -> int:
    """Return of which kind that is to which a path leads."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if path.is_symlink():
            raise SurplaceError(f"{name} is a link that leads to nothing: mend or remove it.") from None
        raise SurplaceError(f"{name} cannot be read ({error.strerror}): check its permissions.") from None
