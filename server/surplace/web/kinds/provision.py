"""The page of a provision: its norms in words, who is not bound and why, findings, claims, disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.knowledge import Knowledge, Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import rows_of, shown, text, unique
from surplace.web.kinds.standing import Stand, Standings, TreatyPart, standings_of
from surplace.words.days import in_words
from surplace.words.sentence import NUMBERS, the, treaty

_NORMS: Final = """
    ?this sur:imposes ?norm . ?norm skos:prefLabel ?normLabel
    OPTIONAL { ?norm sur:isPutInWords ?words }
    OPTIONAL { VALUES (?class ?kind) { (sur:Prohibition "prohibition") (sur:Obligation "obligation")
        (sur:Permission "permission") } ?norm a ?class }
    OPTIONAL { ?norm sur:isBorneBy ?bearer . ?bearer skos:prefLabel ?bearerLabel }
    OPTIONAL { ?norm sur:concernsAction ?action . ?action skos:prefLabel ?actionLabel }
    OPTIONAL { ?norm sur:protects|sur:concernsPopulation ?towards . ?towards skos:prefLabel ?towardsLabel }
    OPTIONAL { ?norm sur:appliesIf ?condition } OPTIONAL { ?norm sur:isAbsolute ?absolute }
    OPTIONAL { ?exception sur:isExceptionTo ?norm ; skos:prefLabel ?exceptionLabel }
    OPTIONAL { ?norm sur:restsOnReading ?reading . ?reading skos:prefLabel ?readingLabel }
"""
_AROUND: Final = """
    { ?item sur:appliesProvision ?this ; sur:hasVerdict ?verdict . ?verdict skos:prefLabel ?verdictLabel
      OPTIONAL { ?item sur:isConditionalOn ?who . ?who skos:prefLabel ?whoLabel } BIND("finding" AS ?as) }
    UNION { ?item sur:concerns|sur:invokes ?this ; a sur:Interpretation BIND("reading" AS ?as) }
    UNION { ?item sur:concerns|sur:invokes ?this ; a sur:Claim
      FILTER NOT EXISTS { ?item a sur:Interpretation } BIND("claim" AS ?as) }
    UNION { ?item sur:excludes|sur:modifies|sur:conditions|sur:interprets ?this BIND("statement" AS ?as) }
    UNION { ?this sur:isClosedToReservationsBy ?item BIND("closed" AS ?as) }
    UNION { ?this sur:isPartOf ?item BIND("whole" AS ?as)
      OPTIONAL { ?item a ?is FILTER(?is = sur:Treaty) } }
    UNION { ?item sur:isPartOf ?this BIND("part" AS ?as) OPTIONAL { ?item sur:imposes ?imposed } }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""


@dataclass(frozen=True)
class Norm:
    """A norm in words: what is to be done or not, by whom, towards whom, on which terms, but for what."""

    name: Cell
    words: str
    kind: str
    details: tuple[tuple[str, tuple[Cell, ...]], ...]
    absolute: bool


def view(iri: str, name: str, knowledge: Knowledge, day: str = "") -> Mapping[str, Any]:
    """Return what the page of a provision shows."""
    columns = (
        *("normLabel", "norm", "words", "kind", "bearer", "bearerLabel", "action", "actionLabel"),
        *("towards", "towardsLabel", "condition", "absolute", "exception", "exceptionLabel"),
        *("reading", "readingLabel"),
    )
    norms = _norms(rows_of(knowledge, _NORMS, *columns, this=iri))
    wanted = (
        *("as", "verdict", "itemLabel", "item", "verdictLabel", "who", "whoLabel", "is", "imposed"),
        "as",
    )
    around = rows_of(knowledge, _AROUND, *dict.fromkeys(wanted), this=iri)
    whole = next((text(row, "item") for row in around if "is" in row), "")
    found = standings_of(whole, knowledge, day) if whole else None
    places = [part.iri for part in found.parts] if found else []
    here = places.index(iri) if iri in places else -1
    parts = found.parts if found else ()
    out, bound = _standing(found, iri)

    def of(kind: str) -> list[Row]:
        return unique([row for row in around if text(row, "as") == kind], "item")

    return {
        "heading": name,
        "sentence": _sentence(name, norms, _laid_down(of("part")), found, out, bound),
        "norms": norms,
        "provisions": [iri],
        "standings": found,
        "day": in_words(found.day) if found else "",
        "key": whole.rpartition("/id/instrument/")[2],
        "out": out,
        "bound": bound,
        "findings": [
            (shown(row, "item"), shown(row, "verdict"), text(row, "whoLabel")) for row in of("finding")
        ],
        "lists": [
            (title, [shown(row, "item") for row in those])
            for title, kind in (
                ("How bodies read it", "reading"),
                ("Reservations and declarations", "statement"),
                ("Closed to reservations by", "closed"),
                ("Claims about it", "claim"),
                ("Its parts", "part"),
            )
            if (those := of(kind))
        ],
        "wholes": [shown(row, "item") for row in of("whole")],
        "before": parts[here - 1] if here > 0 else None,
        "after": parts[here + 1] if 0 <= here < len(parts) - 1 else None,
    }


