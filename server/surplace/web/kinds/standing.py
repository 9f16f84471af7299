"""How states stand to a treaty and its provisions on a day.

Which provision binds is decided as the question `which-provisions-bind-a-state-on-a-day` decides it: by the
standing to the provision that a rule concludes, else by that to the treaty through which it could bind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import VOCAB
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import holds, key, rows_of, text
from surplace.words.days import day_before, days_in_words, in_words
from surplace.words.order import legal_key
from surplace.words.standings import APART, PARTY, Horizons, ending
from surplace.words.treaties import divided

_THROUGH: Final = "?through (^sur:isPartOf/sur:incorporates/sur:isPartOf)? ?this . ?through a sur:Treaty ."
_PARTICIPATIONS: Final = f"""
    {_THROUGH}
    ?why sur:isStandingTo ?through ; a sur:Participation ; sur:isStandingOf ?state ;
        sur:hasStandingKind ?kind ; sur:impliesStandingKind ?implied ; sur:givesReason ?reason .
    ?kind skos:prefLabel ?kindLabel . ?state skos:prefLabel ?stateLabel .
    ?through skos:prefLabel ?throughLabel
    OPTIONAL {{ ?why sur:holdsFrom ?from }} OPTIONAL {{ ?why sur:holdsBefore ?before }}
"""
_ADOPTED: Final = "?this sur:isAdoptedOn/^sur:isWrittenAs/sur:hasEarliestDay ?day"
_PROVISIONS: Final = """
    ?provision sur:isPartOf ?this ; a sur:Provision ; skos:prefLabel ?provisionLabel
    OPTIONAL { ?provision sur:isPartOf?/^sur:incorporates/sur:isPartOf ?through . ?through a sur:Treaty }
    OPTIONAL { ?provision sur:imposes ?norm . ?norm skos:prefLabel ?normLabel }
"""
_SPECIAL: Final = """
    ?provision sur:isPartOf ?this . ?why sur:isStandingTo ?provision
    { ?why a sur:ReservedStanding } UNION { ?why a sur:OpenStanding }
    ?why sur:isStandingOf ?state ;
        sur:runsThrough ?through ; sur:hasStandingKind ?kind ; sur:givesReason ?reason ;
        sur:holdsFrom ?from ; sur:holdsBefore ?before .
    ?kind skos:prefLabel ?kindLabel . ?state skos:prefLabel ?stateLabel
    OPTIONAL { ?why sur:isDueTo ?reservation } OPTIONAL { ?why sur:hasCaveat ?caveat }
