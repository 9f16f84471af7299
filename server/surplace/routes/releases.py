"""Releases as resources: pages, graphs, files, and what each release changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from surplace.description import RELEASE_BASE, describe_list, describe_version
from surplace.engine.release import DUMPS, RECORD, Release, measured
from surplace.engine.shelf import Shelf
from surplace.http import compression
from surplace.http.bodies import description, html_page
from surplace.http.call import Call
from surplace.http.files import GZIP, ZIPPED, UnpackedBody, content_type, open_file
from surplace.http.former import unknown_release
from surplace.http.message import HttpResponse, at
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem
from surplace.http.route import Api, Parameter, Parameters, Route
from surplace.http.service import Service
from surplace.rdf import formats
from surplace.rdf.formats import FORMATS, GRAPHS
from surplace.web.cells import Cell, cell
from surplace.web.named import dereferenceable
from surplace.web.signposting import release_signposts

FOREVER: Final = "public, max-age=31536000, immutable"
"""For what is under the name of a release: it never changes."""
ASK_AGAIN: Final = "public, no-cache"
"""For what is under a name that the next release takes over."""
LOOK_AGAIN: Final = "no-cache"
"""For what is on the shelf: releases come and go while one is served."""


def releases(call: Call) -> HttpResponse:
    """List the releases that are kept, in RDF."""
    shelf = _shelf(call)
    manifests = [release.manifest for release in shelf.releases()]
    return description(call, describe_list(manifests, shelf.current.manifest))


def releases_page(call: Call) -> HttpResponse:
    """List the releases that are kept, the current one first."""
    shelf = _shelf(call)
    rows = [(release, shelf.changes(release.name)) for release in shelf.releases()]
    return html_page("releases.html", rows=rows, formats=GRAPHS, current=shelf.current.name)


def release(call: Call) -> HttpResponse:
    """Describe a release in RDF."""
    shelf, name = _shelf(call), call.variables["release"]
    return description(call, describe_version(_kept(shelf, name).manifest, shelf.changes(name)))


def release_page(call: Call) -> HttpResponse:
    """Show a release: its files, and what it changed against the one before."""
    shelf, name = _shelf(call), call.variables["release"]
    manifest, changes = _kept(shelf, name).manifest, shelf.changes(name)
    path = at(f"/release/{name}")
    response = html_page(
        "release.html",
        iri=RELEASE_BASE + name,
        path=path,
        manifest=manifest,
        current=shelf.current.name,
        changes=changes,
        before=changes and shelf.release(changes["before"][:16]),
        touched=changes and _touched(call, changes),
        formats=GRAPHS,
    )
    response.headers.append(("Link", release_signposts(manifest, path)))
    return response


def dump(call: Call) -> HttpResponse:
    """Send a file of a release, whole or the range that is asked for."""
    return _dump(call, _kept(_shelf(call), call.variables["release"]))


def changed(call: Call) -> HttpResponse:
    """Send what a release added or removed, or the record of it."""
    shelf, name = _shelf(call), call.variables["release"]
    changes, folder = shelf.changes(name), shelf.changes_folder(name)
    if changes is None or folder is None:
        raise Problem(
            "not-found",
            f'Nothing is recorded of what "{name[:40]}" changed: {at("/releases")} lists what is.',
        )
    about = {"name": RECORD, "media_type": "application/json", "gzip": False, **measured(folder / RECORD)}
    return _file(call, folder, [*changes["files"], about], name)


def dumps(call: Call) -> HttpResponse:
    """List the files of the current release."""
    current = _shelf(call).current
    return html_page("dumps.html", manifest=current.manifest, path=at(f"/release/{current.name}"))


def current_dump(call: Call) -> HttpResponse:
    """Send a file of the current release, whole or the range that is asked for."""
    current, file = _shelf(call).current, call.variables["file"]
    response = _dump(call, current)
    response.headers.append(("Content-Location", at(f"/release/{current.name}/dumps/{file}")))
    return response


def _shelf(call: Call) -> Shelf:
    """Return the releases that stand beside the one that is served."""
    folder = call.service.engine.folder
    if folder is None:
        raise Problem(
            "not-found",
            f"This service answers from another endpoint, and keeps no release: ask at {at('/sparql')}.",
        )
    return Shelf(folder)


def _kept(shelf: Shelf, name: str) -> Release:
    found = shelf.release(name)
    if found is None:
        raise unknown_release(name)
    return found


def _dump(call: Call, found: Release) -> HttpResponse:
    """Send a file of a release that its manifest has a record of."""
    return _file(call, found.path / DUMPS, found.manifest.get("dumps", ()), found.name)


def _file(call: Call, folder: Path, records: Iterable[Mapping[str, Any]], release_name: str) -> HttpResponse:
    """Send the file that is asked for, if there is a record of it; a gzip file without `.gz` is unpacked.

    Its checksum is its tag, or the beginning of that, and its name has the release in it.
    """
    name, known = call.variables["file"], {record["name"]: record for record in records}
    record = known.get(name) or known.get(name + ZIPPED)
    if record is None:
        raise Problem(
            "not-found",
            f'"{name[:80]}" is not a file of {release_name}: it has {", ".join(known) or "none"}, '
            f"those in {ZIPPED} also unpacked, without that.",
        )
    stem, dot, rest = name.partition(".")
    file = open_file(folder / record["name"], record["bytes"])
    response = HttpResponse(
        file,
        content_type(record),
        headers=[
            ("Content-Disposition", f'attachment; filename="{stem}-{release_name}{dot}{rest}"'),
            ("Surplace-Release", release_name),
        ],
        etag=record["sha256"],
    )
    if name != record["name"]:
        response.content_type = formats.content_type(record["media_type"])
        if compression.is_taken(call.request):
            response.headers.append(("Content-Encoding", compression.CODING))
            response.etag += f"-{compression.CODING}"
        else:
            response.body = UnpackedBody(file.file)
            response.etag += "-unpacked"
    return response


def _touched(call: Call, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay out the terms and findings that a release touched, as many as a page takes.

    What is there no more and was not recorded as dropped has no page that a link could lead to.
    """
    most = call.service.limits.statements
    terms, findings = changes["terms"][:most], changes["findings"][:most]
    verdicts = [item[side] for item in findings for side in ("before", "after") if item[side]]
    knowledge = call.service.knowledge
    labels = knowledge.labels(verdicts)
    successors = {item["successor"] for item in terms if item["successor"]}
    there = dereferenceable(
        {item["iri"] for item in (*terms, *findings)}.union(verdicts, successors), knowledge
    )

    def named(iri: str, label: str = "") -> Cell | None:
        if not iri:
            return None
        found = cell(NamedNode(iri), {iri: label} if label else labels)
        return found if iri in there else replace(found, href=None)

    return {
        "terms": [
            (item["how"], named(item["iri"], item["label"]), named(item["successor"])) for item in terms
        ],
        "findings": [
            (item["how"], named(item["iri"], item["label"]), named(item["before"]), named(item["after"]))
            for item in findings
        ],
        "more_terms": len(changes["terms"]) - len(terms),
        "more_findings": len(changes["findings"]) - len(findings),
    }


