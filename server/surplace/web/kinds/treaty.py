"""The page of a treaty on a day: who is party, what is reserved, its provisions, readings, territories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.web.kinds.asking import rows_of, shown, text, unique
from surplace.web.kinds.elsewhere import elsewhere_of
from surplace.web.kinds.standing import Stand, Standings, TreatyPart, standings_of
from surplace.web.meanings import meanings_of_standings
from surplace.words.days import in_words
from surplace.words.english import count, joined, the
from surplace.words.treaties import treaty

_READINGS: Final = """
    ?provision sur:isPartOf ?this . ?item sur:concerns ?provision ; a sur:Interpretation ;
        skos:prefLabel ?itemLabel .
    OPTIONAL { ?item sur:isClaimedBy ?body . ?body skos:prefLabel ?bodyLabel }
    OPTIONAL { ?item sur:isClaimedOn ?on }
"""
_TERRITORIES: Final = """
    ?item sur:isDeclaredOf ?this ; sur:concernsTerritory ?territory ; sur:appliesThere ?applies .
    ?territory skos:prefLabel ?territoryLabel
    OPTIONAL { ?item sur:isDeclaredOn ?on } OPTIONAL { ?item sur:appliesThereFrom ?from }
    OPTIONAL { ?item sur:leavesOutThere ?out . ?out skos:prefLabel ?outLabel }
"""
_GROUPS: Final = (
    ("party", "Party"),
    ("attested", "Attested as party by a treaty body"),
    ("continued", "Still party: no notice of denunciation could have taken effect yet"),
    ("not-yet-in-force", "Bound, and not yet in force for it"),
    ("signed-only", "Signed, not party"),
    ("not-party", "Not party"),
    ("denounced", "Left"),
    ("unknown", "Unknown"),
)


def view(iri: str, name: str, knowledge: Knowledge, day: str = "") -> Mapping[str, Any]:
    """Return what the page of a treaty shows."""
    found = standings_of(iri, knowledge, day)
    columns = ("item", "itemLabel", "provision", "body", "bodyLabel", "on")
    readings = unique(rows_of(knowledge, _READINGS, *columns, this=iri), "item")
    wanted = ("territoryLabel", "on", "territory", "item", "applies", "from", "out", "outLabel")
    territories = rows_of(knowledge, _TERRITORIES, *wanted, this=iri)
    return {
        "heading": name,
        "sentence": sentence(found, name),
        "standings": found,
        "provisions": [part.iri for part in found.parts if not {"(", ","} & set(part.short)],
        "elsewhere": elsewhere_of(iri, "treaty", knowledge),
        "day": in_words(found.day),
        "groups": [(title, those, _same(those)) for kind, title in _GROUPS if (those := found.of(kind))],
        "reserved": reserved(found),
        "meanings": meanings_of_standings({stand.kind for stand in found.special.values()}, knowledge),
        "key": iri.rpartition("/id/instrument/")[2],
        "readings": [(shown(row, "item"), shown(row, "body"), in_words(text(row, "on"))) for row in readings],
        "territories": [
            (
                shown(row, "territory"),
                text(row, "applies") == "true",
                in_words(text(row, "from") or text(row, "on")),
                shown(row, "out"),
                shown(row, "item"),
            )
            for row in territories
        ],
    }


@dataclass(frozen=True)
class Apart:
    """What is concluded of a provision by itself for a state; *also* are other treaties that lead there."""

    stand: Stand
    also: tuple[str, ...]


def reserved(found: Standings) -> list[tuple[TreatyPart, list[Apart]]]:
    """Return the provisions of which something is concluded by itself, with the states, in legal order."""
    by: dict[str, dict[tuple[str, str], list[Stand]]] = defaultdict(lambda: defaultdict(list))
    for (state, through, provision), stand in found.special.items():
        place = by[provision][state, stand.kind]
        place.insert(0 if through == found.treaty else len(place), stand)
    return [
        (part, sorted((_apart(found, those) for those in by[part.iri].values()), key=_name))
        for part in found.parts
        if part.iri in by
    ]


def _apart(found: Standings, stands: Sequence[Stand]) -> Apart:
    return Apart(
        stands[0],
        tuple(found.short(stand.through) for stand in stands if stand.through != found.treaty),
    )


def _name(apart: Apart) -> str:
    return apart.stand.name.text


def sentence(found: Standings, name: str) -> str:
    """Say who is party on the day, how much that is known, and what is reserved."""
    if found.day < found.adopted:
        none = "had not been adopted, so that no state was party to it"
        return f"On {in_words(found.day)}, {treaty(name)} {none}."
    if not found.own:
        return f"Of {treaty(name)} no standing of a state is recorded on {in_words(found.day)}."
    party, told, open_ = found.of("party"), found.of("attested"), found.of("unknown")
    kept = found.of("continued")
    sure = party or kept
    none = "no recorded state is known to have been"
    whose = count(sure, "recorded state was", "recorded states were") if sure or not open_ else none
    still, why = ("", "") if party or not kept else (" still", ", for no notice could have ended that yet")
    parts = [f"On {in_words(found.day)}, {whose}{still} party to {treaty(name)}{_named(sure)}{why}"]
    if party and kept:
        parts.append(f"of {count(len(kept), 'state')} no notice could have ended it yet{_named(kept)}")
    if told:
        parts.append(f"of {count(len(told), 'state')} a treaty body attests it{_named(told)}")
    if open_:
        parts.append(f"of {count(len(open_), 'state')} it is not known, which is not the same as no")
    parts += _bearing(found)
    ends = f" The record of who is party ends on {in_words(found.end)}." if found.end else ""
    return f"{'; '.join(parts)}.{ends}"


def _bearing(found: Standings) -> Iterator[str]:
    """Say whose reservations bear on which articles, each counted once with its parts, and what is open."""
    bearing = reserved(found)
    settled = [part for part, those in bearing if any(apart.stand.kind != "unknown" for apart in those)]
    articles = {part.article for part in settled}
    if settled:
        which = settled[0].short if len(settled) == 1 else count(len(articles), "article")
        yield f"reservations {_reserving(found)} bear on {which}"
    more = {part.article for part, _ in bearing} - articles
    if more:
        which = count(len(more), "more article" if settled else "article")
        yield f"whether reservations bear on {which} is not settled"
    elif len(bearing) > len(settled):
        yield "of some of their paragraphs that is not settled"


def _reserving(found: Standings) -> str:
    """Say of how many states the reservations are, those to another treaty apart."""
    settled = [stand for stand in found.special.values() if stand.kind != "unknown"]
    own = {stand.state for stand in settled if stand.through == found.treaty}
    others: dict[str, set[str]] = defaultdict(set)
    for stand in settled:
        if stand.state not in own:
            others[stand.through].add(stand.state)
    groups = [f"of {count(len(own), 'state')}"] if own else []
    groups += [
        f"of {count(len(states), 'state')} to the {found.short(through)}"
        for through, states in others.items()
    ]
    return f"{', and '.join(groups)}{',' if groups[1:] else ''}"


def _same(those: Sequence[Stand]) -> str:
    """Return until when all of them stand so, where that is the same."""
    ends = {stand.until for stand in those}
    return ends.pop() if len(ends) == 1 else ""


def _named(those: Sequence[Stand], most: int = 8) -> str:
    return f" ({joined((the(stand.name.text) for stand in those), most)})" if those else ""
