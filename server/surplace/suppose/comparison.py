"""What a supposition changes: conclusions that appear, disappear, or come out otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Store

from surplace.namespaces import RDF, RULE, SKOS, SUR, last_segment
from surplace.words.order import Key, legal_key

CLASSES: Final = {
    "standings": ("Participation", "ProvisionStanding"),
    "findings": ("ConflictOfConduct", "UnfulfilledObligation", "ConflictOfNorms"),
    "ways to a court": ("AcceptanceOfJurisdiction",),
    "grounds": ("GroundAssessment",),
}
"""What is compared, and the classes of conclusions that belong to it."""
_SHOWN: Final = {
    "outcome": ("hasStandingKind", "hasVerdict", "hasGroundResult"),
    "from": ("holdsFrom",),
    "before": ("holdsBefore",),
    "reason": ("givesReason",),
}


@dataclass(frozen=True, order=True)
class ChangedConclusion:
    """A conclusion; *change* is new, gone or different; *before* and *after* say how it comes out.

    Where a provision would begin to bind a state through a treaty, *through* names the others through which
    it bound that state before; where it would cease to, those through which it binds all the same from that
    day. *only_for* names those for whom alone that is certain, by the definition of those treaties; "" if
    nothing limits it. *reserved* is whether what would begin bound before, but as a reservation leaves it.
    """

    kind: str
    change: str
    iri: str
    label: str
    before: str
    after: str
    through: tuple[str, ...] = ()
    only_for: str = ""
    reserved: bool = False


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
            shown = ", ".join(last_segment(value) if title == "outcome" else value for value in values)
            parts.append(shown if title == "outcome" else f"{title} {shown}" if title != "reason" else shown)
    return "; ".join(parts)
