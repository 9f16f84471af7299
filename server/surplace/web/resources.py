"""A page or a graph for every name that Surplace mints, at the path of its IRI.

A name answers directly, with 200. What it names and the document about it do differ, but that difference is
made where the name lives: w3id.org sends whoever asks for the IRI on to this host by a redirect of its own,
and addresses here are those of documents. A second redirect would cost each client a round trip and say
nothing new; Content-Location has the address of the one format that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import Blueprint, render_template, request
from pyoxigraph import NamedNode, Triple
from werkzeug.wrappers import Response

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import BASE, OWL, SHAPE, SKOS, SUR
from surplace.rdf.formats import DATASETS, content_type
from surplace.web import schema_org
from surplace.web.describe import describe, exists, neighbours, title_of
from surplace.web.errors import Problem
from surplace.web.facts import (
    DEFINED_BY,
    IN_SCHEME,
    PART_OF,
    PASSAGE_OF,
    Facts,
    classes,
    facts_of,
    iris,
    text,
)
from surplace.web.links import Signed, sign
from surplace.web.negotiation import HTML, not_acceptable, prefers
from surplace.web.retired import gone
from surplace.web.service import only_known, service
from surplace.web.statements import Around, around
from surplace.web.terms.concepts import size, tree
from surplace.web.terms.definitions import WHOLE, definitions
from surplace.web.terms.diagram import draw
from surplace.web.terms.module import document
from surplace.web.terms.overview import overview
from surplace.web.writing import FORMS, quads, triples, write

SPACES: Final = ("id", "source", "claim", "graph", "axiom", "rule", "vocab", "ontology", "shape")
"""The first segments of the paths that are names."""
SINGLE: Final = ("ontology",)
"""The names that are one segment, besides that of the dataset, whose page is the description."""

PAGE_TYPE: Final = f"{HTML}; charset=utf-8"

_WHOLES: Final = (PASSAGE_OF, IN_SCHEME, DEFINED_BY, PART_OF)
"""The properties that lead from a thing to what it is part of."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")

blueprint = Blueprint("resources", __name__)


@blueprint.get(f"/<any({', '.join(SINGLE)}):space>")
@blueprint.get(f"/<any({', '.join(SINGLE)}):space>.<suffix>")
@blueprint.get(f"/<any({', '.join(SPACES)}):space>/<path:rest>")
def show(space: str, rest: str = "", suffix: str | None = None) -> Response:
    """Describe a name of Surplace: a page, or a graph by suffix, `?format=` or Accept."""
    only_known(request.args, ["format", "page"])
    knowledge = service().knowledge
    name = space
    if rest:
        name, suffix = _split(f"{space}/{rest}")
    iri = _found(name, knowledge)
    form, content_type = _form(request.args.get("format") or suffix)
    about = around(iri, knowledge, _page_number(), service().limits.statements)
    if about.number > about.last:
        raise Problem("not-found", f"The last page of {iri} is {about.last}: ask for one up to that.")
    facts = facts_of(iri, knowledge)
    if form == "html":
        body: str | bytes = _page(about, facts, knowledge)
    else:
        terms = definitions(iri, facts, knowledge)
        labels = knowledge.named(neighbours(about))
        writer = quads if form in {item.name for item in DATASETS} else triples
        body = writer(about, labels, terms, form)
    return sign(
        Response(body, content_type=content_type),
        Signed(
            iri,
            form,
            about.number,
            about.last,
            schema_org.types(schema_org.kind(iri, facts)),
            tuple(whole for known in _WHOLES for whole in iris(facts, known)),
            bool(about.content.total),
        ),
    )


def _found(name: str, knowledge: Knowledge) -> str:
    """Return the IRI that a path stands for; raises Problem `gone` or `not-found`."""
    candidates = list(_candidates(name))
    for iri in candidates:
        problem = gone(iri, knowledge)
        if problem is not None:
            raise problem
    found = next((iri for iri in candidates if exists(iri, knowledge)), None)
    if found is None:
        raise Problem("not-found", f"Surplace has no name {BASE}{name}: look it up with a query at /sparql.")
    return found


def _split(path: str) -> tuple[str, str | None]:
    """Split the suffix of a format off a path."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and suffix in _names() else (path, None)


def _candidates(name: str) -> Iterable[str]:
    """Yield the IRIs that a path may stand for: as it is, and with or without a slash at its end."""
    for path in dict.fromkeys((name, name.rstrip("/"))):
        try:
            yield NamedNode(BASE + path).value
        except ValueError:
            return


def _names() -> list[str]:
    return ["html", *(item.name for item in FORMS)]


def _form(name: str | None) -> tuple[str, str]:
    """Return the name and the type of the format to send: the one asked for, else what Accept likes best."""
    forms = {item.name: item for item in FORMS}
    if name is not None:
        if name not in _names():
            allowed = ", ".join(_names())
            raise Problem("format", f'"{name}" is not a format here: use one of {allowed}.', allowed=_names())
        return name, forms[name].content_type if name in forms else PAGE_TYPE
    types = {item.media_type: item for item in FORMS}
    types |= {alias: item for item in FORMS for alias in item.aliases if alias not in types}
    best = prefers(request, [HTML, *types])
    if best is None:
        raise not_acceptable(FORMS, page=True)
    if best == HTML:
        return "html", PAGE_TYPE
    return types[best].name, content_type(best)


def _page_number() -> int:
    """Read which page of the statements is asked for."""
    given = request.args.get("page", "1")
    if not _NUMBER.fullmatch(given):
        raise Problem("parameter", f'"page" is "{given}": give a whole number from 1.', parameter="page")
    return int(given)


def _page(about: Around, facts: Facts, knowledge: Knowledge) -> str:
    """Show a name to people: the template that fits its class, with what that one needs besides."""
    template, special = _special(about, facts, knowledge) if about.number == 1 else ("resource.html", {})
    shown = {whole for known in facts.values() for term in known for whole in _iri(term)}
    data = schema_org.described(about.iri, title_of(about.iri, facts), facts, knowledge.labels(shown))
    description = describe(about, facts, knowledge)
    return render_template(
        template,
        about=description,
        data=data,
        formats=FORMS,
        number=about.number,
        last=about.last,
        **special,
    )


def _special(about: Around, facts: Facts, knowledge: Knowledge) -> tuple[str, Mapping[str, Any]]:
    """Return the template for the class of a name, and what it needs besides."""
    iri, known = about.iri, set(classes(facts))
    if iri == WHOLE:
        return "ontology.html", {"overview": overview(knowledge), "version": text(facts, OWL + "versionInfo")}
    if OWL + "Ontology" in known:
        module = document(iri, definitions(iri, facts, knowledge), knowledge)
        return "module.html", {"module": module, "drawing": draw(module.terms)}
    if SKOS + "ConceptScheme" in known:
        concepts = tree(definitions(iri, facts, knowledge))
        return "vocabulary.html", {"concepts": concepts, "count": size(concepts)}
    if SUR + "Rule" in known:
        return "resource.html", {"source": text(facts, SUR + "hasQueryText"), "language": "SPARQL"}
    if iri.startswith(SHAPE):
        parts = (*about.outgoing.statements, *about.lists)
        own = [Triple(*statement.terms) for statement in parts]  # type: ignore[arg-type]
        return "resource.html", {"source": write(own, "ttl").decode(), "language": "Turtle"}
    return "resource.html", {}


def _iri(term: object) -> Iterable[str]:
    return (term.value,) if isinstance(term, NamedNode) else ()
