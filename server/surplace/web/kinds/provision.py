"""The page of a provision: its norms in words, who is not bound and why, findings, claims, disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.kinds.asking import rows_as, rows_of, shown, text, unique
from surplace.web.kinds.elsewhere import elsewhere_of
from surplace.web.kinds.norms import norms_of
from surplace.web.kinds.standing import Bound, Standings, TreatyPart, bound_by, bound_in_words, standings_of
from surplace.web.laws import laws_of
from surplace.words.days import in_words
from surplace.words.sentence import capitalized, treaty

_MOST: Final = 3
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
      OPTIONAL { ?item sur:imposes|^sur:isLaidDownIn ?law . ?law skos:prefLabel ?imposed } }
    UNION { ?item sur:isLaidDownIn ?this ; a sur:Exception BIND("exception" AS ?as) }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""


def around_of(iri: str, knowledge: Knowledge) -> list[Row]:
    """Return what is around a provision; *as* says in which way: a finding, a reading, a claim, its parts."""
    names = ("as", "verdict", "itemLabel", "item", "verdictLabel", "who", "whoLabel", "is", "imposed")
    return rows_of(knowledge, _AROUND, *names, this=iri)


def in_short(name: str) -> str:
    """Name a provision in a sentence: `Article 33(1) of the 1951 Convention`."""
    part = name.partition(", ")[2]
    return f"{part} of {treaty(name)}" if part else name


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
    how = bound_by(found, iri)

    def of(kind: str) -> list[Row]:
        return unique(rows_as(around, kind), "item")

    return {
        "heading": name,
        "sentence": _sentence(
            name,
            [norm.name.text for norm in norms] or [text(row, "itemLabel") for row in of("exception")],
            _laid_down(rows_as(around, "part")),
            found,
            how,
        ),
        "norms": norms,
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
                ("Its parts", "part"),
            )
            if (those := of(kind))
        ],
        "wholes": [shown(row, "item") for row in of("whole")],
        "before": _next(iri, parts[:here][::-1]) if here > 0 else None,
        "after": _next(iri, parts[here + 1 :]) if here >= 0 else None,
    }


def _laid_down(parts: Sequence[Row]) -> list[str]:
    """Say what parts lay down, without the name of the instrument: of three at most, and of how many more."""
    laws: dict[str, list[str]] = {}
    for row in parts:
        if "imposed" in row:
            laws.setdefault(text(row, "itemLabel").rpartition(", ")[2], []).append(text(row, "imposed"))
    said = [f"{part}, {_quoted(names)}" for part, names in laws.items()]
    return said if len(said) <= _MOST else [*said[: _MOST - 1], f"and {len(said) - _MOST + 1} more"]


def _quoted(names: Sequence[str]) -> str:
    """Name norms and exceptions without the provision: three at most, and how many more."""
    said = " and ".join(f"“{name.partition(' (')[0]}”" for name in names[:_MOST])
    return said + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")


def _next(iri: str, parts: Sequence[TreatyPart]) -> TreatyPart | None:
    """Return the first of the parts that is neither within the provision, nor around it, nor further down."""
    depth = iri.count("/")
    return next(
        (part for part in parts if part.iri.count("/") <= depth and not f"{iri}/".startswith(f"{part.iri}/")),
        None,
    )


def _sentence(
    name: str,
    laid_down: Sequence[str],
    parts: Sequence[str],
    found: Standings | None,
    how: Bound,
) -> str:
    """Say what the provision lays down, and whom it does not bind as it stands."""
    law = in_short(name)
    within = f"{law} lays down, in its parts: {'; '.join(parts)}" if parts else ""
    begin = (
        f"{law} lays down {_quoted(laid_down)}" if laid_down else within or f"No norm is recorded of {law}"
    )
    text_ = f"{capitalized(begin)}."
    return f"{text_} {bound_in_words(found, how)}".strip()
