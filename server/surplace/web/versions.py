"""Releases as resources: their list, a page or graph for each, their files, and what they changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, make_response, render_template
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from surplace.description import RELEASE_BASE, describe_list, describe_version
from surplace.engine.release import DUMPS, RECORD, Release, measured
from surplace.engine.shelf import Shelf
from surplace.rdf.formats import GRAPHS
from surplace.web.cells import Cell, cell
from surplace.web.errors import Problem
from surplace.web.files import ASK_AGAIN, FOREVER, send_file
from surplace.web.graphs import graph_wanted, send_graph, split
from surplace.web.service import service
from surplace.web.signposting import release_signposts

JSON: Final = "application/json"

blueprint = Blueprint("versions", __name__)


@blueprint.get("/releases")
@blueprint.get("/releases.<suffix>")
def listing(suffix: str | None = None) -> Response | str:
    """List the releases that are kept, the current one first."""
    form = graph_wanted(suffix)
    shelf = _shelf()
    releases = shelf.releases()
    if not form.page:
        manifests = [release.manifest for release in releases]
        return send_graph(describe_list(manifests, shelf.current.manifest), form)
    rows = [(release, shelf.changes(release.name)) for release in releases]
    return render_template("releases.html", rows=rows, formats=GRAPHS, current=shelf.current.name)


@blueprint.get("/release/<release>")
def show(release: str) -> Response:
    """Describe a release: its files, and what it changed against the one before."""
    name, suffix = split(release)
    form = graph_wanted(suffix)
    shelf = _shelf()
    manifest = _kept(shelf, name).manifest
    changes = shelf.changes(name)
    if not form.page:
        return send_graph(describe_version(manifest, changes), form)
    page = render_template(
        "release.html",
        iri=RELEASE_BASE + name,
        path=f"/release/{name}",
        manifest=manifest,
        current=shelf.current.name,
        changes=changes,
        before=changes and shelf.release(changes["before"][:16]),
        touched=changes and _touched(changes),
        formats=GRAPHS,
    )
    response = make_response(page)
    response.headers["Link"] = release_signposts(manifest, f"/release/{name}")
    return response


@blueprint.get("/release/<release>/dumps/<file>")
def dump(release: str, file: str) -> Response:
    """Send a file of a release, whole or the range that is asked for."""
    return _dump(_kept(_shelf(), release), file, FOREVER)


@blueprint.get("/release/<release>/changes/<file>")
def changed(release: str, file: str) -> Response:
    """Send what a release added or removed, or the record of it."""
    shelf = _shelf()
    changes, folder = shelf.changes(release), shelf.changes_folder(release)
    if changes is None or folder is None:
        raise Problem(
            "not-found", f'Nothing is recorded of what "{release[:40]}" changed: /releases lists what is.'
        )
    about = {"name": RECORD, "media_type": JSON, "gzip": False, **measured(folder / RECORD)}
    records = {record["name"]: record for record in [*changes["files"], about]}
    if file not in records:
        listed = ", ".join(records)
        raise Problem("not-found", f'"{file[:80]}" is not a file of these changes: they have {listed}.')
    response = send_file(folder / file, records[file], _named(file, release), FOREVER)
    response.headers["Surplace-Release"] = release
    return response


@blueprint.get("/dumps/")
def dumps() -> str:
    """List the files of the current release."""
    release = _shelf().current
    return render_template("dumps.html", manifest=release.manifest, path=f"/release/{release.name}")


@blueprint.get("/dumps/<file>")
def current_dump(file: str) -> Response:
    """Send a file of the current release, whole or the range that is asked for."""
    release = _shelf().current
    response = _dump(release, file, ASK_AGAIN)
    response.headers["Content-Location"] = f"/release/{release.name}/dumps/{file}"
    return response


@blueprint.after_request
def look_again(response: Response) -> Response:
    """Let nobody keep what is on the shelf, unless it is a file: releases come and go while one is served."""
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _shelf() -> Shelf:
    """Return the releases that stand beside the one that is served."""
    release = getattr(service().engine, "folder", None)
    if not isinstance(release, Release):
        raise Problem(
            "not-found", "This service answers from another endpoint, and keeps no release: ask at /sparql."
        )
    return Shelf(release)


def _kept(shelf: Shelf, name: str) -> Release:
    release = shelf.release(name)
    if release is None:
        raise Problem("not-found", f'There is no release "{name[:40]}" here: /releases lists those that are.')
    return release


def _dump(release: Release, file: str, caching: str) -> Response:
    """Send a file of a release that its manifest has a record of."""
    records = {record["name"]: record for record in release.manifest.get("dumps", ())}
    if file not in records:
        listed = ", ".join(records) or "none"
        raise Problem("not-found", f'"{file[:80]}" is not a file of {release.name}: it has {listed}.')
    response = send_file(release.path / DUMPS / file, records[file], _named(file, release.name), caching)
    response.headers["Surplace-Release"] = release.name
    return response


def _named(file: str, release: str) -> str:
    """Return the name under which a file is kept: with the release in it."""
    stem, dot, rest = file.partition(".")
    return f"{stem}-{release}{dot}{rest}"


def _touched(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay out the terms and findings that a release touched, as many as a page takes."""
    most = service().limits.statements
    terms, findings = changes["terms"][:most], changes["findings"][:most]
    verdicts = [item[side] for item in findings for side in ("before", "after") if item[side]]
    labels = service().knowledge.labels(verdicts)

    def named(iri: str, label: str) -> Cell:
        return cell(NamedNode(iri), {iri: label} if label else labels)

    return {
        "terms": [
            (
                item["how"],
                named(item["iri"], item["label"]),
                named(item["successor"], "") if item["successor"] else None,
            )
            for item in terms
        ],
        "findings": [
            (
                item["how"],
                named(item["iri"], item["label"]),
                named(item["before"], "") if item["before"] else None,
                named(item["after"], "") if item["after"] else None,
            )
            for item in findings
        ],
        "more_terms": len(changes["terms"]) - len(terms),
        "more_findings": len(changes["findings"]) - len(findings),
    }
