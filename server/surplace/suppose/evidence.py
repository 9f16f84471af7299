"""When the evidence on which a ground rests was seen or told: danger is that of the day of a return."""

from __future__ import annotations

from pyoxigraph import Store

from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON
from surplace.words.days import after

_EVIDENCE = """
SELECT DISTINCT ?ground ?evidence ?label WHERE {
    ?assessed a sur:ElementAssessment ; sur:isAssessedFor <%s> ;
        sur:assessesElement ?element ; sur:hasEvidence ?evidence .
    ?element sur:isElementOf ?ground .
    ?evidence a ?class ; skos:prefLabel ?label .
    VALUES ?class { sur:Measure sur:Population }
} ORDER BY ?ground ?label
"""
_FIRST = """
SELECT ?evidence (MIN(STR(?day)) AS ?first) WHERE {
    VALUES ?evidence { %s }
    { ?evidence sur:isObservedOn ?day . }
    UNION
    {
        GRAPH ?passage { ?evidence sur:risksHarmOnReturn ?harm . }
        ?passage sur:isPassageOf/sur:isPublishedOn ?day .
    }
} GROUP BY ?evidence
"""


def later_evidence(store: Store, recorded: Store, day: str) -> dict[str, tuple[str, ...]]:
    """Return, by the IRI of a ground, a caveat for each piece of evidence that is, or may be, of after *day*.

    *store* holds what is concluded of the person, *recorded* the release with its passages.
    """
    found = rows(store, _EVIDENCE % PERSON) if day else []
    if not found:
        return {}
    listed = " ".join(sorted({f"<{row['evidence']}>" for row in found}))
    first = {row["evidence"]: row["first"] for row in rows(recorded, _FIRST % listed) if "first" in row}
    caveats: dict[str, list[str]] = {}
    for row in found:
        told = first.get(row["evidence"])
        if told and (later := after(told, day)):
            text = f"{row['label']}: recorded of {told}, {later} the day of the stay."
            caveats.setdefault(row["ground"], []).append(text)
    return {ground: tuple(dict.fromkeys(texts)) for ground, texts in caveats.items()}
