"""What is cited: an answer to a question, or a name, each of the release that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from pyoxigraph import NamedNode

from surplace.answering.sentence import said
from surplace.catalogue.asked import BoundQuestion, ask
from surplace.engine.knowledge import Knowledge
from surplace.errors import SurplaceError
from surplace.export.citation import FORMATS, Citation, to_text
from surplace.export.edition import edition_of
from surplace.export.report import report_address, report_of
from surplace.http.former import RELEASE
from surplace.http.message import at
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

QUESTIONS: Final = "queries/"
SHOWN: Final = ("part", "on")
"""The parameters of a page of a name that say what of it is meant."""


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
    return Citation(path, f"{title[:1].upper()}{title[1:]}{part}{day}", f"{iri}{_values(kept)}", edition)


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
    """Return the citation of what has that path below the base, or that IRI.

    Raises Problem where nothing has it, EngineError, and ParameterError for values that do not fit.
    """
    path = of.removeprefix(BASE).lstrip("/")
    if path.startswith(QUESTIONS):
        name, _, values = path.removeprefix(QUESTIONS).partition("?")
        return _answer(name, values, service)
    place, _, values = path.partition("?")
    try:
        iri = NamedNode(BASE + place).value
    except ValueError:
        iri = ""
    named = look_up([iri], service.knowledge) if iri else None
    if named is None:
        raise Problem("not-found", f'Surplace has no name "{path[:200]}": give the path of one, or its IRI.')
    shown = dict(parse_qsl(values, max_num_fields=service.limits.parameters))
    return name_cited(named.iri, title_cited(named.iri, named.facts, service.knowledge), service, shown)


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
