"""The page of a claim: who says it, when and where it is reported; what is against it; others beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from surplace.catalogue import near
from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.http.message import at
from surplace.http.problems import Problem
from surplace.namespaces import CLAIM, SUR
from surplace.web.cells import Cell
from surplace.web.kinds.asking import cells_of, rows_of, shown, text, values
from surplace.web.kinds.disputed import disputed
from surplace.web.kinds.stating import Against, Stated, against_in_words, opposed, stated
from surplace.words.days import dated
from surplace.words.english import capitalized, count, joined, the

COMPARED: Final = 4
"""Claims that can be looked at side by side."""
_CLAIMS: Final = """
    ?claim a sur:Claim ; skos:prefLabel ?claimLabel .
    OPTIONAL { ?claim sur:isClaimedBy ?who . ?who skos:prefLabel ?whoLabel }
    OPTIONAL { ?claim sur:isClaimedTo ?to . ?to skos:prefLabel ?toLabel }
    OPTIONAL { ?claim sur:isQuestionedBy ?doubter . ?doubter skos:prefLabel ?doubterLabel }
    OPTIONAL { ?claim sur:isReportedBy ?reporter . ?reporter skos:prefLabel ?reporterLabel }
    OPTIONAL { ?claim sur:isClaimedOn ?on } OPTIONAL { ?claim sur:isMadeNoLaterThan ?latest }
    OPTIONAL { ?claim sur:hasCertainty ?certainty . ?certainty skos:prefLabel ?certaintyLabel }
    OPTIONAL { GRAPH ?passage { ?claim sur:isClaimedBy ?by } ?passage skos:prefLabel ?passageLabel }
"""
_COLUMNS: Final = (
    *("claim", "claimLabel", "who", "whoLabel", "to", "toLabel", "reporter", "reporterLabel", "on", "latest"),
    *("certainty", "certaintyLabel", "passage", "passageLabel", "doubter", "doubterLabel"),
)
_AGREEING: Final = """
    { ?this sur:isCorroboratedBy ?item } UNION { ?item sur:isCorroboratedBy ?this }
    UNION { ?item sur:agreesWith ?this } OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""
_OPEN: Final = "?item a sur:OpenQuestion ; sur:isOpenAbout ?this ; skos:prefLabel ?itemLabel"


@dataclass(frozen=True)
class ClaimShown:
    """A claim: who made it, what it says, and what is against it, one entry a dispute."""

    name: Cell
    iri: str
    key: str
    speakers: tuple[Cell, ...]
    to: tuple[Cell, ...]
    reporters: tuple[Cell, ...]
    passages: tuple[Cell, ...]
    day: str
    certainty: str
    says: tuple[Stated, ...]
    against: tuple[Against, ...]
    doubters: tuple[Cell, ...]
    """Who questions it, and need not hold the contrary."""


def claims_of(iris: Sequence[str], knowledge: Knowledge) -> list[ClaimShown]:
    """Return claims as pages show them, in the order that is given; those that are none are left out."""
    rows = rows_of(knowledge, values("claim", iris) + _CLAIMS, *_COLUMNS)
    says, against = stated(iris, knowledge), opposed(iris, knowledge)
    by_claim: dict[str, list[Row]] = {}
    for row in rows:
        by_claim.setdefault(text(row, "claim"), []).append(row)
    return [_claim(by_claim[iri], says.get(iri, ()), against.get(iri, ())) for iri in iris if iri in by_claim]


def _claim(rows: list[Row], says: tuple[Stated, ...], against: tuple[Against, ...]) -> ClaimShown:
    row = rows[0]
    name = shown(row, "claim")
    assert name is not None  # noqa: S101 (the pattern binds it)
    iri = text(row, "claim")
    return ClaimShown(
        name,
        iri,
        iri.removeprefix(CLAIM),
        cells_of(rows, "who"),
        cells_of(rows, "to"),
        cells_of(rows, "reporter"),
        cells_of(rows, "passage"),
        dated(text(row, "on"), text(row, "latest")),
        text(row, "certaintyLabel"),
        says,
        against,
        cells_of(rows, "doubter"),
    )


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a claim shows."""
    found = claims_of([iri], knowledge)
    claim = found[0] if found else None
    others = [one for one in claim.against if one.other_iri.startswith(CLAIM)] if claim else []
    keys = [iri.removeprefix(CLAIM) for iri in (iri, *(one.other_iri for one in others))] if claim else []
    agreeing = cells_of(rows_of(knowledge, _AGREEING, "item", "itemLabel", this=iri), "item")
    return {
        "heading": name,
        "sentence": sentence(claim) if claim else f"{name}.",
        "claim": claim,
        "disputed": disputed(iri, knowledge, claim.against if claim else ()),
        "agreeing": agreeing,
        "questions": cells_of(rows_of(knowledge, _OPEN, "item", "itemLabel", this=iri), "item"),
        "beside": [one.other for one in others],
        "compared": "&".join(f"claim={key}" for key in dict.fromkeys(keys)),
    }


def beside(keys: Sequence[str], knowledge: Knowledge) -> list[ClaimShown]:
    """Return the claims with these keys, to be set side by side; raises Problem for one that is none."""
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > COMPARED:
        detail = f"{len(wanted)} claims are too many: compare up to {COMPARED}."
        raise Problem("parameter", detail, parameter="claim")
    choices = knowledge.choices(SUR + "Claim")
    known = {choice.key for choice in choices}
    unknown = [key for key in wanted if key not in known]
    if unknown:
        alike = joined((choice.key for choice in near(choices, unknown[0])[:3]), word="or")
        hint = f"did you mean {alike}?" if alike else f"find one at {at('/search')}."
        detail = f'"{unknown[0][:80]}" is no claim here: {hint}'
        raise Problem("parameter", detail, parameter="claim")
    return claims_of([CLAIM + key for key in wanted], knowledge)


def sentence(claim: ClaimShown) -> str:
    """Say who says it, who questions it, and how many say otherwise."""
    who = joined(the(one.text) for one in claim.speakers) or "somebody"
    when = f" {claim.day}" if claim.day else ""
    doubted = joined(the(one.text) for one in claim.doubters)
    told = [*([f"questioned by {doubted}"] if doubted else []), against_in_words(claim.against)]
    rest = ", and ".join(filter(None, told))
    rest = f"it is {rest}" if rest else "nothing on record is found to contradict it"
    return f"{capitalized(who)} said so{when}; {rest}."


def side_by_side(claims: Sequence[ClaimShown]) -> tuple[str, list[tuple[ClaimShown, Against]]]:
    """Return a sentence on claims that are looked at together, and each opposition between two of them."""
    iris = {claim.iri for claim in claims}
    between: dict[str, tuple[ClaimShown, Against]] = {}
    for claim in claims:
        for one in claim.against:
            if one.other_iri in iris:
                between.setdefault(one.found.href or one.found.text, (claim, one))
    if not claims:
        return "Choose claims to see what each says, and what sets them against each other.", []
    speakers = dict.fromkeys(the(one.text) for claim in claims for one in claim.speakers)
    bad = sum(1 for _, one in between.values() if one.how == "contradicted by")
    tense = len(between) - bad
    told = [count(number, noun) for number, noun in ((bad, "contradiction"), (tense, "tension")) if number]
    rest = f"between them {joined(told)}" if told else "nothing sets them against each other"
    text_ = f"{count(len(claims), 'claim')} of {joined(speakers)}: {rest}."
    return capitalized(text_), list(between.values())
