"""What binds a state in a territory of its own declarations, such as Hong Kong, where a person may be.

How the state stands elsewhere does not answer for the territory: what is not declared for it is not known. So
the rule `conduct-of-a-territory-on-its-own` judges conduct of its organs, and so the question
`which-treaties-apply-in-a-territory` answers. Since when a declaration has effect, and since when the state
answers for the territory, rules conclude for all three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Store

from surplace.errors import SurplaceError
from surplace.namespaces import ID, last_segment
from surplace.suppose.dataset import rows
from surplace.suppose.standing import Standing
from surplace.words.days import in_words
from surplace.words.english import the
from surplace.words.order import legal_key
from surplace.words.standings import OUTSIDE

NOT_THERE: Final = "not-there"
"""The kind of a standing to a treaty that does not apply in the territory, or not in that part."""
OF_ANOTHER: Final = "of-another-state"
"""The kind of a standing on a day on which another state answered for the territory."""
DECLARED: Final = "declared-there"
"""The kind of a standing of a state that is no party and declared that the treaty applies there."""
_APART: Final = """
SELECT DISTINCT ?territory ?label ?since WHERE {
    ?declaration sur:concernsTerritory ?territory .
    ?territory sur:isLocatedIn <%s> ; skos:prefLabel ?label .
    OPTIONAL { ?territory sur:isAnsweredForFrom ?since . }
} ORDER BY ?label
"""
_DECLARED: Final = """
SELECT ?declaration ?label ?treatyLabel ?applies ?earliest ?latest ?made ?own ?by ?left ?place ?open
WHERE {
    ?declaration a sur:TerritorialDeclaration ;
        sur:concernsTerritory <%(territory)s> ;
        sur:isDeclaredOf/skos:prefLabel ?treatyLabel ;
        sur:appliesThere ?applies ;
        skos:prefLabel ?label .
    OPTIONAL { ?declaration sur:takesEffectNoEarlierThan ?earliest . }
    OPTIONAL { ?declaration sur:takesEffectNoLaterThan ?latest . }
    OPTIONAL { ?declaration sur:isDeclaredOn ?on . ?period sur:isWrittenAs ?on ; sur:hasLatestDay ?last . }
    OPTIONAL { ?declaration sur:appliesThereFrom ?from . }
    BIND(COALESCE(?last, ?from) AS ?made)
    BIND(EXISTS { ?declaration sur:isDeclaredBy <%(state)s> } AS ?own)
    OPTIONAL {
        ?declaration sur:isDeclaredBy ?other .
        ?other skos:prefLabel ?by .
        FILTER(?other != <%(state)s>)
    }
    OPTIONAL {
        ?declaration sur:leavesOutThere ?out .
        ?part sur:isPartOf* ?out ; sur:imposes ?left .
        ?out skos:prefLabel ?place .
        FILTER NOT EXISTS { ?declaration sur:keepsThere ?left . }
    }
    OPTIONAL { ?question sur:isOpenAbout ?declaration ; skos:prefLabel ?open . }
} ORDER BY ?declaration ?open
"""
_UNBOUND: Final = (*OUTSIDE, "not-adopted")


@dataclass(frozen=True)
class Declared:
    """A declaration on a treaty for the territory: when it takes effect, what it leaves out, what is open.

    *earliest* and *latest* are days as in 1997-07-01, or empty; *left* are norms by IRI.
    """

    label: str
    applies: bool
    earliest: str
    latest: str
    left: frozenset[str]
    open: tuple[str, ...]
    own: bool = False
    """Whether the state in which the territory lies declared it."""
    by: str = ""
    """The name of another state that declared it."""
    made: str = ""
    """The day by which it was made; empty where none is known."""
    out: tuple[str, ...] = ()
    """The provisions that it leaves out, in whole or in part."""

    def reaches(self, norm: str) -> bool:
        """Tell whether the treaty applies in the territory, and with it this norm."""
        return self.applies and norm not in self.left


@dataclass(frozen=True)
class Territory:
    """A territory: what is declared for it, by treaty, and the first day on which the state answers for it.

    That day is empty where no declaration of the state itself names one. *end* is the last day of the record.
    """

    label: str
    since: str
    declared: Mapping[str, Sequence[Declared]]
    end: str = ""

    def is_of_the_state(self, day: str) -> bool:
        """Tell whether the state in which the territory lies is known to answer for it on a day."""
        return bool(self.since) and self.since <= day

    def another(self, day: str) -> str:
        """Return which other state answered for the territory on a day, or nothing if none is recorded."""
        made = [(first, by) for first, by in self._made_by_others if first]
        return made[0][1] if made and self.since and made[0][0] <= day < self.since else ""

    def applied(self, day: str) -> tuple[str, ...]:
        """Return the treaties that applied on a day by declarations of another state, if that is certain."""
        return tuple(
            treaty
            for treaty, those in sorted(self.declared.items())
            if any(one.by and one.applies and one.latest and one.latest <= day for one in those)
        )

    def perhaps_applied(self, day: str) -> tuple[str, ...]:
        """Return the treaties that another state declared to apply, perhaps with effect on a later day."""
        return tuple(
            treaty
            for treaty, those in sorted(self.declared.items())
            if treaty not in self.applied(day)
            and any(
                one.by and one.applies and one.earliest <= day and not (one.latest and one.latest <= day)
                for one in those
            )
        )

    def left_out(self, day: str) -> tuple[str, ...]:
        """Return the provisions that another state left out of what applied on a day, in whole or in part."""
        return tuple(
            place
            for treaty in self.applied(day)
            for one in self.declared[treaty]
            if one.by and one.applies and one.latest and one.latest <= day
            for place in one.out
        )

    @property
    def _made_by_others(self) -> list[tuple[str, str]]:
        """The days by which other states declared something for the territory, with their names."""
        return sorted((one.made, one.by) for those in self.declared.values() for one in those if one.by)

    def standing(self, norm: str, stand: Standing, day: str) -> Standing:
        """Return how the state stands there to a norm, given how it stands elsewhere."""
        if stand.kind == "not-adopted":
            return stand
        if not self.is_of_the_state(day):
            return self._before_it_answered(norm, stand, day)
        ended = bool(self.end) and day > self.end
        if ended and stand.kind == "unknown":
            return stand
        declared = sorted(self.declared.get(stand.treaty, ()), key=lambda one: one.earliest)
        known = [one for one in declared if one.earliest <= day]
        if not known:
            return stand if stand.kind in _UNBOUND else self._before_the_first(stand, declared)
        last = known[-1]
        stand = replace(stand, caveats=(*stand.caveats, *(f"Open question: {text}" for text in last.open)))
        if last.latest > day:
            return self._unknown(stand, f"when it took effect is not recorded ({last.label})")
        if len({one.reaches(norm) for one in known if one.earliest == last.earliest}) > 1:
            return self._unknown(stand, f"what was declared on {in_words(last.earliest)} differs")
        if ended and not last.applies:
            return self._unknown(stand, f"the record ends on {in_words(self.end)} ({last.label})")
        if not last.applies or norm in last.left:
            what = "the treaty does not" if not last.applies else "this provision of the treaty may not"
            kind = NOT_THERE if not last.applies else "unknown"
            return replace(stand, kind=kind, reason=f"In {self.label} {what} apply ({last.label}).")
        if any(norm in one.left for one in known):
            return self._unknown(stand, f"it was left out before, and {last.label} does not say")
        if stand.kind in _UNBOUND and not last.own:
            return self._unknown(
                stand, f"it was extended there ({last.label}), and the state itself is not bound"
            )
        there = f"It applies in {self.label} ({last.label})."
        if stand.kind in _UNBOUND:
            caveat = "By this declaration, and not by a consent of the state, which is not bound elsewhere."
            return replace(stand, kind=DECLARED, reason=there, caveats=(*stand.caveats, caveat))
        return replace(stand, reason=f"{stand.reason} {there}")

    def _before_it_answered(self, norm: str, stand: Standing, day: str) -> Standing:
        """Return how it stands before the state answers: not, where another declares for the territory."""
        by = the(self.another(day))
        if not by:
            made = [first for first, _ in self._made_by_others if first]
            first = min(made[0], self.since) if made and self.since else self.since
            since = f" before {in_words(first)}" if first else ""
            return self._unknown(stand, f"who answered for it{since} is not recorded")
        reason = f"For {self.label} before {in_words(self.since)}, {by} declared which treaties applied."
        if stand.treaty in self.applied(day):
            left = any(norm in one.left for one in self.declared[stand.treaty] if one.by)
            without = ", without this norm" if left else ""
            reason += (
                f" By its declaration the {stand.treaty} applied there{without}; how {by} stood is not "
                "looked at."
            )
        elif stand.treaty in self.perhaps_applied(day):
            reason += f" It extended the {stand.treaty}; whether that had effect by then is not known."
        return replace(stand, kind=OF_ANOTHER, reason=reason, caveats=())

    def _before_the_first(self, stand: Standing, declared: Sequence[Declared]) -> Standing:
        """Return how it stands before the first declaration, which tells what was so until then."""
        if not declared:
            return self._unknown(stand, "no declaration is recorded")
        first = declared[0]
        if not first.applies:
            return replace(stand, reason=f"{stand.reason} It still applied in {self.label} ({first.label}).")
        reason = f"In {self.label} the treaty did not apply yet ({first.label})."
        return replace(stand, kind=NOT_THERE, reason=reason)

    def _unknown(self, stand: Standing, why: str) -> Standing:
        reason = f"Whether the treaty binds in {self.label} is not known: {why}."
        return replace(stand, kind="unknown", reason=reason)


def territories_of(recorded: Store, state: str) -> dict[str, str]:
    """Return the labels of the territories of a state of which something is declared apart, by key."""
    return {key: row["label"] for key, row in _apart(recorded, state).items()}


def _apart(recorded: Store, state: str) -> dict[str, Mapping[str, str]]:
    found = rows(recorded, _APART % f"{ID}state/{state}")
    return {last_segment(row["territory"]): row for row in found}


def territory(recorded: Store, state: str, key: str, end: str = "") -> Territory:
    """Return a territory of a state; raises SurplaceError unless something is declared of it apart.

    *end* is the last day of the record.
    """
    labels = _apart(recorded, state)
    if key not in labels:
        use = f"use one of {', '.join(f'{state}/{name}' for name in labels)}" if labels else f"use {state}"
        raise SurplaceError(f'"{state}/{key}" is no territory with treaties of its own: {use}.')
    iris = {"territory": f"{ID}jurisdiction/{key}", "state": f"{ID}state/{state}"}
    parts: dict[str, list[dict[str, str]]] = {}
    for row in rows(recorded, _DECLARED % iris):
        parts.setdefault(row["declaration"], []).append(row)
    declared: dict[str, list[Declared]] = {}
    for part in parts.values():
        declared.setdefault(part[0]["treatyLabel"], []).append(
            Declared(
                part[0]["label"],
                part[0]["applies"] == "true",
                part[0].get("earliest", ""),
                part[0].get("latest", ""),
                frozenset(_each(part, "left")),
                tuple(_each(part, "open")),
                part[0]["own"] == "true",
                part[0].get("by", ""),
                part[0].get("made", ""),
                tuple(sorted(_each(part, "place"), key=legal_key)),
            )
        )
    found = labels[key]
    return Territory(found["label"], found.get("since", ""), declared, end)


def _each(part: Iterable[Mapping[str, str]], name: str) -> dict[str, None]:
    return dict.fromkeys(row[name] for row in part if name in row)
