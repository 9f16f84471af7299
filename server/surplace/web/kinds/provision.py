"""The page of a provision: its norms in words, who is not bound and why, findings, claims, disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import rows_as, rows_of, shown, text, unique
from surplace.web.kinds.bound import bound_by, bound_in_words
from surplace.web.kinds.elsewhere import elsewhere_of
from surplace.web.kinds.norms import Norm, norms_of
from surplace.web.kinds.standing import TreatyPart, standings_of
from surplace.web.laws import laws_of
from surplace.words.days import in_words
from surplace.words.english import a, capitalized, count, joined
from surplace.words.treaties import in_short

_MOST: Final = 3
_EXCEPTION: Final = "Exception to "
"""How the names of exceptions begin, which have no article."""
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
    UNION { ?item sur:isPartOf ?this BIND("part" AS ?as)
      OPTIONAL { ?item sur:imposes|^sur:isLaidDownIn ?law . ?law skos:prefLabel ?lawLabel
                 OPTIONAL { ?law a sur:Exception ; sur:appliesIf ?condition } } }
    UNION { ?item sur:isLaidDownIn ?this ; a sur:Exception ; skos:prefLabel ?lawLabel
      BIND(?item AS ?law) BIND("exception" AS ?as) OPTIONAL { ?item sur:appliesIf ?condition } }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""


def around_of(iri: str, knowledge: Knowledge) -> list[Row]:
    """Return what is around a provision; *as* says in which way: a finding, a reading, a claim, its parts."""
    names = ("as", "verdict", "itemLabel", "item", "verdictLabel", "who", "whoLabel", "is")
    return rows_of(knowledge, _AROUND, *names, "lawLabel", "law", "condition", this=iri)


def view(iri: str, name: str, knowledge: Knowledge, day: str = "") -> Mapping[str, Any]:
    """Return what the page of a provision shows."""
    norms = norms_of("?this sur:imposes ?norm . ", iri, knowledge)
    around = around_of(iri, knowledge)
    whole = next((text(row, "item") for row in around if "is" in row), "")
    found = standings_of(whole, knowledge, day) if whole else None
    places = [part.iri for part in found.parts] if found else []
    here = places.index(iri) if iri in places else -1
    parts = found.parts if found else ()
    laws = laws_of(knowledge)
    within = rows_as(around, "part")
    how = bound_by(found, iri, {text(row, "item") for row in within})
    imposed = "?part sur:isPartOf ?this ; sur:imposes ?norm . "
    beneath = norms_of(imposed, iri, knowledge) if any("law" in row for row in within) else []
    its_parts = _in_parts(within, beneath)

    def of(kind: str) -> list[Row]:
        return unique(rows_as(around, kind), "item")

    return {
        "heading": name,
        "sentence": _sentence(
            name,
            _laid_down(in_short(name), norms, rows_as(around, "exception")),
            len(its_parts),
            bound_in_words(found, how),
        ),
        "norms": norms,
        "its_parts": its_parts,
        "provisions": [iri],
        "elsewhere": elsewhere_of(iri, "provision", knowledge),
        "standings": found,
        "day": in_words(found.day) if found else "",
        "key": whole.rpartition("/id/instrument/")[2],
        "how": how,
        "findings": [
            (shown(row, "item"), shown(row, "verdict"), text(row, "whoLabel")) for row in of("finding")
        ],
        "lists": [
            (title, [(shown(row, "item"), laws.get(text(row, "item"), "")) for row in those])
            for title, kind in (
                ("Exceptions that it lays down", "exception"),
                ("How bodies read it", "reading"),
                ("Reservations and declarations", "statement"),
                ("No reservation is allowed, as these lay down", "closed"),
                ("Claims about it", "claim"),
            )
            if (those := of(kind))
        ],
        "wholes": [shown(row, "item") for row in of("whole")],
        "before": _next(iri, parts[:here][::-1]) if here > 0 else None,
        "after": _next(iri, parts[here + 1 :]) if here >= 0 else None,
    }


def _laid_down(law: str, norms: Sequence[Norm], exceptions: Sequence[Row]) -> str:
    """Say what *law* lays down in its norms, or in its exceptions: three at most, and how many more."""
    if norms:
        told = [norm.in_words("it" if number else law) for number, norm in enumerate(norms)]
        return joined(told, _MOST, comma=";")
    terms: dict[str, dict[str, None]] = {}
    for row in exceptions:
        terms.setdefault(text(row, "lawLabel").partition(" (")[0], {})[text(row, "condition")] = None
    alike: dict[tuple[str, str], list[str]] = {}
    for name, those in terms.items():
        to, _, ground = name.rpartition(" for ") if name.startswith(_EXCEPTION) else (name, "", "")
        alike.setdefault((to, joined([one for one in those if one])), []).append(ground)
    said = [_excepted(to, grounds, on) for (to, on), grounds in alike.items()]
    return f"{law} lays down {joined(said, _MOST)}" if said else ""


def _excepted(name: str, grounds: Sequence[str], terms: str) -> str:
    """Name exceptions that differ in their grounds alone, and say on which terms they apply."""
    named = f"{a(f'{name[0].lower()}{name[1:]}')} for {joined(grounds)}" if any(grounds) else f"“{name}”"
    return f"{named}, if {terms}" if terms else named


def _in_parts(rows: Sequence[Row], norms: Sequence[Norm]) -> list[tuple[Cell | None, str]]:
    """Return each part, with what follows its name in words, which is nothing if no law of it is recorded."""
    by: dict[str, list[Row]] = {}
    for row in rows:
        by.setdefault(text(row, "item"), []).append(row)
    said = []
    for those in by.values():
        laws = {text(row, "law") for row in those if "law" in row}
        own = [norm for norm in norms if norm.iri in laws]
        said.append((shown(those[0], "item"), _laid_down("", own, those if laws else ())))
    return said


def _next(iri: str, parts: Sequence[TreatyPart]) -> TreatyPart | None:
    """Return the first of the parts that is neither within the provision, nor around it, nor further down."""
    depth = iri.count("/")
    return next(
        (part for part in parts if part.iri.count("/") <= depth and not f"{iri}/".startswith(f"{part.iri}/")),
        None,
    )


def _sentence(name: str, laid_down: str, parts: int, bound: str) -> str:
    """Say what the provision lays down, or that its parts do, and whom it does not bind as it stands."""
    law = in_short(name)
    within = f"{law} has {count(parts, 'part')} on record" if parts else f"No norm is recorded of {law}"
    return f"{capitalized(laid_down or within)}. {bound}".strip()
