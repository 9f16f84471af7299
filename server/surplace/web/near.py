"""Names near one that is not there: by the path, among those of the same kind."""

from __future__ import annotations

import difflib
from typing import Final

from surplace.catalogue.called import SPELLED
from surplace.engine.knowledge import Knowledge
from surplace.engine.query_errors import EngineError
from surplace.namespaces import BASE
from surplace.web.search.index import index_of

LONGEST: Final = 120
"""Characters of a path that are compared."""


def near_names(path: str, knowledge: Knowledge) -> list[str]:
    """Return the IRIs of the names whose paths are nearest to *path*, the nearest first.

    Of another endpoint nothing is returned, for its names are not in memory.
    """
    if knowledge.engine.release is None:
        return []
    sought = path[:LONGEST].casefold()
    try:
        entries = index_of(knowledge).entries.by_iri
    except EngineError:
        return []  # the name is not there all the same
    known = {iri.removeprefix(BASE).casefold(): iri for iri in entries}
    kinds = sorted({_kind(name) for name in known})
    kind = next(iter(difflib.get_close_matches(_kind(sought), kinds, n=1)), "")
    here = sorted(name for name in known if _kind(name) == kind)
    # what they have in common would make all of them alike
    rests = {name.removeprefix(kind): known[name] for name in here}
    rest = sought.removeprefix(_kind(sought))
    if len(rest) < SPELLED:  # a code is another one, and not misspelled
        return [rests[rest]] if rest in rests else []
    found = difflib.get_close_matches(rest, rests)
    return [rests[rest] for rest in found]


def _kind(path: str) -> str:
    """Return the part of a path that says what kind of thing it names, as in `id/state/`."""
    parts = path.split("/")
    return "/".join(parts[:2]) + "/" if len(parts) > 2 else f"{parts[0]}/"
