"""The page of a norm: what it asks of whom, by which provision, whom that binds, exceptions, conduct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import local_path
from surplace.web.kinds.asking import cells_of, rows_as, rows_of, text
from surplace.web.kinds.bound import bound_by, bound_in_words
from surplace.web.kinds.laying import ItemSection, facts_of, items_of, sections, without
from surplace.web.kinds.norms import Norm, norms_of
from surplace.web.kinds.provision import around_of
from surplace.web.kinds.standing import standings_of
from surplace.words.days import in_words
from surplace.words.english import capitalized
from surplace.words.treaties import in_short

_AROUND: Final = """
    { ?item sur:imposes ?this BIND("provision" AS ?as)
      OPTIONAL { ?item sur:isPartOf ?whole OPTIONAL { ?whole skos:prefLabel ?wholeLabel }
                 OPTIONAL { ?whole a ?is FILTER(?is = sur:Treaty) } } }
    UNION { ?item sur:appliesNorm ?this ; sur:hasVerdict ?mark . ?mark skos:prefLabel ?markLabel
      OPTIONAL { ?item sur:isConditionalOn/skos:prefLabel ?who
                 BIND(CONCAT("for those in the category “", STR(?who), "”") AS ?note) }
      BIND("judged" AS ?as) }
    UNION { ?item sur:concludes ?this ; sur:hasVerdict ?mark . ?mark skos:prefLabel ?markLabel
      BIND("finding" AS ?as) }
    UNION { ?item sur:concerns|sur:invokes ?this ; a sur:Claim BIND("claim" AS ?as) }
    UNION { ?item sur:isOpenAbout ?this BIND("open" AS ?as) }
    UNION { ?item sur:isExceptionTo ?this BIND("exception" AS ?as) OPTIONAL { ?item sur:appliesIf ?note } }
    UNION { ?item sur:engages|sur:engagesInPart|sur:mayEngage|sur:leavesUnguarded ?this
      BIND("conduct" AS ?as) OPTIONAL { ?item sur:isTakenBy/skos:prefLabel ?note } }
    UNION { ?item sur:runsCounterTo|sur:mayRunCounterTo ?this BIND("counter" AS ?as) }
    UNION { ?item sur:isReachedBy ?this BIND("reached" AS ?as) }
    UNION { ?item sur:mayBeReachedBy ?this BIND("perhaps" AS ?as) }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""
_COLUMNS: Final = (*("as", "itemLabel", "item", "mark", "markLabel", "note", "whole", "wholeLabel", "is"),)
_IN_DETAILS: Final = (
    *("concernsAction", "isBorneBy", "protects", "concernsPopulation", "appliesIf", "isAbsolute"),
    *("hasRiskThreshold", "isPutInWords", "isCitedAs", "restsOnReading"),
)
"""Properties that `norms` puts in words."""


def view(iri: str, name: str, knowledge: Knowledge, day: str = "") -> Mapping[str, Any]:
    """Return what the page of a norm shows."""
    around = rows_of(knowledge, _AROUND, *_COLUMNS, this=iri)

    def of(*kinds: str) -> list[Row]:
        return rows_as(around, *kinds)

    norms = norms_of("BIND(?this AS ?norm) ", iri, knowledge)
    norm = norms[0] if norms else None
    provision = next((text(row, "item") for row in of("provision")), "")
    law = next((text(row, "itemLabel") for row in of("provision")), "")
    treaty = next((text(row, "whole") for row in of("provision") if "is" in row), "")
    found = standings_of(treaty, knowledge, day) if treaty else None
    how = bound_by(found, provision)
    beside = around_of(provision, knowledge) if provision else []
    claims = [*of("claim"), *rows_as(beside, "claim")]
    readings = rows_as(beside, "reading")
    facts = facts_of(iri, knowledge, (), _IN_DETAILS)
    return {
        "heading": name,
        "sentence": " ".join((_sentence(norm, law, name), bound_in_words(found, how))).strip(),
        "trail": [*cells_of(of("provision"), "whole"), *cells_of(of("provision"), "item")],
        "norm": norm,
        "facts": [*(one for one in (norm.details if norm else ()) if one[0] != "except"), *facts],
        "provisions": [provision] if provision else [],
        "provision": local_path(provision) if provision else "",
        "standings": found,
        "day": in_words(found.day) if found else "",
        "key": treaty.rpartition("/id/instrument/")[2],
        "how": how,
        "exceptions": items_of(of("exception"), "item", note="note"),
        "sections": _sections(of, law, claims, readings),
    }


def _sections(of: Any, law: str, claims: Sequence[Row], readings: Sequence[Row]) -> list[ItemSection]:
    """Lay out what is around a norm; *of* returns the rows of a kind."""
    return sections(
        ("Findings by it", without(f" and {law}", items_of(of("judged"), "item", "mark", "note"))),
        ("Conduct that it is about", items_of(of("conduct"), "item", note="note")),
        ("Findings on it", items_of(of("finding"), "item", "mark")),
        ("Norms that run counter to it, or may", items_of(of("counter"), "item")),
        ("Open questions about it", items_of(of("open"), "item")),
        ("How bodies read the provision", items_of(readings, "item")),
        ("Claims about it or the provision", items_of(claims, "item")),
        ("People whom it reaches", items_of(of("reached"), "item")),
        ("People whom it may reach", items_of(of("perhaps"), "item")),
    )


def _sentence(norm: Norm | None, law: str, name: str) -> str:
    """Say what is asked of whom, towards whom and on which terms, and whose reading that is."""
    if norm is None or not norm.kind:
        return f"{name}."
    return f"{capitalized(norm.in_words(in_short(law) if law else 'it')).rstrip('.')}."
