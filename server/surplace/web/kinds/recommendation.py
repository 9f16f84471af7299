"""The page of a recommendation: who asked whom for what, whether it was replied to, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import BY_US, cells_of, read_by_us, rows_of, shown, text
from surplace.words.days import dated, days_in_words
from surplace.words.english import capitalized, is_doing, joined, the

REQUESTS: Final = f"""
    ?request a sur:Recommendation ; skos:prefLabel ?requestLabel .
    OPTIONAL {{ ?request sur:isIssuedBy ?body . ?body skos:prefLabel ?bodyLabel }}
    OPTIONAL {{ ?request sur:isAddressedTo ?to . ?to skos:prefLabel ?toLabel
               {read_by_us("?request sur:isAddressedTo ?to", "toByUs")} }}
    OPTIONAL {{ ?request sur:asksFor ?action . ?action skos:prefLabel ?actionLabel }}
    OPTIONAL {{ ?request sur:isMadeOn ?madeOn }}
    OPTIONAL {{ ?request sur:isStatedIn/sur:isPartOf?/sur:isAdoptedOn ?adoptedOn }}
    OPTIONAL {{ ?request sur:isStatedIn/sur:isPartOf?/sur:isIssuedOn ?issuedOn }}
    # as the questions have it: where no day is given for the request, that of its document
    BIND(COALESCE(?madeOn, ?adoptedOn, ?issuedOn) AS ?on)
    OPTIONAL {{ ?request sur:isAskedNoLaterThan ?latest }}
    OPTIONAL {{ ?request sur:isStatedIn ?document OPTIONAL {{ ?document skos:prefLabel ?documentLabel }}
               OPTIONAL {{ ?document sur:isPartOf? ?whole . ?reply sur:isReplyToDocument ?whole
                          OPTIONAL {{ ?reply skos:prefLabel ?replyLabel }} }} }}
    OPTIONAL {{ ?dealt sur:repliesTo ?request ; skos:prefLabel ?dealtLabel }}
    OPTIONAL {{ ?follow a sur:FollowUp ; sur:followsUp ?request ; sur:hasOutcome ?outcome .
               ?outcome skos:prefLabel ?outcomeLabel
               OPTIONAL {{ ?follow sur:usesPremise ?seen FILTER(?seen != ?request)
                          ?seen skos:prefLabel ?seenLabel }}
               OPTIONAL {{ ?follow sur:givesReason ?reason }} }}
"""
"""Requests with their replies and outcomes: `?request` or `?body` is bound by what stands before it."""
COLUMNS: Final = (
    *("on", "latest", "requestLabel", "request", "body", "bodyLabel", "to", "toLabel", "toByUs", "action"),
    *("actionLabel", "document", "documentLabel", "reply", "replyLabel", "dealt", "dealtLabel", "follow"),
    *("outcome", "outcomeLabel", "seen", "seenLabel", "reason"),
)


@dataclass(frozen=True)
class Outcome:
    """What became of a request, the conduct that shows it, and why that is concluded."""

    verdict: Cell
    seen: tuple[Cell, ...]
    reason: str
    why: Cell | None


@dataclass(frozen=True)
class RequestMade:
    """A request: one row, whatever became of it."""

    name: Cell
    iri: str
    bodies: tuple[Cell, ...]
    to: tuple[Cell, ...]
    to_by_us: bool
    """Whether no source says of whom it was asked, but the editors."""
    actions: tuple[Cell, ...]
    day: str
    """When it was made, as `dated` words it."""
    documents: tuple[Cell, ...]
    replies: tuple[Cell, ...]
    """Replies to the document in which it stands."""
    dealt: tuple[Cell, ...]
    """Replies that deal with this request."""
    outcomes: tuple[Outcome, ...]


def requests_of(pattern: str, iri: str, knowledge: Knowledge) -> list[RequestMade]:
    """Return the requests that a pattern on `?this` binds, by day."""
    by_request: dict[str, list[Row]] = {}
    for row in rows_of(knowledge, pattern + REQUESTS, *COLUMNS, this=iri):
        by_request.setdefault(text(row, "request"), []).append(row)
    return [_request(rows) for rows in by_request.values()]


def _request(rows: list[Row]) -> RequestMade:
    name = shown(rows[0], "request")
    assert name is not None  # noqa: S101 (the pattern binds it)
    return RequestMade(
        name,
        text(rows[0], "request"),
        cells_of(rows, "body"),
        cells_of(rows, "to"),
        any("toByUs" in row for row in rows),
        cells_of(rows, "action"),
        dated(text(rows[0], "on"), text(rows[0], "latest")),
        cells_of(rows, "document"),
        cells_of(rows, "reply"),
        cells_of(rows, "dealt"),
        tuple(_outcomes(rows)),
    )


def _outcomes(rows: list[Row]) -> list[Outcome]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if "outcome" in row:
            found.setdefault(text(row, "outcome"), []).append(row)
    told = []
    for those in found.values():
        verdict = shown(those[0], "outcome")
        assert verdict is not None  # noqa: S101 (it is in the row)
        reason = days_in_words(text(those[0], "reason"))
        told.append(Outcome(verdict, cells_of(those, "seen"), reason, shown(those[0], "follow")))
    return told


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a recommendation shows."""
    found = requests_of("BIND(?this AS ?request)", iri, knowledge)
    request = found[0] if found else None
    return {
        "heading": name,
        "sentence": sentence(request) if request else f"{name}.",
        "asked": request,
    }


def sentence(request: RequestMade) -> str:
    """Say who asked whom for what, and what became of it."""
    who = joined(the(one.text) for one in request.bodies) or "somebody"
    whom = joined(the(one.text) for one in request.to) + (f" ({BY_US})" if request.to_by_us else "")
    what = ", ".join(one.text for one in request.actions)
    when = f" {request.day}" if request.day else ""
    if any(is_doing(one.text) for one in request.actions):
        asked = f"{capitalized(who)} asked{f' of {whom}' if whom else ''}{when}: {what}"
    else:
        asked = f"{capitalized(who)} asked {whom or 'for'}{' for' if whom and what else ''} {what}{when}"
    became = joined([one.verdict.text for one in request.outcomes]) or "nothing is recorded"
    return f"{asked}; what became of it: {became}; {replied(request)}."


def replied(request: RequestMade) -> str:
    """Say whether it was replied to, the document and this request apart."""
    if request.dealt:
        return "a reply deals with it"
    if request.replies:
        return "its document was replied to, but no reply on record deals with this request"
    return "no reply is on record"
