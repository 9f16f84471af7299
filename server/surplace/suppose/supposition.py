"""What is supposed of a state and a treaty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

HORIZON: Final = (
    "SELECT (MAX(?day) AS ?end) WHERE { ?source sur:hasSourceKind source-kind:depositary-record ; "
    "sur:hasHorizon ?day }"
)
"""Asks for the day on which the latest record of a depositary ends: of later days nothing is supposed."""


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