def _norms(rows: Sequence[Row]) -> list[Norm]:
    by: dict[str, list[Row]] = {}
    for row in rows:
        by.setdefault(text(row, "norm"), []).append(row)
    titles = (
        *(("who bears it", "bearer"), ("what", "action"), ("towards", "towards"), ("if", "condition")),
        *(("except", "exception"), ("by a reading of", "reading")),
    )
    norms = []
    for those in by.values():
        first = those[0]
        details = tuple(
            (title, cells)
            for title, column in titles
            if (
                cells := tuple(
                    found for row in unique(those, column) if (found := shown(row, column)) is not None
                )
            )
        )
        name = shown(first, "norm")
        assert name is not None  # noqa: S101 (the pattern binds it)
        norms.append(
            Norm(name, text(first, "words"), text(first, "kind"), details, text(first, "absolute") == "true")
        )
    return norms


def _standing(found: Standings | None, iri: str) -> tuple[list[Stand], list[Stand]]:
    """Return the parties to whom the provision does not apply as it stands, and those whom it binds."""
    if found is None:
        return [], []
    part: TreatyPart | None = next((part for part in found.parts if part.iri == iri), None)
    out, bound = [], []
    for stand in found.states:
        if part is None or not found.covers(stand, part):
            continue
        apart = found.apart(stand, part)
        if apart is not None:
            out.append(apart)
        elif stand.binds and stand.usual != "unknown":
            bound.append(stand)
    return out, bound


def _laid_down(parts: Sequence[Row]) -> list[str]:
    """Name the parts that lay down norms, without the name of the instrument: at most three, or how many."""
    names = [text(row, "itemLabel").rpartition(", ")[2] for row in parts if "imposed" in row]
    return names if len(names) <= 3 else [f"{names[0]}", f"{len(names) - 1} more"]


def _sentence(
    name: str,
    norms: Sequence[Norm],
    parts: Sequence[str],
    found: Standings | None,
    out: Sequence[Stand],
    bound: Sequence[Stand],
) -> str:
    """Say what the provision lays down, and whom it does not bind as it stands."""
    part = name.partition(", ")[2]
    law = f"{part} of {treaty(name)}" if part else name
    said = " and ".join(f"“{norm.name.text.partition(' (')[0]}”" for norm in norms[:3])
    more = f" and {len(norms) - 3} more norms" if len(norms) > 3 else ""
    within = f"What {law} lays down is recorded of its parts, {' and '.join(parts)}" if parts else ""
    begin = f"{law} lays down {said}{more}" if norms else within or f"No norm is recorded of {law}"
    text_ = f"{begin[:1].upper()}{begin[1:]}."
    if found is None or not (out or bound):
        return text_
    states = {stand.state for stand in bound} - {stand.state for stand in out}
    number = NUMBERS[len(states)] if len(states) < len(NUMBERS) else str(len(states))
    names = list(dict.fromkeys(f"{the(stand.name.text)} ({stand.mark.text})" for stand in out))
    apart = f", not, or not as it stands, {', '.join(names[:5])}" if names else ""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    noun = "recorded state" if len(states) == 1 else "recorded states"
    return f"{text_} On {in_words(found.day)} it bound {number} {noun}{apart}{more}."