_RELEASE: Final = Parameter(
    "release",
    "A release, by the first 16 digits of its hash, as in the header Surplace-Release.",
    {"type": "string", "pattern": "^[0-9a-f]{16}"},
)
_DUMP: Final = Parameter("file", "The name of a file.", example="surplace.nq.gz")


def _release(service: Service, _: Mapping[str, str]) -> Parameters:
    return (replace(_RELEASE, example=service.release_name or None),)


def _dumped(service: Service, variables: Mapping[str, str]) -> Parameters:
    return (*_release(service, variables), _DUMP)


_FILES: Final = (GZIP, *(FORMATS[name].media_type for name in ("ttl", "nt", "trig", "nq")))
_AS_FILE: Final = ("Content-Disposition",)
_OFFER: Final = Offer(("graph",), page=True)
_PROBLEMS: Final = ("format", "not-acceptable", "not-found")

ROUTES: Final = (
    Route(
        "releases",
        "/releases",
        "List the releases that are kept, the current one first",
        releases,
        releases_page,
        tag="releases",
        offer=_OFFER,
        suffixes=True,
        problems=_PROBLEMS,
        kept=False,
        caching=LOOK_AGAIN,
        robots="listed",
    ),
    Route(
        "release",
        "/release/<release>",
        "Describe a release: its files, and what it changed against the one before",
        release,
        release_page,
        tag="releases",
        offer=_OFFER,
        suffixes=True,
        problems=_PROBLEMS,
        kept=False,
        caching=LOOK_AGAIN,
        api=Api(headers=("Link",), variables=_release),
    ),
    Route(
        "dump",
        "/release/<release>/dumps/<file>",
        "Send a file of a release, whole or the range that is asked for",
        dump,
        tag="releases",
        problems=("not-found", "range"),
        kept=False,
        caching=FOREVER,
        api=Api(content=_FILES, headers=_AS_FILE, variables=_dumped),
    ),
    Route(
        "changes",
        "/release/<release>/changes/<file>",
        "Send what a release added or removed, or the record of it",
        changed,
        tag="releases",
        problems=("not-found", "range"),
        kept=False,
        caching=FOREVER,
        api=Api(
            json="Changes",
            content=(GZIP, FORMATS["nq"].media_type),
            headers=_AS_FILE,
            # a first release has none that would do as an example
            variables=(_RELEASE, replace(_DUMP, example=None)),
        ),
    ),
    Route(
        "dumps",
        "/dumps/",
        "List the files of the current release",
        page=dumps,
        tag="releases",
        offer=Offer(page=True),
        problems=("not-found", "not-acceptable", "format"),
        kept=False,
        caching=LOOK_AGAIN,
        robots="listed",
    ),
    Route(
        "current-dump",
        "/dumps/<file>",
        "Send a file of the current release, whole or the range that is asked for",
        current_dump,
        tag="releases",
        problems=("not-found", "range"),
        kept=False,
        caching=ASK_AGAIN,
        api=Api(content=_FILES, headers=(*_AS_FILE, "Content-Location"), variables=(_DUMP,)),
    ),
)
