"""What is cited: an answer to a question, or a name, each of the release that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote

from pyoxigraph import NamedNode

from surplace.answering.sentence import said
from surplace.catalogue.asked import BoundQuestion, ask
from surplace.errors import SurplaceError
from surplace.export.citation import FORMATS, Citation, to_text
from surplace.export.edition import edition_of
from surplace.export.report import report_address, report_of
from surplace.http.message import at
from surplace.http.problems import Problem
from surplace.http.service import Service
from surplace.namespaces import BASE
from surplace.web.describe import title_of
from surplace.web.named import look_up

QUESTIONS: Final = "queries/"


def answer_cited(asked: BoundQuestion, sentence: str, service: Service) -> Citation:
    """Return the citation of an answer; its title is the question with the values that were given."""
    edition = edition_of(service.engine.release)
    terms = [term for given in asked.terms.values() for term in given if term is not None]
    labels = service.knowledge.labels(term.value for term in terms if isinstance(term, NamedNode))
    values = "; ".join(said(term, labels) for term in terms)
    title = f"{asked.query.summary} ({values})" if values else asked.query.summary
    return Citation(asked.path, title, BASE + asked.path_at(edition.release), edition, sentence)


def name_cited(iri: str, title: str, service: Service, sentence: str = "") -> Citation:
    """Return the citation of what a name stands for."""
    edition = edition_of(service.engine.release)
    return Citation(iri.removeprefix(BASE), title[:1].upper() + title[1:], iri, edition, sentence)


def cited(of: str, service: Service) -> Citation:
    """Return the citation of what has that path below the base, or that IRI.

    Raises Problem where nothing has it, EngineError, and ParameterError for values that do not fit.
    """
    path = of.removeprefix(BASE).lstrip("/")
    if path.startswith(QUESTIONS):
        name, _, values = path.removeprefix(QUESTIONS).partition("?")
        return _answer(name, values, service)
    try:
        iri = NamedNode(BASE + path).value
    except ValueError:
        iri = ""
    named = look_up([iri], service.knowledge) if iri else None
    if named is None:
        raise Problem("not-found", f'Surplace has no name "{path[:200]}": give the path of one, or its IRI.')
    return name_cited(named.iri, title_of(named.iri, named.facts), service)


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
