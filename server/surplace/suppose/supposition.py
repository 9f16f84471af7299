"""What is supposed of a state and a treaty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NoReturn

from surplace.errors import SurplaceError

HORIZON: Final = (
    "SELECT (MAX(?day) AS ?end) WHERE { ?source sur:hasSourceKind source-kind:depositary-record ; "
    "sur:hasHorizon ?day }"
)
"""Asks for the day on which the latest record of a depositary ends: of later days nothing is supposed."""


def refuse(parameter: str, message: str) -> NoReturn:
    """Raise SurplaceError for what is supposed; *parameter* is the field of `Supposition` at fault."""
    error = SurplaceError(message)
    error.parameter = parameter
    raise error


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
