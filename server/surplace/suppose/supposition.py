"""What is supposed of a state and a treaty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from surplace.errors import SurplaceError
from surplace.words.english import joined

HORIZON: Final = (
    "SELECT (MAX(?day) AS ?end) WHERE { ?source sur:hasSourceKind source-kind:depositary-record ; "
    "sur:hasHorizon ?day }"
)
"""Asks for the day on which the latest record of a depositary ends: of later days nothing is supposed."""

TAKES: Final[Mapping[str, Sequence[str]]] = {
    "withdraw": ("reservation",),
    "accede": ("state", "treaty"),
    "denounce": ("state", "treaty", "effect"),
}
"""What each kind of supposition says beside its day."""


def refuse_others(kind: str, given: Iterable[str]) -> None:
    """Raise SurplaceError for what a supposition of that kind does not take, lest another be answered."""
    for name in given:
        if name not in TAKES[kind] and any(name in names for names in TAKES.values()):
            kinds = joined([other for other, names in TAKES.items() if name in names], word="or")
            taken = joined(["on", *TAKES[kind]])
            raise SurplaceError(
                f'"{name}" says something of {kinds} alone, and {kind} takes {taken}: leave it out.',
                parameter=name,
            )


@dataclass(frozen=True)
class Supposition:
    """A withdrawal of a reservation, an accession or a denunciation, on a day.

    *kind* is withdraw, accede or denounce. *effect* is the day on which a denunciation takes
    effect, where no clause of the treaty fixes it.
    """

    kind: str
    on: date
    reservation: str = ""
    state: str = ""
    treaty: str = ""
    effect: date | None = None
