"""The nearest name there is to one that nothing has, for a remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Final

from surplace.catalogue.called import SPELLED
from surplace.namespaces import PREFIXES

_IRI: Final = re.compile(r"(.*[/#])([^/#]*)", re.DOTALL)

_ALIKE: Final = 0.6
_ALIKE_SHORT: Final = 0.8
"""How alike two names must be, from 0 to 1, for one to be offered; a short name, but for a letter."""


def nearest_name(iri: str, written: str, known: Iterable[str]) -> str:
    """Return what *known* has by the same name elsewhere, else by nearly the same name; "" if nothing.

    What the prefix of *written* usually stands for counts as near as the namespace of *iri*.
    """
    namespace, local = split_name(iri)
    near = (namespace, PREFIXES.get(written.partition(":")[0], namespace))
    named = [(*split_name(each), each) for each in sorted(known)]
    same = [(place not in near, each) for place, name, each in named if name.casefold() == local.casefold()]
    # the same number elsewhere, such as `s9`, is no other spelling
    counts = len(local) < SPELLED and not local.isalpha()
    if same and not (counts and min(same)[0]):
        return min(same)[1]
    if counts:
        return ""
    here = {name.casefold(): each for place, name, each in named if place in near}
    close = difflib.get_close_matches(
        local.casefold(), sorted(here), n=1, cutoff=_ALIKE if len(local) >= SPELLED else _ALIKE_SHORT
    )
    return here[close[0]] if close else ""


def split_name(iri: str) -> tuple[str, str]:
    """Split an IRI behind its last slash or hash; nothing is split that has none."""
    match = _IRI.fullmatch(iri)
    return (match[1], match[2]) if match else ("", iri)
