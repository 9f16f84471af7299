"""The description of a person, as facts that are supposed: in memory, and gone with the answer."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, Quad, Store

from surplace.errors import SurplaceError
from surplace.namespaces import ID, PROVENANCE, RDF, SKOS, SUR, last_segment
from surplace.suppose.dataset import SUPPOSITION, fact, rows
from surplace.words.days import read_day
from surplace.words.english import joined

PERSON: Final = ID + "population/described-person"
CLASSES: Final = ("RiskFactor", "LegalCircumstance", "Motive")
"""The classes of the circumstances that can be described."""
_OUTSIDE: Final = "outside-country-of-origin"


@dataclass(frozen=True)
class PersonDescription:
    """What is said of a person: circumstances given, circumstances not given, and states, all as keys; a day.

    What is in neither list is unknown. *day* is that of the stay, as in 2010-09-13, or empty. *territory* is
    one of the state of stay to which treaties apply by declarations of their own, as hong-kong, or empty.
    """

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    origin: str = ""
    stay: str = ""
    nationality: tuple[str, ...] = ()
    day: str = ""
    territory: str = ""

    @property
    def place(self) -> str:
        """The place of stay, as a form has it: a state, or one of its territories after a stroke."""
        return f"{self.stay}/{self.territory}" if self.territory else self.stay

    @property
    def home(self) -> str:
        """The country of origin: as stated, else the one country of nationality."""
        return self.origin or (self.nationality[0] if len(self.nationality) == 1 else "")


@dataclass(frozen=True)
class Circumstance:
    """A circumstance that may be described: its key, IRI, label, class, and the key of the broader one.

    That may be of another vocabulary. What it *says* of a person follows the words “the person”.
    """

    key: str
    iri: str
    label: str
    kind: str
    broader: str
    says: str
    is_of_who: bool = False
    """Whether it is about who the person is: age, sex, belief or class."""


def described(
    yes: Sequence[str],
    no: Sequence[str],
    origin: str,
    stay: str,
    nationality: Sequence[str] = (),
    day: str = "",
) -> PersonDescription:
    """Make a description from what a form, a program or the command line gives; *stay* may be CHN/hong-kong.

    Raises SurplaceError for a day that is none, and for half a name of a territory.
    """
    on = read_day(day).isoformat() if day.strip() else ""
    state_of_stay, stroke, territory = map(str.strip, stay.partition("/"))
    if stroke and not (state_of_stay and territory):
        raise SurplaceError(
            f'"{stay[:60]}" is half a place: name a state, as CHN, or a territory, as CHN/hong-kong.',
            parameter="stay",
        )
    states = tuple(dict.fromkeys(name for state in nationality if (name := state.strip().upper())))
    return PersonDescription(
        tuple(yes),
        tuple(no),
        origin.strip().upper(),
        state_of_stay.upper(),
        states,
        on,
        territory.lower(),
    )


def circumstances(store: Store) -> dict[str, Circumstance]:
    """Return the circumstances that may be described, by key."""
    classes = " ".join(f"sur:{name}" for name in CLASSES)
    found = rows(
        store,
        f"SELECT ?item ?label ?class ?above ?says ?who WHERE {{ VALUES ?class {{ {classes} }} "
        "?item a ?class ; skos:prefLabel ?label OPTIONAL { ?item skos:broader|skos:broadMatch ?above } "
        "OPTIONAL { ?item sur:saysOfPerson ?says } "
        "OPTIONAL { ?item sur:hasTheme theme:person BIND(true AS ?who) } } "
        "ORDER BY ?class ?label",
    )
    return {
        key: Circumstance(
            key,
            row["item"],
            row["label"],
            last_segment(row["class"]),
            last_segment(row.get("above", "")),
            row.get("says", f"is described by “{row['label']}”"),
            "who" in row,
        )
        for row in found
        if (key := last_segment(row["item"]))
    }


def nearest(key: str, known: Iterable[str]) -> str:
    """Say what to use in place of *key*, which is not *known*: what is like it, and all that there is."""
    keys = sorted(known)
    near = difflib.get_close_matches(key[:100], keys, n=3)
    listed = f"one of {', '.join(keys)}"
    return f"did you mean {joined(near, word='or')}? Use {listed}" if near else f"use {listed}"


def facts(given: PersonDescription, known: dict[str, Circumstance], store: Store) -> list[Quad]:
    """Return the description as facts of a supposition.

    Raises SurplaceError for a circumstance or state that is not known, and for a description that
    answers one question in two ways.
    """
    _refuse(given, known)
    graph = f"{SUPPOSITION}/person"
    found = [
        fact(SUPPOSITION, RDF + "type", SUR + "Source", PROVENANCE),
        fact(SUPPOSITION, SKOS + "prefLabel", Literal("Supposition", language="en"), PROVENANCE),
        fact(graph, RDF + "type", SUR + "RecordPassage", PROVENANCE),
        fact(graph, SUR + "isPassageOf", SUPPOSITION, PROVENANCE),
        fact(PERSON, RDF + "type", SUR + "DescribedPerson", graph),
        fact(PERSON, SKOS + "prefLabel", Literal("the person described", language="en"), graph),
    ]
    for key in given.yes:
        predicate = "hasMotive" if known[key].kind == "Motive" else "isMarkedBy"
        found.append(fact(PERSON, SUR + predicate, known[key].iri, graph))
        # rules walk to what is wider in the same vocabulary; what is in another is said here
        wider = known.get(known[key].broader)
        if wider and wider.kind != known[key].kind and wider.key not in given.yes:
            found.append(fact(PERSON, SUR + "isMarkedBy", wider.iri, graph))
    found += [fact(PERSON, SUR + "isNotMarkedBy", known[key].iri, graph) for key in given.no]
    states = {row["s"] for row in rows(store, "SELECT ?s WHERE { ?s a sur:State }")}
    named = [("originatesFrom", given.home), ("isPresentIn", given.stay)]
    named += [("isNationalOf", state) for state in given.nationality]
    for predicate, state in named:
        iri = f"{ID}state/{state}"
        if state and iri not in states:
            raise SurplaceError(f'"{state}" is not a recorded state: give three letters such as CHN.')
        if state:
            found.append(fact(PERSON, SUR + predicate, iri, graph))
    return found


def _refuse(given: PersonDescription, known: dict[str, Circumstance]) -> None:
    """Raise SurplaceError if a description cannot be read, or gives one thing and denies it."""
    for key in (*given.yes, *given.no):
        if key not in known:
            raise SurplaceError(f'"{key}" is not a circumstance: {nearest(key, known)}.')
    called = {key: item.label for key, item in known.items()}
    if wrong := clash(given, {key: item.broader for key, item in known.items()}, called):
        raise SurplaceError(wrong[1])


def clash(
    given: PersonDescription, broader: Mapping[str, str], called: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return what is given and denied, if anything: the circumstance, and a sentence that says so.

    *broader* has the key of what a circumstance is a kind of, or nothing; *called* has the labels.
    """
    for key in given.yes:
        name = called.get(key, key)
        if key in given.no:
            return key, f"“{name}” is answered with yes and with no: choose one, or leave it out."
        above = broader.get(key, "")
        while above:
            if above in given.no:
                other = called.get(above, above)
                return key, f"“{name}” is a kind of “{other}”, which is answered with no: choose one."
            above = broader.get(above, "")
    if given.stay and given.stay == given.home and _OUTSIDE in given.yes:
        message = "A person who stays in the country of origin is not outside it: correct one of the two."
        return _OUTSIDE, message
    if given.stay and given.home and given.stay != given.home and _OUTSIDE in given.no:
        message = "A person who stays in another state than the country of origin is outside it: correct one."
        return _OUTSIDE, message
    return None
