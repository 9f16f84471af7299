"""The facts to ask for: those that are not given, and would change what may be said of a described person.

A fact is looked at alone: what each ground and norm would be if it, and nothing else, were given or denied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from pyoxigraph import Store

from surplace.suppose.clauses import Clause
from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON, Circumstance
from surplace.suppose.grounds import Ground
from surplace.suppose.open_elements import open_elements
from surplace.suppose.protection import Protection, ProtectiveNorm
from surplace.suppose.reach import HOLDING, PROTECTS
from surplace.suppose.ways import FROM, LIKELIHOODS, Way, is_told, likelihood
from surplace.words.english import joined

_TOLD: Final = f"""
SELECT DISTINCT ?fact ?answer WHERE {{
    {{ <{PERSON}> sur:isMarkedBy|sur:hasMotive ?told . ?told skos:broader* ?fact . BIND("yes" AS ?answer) }}
    UNION
    {{ <{PERSON}> sur:isNotMarkedBy ?fact . BIND("no" AS ?answer) }}
}}
"""
_PLACING: Final = f"""
SELECT DISTINCT ?fact ?category ?makes WHERE {{
    {{ ?fact a sur:LegalCircumstance ; sur:placesUnder/skos:broader* ?category }}
    UNION
    {{
        # who is of the whole needs to be of those whom a kind of it takes in
        <{PERSON}> sur:fallsUnder/skos:broader* ?whole .
        ?category sur:takesIn ?among ; skos:broader ?whole .
        ?fact sur:placesUnder ?among .
    }}
    UNION
    {{
        <{PERSON}> sur:fallsUnder ?among .
        ?category sur:takesIn ?among ; skos:broader ?whole .
        ?fact sur:placesUnder/skos:broader* ?whole .
    }}
    FILTER(?category != person-category:anyone)
    OPTIONAL {{ ?fact sur:placesUnder ?category . BIND(true AS ?makes) }}
}} ORDER BY ?fact ?category
"""
_FITTING: Final = f"""
SELECT DISTINCT ?fact WHERE {{
    <{PERSON}> sur:fallsUnder/skos:broader* ?category .
    ?fact sur:placesUnder ?category .
}}
"""
_RAISED: Final = f"""
SELECT DISTINCT ?by ?asked ?label ?toldLabel WHERE {{
    <{PERSON}> sur:isMarkedBy|sur:hasMotive ?told .
    ?told skos:broader* ?by ; skos:prefLabel ?toldLabel .
    ?by sur:raisesQuestionOf ?asked .
    ?asked skos:prefLabel ?label .
    FILTER NOT EXISTS {{ <{PERSON}> sur:isMarkedBy/skos:broader* ?asked . }}
    FILTER NOT EXISTS {{ <{PERSON}> sur:isNotMarkedBy ?asked . }}
    FILTER NOT EXISTS {{
        ?element sur:isIndicatedBy|sur:isSupportedBy ?asked .
        ?a a sur:MetElement ; sur:isAssessedFor <{PERSON}> ; sur:assessesElement ?element .
    }}
}} ORDER BY ?label ?toldLabel
"""

HARM = "harm"
Supposed: TypeAlias = Callable[[tuple[Ground, ...], frozenset[str], frozenset[str], str], Protection]
"""Returns the norms for other results of the grounds, categories that the person is in, or is not, and a fact
for what it would put at stake."""
NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class MissingFact:
    """A fact that is not given, the facts given that raise it, and what would follow from either answer.

    *words* say it of the person; *yes* and *no* say what norms, grounds, clauses and harms would be. Of IRIs,
    *makes_out* has the grounds that would be supported, *opens* the norms that would no longer hang on facts,
    *secures* those of them that would protect, and *need* those that fall away without the fact whatever else
    is given.
    """

    key: str
    label: str
    words: str
    raised_by: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    makes_out: tuple[str, ...]
    opens: tuple[str, ...]
    secures: tuple[str, ...]
    need: tuple[str, ...]
    is_unraised: bool
    """Whether it is who the person is, as a child, and nothing given speaks of that."""


def raised(store: Store) -> list[dict[str, str]]:
    """Return the facts that those given raise: which is *asked*, *by* which, as *toldLabel* tells it."""
    return rows(store, _RAISED)


def missing_facts(
    store: Store,
    known: Mapping[str, Circumstance],
    grounds: Sequence[Ground],
    ways: Sequence[Way],
    clauses: Sequence[Clause],
    now: Protection,
    supposed: Supposed,
) -> tuple[MissingFact, ...]:
    """Return the facts that would change the answer, those that the facts given raise before others."""
    told = {row["fact"] for row in rows(store, _TOLD)}
    elements = open_elements(store, ways, known)
    placing = rows(store, _PLACING)
    fitting = {row["fact"] for row in rows(store, _FITTING)}
    raising: dict[str, list[str]] = {}
    for row in raised(store):
        raising.setdefault(row["asked"], []).append(row["toldLabel"])
    found = []
    for item in known.values():
        if item.iri in told:
            continue
        near = [way for way in ways if way.wanting == (item.label,)]
        met = elements.met.get(item.iri, set())
        places = [row for row in placing if row["fact"] == item.iri]
        fits = frozenset(row["category"] for row in places)
        given = _results(grounds, met, "supported", all)
        opens = _changed(now, supposed(given, fits, NONE, item.iri), falls=False)
        denied = _results(grounds, elements.failing_without(item.iri, told), "not-made-out", any)
        makes = frozenset(row["category"] for row in places if "makes" in row)
        closes = _changed(now, supposed(denied, NONE, makes, ""), falls=True)
        sole = _results(grounds, elements.met_by_nothing_but(item.iri, told), "not-made-out", any)
        yes = [
            *(f"{norm.provision}: {norm.result}" for norm in opens if norm.result in HOLDING),
            *(f"{ground.label}: {ground.result}" for ground in given if ground not in grounds),
            *(
                f"{clause.label}: {clause.effect}"
                for clause in clauses
                if clause.in_question and clause.wanting == (item.label,) and now.is_led_to(clause)
            ),
            *(
                f"{clause.label}: does not reach the person"
                for clause in clauses
                if clause.engaged and item.label in clause.provisos and now.is_led_to(clause)
            ),
            *_harms(near),
        ]
        by = _raised_by(raising.get(item.iri, ()), near)
        if given == tuple(grounds) and not opens:
            yes += _nearer(grounds, met) if yes or by or closes else []
        if yes or closes:
            found.append(
                MissingFact(
                    item.key,
                    item.label,
                    item.says,
                    tuple(dict.fromkeys(by)),
                    tuple(dict.fromkeys(yes)),
                    tuple(dict.fromkeys(f"{norm.provision}: {norm.result}" for norm in closes)),
                    tuple(ground.iri for ground in given if ground not in grounds),
                    tuple(norm.iri for norm in opens),
                    tuple(norm.iri for norm in opens if norm.result == PROTECTS),
                    tuple(norm.iri for norm in _changed(now, supposed(sole, NONE, makes, ""), falls=True)),
                    item.is_of_who and not by and item.iri not in fitting,
                )
            )
    return tuple(sorted(found, key=_order))


def _order(fact: MissingFact) -> tuple[int, bool, int, int, str]:
    """Sort: what facts given raise and is more than a harm alone; then what makes out a ground, opens a norm.

    That the person is somebody of whom nothing given speaks, as a child, comes after it.
    """
    harms = sum(effect.startswith(HARM) for effect in fact.yes)
    first = bool(fact.raised_by) and len(fact.yes) > harms
    decides = bool(fact.opens or fact.makes_out)
    tier = 2 * (not first) + (not decides)
    return (tier, fact.is_unraised, -len(fact.opens), -len(fact.yes), fact.label)


def _results(
    grounds: Sequence[Ground], decided: set[str], result: str, how: Callable[[Iterable[bool]], bool]
) -> tuple[Ground, ...]:
    """Return the grounds as they would be if elements were decided: all that are unknown, or any of them."""
    return tuple(
        replace(ground, result=result)
        if ground.result == "open"
        and decided
        and how(element.iri in decided for element in ground.elements if element.result == "unknown")
        else ground
        for ground in grounds
    )


def _changed(now: Protection, then: Protection, *, falls: bool) -> list[ProtectiveNorm]:
    """Return the foremost norms that hang on facts now, and would not then, or would fall away."""
    hanging = {(norm.iri, norm.state) for norm in now.norms if norm.hangs and norm.foremost}
    return [
        norm
        for norm in then.norms
        if (norm.iri, norm.state) in hanging and not norm.hangs and falls == norm.is_past_reach
    ]


def _nearer(grounds: Sequence[Ground], met: set[str]) -> list[str]:
    """Say to which open grounds elements that would be met bring the person nearer."""
    labels = [g.label for g in grounds if g.result == "open" and any(e.iri in met for e in g.elements)]
    return [f"brings nearer: {', '.join(labels)}"] if labels else []


def _harms(near: Sequence[Way]) -> list[str]:
    """Say which harms on return would be expected, and which risked."""
    said = []
    for how in LIKELIHOODS:
        if labels := dict.fromkeys(way.harm_label for way in near if way.harm and likelihood(way) == how):
            said.append(f"{HARM} {how} on return: {joined(sorted(labels))}")
    return said


def _raised_by(labels: Sequence[str], near: Sequence[Way]) -> list[str]:
    """Say which facts given raise one: by themselves, as *labels*, or by what is recorded of those with both.

    A state alone raises no fact.
    """
    said = {label: label for label in labels}
    for way in near:
        shared = joined([label for label in way.given if not label.startswith(FROM)])
        if shared and is_told(way):
            recorded = f"{way.harm_label} on return" if way.harm else f"“{way.evidence_label}”"
            said.setdefault(shared, f"{shared} (where both are true, {recorded} is on record)")
    return list(said.values())
