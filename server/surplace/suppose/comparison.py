"""What a supposition changes: conclusions that appear, disappear, or come out otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Store

from surplace.namespaces import RDF, RULE, SKOS, SUR
from surplace.words.days import day_before, in_words
from surplace.words.order import Key, legal_key
from surplace.words.sentence import count, joined

CLASSES: Final = {
    "standings": ("Participation", "ProvisionStanding"),
    "findings": ("ConflictOfConduct", "UnfulfilledObligation", "ConflictOfNorms"),
    "ways to a court": ("AcceptanceOfJurisdiction",),
    "grounds": ("GroundAssessment",),
}
"""What is compared, and the classes of conclusions that belong to it."""
_ONE: Final = {
    "standings": "standing",
    "findings": "finding",
    "ways to a court": "way to a court",
    "grounds": "ground",
}
_SHOWN: Final = {
    "outcome": ("hasStandingKind", "hasVerdict", "hasGroundResult"),
    "from": ("holdsFrom",),
    "before": ("holdsBefore",),
    "reason": ("givesReason",),
}


@dataclass(frozen=True, order=True)
class ChangedConclusion:
    """A conclusion; *change* is new, gone or different; *before* and *after* say how it comes out."""

    kind: str
    change: str
    iri: str
    label: str
    before: str
    after: str


def summary_of_changes(found: Sequence[ChangedConclusion]) -> str:
    """Say in a sentence or two what is supposed, what would bind or not, and how much would differ."""
    names = "; ".join(item.label for item in found if item.kind == "acts")
    counted = Counter(item.kind for item in found)
    counts = [count(counted[kind], _ONE[kind], kind) for kind in CLASSES if counted[kind]]
    differ = f"{joined(counts) or 'nothing on record'} would differ."
    if bound := _bound(found):
        return f"{names}: {bound}. {differ[:1].upper()}{differ[1:]}"
    return f"{names}: {differ}"


_BINDS: Final = re.compile(r": bound by (?P<name>.+) through ")
_DAYS: Final = re.compile(r"(?<=; )(from|before) ([0-9]{4}-[0-9]{2}-[0-9]{2})(?=;|$)")


def _bound(found: Sequence[ChangedConclusion]) -> str:
    """Say which provisions would bind from when, or no longer; first one on which a finding would differ."""
    begun: dict[str, list[str]] = {}
    ended: dict[str, list[str]] = {}
    for item in found:
        name = _BINDS.search(item.label)
        if item.kind != "standings" or name is None:
            continue
        was, would_be = (
            dict(_DAYS.findall(side)) if kind_of(side) == "binding" else None
            for side in (item.before, item.after)
        )
        if would_be is not None and was is None:
            begun.setdefault(would_be.get("from", ""), []).append(name["name"])
        elif was is not None and would_be is not None and would_be.get("before", "") < was.get("before", ""):
            ended.setdefault(would_be.get("before", ""), []).append(name["name"])
    findings = [item.label for item in found if item.kind == "findings"]

    def foremost(name: str) -> tuple[bool, Key]:
        return not any(name in one for one in findings), legal_key(name)

    def told(by_day: dict[str, list[str]], words: Callable[[str], str]) -> Iterator[str]:
        for day in sorted(by_day):
            names = sorted(dict.fromkeys(by_day[day]), key=foremost)
            more = f" and {count(len(names) - 1, 'more provision')}" if names[1:] else ""
            yield f"{names[0]}{more} would bind {words(day)}"

    return "; ".join(
        [
            *told(begun, lambda day: f"from {in_words(day)}"),
            *told(ended, lambda day: f"until {in_words(day_before(day))} and no longer"),
        ]
    )


def kind_of(outcome: str) -> str:
    """Return the name of the standing, verdict or result that an outcome begins with."""
    return outcome.partition(";")[0]


CAVEATS: Final = "findings"
"""The kind of conclusion of which the caveats are compared too."""


def compare(former: Iterable[Quad], supposed: Store) -> list[ChangedConclusion]:
    """Compare the conclusions of a release with those of a supposed dataset; return what differs, sorted."""
    before, after = set(former), set(_concluded(supposed))
    about = {quad.subject for quad in before ^ after}  # most conclusions stay as they are
    old = _conclusions(quad for quad in before if quad.subject in about)
    new = _conclusions(quad for quad in after if quad.subject in about)
    found = []
    for iri in sorted(old.keys() | new.keys()):
        one, other = old.get(iri), new.get(iri)
        if one == other:
            continue
        change = "new" if one is None else "gone" if other is None else "different"
        kind, label, _, _ = other or one  # type: ignore[misc]
        found.append(ChangedConclusion(kind, change, iri, label, _said(one, other), _said(other, one)))
    return sorted(found, key=_importance)


_STANDS: Final = ("binding", "party")


def _importance(item: ChangedConclusion) -> tuple[str, bool, bool, Key, str]:
    """Sort by kind: first what would bind, or no longer, last what stays of its kind; in the order of law."""
    before, after = kind_of(item.before), kind_of(item.after)
    return item.kind, before == after, not {before, after} & {*_STANDS}, legal_key(item.label), item.iri


def _concluded(store: Store) -> Iterator[Quad]:
    """Yield what the rules conclude."""
    for graph in store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value.startswith(RULE):
            yield from store.quads_for_pattern(None, None, None, graph)


Concluded: TypeAlias = tuple[str, str, str, frozenset[str]]


def _said(concluded: Concluded | None, other: Concluded | None) -> str:
    """Write how a conclusion came out, with the caveats that it has on one side only."""
    if concluded is None:
        return ""
    own = sorted(concluded[3] - other[3]) if other else []
    return "; ".join([concluded[2], *(f"caveat: {caveat}" for caveat in own)])


def _conclusions(quads: Iterable[Quad]) -> dict[str, Concluded]:
    """Return kind, label, outcome and caveats of each conclusion of a class that is compared."""
    facts: dict[str, dict[str, set[str]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            facts.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, set()).add(
                quad.object.value
            )
    found = {}
    for iri, about in facts.items():
        classes = {name.removeprefix(SUR) for name in about.get(RDF + "type", ())}
        kind = next((kind for kind, names in CLASSES.items() if classes & set(names)), None)
        if kind is not None:
            label = min(about.get(SKOS + "prefLabel", {iri}))
            caveats = frozenset(about.get(SUR + "hasCaveat", ()) if kind == CAVEATS else ())
            found[iri] = kind, label, _outcome(about), caveats
    return found


def _outcome(about: dict[str, set[str]]) -> str:
    """Write how a conclusion came out."""
    parts = []
    for title, names in _SHOWN.items():
        values = sorted({value for name in names for value in about.get(SUR + name, ())})
        if values:
            shown = ", ".join(value.rpartition("/")[2] if title == "outcome" else value for value in values)
            parts.append(shown if title == "outcome" else f"{title} {shown}" if title != "reason" else shown)
    return "; ".join(parts)