"""


@dataclass(frozen=True)
class Stand:
    """How a state stands to a treaty or provision on a day, and why; *kind* is the name of the standing."""

    state: str
    name: Cell
    through: str
    kind: str
    mark: Cell
    reason: str
    since: str
    until: str
    """Since and until when in words, empty where no day is known."""
    why: str
    """The IRI of the conclusion, which explains itself."""
    reservation: Cell | None = None
    usual: str = ""
    """How the state stands so to each provision that nothing else is concluded of; empty for a provision."""
    part: str = ""
    """The part of a provision that is meant, in short; empty for the whole."""

    @property
    def binds(self) -> bool:
        """Whether the state is party, as a record or a treaty body has it, or for want of notice."""
        return self.kind in PARTY


@dataclass(frozen=True)
class TreatyPart:
    """A provision of a treaty with the norms that it lays down; *through* are treaties that make it apply."""

    iri: str
    name: Cell
    norms: tuple[Cell, ...]
    through: frozenset[str]

    @property
    def short(self) -> str:
        """The name without the treaty."""
        return divided(self.name.text)[1] or self.name.text

    @property
    def article(self) -> str:
        """The name of the article that it is or is a part of, without the treaty."""
        return self.short.partition("(")[0].partition(",")[0]


@dataclass(frozen=True)
class Standings:
    """A treaty on a day; *beyond* tells that the day is after the end of every record of who is party."""

    treaty: str
    day: str
    beyond: bool
    end: str
    """The last day of the record of who is party, empty where there is none."""
    states: tuple[Stand, ...]
    """How each state stands to the treaty, and to others through which its provisions may bind."""
    parts: tuple[TreatyPart, ...]
    special: dict[tuple[str, str, str], Stand]
    """What is concluded of a provision by itself: by state, treaty through which it could bind, provision."""
    names: dict[str, Cell]
    """What the treaties are called through which its provisions may bind."""
    adopted: str = ""
    """The first day on which it may have been adopted, empty where that is not recorded."""

    @property
    def ended(self) -> str:
        """Say that the record ends before the day; nothing where it does not, or where there is none."""
        return f"the record ends on {in_words(self.end)}" if self.end and self.beyond else ""

    @property
    def own(self) -> list[Stand]:
        """How states stand to the treaty itself."""
        return [stand for stand in self.states if stand.through == self.treaty]

    def of(self, kind: str) -> list[Stand]:
        """Return the states that stand so to the treaty itself."""
        return [stand for stand in self.own if stand.kind == kind]

    def short(self, treaty: str) -> str:
        """Return what a treaty through which provisions may bind is called in short."""
        return self.names[treaty].text.partition(" relating to ")[0]

    def covers(self, stand: Stand, part: TreatyPart) -> bool:
        """Tell whether a provision could bind through the treaty of that standing."""
        return stand.through == self.treaty or stand.through in part.through

    def apart(self, stand: Stand, part: TreatyPart) -> Stand | None:
        """Return what is concluded of a provision by itself, for a state that stands so to a treaty."""
        return self.special.get((stand.state, stand.through, part.iri))


def standings_of(treaty: str, knowledge: Knowledge, day: str = "") -> Standings:
    """Ask how states stand to a treaty on a day; without one, when the record ends."""
    known = knowledge.horizons()
    names = (
        *("stateLabel", "state", "through", "throughLabel", "from", "before", "kind", "kindLabel"),
        *("why", "reason", "implied"),
    )
    rows = rows_of(knowledge, _PARTICIPATIONS, *names, this=treaty)
    ends = {day_before(text(row, "before")) for row in rows if key(row, "kind") == "party"} & known.records
    end = max(ends, default="")
    on = day or end or max(known.records, default="")
    states = [_stand(row, known) for row in rows if holds(row, on)]
    called = {text(row, "through"): _labelled(row, "through") for row in rows}
    columns = ("provisionLabel", "provision", "through", "norm", "normLabel")
    parts = _parts(rows_of(knowledge, _PROVISIONS, *columns, this=treaty))
    wanted = (
        *("state", "stateLabel", "through", "provision", "kind", "kindLabel", "why", "reason"),
        *("from", "before", "reservation", "caveat"),
    )
    special: dict[tuple[str, str, str], Stand] = {}
    found = [row for row in rows_of(knowledge, _SPECIAL, *wanted, this=treaty) if holds(row, on)]
    for row in sorted(
        found, key=lambda row: APART.index(key(row, "kind")) if key(row, "kind") in APART else 0
    ):
        place = (text(row, "state"), text(row, "through"), text(row, "provision"))
        special.setdefault(place, _stand(row, known))
    adopted = min((text(row, "day") for row in rows_of(knowledge, _ADOPTED, "day", this=treaty)), default="")
    beyond = on > end if end else True
    return Standings(treaty, on, beyond, end, tuple(_one_each(states)), parts, special, called, adopted)


def _one_each(states: Iterable[Stand]) -> list[Stand]:
    """Keep one standing of each state to each treaty: what a record says before what a body attests."""
    kept: dict[tuple[str, str], Stand] = {}
    for stand in sorted(states, key=lambda stand: (stand.kind == "unknown", stand.usual == "unknown")):
        kept.setdefault((stand.state, stand.through), stand)
    return sorted(kept.values(), key=lambda stand: legal_key(stand.name.text))


def _stand(row: Row, known: Horizons) -> Stand:
    kind = key(row, "kind")
    reason = days_in_words(text(row, "reason"))
    if "caveat" in row:
        reason = f"{reason} {days_in_words(text(row, 'caveat'))}"
    return Stand(
        text(row, "state"),
        _labelled(row, "state"),
        text(row, "through"),
        kind,
        _labelled(row, "kind"),
        reason,
        in_words(text(row, "from")),
        ending(text(row, "before"), known, kind),
        text(row, "why"),
        cell(row["reservation"], {}) if "reservation" in row else None,
        key(row, "implied"),
    )


def _labelled(row: Row, name: str) -> Cell:
    return cell(row[name], {text(row, name): text(row, name + "Label")})


def _parts(rows: Sequence[Row]) -> tuple[TreatyPart, ...]:
    names: dict[str, Cell] = {}
    norms: dict[str, dict[str, Cell]] = defaultdict(dict)
    through: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        iri = text(row, "provision")
        names.setdefault(iri, _labelled(row, "provision"))
        if "norm" in row:
            norms[iri][text(row, "norm")] = _labelled(row, "norm")
        through[iri].add(text(row, "through"))
    return tuple(
        TreatyPart(iri, name, tuple(norms[iri].values()), frozenset(through[iri] - {""}))
        for iri, name in names.items()
    )


def mark_cell(kind: str) -> Cell:
    """Return the cell of a standing by its name."""
    term = NamedNode(f"{VOCAB}standing-kind/{kind}")
    return cell(term, {term.value: kind.replace("-", " ")})
