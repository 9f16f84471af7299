"""Links in the headers of a name, as FAIR Signposting has them: to cite, to describe, to go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surplace.http.negotiation import HTML
from surplace.web.cells import local_path
from surplace.web.writing import FORMS, LICENCE, query


@dataclass(frozen=True)
class Signed:
    """A name and the document about it that is sent.

    *types* and *collections* are IRIs: what kind of page it is, and the wholes that the thing is part of.
    """

    iri: str
    form: str
    number: int = 1
    last: int = 1
    types: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    content: bool = False
    """Whether the name is that of a graph, whose content TriG carries."""
    release: str = ""
    """The release that the document is of, where it is not the current one."""


def signed_headers(signed: Signed) -> list[tuple[str, str]]:
    """Return the links as headers."""
    return [("Link", line) for line in _links(signed)]


def document_path(iri: str, form: str, number: int = 1, release: str = "") -> str:
    """Return where the document about a name is in a format."""
    return f"{_stem(iri)}.{form}{query(number, release)}"


def _stem(iri: str) -> str:
    return (local_path(iri) or "/").rstrip("/")


def _links(signed: Signed) -> Iterator[str]:
    path = _stem(signed.iri)
    here, page = query(signed.number, signed.release), signed.form == "html"
    yield _link(signed.iri, "cite-as")
    yield _link(LICENCE, "license")
    yield from (_link(iri, "type") for iri in signed.types if page)
    for form in FORMS:
        if form.name != signed.form:
            relation = "describedby" if page else "alternate"
            yield _link(f"{path}.{form.name}{here}", relation, form.media_type)
    if not page:
        yield _link(f"{path}.html{here}", "alternate", HTML)
        yield _link(path, "describes")
    if signed.content and page:
        yield _link(f"{path}.trig{here}", "item", "application/trig")
    yield from (_link(local_path(iri) or iri, "collection") for iri in signed.collections)
    if signed.number > 1:
        yield _link(f"{path}.{signed.form}{query(signed.number - 1, signed.release)}", "prev")
    if signed.number < signed.last:
        yield _link(f"{path}.{signed.form}{query(signed.number + 1, signed.release)}", "next")


def _link(target: str, relation: str, media_type: str = "") -> str:
    kind = f'; type="{media_type}"' if media_type else ""
    return f'<{target}>; rel="{relation}"{kind}'


def successors(iris: Iterable[str]) -> str:
    """Return the header that leads from a name that is gone to those that replace it."""
    return ", ".join(_link(local_path(iri) or iri, "successor-version") for iri in iris)
