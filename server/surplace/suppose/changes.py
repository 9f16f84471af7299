"""What may be supposed of a state and a treaty, checked against the record, and as facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, Store

from surplace.errors import SurplaceError
from surplace.namespaces import ID, PROVENANCE, RDF, SKOS, SUR, VOCAB, XSD, compact, last_segment
from surplace.suppose.consents import party, pending_notice, recorded, signed, start
from surplace.suppose.dataset import SUPPOSITION, fact, rows
from surplace.suppose.leaving import day_of_leaving
from surplace.suppose.supposition import HORIZON, Supposition
from surplace.words.days import dated, in_words
from surplace.words.english import the
from surplace.words.treaties import treaty


def facts(suppositions: Sequence[Supposition], store: Store) -> list[Quad]:
    """Return what the suppositions add; raises SurplaceError for one that cannot be, with the reason."""
    horizon = horizon_of(store)
    added = [
        fact(SUPPOSITION, RDF + "type", SUR + "Source", PROVENANCE),
        fact(SUPPOSITION, SKOS + "prefLabel", Literal("Supposition", language="en"), PROVENANCE),
        fact(SUPPOSITION, SUR + "hasSourceKind", VOCAB + "source-kind/depositary-record", PROVENANCE),
        fact(SUPPOSITION, SUR + "hasHorizon", _day(horizon), PROVENANCE),
    ]
    for number, supposition in enumerate(suppositions, 1):
        graph = f"{SUPPOSITION}/{number}"
        added.append(fact(graph, RDF + "type", SUR + "RecordPassage", PROVENANCE))
        added.append(fact(graph, SUR + "isPassageOf", SUPPOSITION, PROVENANCE))
        if supposition.on > horizon:
            raise SurplaceError(
                f"{_said(supposition.on)} lies after the end of the record, {_said(horizon)}: "
                "suppose a day up to then.",
                parameter="on",
            )
        added += [fact(s, p, o, graph) for s, p, o in _KINDS[supposition.kind](supposition, store)]
    return added


def superseded(suppositions: Sequence[Supposition], quad: Quad) -> bool:
    """Tell whether a recorded fact no longer holds: that a state which accedes is not party."""
    return quad.predicate.value == SUR + "isNotPartyTo" and any(
        s.kind == "accede" and (quad.subject, quad.object) == (NamedNode(s.state), NamedNode(s.treaty))
        for s in suppositions
    )


Facts = Iterator[tuple[str, str, object]]


def _withdraw(supposed: Supposition, store: Store) -> Facts:
    known = rows(
        store,
        f"SELECT ?label ?made ?gone ?left WHERE {{ <{supposed.reservation}> a sur:Reservation ; "
        "skos:prefLabel ?label ; sur:isMadeBy ?state ; sur:isMadeUpon ?act . "
        "?act sur:isDepositedOn|sur:isSignedOn ?made . "
        f"OPTIONAL {{ <{supposed.reservation}> sur:isWithdrawnOn ?gone }} "
        "OPTIONAL { ?leaving sur:isDoneBy ?state ; sur:concernsTreaty ?treaty ; sur:takesEffectOn ?left ; "
        "a sur:Denunciation . ?act sur:isGivenTo|sur:signs ?treaty "
        f'FILTER(?left > ?made && ?left <= "{supposed.on}"^^xsd:date) }} }} ORDER BY ?left',
    )
    if not known:
        name = compact(supposed.reservation)
        raise SurplaceError(
            f"{name} is not a recorded reservation: ask which reservations a state made.",
            parameter="reservation",
        )
    label, made = known[0]["label"], known[0]["made"]
    if gone := known[0].get("gone"):
        raise SurplaceError(
            f"“{label}” was withdrawn {dated(gone)}: nothing is left to withdraw.", parameter="reservation"
        )
    if supposed.on.isoformat() < made:
        raise SurplaceError(
            f"“{label}” was made {dated(made)}: suppose a later day of withdrawal.", parameter="on"
        )
    if left := known[0].get("left"):
        raise SurplaceError(
            f"“{label}” ended when its state left the treaty, {dated(left)}: suppose an earlier day.",
            parameter="on",
        )
    yield supposed.reservation, SUR + "isWithdrawnOn", _day(supposed.on)


def _accede(supposed: Supposition, store: Store) -> Facts:
    state, treaty = _named(supposed, store)
    if party(supposed, store):
        raise SurplaceError(
            f"{state} is party to the {treaty} on {_said(supposed.on)}: it cannot accede to it."
        )
    act = supposed_act(supposed)
    kind, to = ("Ratification", "of") if signed(supposed, store) else ("Accession", "to")
    label = f"{state}: supposed {kind.lower()} {to} the {treaty}"
    yield act, RDF + "type", SUR + kind
    yield act, SKOS + "prefLabel", Literal(label, language="en")
    yield act, SUR + "isGivenBy", supposed.state
    yield act, SUR + "isGivenTo", supposed.treaty
    yield act, SUR + "isDepositedOn", _day(supposed.on)


def _denounce(supposed: Supposition, store: Store) -> Facts:
    state, treaty = _named(supposed, store)
    if not recorded(supposed, store):
        raise SurplaceError(f"How {state} stands to the {treaty} is not recorded: nothing can be denounced.")
    if not party(supposed, store):
        raise SurplaceError(
            f"{state} is not party to the {treaty} on {_said(supposed.on)}: it has nothing to denounce."
        )
    begun = start(supposed, store)
    if begun and supposed.on.isoformat() < begun:
        raise SurplaceError(
            f"The {treaty} is in force for {state} only from {in_words(begun)}: "
            "it has nothing to denounce before.",
            parameter="on",
        )
    if notice := pending_notice(supposed, store):
        raise SurplaceError(
            f"{state} gave notice of leaving the {treaty} {dated(notice)}: suppose an earlier day.",
            parameter="on",
        )
    effect = day_of_leaving(supposed, treaty, store)
    act = supposed_act(supposed)
    yield act, RDF + "type", SUR + "Denunciation"
    yield act, SKOS + "prefLabel", Literal(f"{state}: supposed denunciation of the {treaty}", language="en")
    yield act, SUR + "isDoneBy", supposed.state
    yield act, SUR + "concernsTreaty", supposed.treaty
    yield act, SUR + "isNotifiedOn", _day(supposed.on)
    if effect is not None:
        yield act, SUR + "takesEffectOn", _day(effect)


_KINDS = {"withdraw": _withdraw, "accede": _accede, "denounce": _denounce}


def _named(supposed: Supposition, store: Store) -> tuple[str, str]:
    """Return the labels of state and treaty."""
    labels = []
    for iri, kind, name in ((supposed.state, "State", "state"), (supposed.treaty, "Treaty", "treaty")):
        known = rows(store, f"SELECT ?label WHERE {{ <{iri}> a sur:{kind} ; skos:prefLabel ?label }}")
        if not known:
            raise SurplaceError(
                f"{compact(iri)} is not a recorded {name}: use one as state:CHN or instrument:cat.",
                parameter=name,
            )
        labels.append(known[0]["label"])
    member = rows(
        store,
        f"SELECT ?label WHERE {{ ?party sur:isStandingOf <{supposed.state}> ; "
        f"sur:isStandingTo <{supposed.treaty}> ; sur:usesPremise/sur:isMembershipIn ?organization . "
        "?organization skos:prefLabel ?label }",
    )
    if member:
        raise SurplaceError(
            f"{the(labels[0])} is party to {treaty(labels[1])} as a member of {the(member[0]['label'])}: "
            "suppose something of a treaty to which it has consented by itself."
        )
    adopted = rows(store, f"SELECT ?day WHERE {{ <{supposed.treaty}> sur:isAdoptedOn ?day }}")
    if adopted and supposed.on.isoformat() < adopted[0]["day"]:
        raise SurplaceError(
            f"The {labels[1]} was adopted {dated(adopted[0]['day'])}: suppose a later day.", parameter="on"
        )
    return labels[0], labels[1]


def horizon_of(store: Store) -> date:
    """Return the day on which the latest record of the depositary ends."""
    found = rows(store, HORIZON)
    if not found or "end" not in found[0]:
        raise SurplaceError(
            "The release holds no record of a depositary: nothing can be supposed of consents."
        )
    return date.fromisoformat(found[0]["end"])


def supposed_act(supposed: Supposition) -> str:
    """Return the IRI of the act that is supposed, or of the reservation that is withdrawn."""
    if supposed.kind == "withdraw":
        return supposed.reservation
    act = "consent" if supposed.kind == "accede" else "denunciation"
    treaty, state = (last_segment(iri) for iri in (supposed.treaty, supposed.state))
    return f"{ID}{act}/{treaty}/{state}/supposed/{supposed.on}"


def _said(day: date) -> str:
    """Write a day in words."""
    return in_words(day.isoformat())


def _day(day: date) -> Literal:
    """Return a day as a literal."""
    return Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))
