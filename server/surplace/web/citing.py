"""What is cited: an answer to a question, or a name, each of the release that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from pyoxigraph import NamedNode

from surplace.answering.sentence import said
from surplace.catalogue.asked import BoundQuestion, ask
from surplace.engine.knowledge import Knowledge
from surplace.errors import SurplaceError
from surplace.export.citation import FORMATS, Citation, to_text
from surplace.export.edition import edition_of
from surplace.export.report import report_address, report_of
from surplace.http.former import RELEASE
from surplace.http.host import host_of
from surplace.http.message import ORIGIN, at
from surplace.http.negotiation import suffix_of
from surplace.http.problems import Problem
from surplace.http.service import Service
from surplace.namespaces import BASE, SKOS, SUR
from surplace.rdf.terms import text_of
from surplace.texts import Texts
from surplace.web.describe import title_of
from surplace.web.facts import Facts, classes
from surplace.web.kinds.reading import document_of
from surplace.web.named import look_up
from surplace.words.days import in_words
from surplace.words.english import capitalized

QUESTIONS: Final = "queries/"
SHOWN: Final = ("part", "on")
"""The parameters of a page of a name that say what of it is meant."""
_ADDRESS: Final = re.compile(r"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
"""An address: its host, and what follows that."""


def answer_cited(asked: BoundQuestion, sentence: str, service: Service) -> Citation:
    """Return the citation of an answer; its title is the question with the values that were given."""
    edition = edition_of(service.engine.release)
    terms = [term for given in asked.terms.values() for term in given if term is not None]
    labels = service.knowledge.labels(term.value for term in terms if isinstance(term, NamedNode))
    values = "; ".join(said(term, labels) for term in terms)
    title = f"{asked.query.summary} ({values})" if values else asked.query.summary
    return Citation(asked.path, title, BASE + asked.path_at(edition.release), edition, sentence)


def title_cited(iri: str, facts: Facts, knowledge: Knowledge) -> str:
    """Return what a citation calls a name: a finding with its verdict. Raises EngineError."""
    title = title_of(iri, facts)
    if SUR + "Finding" not in classes(facts):
        return title
    asking = f"SELECT ?verdict {{ <{iri}> <{SUR}hasVerdict>/<{SKOS}prefLabel> ?verdict }}"
    return ": ".join((title, *(text_of(row["verdict"]) for row in knowledge.select(asking).rows)))


def name_cited(iri: str, title: str, service: Service, shown: Mapping[str, str]) -> Citation:
    """Return the citation of what a name stands for, at an address that keeps to the release.

    *shown* is which part of it is meant, and as of which day, by the parameters of its page.

    Raises Problem for a part that it does not have.
    """
    edition = edition_of(service.engine.release)
    given = {name: shown[name] for name in SHOWN if shown.get(name)}
    part = _part(iri, title, given["part"], service) if "part" in given else ""
    day = f", on {in_words(given['on'])}" if "on" in given else ""
    path = f"{iri.removeprefix(BASE)}{_values(given)}"
    kept = {**given, RELEASE: edition.release} if edition.release and "#" not in iri else given
    return Citation(path, f"{capitalized(title)}{part}{day}", f"{iri}{_values(kept)}", edition)


def _values(given: Mapping[str, str]) -> str:
    return f"?{urlencode(given)}" if given else ""


def _part(iri: str, title: str, key: str, service: Service) -> str:
    """Name a part of a source in a title: `, paragraph 5`."""
    parts = document_of(iri, service.knowledge, Texts()).parts
    found = next((part.title for part in parts if part.key == key), "")
    if not found:
        raise Problem("not-found", f"{title} has no such part: cite the whole.")
    return f", {found[:1].lower()}{found[1:]}"


def cited(of: str, service: Service) -> Citation:
    """Return the citation of what has that IRI or address here, with a suffix or without, or that path.

    Raises Problem where nothing has it, EngineError, and ParameterError for values that do not fit.
    """
    place, _, values = _below_base(of).partition("?")
    # the path itself may end as a suffix does, or have signs that an address encodes
    places = dict.fromkeys(path for each in (place, unquote(place)) for path in (each, suffix_of(each)[0]))
    if place.startswith(QUESTIONS):
        names = [path.removeprefix(QUESTIONS) for path in places]
        known = next((name for name in names if name in service.catalogue), names[0])
        return _answer(known, values, service)
    named = look_up(list(_iris(places)), service.knowledge)
    if named is None:
        raise Problem("not-found", f'Surplace has no name "{place[:200]}": give the path of one, or its IRI.')
    shown = dict(parse_qsl(values, max_num_fields=service.limits.parameters))
    return name_cited(named.iri, title_cited(named.iri, named.facts, service.knowledge), service, shown)


def _below_base(of: str) -> str:
    """Return the path below the base that an IRI has, an address of this service, or a path of it."""
    if of.startswith(BASE):
        return of.removeprefix(BASE).lstrip("/")
    origin = ORIGIN.get()
    found = _ADDRESS.fullmatch(of)
    path = found[2] if found is not None and host_of(found[1]) == origin.host else of
    if f"{path}/".startswith(f"{origin.prefix}/"):
        path = path.removeprefix(origin.prefix)
    return path.lstrip("/")


def _iris(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        with suppress(ValueError):
            yield NamedNode(BASE + path.rstrip("/")).value


def _answer(name: str, values: str, service: Service) -> Citation:
    try:
        query = service.catalogue[name]
    except SurplaceError as error:
        raise Problem("not-found", str(error)) from None
    if query.is_check:
        raise Problem("not-found", f"{name} is a check, not a question: its answer is not cited.")
    given: dict[str, list[str]] = {}
    for key, value in parse_qsl(values, keep_blank_values=True, max_num_fields=service.limits.parameters):
        if key in query.params:
            given.setdefault(key, []).append(value)
    asked = ask(query, given, service.knowledge.choices)
    sentence = ""
    if query.kind == "bindings":
        sentence = service.knowledge.answer(asked).summary
    return answer_cited(asked, sentence, service)


@dataclass(frozen=True)
class CiteBox:
    """A citation as a page shows it: its text, and titles and addresses of its other forms."""

    text: str
    forms: tuple[tuple[str, str], ...]
    report: str
    """What somebody writes who finds it wrong."""
    report_to: str
    """Where that is written already, or nothing."""
    contact: str


def box(found: Citation) -> CiteBox:
    """Lay a citation out for a page."""
    of = quote(found.path, safe="/:")
    forms = tuple((form.title, at(f"/cite/{form.name}?of={of}")) for form in FORMATS.values())
    return CiteBox(to_text(found), forms, report_of(found), report_address(found), found.edition.contact)
