"""A page or a graph for every name that Surplace mints, at the path of its IRI.

A name answers directly, with 200. What it names and the document about it do differ, but that difference is
made where the name lives: w3id.org sends whoever asks for the IRI on to this host by a redirect of its own,
and addresses here are those of documents. A second redirect would cost each client a round trip and say
nothing new; Content-Location has the address of the one format that was sent. Only what has its page or its
description elsewhere leads there: questions and their parameters, and the dataset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Triple

from surplace.engine.knowledge import Knowledge
from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.former import WANTED
from surplace.http.headers import IGNORED
from surplace.http.message import Headers, HttpResponse, at
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem
from surplace.http.route import Api, Parameter, Parameters, Route
from surplace.http.service import Service
from surplace.namespaces import BASE, OWL, SHAPE, SKOS, SUR
from surplace.rdf.formats import DATASETS, FORMATS
from surplace.rdf.writing import graph_bytes
from surplace.routes.days import DAY, day_of
from surplace.web import schema_org
from surplace.web.around import around
from surplace.web.cells import local_path
from surplace.web.citing import box, name_cited, title_cited
from surplace.web.describe import describe, names, neighbours, title_of
from surplace.web.facts import (
    DEFINED_BY,
    IN_SCHEME,
    PART_OF,
    PASSAGE_OF,
    Facts,
    classes,
    iris,
    text,
)
from surplace.web.instances import instances, instances_of, narrower_of
from surplace.web.kinds.choosing import kind_of, shown_by
from surplace.web.kinds.disputed import disputed
from surplace.web.kinds.source import Reading
from surplace.web.links import Signed, document_path, signed_headers
from surplace.web.named import Named, look_up
from surplace.web.near import near_names
from surplace.web.search.entries import TERM
from surplace.web.statements import Around
from surplace.web.terms.concepts import size, tree
from surplace.web.terms.definitions import ALONE, WHOLE, definitions
from surplace.web.terms.diagram import draw
from surplace.web.terms.module import document
from surplace.web.terms.overview import overview
from surplace.web.writing import FORMS, quads, triples
from surplace.words.english import joined

EXAMPLES: Final = {
    "id": "state/CHN",
    "source": "untc/V-2",
    "claim": "not-refugees-diplomat",
    "graph": "provenance",
    "axiom": "concerns-action-domain-norm",
    "rule": "party",
    "vocab": "action/refoulement",
    "ontology": "State",
    "shape": "NormKind",
}
"""A name below each first segment of the paths that are names."""
_WHOLES: Final = (PASSAGE_OF, IN_SCHEME, DEFINED_BY, PART_OF)
"""The properties that lead from a thing to what it is part of."""
_PAGE: Final = Parameter(
    "page",
    "Which page of the statements, where there are many; the links rel=next and rel=prev lead on.",
    {"type": "integer", "minimum": 1, "maximum": 999_999, "default": 1},
)


_PART: Final = Parameter(
    "part",
    "Which part of a source its page shows: `p5` for paragraph 5, `notes`, `header`.",
    {"type": "string", "maxLength": 40},
)


def show(call: Call) -> HttpResponse:
    """Describe a name in RDF."""
    knowledge = call.service.knowledge
    about, named = _about(call, findings=False)
    facts = named.facts
    form = call.choice.format("graph")
    terms = definitions(about.iri, facts, knowledge)
    labels = knowledge.named(neighbours(about))
    writer = quads if form in {item.name for item in DATASETS} else triples
    body = writer(about, labels, terms, form)
    headers = [*_signed(call, about, facts, form), *_named(_unused(call, ()))]
    return HttpResponse(body, call.choice.type_of("graph"), headers=headers)


def page(call: Call) -> HttpResponse:
    """Show a name to people: the template that fits its class, with what that one needs besides."""
    knowledge = call.service.knowledge
    about, named = _about(call)
    facts = named.facts
    template, special = _special(about, facts, knowledge) if about.number == 1 else ("resource.html", {})
    kind = kind_of(classes(facts)) if about.number == 1 else None
    shown: dict[str, str] = {}
    used: list[str] = []
    if kind is not None:
        reading = Reading(call.first("part") if kind.reading else "", call.service.texts)
        shown = {"part": reading.part, "on": day_of(call) if kind.dated else ""}
        used = [_PART.name] * bool(kind.reading) + [DAY.name] * bool(kind.dated)
        special = shown_by(kind, about.iri, title_of(about.iri, facts), knowledge, reading, shown["on"])
        template = kind.template
    if about.number == 1 and "disputed" not in special:
        special = {**special, "disputed": disputed(about.iri, knowledge)}
    labels = knowledge.labels(names(about, facts))
    data = schema_org.described(about.iri, title_of(about.iri, facts), facts, labels)
    response = html_page(
        template,
        about=describe(about, named, labels, defined=kind is None),
        data=data,
        formats=FORMS,
        number=about.number,
        last=about.last,
        unused=(unused := _unused(call, used)),
        cited=box(
            name_cited(about.iri, title_cited(about.iri, facts, call.service.knowledge), call.service, shown),
        ),
        **special,
    )
    response.headers += [*_signed(call, about, facts, "html"), *_named(unused)]
    return response


def _about(call: Call, *, findings: bool = True) -> tuple[Around, Named]:
    """Ask for what is said around the name that is meant; raises Problem `gone` or `not-found`."""
    knowledge = call.service.knowledge
    space, rest = call.variables.get("space", ""), call.variables.get("rest", "")
    name = f"{space}/{rest}" if rest else space
    named = look_up(list(_candidates(name)), knowledge)
    if named is None:
        near = near_names(name, knowledge)
        ask = f"look it up with a query at {at('/sparql')}."
        hint = f"did you mean {joined(near, word='or')}?" if near else ask
        raise Problem(
            "not-found",
            f"Surplace has no name {BASE}{name[:200]}: {hint}",
            nearest=[address for iri in near if (address := local_path(iri))],
        )
    iri, size = named.iri, call.service.limits.statements
    findings = findings and not iri.startswith(SUR)  # of a term, what is concluded is among its instances
    about = around(iri, knowledge, call.number("page", 1), size, content=named.content, findings=findings)
    if about.number > about.last:
        raise Problem("not-found", f"The last page of {iri} is {about.last}: ask for one up to that.")
    return about, named


def _signed(call: Call, about: Around, facts: Facts, form: str) -> list[tuple[str, str]]:
    return signed_headers(
        Signed(
            about.iri,
            form,
            about.number,
            about.last,
            schema_org.types(schema_org.kind(about.iri, facts)),
            tuple(whole for known in _WHOLES for whole in iris(facts, known)),
            bool(about.content.total),
            "" if call.service.is_current else call.service.release_name,
        )
    )


def _unused(call: Call, used: Iterable[str]) -> list[str]:
    """Return what is given of part and day, and not used by what is sent."""
    return [name for name in (_PART.name, DAY.name) if name in call.values and name not in used]


def _named(unused: Iterable[str]) -> Headers:
    """Name parameters that are not used in a header."""
    named = ", ".join(unused)
    return [(IGNORED, named)] if named else []


def _location(call: Call) -> str:
    """Return where the document that is sent is: at the path of the name, with a suffix."""
    space, rest = call.variables.get("space", ""), call.variables.get("rest", "")
    release = "" if call.service.is_current else call.service.release_name
    iri = BASE + (f"{space}/{rest}" if rest else space)
    path = document_path(iri, call.choice.name, call.number("page", 1), release)
    shown = [
        (name, call.first(name)) for name in (_PART.name, DAY.name) if call.choice.page and call.first(name)
    ]
    return f"{path}{'&' if '?' in path else '?'}{urlencode(shown)}" if shown else path


def _candidates(name: str) -> Iterable[str]:
    """Yield the IRIs that a path may stand for: as it is, and with or without a slash at its end."""
    for path in dict.fromkeys((name, name.rstrip("/"))):
        try:
            yield NamedNode(BASE + path).value
        except ValueError:
            return


def _special(about: Around, facts: Facts, knowledge: Knowledge) -> tuple[str, Mapping[str, Any]]:
    """Return the template for the class of a name, and what it needs besides."""
    iri, known = about.iri, set(classes(facts))
    if iri == WHOLE:
        version = text(facts, OWL + "versionInfo")
        return "ontology.html", {"overview": overview(knowledge), "version": version, "kind": TERM}
    if SKOS + "ConceptScheme" in known:
        concepts = tree(definitions(iri, facts, knowledge))
        return "vocabulary.html", {"concepts": concepts, "count": size(concepts)}
    if iri in ALONE:
        return "module.html", {"graph": local_path(ALONE[iri])}
    if OWL + "Ontology" in known:
        module = document(iri, definitions(iri, facts, knowledge), knowledge)
        return "module.html", {"module": module, "drawing": draw(module.terms)}
    if SUR + "Rule" in known:
        return "resource.html", {"source": text(facts, SUR + "hasQueryText"), "language": "SPARQL"}
    # what data use as a class has instances, whether it is called one or not
    if (found := instances(knowledge.engine, iri)) and found.listed:
        narrower, of_none = narrower_of(iri, knowledge)
        return "resource.html", {
            "listed": instances_of(iri, knowledge),
            "narrower": narrower,
            "of_none": of_none,
        }
    if iri.startswith(SHAPE):
        parts = (*about.outgoing.statements, *about.lists)
        own = [Triple(*statement.terms) for statement in parts]  # type: ignore[arg-type]
        return "resource.html", {"source": graph_bytes(own, FORMATS["ttl"]).decode(), "language": "Turtle"}
    return "resource.html", {}


def _rest(_: Service, variables: Mapping[str, str]) -> Parameters:
    about = "May contain slashes, sent as they are."
    return (Parameter("rest", about, example=EXAMPLES[variables["space"]]),)


_HEADERS: Final = ("Link", "Content-Location")
_OFFER: Final = Offer(("graph",), page=True)
_PROBLEMS: Final = ("parameter", "format", "not-acceptable", "not-found", "gone", "release-gone")
ROUTES: Final = (
    Route(
        "ontology",
        "/<any(ontology):space>",
        "Describe the ontology: a page, or a graph",
        show,
        page,
        tag="names",
        offer=_OFFER,
        suffixes=True,
        parameters=(_PAGE, WANTED),
        problems=_PROBLEMS,
        location=_location,
        robots="listed",
        scripts="run",
        api=Api(headers=_HEADERS),
    ),
    Route(
        "name",
        f"/<any({', '.join(EXAMPLES)}):space>/<path:rest>",
        "Describe a name of Surplace: a page, or a graph by suffix, `?format=` or Accept",
        show,
        page,
        tag="names",
        offer=_OFFER,
        suffixes=True,
        parameters=(_PAGE, _PART, DAY, WANTED),
        problems=_PROBLEMS,
        location=_location,
        scripts="run",
        api=Api(headers=_HEADERS, variables=_rest),
    ),
)
