"""Which page a thing has: that of the first kind whose class it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import SKOS, SUR
from surplace.web.kinds import (
    act,
    claim,
    conclusion,
    disagreement,
    finding,
    measure,
    mentioned,
    norm,
    provision,
    recommendation,
    source,
    speaker,
    state,
    statement,
    stood,
    treaty,
)
from surplace.web.kinds.laying import in_short
from surplace.web.kinds.wording import wordings_of

View: TypeAlias = Callable[[str, str, Knowledge], Mapping[str, Any]]
"""Returns what the template needs besides, given the IRI of the thing, its name and the knowledge."""
ReadingView: TypeAlias = Callable[[str, str, Knowledge, source.Reading], Mapping[str, Any]]
"""The same of what is read, given also which part is asked for and the texts that are held."""
DatedView: TypeAlias = Callable[[str, str, Knowledge, str], Mapping[str, Any]]
"""The same of what stands so on a day, given also the day, or nothing for the end of the record."""


@dataclass(frozen=True)
class PageKind:
    """A kind of thing that has a page of its own."""

    class_name: str
    template: str
    view: View | None
    reading: ReadingView | None = None
    dated: DatedView | None = None
    space: str = SUR
    """The namespace of the class."""


MENTIONED: Final = (
    *("Exception", "Population", "OpenQuestion", "Circumstance", "GroundElement", "ProtectionGround"),
    *("Document", "DocumentPart", "Citation", "BodyOfLaw", "SubnationalJurisdiction", "Agent", "Event"),
    *("Membership", "TerritorialDeclaration", "PartyCount", "CalendarPeriod"),
)
"""Classes of things that a page shows by what refers to them."""
KINDS: Final = (
    PageKind("State", "kinds/state.html", state.view),
    PageKind("Finding", "kinds/finding.html", finding.view),
    PageKind("Source", "kinds/source.html", None, source.source_view),
    PageKind("Disagreement", "kinds/disagreement.html", disagreement.view),
    PageKind("Claim", "kinds/claim.html", claim.view),
    PageKind("Recommendation", "kinds/recommendation.html", recommendation.view),
    *(
        PageKind(name, "kinds/speaker.html", speaker.view)
        for name in ("Organization", "Person", "Group", "StateOrgan")
    ),
    PageKind("Passage", "kinds/passage.html", None, source.passage_view),
    PageKind("Treaty", "kinds/treaty.html", None, dated=treaty.view),
    PageKind("Provision", "kinds/provision.html", None, dated=provision.view),
    PageKind("Norm", "kinds/norm.html", None, dated=norm.view),
    *(PageKind(name, "kinds/act.html", act.view) for name in ("TreatyAct", "UnilateralStatement")),
    PageKind("Measure", "kinds/thing.html", measure.view),
    PageKind("Standing", "kinds/thing.html", stood.view),
    PageKind("Conclusion", "kinds/thing.html", conclusion.view),
    PageKind("Statement", "kinds/thing.html", statement.view),
    *(PageKind(name, "kinds/thing.html", mentioned.view) for name in MENTIONED),
    PageKind("Concept", "kinds/thing.html", mentioned.view, space=SKOS),
)


def shown_by(
    kind: PageKind, iri: str, name: str, knowledge: Knowledge, reading: source.Reading, day: str
) -> Mapping[str, Any]:
    """Return what the template of a kind needs for a thing.

    The words of the `provisions` that it names are `wordings`, as far as copies of their treaties are held.
    """
    if kind.reading is not None:
        return kind.reading(iri, name, knowledge, reading)
    shown: Mapping[str, Any] = {}
    if kind.dated is not None:
        shown = kind.dated(iri, name, knowledge, day)
    elif kind.view is not None:
        shown = kind.view(iri, name, knowledge)
    if shown.get("sentence", "").rstrip(".").lower() == name.lower():  # which a page leaves out
        told = in_short(name, iri, shown.get("facts", ()), knowledge)
        shown = {**shown, "sentence": told or shown["sentence"]}
    return {**shown, "wordings": wordings_of(shown.get("provisions", ()), knowledge, reading.texts)}


def kind_of(classes: Collection[str]) -> PageKind | None:
    """Return the kind of a thing with these classes; None where it has no page of its own."""
    return next((kind for kind in KINDS if kind.space + kind.class_name in classes), None)
