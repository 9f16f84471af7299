"""What qualifies a finding, in the order in which a reader needs it: the weightiest first.

That is who denies it, whose view it depends on, which exceptions are left open, then all else; what is
declared for territories comes last and together, since it touches the finding itself least. A caveat is known
by the words with which its rule begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.web.cells import Cell
from surplace.words.english import joined

_WEIGHTY: Final = ("Against this: ", "That any of the people concerned may qualify ", "The exception ")
_TERRITORY: Final = re.compile(r"For (.+?) by itself: ")
_CERTAINTY: Final = "certainty: "
_UNRECORDED: Final = "how surely it is held is not recorded"
_HELD: Final = re.compile(rf"(?P<whose>.+; )(?P<how>{_CERTAINTY}[^;()]+|{_UNRECORDED})\)\.")
"""A caveat on a view: whose it is, and how surely it is held."""


@dataclass(frozen=True)
class Caveat:
    """A sentence; where it speaks of an exception, with that between its *text* and the *rest*."""

    text: str
    exception: Cell | None = None
    rest: str = ""


@dataclass(frozen=True)
class Qualified:
    """The caveats of a finding, the weightiest first, and those on territories with what these are called."""

    caveats: Sequence[Caveat]
    places: str
    on_places: Sequence[str]

    def __bool__(self) -> bool:
        """Tell whether anything qualifies it."""
        return bool(self.caveats or self.on_places)


def qualified(caveats: Iterable[str], exceptions: Sequence[Cell]) -> Qualified:
    """Order what qualifies a finding; an exception that no caveat names is said to be left open."""
    every = sorted(caveats)
    places = {line: found[1] for line in every if (found := _TERRITORY.match(line))}
    lines = _of_one_view([line for line in every if line not in places])
    told = [_linked(line, exceptions) for line in sorted(lines, key=_weight)]
    named = {one.exception for one in told}
    left = [Caveat("Left open: ", one) for one in exceptions if one not in named]
    return Qualified([*told, *left], joined(dict.fromkeys(places.values())), list(places))


def _weight(line: str) -> int:
    return next((number for number, words in enumerate(_WEIGHTY) if line.startswith(words)), len(_WEIGHTY))


def _of_one_view(lines: Iterable[str]) -> list[str]:
    """Say once whose views differ only in how surely they are held, and how surely each is.

    `…; certainty: “asserted” in one statement of it, “possible” in another).`
    """
    held: dict[str, list[str]] = {}
    for line in lines:
        found = _HELD.fullmatch(line) if line.startswith(_WEIGHTY[1]) else None
        held.setdefault(found["whose"] if found else line, []).extend([found["how"]] if found else [])
    return [f"{whose}{_how_surely(how)})." if how else whose for whose, how in held.items()]


def _how_surely(how: Sequence[str]) -> str:
    """Say how surely a view is held, or each of several."""
    if len(how) == 1:
        return how[0]
    known = [each.removeprefix(_CERTAINTY) for each in how]
    first, *others = ("not recorded" if each == _UNRECORDED else f"“{each}”" for each in known)
    return f"{_CERTAINTY}{first} in one statement of it, {joined([f'{each} in another' for each in others])}"


def _linked(line: str, exceptions: Iterable[Cell]) -> Caveat:
    if line.startswith(_WEIGHTY[2]):
        for one in exceptions:
            text, quoted, rest = line.partition(f"“{one.text}”")
            if quoted:
                return Caveat(f"{text}“", one, f"”{rest}")
    return Caveat(line)
