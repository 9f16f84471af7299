"""A person whose circumstances somebody describes: which protection grounds may apply, and why.

Nothing about the person is kept: the description is a supposition, in memory, and gone with the answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, Quad, Store

from surplace.engine.release import Release
from surplace.errors import SurplaceError
from surplace.namespaces import ID, PROVENANCE, RDF, SKOS, SUR, VOCAB
from surplace.suppose.dataset import SUPPOSITION, concluded, fact, given, rows

PERSON = ID + "population/described-person"
KINDS = {"RiskFactor": "risk-factor", "Motive": "motive"}


@dataclass(frozen=True)
class PersonDescription:
    """What is said of a person: circumstances given, circumstances not given, two states; all as keys.

    What is in neither list is unknown.
    """

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    origin: str = ""
    stay: str = ""


@dataclass(frozen=True)
class Element:
    """An element of a ground, whether it is met, what supports it, and on what it depends."""

    label: str
    result: str
    evidence: tuple[str, ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """A ground: its result, elements, legal basis, caveats, and the norms that protect where it applies."""

    iri: str
    label: str
    result: str
    legal_basis: tuple[str, ...]
    elements: tuple[Element, ...] = field(default=())
    caveats: tuple[str, ...] = ()
    protection: tuple[str, ...] = ()


def circumstances(store: Store) -> list[dict[str, str]]:
    """Return the circumstances that may be described: `key`, `label`, `kind`, and `broader` if any."""
    found = rows(
        store,
        "SELECT ?item ?label ?class ?above WHERE { VALUES ?class { sur:RiskFactor sur:Motive } "
        "?item a ?class ; skos:prefLabel ?label OPTIONAL { ?item skos:broader ?above } } "
        "ORDER BY ?class ?label",
    )
    return [
        {
            "key": row["item"].rpartition("/")[2],
            "label": row["label"],
            "kind": KINDS[row["class"].rpartition("/")[2]],
            **({"broader": row["above"].rpartition("/")[2]} if "above" in row else {}),
        }
        for row in found
    ]


def assess(release: Release, described: PersonDescription) -> list[Ground]:
    """Return which grounds may apply to the person, supported ones first.

    Raises SurplaceError for an unknown circumstance or state, and for contradictory circumstances.
    """
    known = given(release)
    added = _facts(described, known.store())
    # whose conduct conflicts with what does not matter to which ground may apply
    store = concluded(known, added, needed=lambda rule: "element" in rule.name or rule.name in _NEEDED)
    return _grounds(store)


_NEEDED = {
    "people-in-the-same-position",
    "people-outside-their-country",
    "ground-that-is-supported",
    "ground-that-is-open",
    "ground-that-is-not-made-out",
    "limit-of-a-ground",
}


def _facts(described: PersonDescription, store: Store) -> list[Quad]:
    """Return the description as facts."""
    known = {item["key"]: item for item in circumstances(store)}
    for key in (*described.yes, *described.no):
        if key not in known:
            raise SurplaceError(f'"{key}" is not a circumstance: {nearest(key, known)}.')
    _refuse_contradictions(described, known)
    graph = f"{SUPPOSITION}/person"
    facts = [
        fact(SUPPOSITION, RDF + "type", SUR + "Source", PROVENANCE),
        fact(SUPPOSITION, SKOS + "prefLabel", Literal("Supposition", language="en"), PROVENANCE),
        fact(graph, RDF + "type", SUR + "RecordPassage", PROVENANCE),
        fact(graph, SUR + "isPassageOf", SUPPOSITION, PROVENANCE),
        fact(PERSON, RDF + "type", SUR + "DescribedPerson", graph),
        fact(PERSON, SKOS + "prefLabel", Literal("the person described", language="en"), graph),
    ]
    for key in described.yes:
        kind = known[key]["kind"]
        predicate = "isMarkedBy" if kind == "risk-factor" else "hasMotive"
        facts.append(fact(PERSON, SUR + predicate, f"{VOCAB}{kind}/{key}", graph))
    for key in described.no:
        facts.append(fact(PERSON, SUR + "isNotMarkedBy", f"{VOCAB}{known[key]['kind']}/{key}", graph))
    for predicate, state in (("originatesFrom", described.origin), ("isPresentIn", described.stay)):
        if state:
            iri = f"{ID}state/{state}"
            if iri not in {row["s"] for row in rows(store, "SELECT ?s WHERE { ?s a sur:State }")}:
                raise SurplaceError(f'"{state}" is not a recorded state: give three letters such as CHN.')
            facts.append(fact(PERSON, SUR + predicate, iri, graph))
    return facts


def nearest(key: str, known: Iterable[str]) -> str:
    """Say what to use in place of *key*, which is not *known*: what is like it, and all that there is."""
    keys = sorted(known)
    near = difflib.get_close_matches(key[:100], keys, n=3)
    listed = f"one of {', '.join(keys)}"
    return f"did you mean {' or '.join(near)}? Use {listed}" if near else f"use {listed}"


def _refuse_contradictions(described: PersonDescription, known: dict[str, dict[str, str]]) -> None:
    """Raise SurplaceError if a description cannot be true."""
    for key in described.yes:
        if key in described.no:
            raise SurplaceError(
                f'"{key}" is described as given and as not given: choose one, or leave it out.'
            )
        above = known[key].get("broader")
        if above in described.no:
            raise SurplaceError(
                f'"{key}" is a kind of "{above}", which is described as not given: choose one.'
            )
    if described.stay and described.stay == described.origin and "outside-country-of-origin" in described.yes:
        raise SurplaceError(
            "A person who stays in the country of origin is not outside it: correct one of the two."
        )


def _grounds(store: Store) -> list[Ground]:
    """Read what the rules concluded of the person."""
    found = rows(
        store,
        "SELECT ?a ?ground ?label ?result "
        f"WHERE {{ ?a a sur:GroundAssessment ; sur:isAssessedFor <{PERSON}> ; "
        "sur:assessesGround ?ground ; sur:hasGroundResult ?result . ?ground skos:prefLabel ?label } "
        "ORDER BY ?label",
    )
    order = {"supported": 0, "open": 1, "not-made-out": 2}
    grounds = [_ground(store, row) for row in found]
    return sorted(grounds, key=lambda ground: (order.get(ground.result, 3), ground.label))


def _ground(store: Store, row: dict[str, str]) -> Ground:
    """Read one ground with all that belongs to it."""
    iri = row["ground"]
    return Ground(
        iri=iri,
        label=row["label"],
        result=row["result"].rpartition("/")[2],
        legal_basis=_labels(store, f"<{iri}> sur:hasLegalBasis ?x . ?x skos:prefLabel ?label"),
        elements=tuple(
            Element(
                label=item["label"],
                result=item["result"].rpartition("/")[2],
                evidence=_labels(store, f"<{item['a']}> sur:hasEvidence ?x . ?x skos:prefLabel ?label"),
                depends_on=_labels(store, f"<{item['a']}> sur:dependsOn ?x . ?x skos:prefLabel ?label"),
            )
            for item in rows(
                store,
                "SELECT ?a ?label ?result "
                f"WHERE {{ ?a a sur:ElementAssessment ; sur:isAssessedFor <{PERSON}> ; "
                "sur:assessesElement ?e ; sur:hasElementResult ?result . "
                f"?e sur:isElementOf <{iri}> ; skos:prefLabel ?label }} ORDER BY ?e",
            )
        ),
        caveats=_labels(store, f"<{row['a']}> sur:hasCaveat ?label"),
        protection=_labels(
            store,
            f"<{iri}> sur:hasLegalBasis ?basis . {{ ?basis sur:imposes ?norm }} UNION "
            "{ ?definition sur:isPartOf? ?basis ; sur:defines ?category . ?norm sur:protects ?category } "
            "?norm a sur:Prohibition ; skos:prefLabel ?label "
            "OPTIONAL { ?norm sur:concernsAction/skos:broader* action:removal BIND(1 AS ?first) }",
            order="DESC(?first) ?label",  # what keeps a person from being sent away is what matters most
        ),
    )


def _labels(store: Store, pattern: str, order: str = "?label") -> tuple[str, ...]:
    """Return the labels that a pattern finds, once each, in an order."""
    found = rows(store, f"SELECT ?label WHERE {{ {pattern} }} ORDER BY {order}")
    return tuple(dict.fromkeys(row["label"] for row in found))


def described(yes: Sequence[str], no: Sequence[str], origin: str, stay: str) -> PersonDescription:
    """Make a description from what a form, a program or the command line gives."""
    return PersonDescription(tuple(yes), tuple(no), origin.strip().upper(), stay.strip().upper())
