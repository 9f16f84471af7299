"""Robots are told what to leave, and the sitemap lists every page of the release once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse

from engines import blocking
from service import Service, make_release, serving
from surplace.catalogue import load_catalogue
from surplace.engine.limits import Limits
from surplace.engine.release import Release, find_release
from surplace.resources import queries_dir
from surplace.routes import robots
from surplace.routes.app import create_app

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://w3id.org/surplace/"
MORE = """
GRAPH <https://w3id.org/surplace/source/surplace/states> {
  <https://w3id.org/surplace/id/state/Ruritània&Co> a sur:State .
  <https://w3id.org/surplace/id/state/RUR#part> a sur:State .
  <https://w3id.org/surplace/query/who> a sur:State .
  <https://example.org/else> a sur:State .
}
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return find_release(make_release(tmp_path_factory.mktemp("release"), MORE))


@pytest.fixture(scope="module")
def service(release: Release) -> Iterator[Service]:
    with serving("--release", str(release.given)) as running:
        yield running


def locations(text: str, item: str) -> list[str]:
    """Return the addresses of a sitemap."""
    return [
        str(found.text) for found in ElementTree.fromstring(text).iterfind(f"{SITEMAP}{item}/{SITEMAP}loc")
    ]


def test_the_sitemap_lists_every_name_with_a_page(service: Service, release: Release) -> None:
    index = service.get("/sitemap.xml")
    assert index.headers["Content-Type"] == "application/xml"
    parts = locations(index.text, "sitemap")
    assert parts == [f"{service.url}/sitemap-1.xml", f"{service.url}/sitemap-2.xml"]
    fixed, named = (locations(service.get(urlsplit(part).path).text, "url") for part in parts)
    quads = parse(path=release.path / "dump.nq", format=RdfFormat.N_QUADS)
    iris = {getattr(node, "value", "") for quad in quads for node in (quad.subject, quad.graph_name)}
    expected = {
        iri.removeprefix(BASE)
        for iri in iris
        if iri.startswith(BASE) and "#" not in iri and not iri.startswith((BASE + "dataset", BASE + "query/"))
    }
    assert len(expected) > 20
    found = [unquote(urlsplit(address).path).lstrip("/") for address in named]
    assert found == sorted(found)
    assert set(found) == expected
    assert len(found) == len(expected) == release.manifest["pages"]["count"]
    assert f"{service.url}/id/state/Rurit%C3%A0nia&Co" in named
    for address in (*named, *fixed):
        assert service.get(address.removeprefix(service.url), "text/html").status == 200, address
    paths = {urlsplit(address).path for address in fixed}
    assert {
        "/",
        "/queries/",
        "/.well-known/void",
        "/releases",
        "/dumps/",
        "/queries/who-claims-what",
    } <= paths


def test_there_is_no_further_part(service: Service) -> None:
    for path in ("/sitemap-0.xml", "/sitemap-3.xml", "/sitemap-99999999999999999999.xml"):
        assert service.get(path).status == 404


def test_robots_are_kept_from_what_costs(service: Service) -> None:
    response = service.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    rules.parse(response.text.splitlines())
    for path in (
        "/sparql",
        "/sparql?query=ASK",
        "/person",
        "/what-if?kind=accede",
        "/explain?iri=x",
        "/cite/ris",
    ):
        assert not rules.can_fetch("robot", service.url + path), path
    fixed = locations(service.get("/sitemap-1.xml").text, "url")
    assert (
        f"{service.url}/sparql/differences" in fixed
    )  # though /sparql is closed, and all that begins with it
    for address in fixed:
        assert rules.can_fetch("robot", address), address
    for path in ("/", "/id/state/RUR", "/queries/who-claims-what", "/dumps/surplace.nq.gz", "/releases"):
        assert rules.can_fetch("robot", service.url + path), path
    assert not set("<>:") & set(response.text.replace(service.url, "").replace(": ", " "))
    assert "\nDisallow: /*?\n" in response.text  # the library does not know the star of RFC 9309
    assert rules.site_maps() == [f"{service.url}/sitemap.xml"]


def test_a_part_has_so_many_addresses_and_no_more(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "MOST", 10)
    with blocking(release.given, Limits(workers=1)) as engine:
        client = create_app(engine, load_catalogue(queries_dir())).test_client()
        parts = locations(client.get("/sitemap.xml").text, "sitemap")
        found = [locations(client.get(urlsplit(part).path).text, "url") for part in parts]
        assert {len(part) for part in found[1:-1]} == {10}
        assert 0 < len(found[-1]) <= 10
        addresses = [address for part in found[1:] for address in part]
        assert len(addresses) == len(set(addresses)) == release.manifest["pages"]["count"]
        assert len(found) > 3
        assert client.get(f"/sitemap-{len(found) + 1}.xml").status_code == 404


def test_the_list_of_pages_is_part_of_what_is_verified(tmp_path: Path) -> None:
    release = find_release(make_release(tmp_path))
    (release.path / "pages.txt").write_text("id/state/XXX\n")
    assert find_release(make_release(tmp_path)).path.name == f"{release.name}-2"
