"""Each release is a resource: its page, its graph, its files, and what it changed against the one before."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, Namespace, URIRef

from service import HOSTILE, Service, eventually, make_release, serving
from surplace.cli import main
from surplace.engine.release import find_release
from surplace.engine.shelf import Shelf

DCAT, PROV = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://www.w3.org/ns/prov#")
BASE = "https://w3id.org/surplace/"
FINDING = BASE + "id/finding/one"

FIRST = """
GRAPH graph:ontology {
  sur:Old a owl:Class ; skos:prefLabel "<script>alert(\\"x\\")</script>"@en ; owl:deprecated true ;
    dcterms:isReplacedBy sur:State .
  sur:Kept a owl:Class ; skos:prefLabel "kept"@en .
}
GRAPH rule:entry {
  finding:one a sur:Finding ; skos:prefLabel "finding one"@en ; sur:hasVerdict verdict:conflict .
}
"""
SECOND = """
GRAPH graph:ontology {
  sur:Kept a owl:Class ; skos:prefLabel "kept, with another label"@en .
  sur:New a owl:Class ; skos:prefLabel "new"@en .
}
GRAPH rule:entry {
  finding:one a sur:Finding ; skos:prefLabel "finding one"@en ; sur:hasVerdict verdict:undetermined .
}
"""
EXPECTED = {
    "terms": [
        {
            "iri": BASE + "ontology/Kept",
            "how": "changed",
            "label": "kept, with another label",
            "successor": "",
        },
        {"iri": BASE + "ontology/New", "how": "added", "label": "new", "successor": ""},
        {
            "iri": BASE + "ontology/Old",
            "how": "removed",
            "label": HOSTILE,
            "successor": BASE + "ontology/State",
        },
    ],
    "findings": [
        {
            "iri": FINDING,
            "how": "changed",
            "label": "finding one",
            "before": BASE + "vocab/verdict/conflict",
            "after": BASE + "vocab/verdict/undetermined",
        }
    ],
    "counts": {"conclusions": {"added": 1, "removed": 1}, "terms": {"added": 3, "removed": 5}},
    # the default graph and graph/knowledge have them as well
    "quads": {"added": 9, "removed": 13},
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide a folder with two releases, the second one in use."""
    folder = tmp_path_factory.mktemp("releases")
    make_release(folder, FIRST)
    return make_release(folder, SECOND)


@pytest.fixture(scope="module")
def names(out: Path) -> tuple[str, str]:
    after = find_release(out).name
    before = next(path.name for path in (out / "releases").iterdir() if path.name != after)
    return before, after


@pytest.fixture(scope="module")
def service(out: Path) -> Iterator[Service]:
    with serving("--release", str(out)) as running:
        yield running


def graph(service: Service, path: str) -> Graph:
    """Read what a path describes."""
    return Graph().parse(data=service.get(path, "text/turtle").body, format="turtle")


def test_the_change_is_recorded_beside_the_release(out: Path, names: tuple[str, str]) -> None:
    before, after = names
    assert [path.name for path in (out / "changes").iterdir()] == [after]
    folder = out / "changes" / after
    record = json.loads((folder / "changes.json").read_text())
    assert record["before"][:16] == before
    assert record["after"] == find_release(out).manifest["release"]
    assert {name: record[name] for name in EXPECTED} == EXPECTED
    assert [file["name"] for file in record["files"]] == ["added.nq.gz", "removed.nq.gz"]


def test_the_lines_make_of_one_dump_the_other(out: Path, names: tuple[str, str]) -> None:
    old, new = (set((out / "releases" / name / "dump.nq").read_bytes().splitlines()) for name in names)
    folder = out / "changes" / names[1]
    added, removed = (
        set(gzip.decompress((folder / name).read_bytes()).splitlines())
        for name in ("added.nq.gz", "removed.nq.gz")
    )
    assert removed <= old
    assert not added & old
    assert (old - removed) | added == new


def test_the_command_says_the_same(out: Path, names: tuple[str, str]) -> None:
    folders = [str(out / "releases" / name) for name in names]
    result = CliRunner().invoke(main, ["diff", *folders, "--json"])
    assert result.exit_code == 0
    report = json.loads(result.output)
    assert {name: report[name] for name in EXPECTED} == EXPECTED
    assert len(report["changes"]) == 10
    result = CliRunner().invoke(main, ["diff", *folders])
    assert result.output.splitlines()[-6:] == [
        "Term changed: sur:Kept",
        "Term added: sur:New",
        "Term removed: sur:Old, use sur:State",
        "Finding changed: finding:one (verdict:conflict → verdict:undetermined)",
        "conclusions: 1 added, 1 removed.",
        "terms: 3 added, 5 removed.",
    ]
    result = CliRunner().invoke(main, ["diff", *folders, "--json", "--kind", "claims"])
    report = json.loads(result.output)
    assert (report["terms"], report["findings"], report["changes"]) == ([], [], [])


def test_a_release_that_comes_back_keeps_its_record(tmp_path: Path) -> None:
    first = find_release(make_release(tmp_path, FIRST)).name
    second = find_release(make_release(tmp_path, SECOND)).name
    record = (tmp_path / "changes" / second / "changes.json").read_bytes()
    assert find_release(make_release(tmp_path, FIRST)).name == first
    assert find_release(make_release(tmp_path, SECOND)).name == second
    assert (tmp_path / "changes" / second / "changes.json").read_bytes() == record
    # the first one had none before it when it was built; when it came back, the second one was
    changes = json.loads((tmp_path / "changes" / first / "changes.json").read_bytes())
    assert changes["before"][:16] == second
    shelf = Shelf(find_release(tmp_path))
    assert [release.name for release in shelf.releases()] == [second, first]


def test_a_damaged_release_is_nothing_to_compare_with(tmp_path: Path) -> None:
    first = find_release(make_release(tmp_path, FIRST))
    (first.path / "dump.nq").write_bytes(b"")
    assert find_release(make_release(tmp_path, SECOND)).name != first.name
    assert not (tmp_path / "changes").exists()


def test_the_same_changes_are_the_same_bytes(out: Path, names: tuple[str, str], tmp_path: Path) -> None:
    make_release(tmp_path, FIRST)
    make_release(tmp_path, SECOND)
    for path in (out / "changes" / names[1]).iterdir():
        assert (tmp_path / "changes" / names[1] / path.name).read_bytes() == path.read_bytes()


def test_the_list_has_the_current_release_first(service: Service, names: tuple[str, str]) -> None:
    before, after = names
    page = service.get("/releases", "text/html")
    assert page.status == 200
    assert -1 < page.text.index(f'href="/release/{after}"') < page.text.index(f'href="/release/{before}"')
    about = graph(service, "/releases")
    dataset = URIRef(BASE + "dataset")
    assert about.value(dataset, DCAT.hasCurrentVersion) == URIRef(f"{BASE}release/{after}")
    versions = {URIRef(f"{BASE}release/{name}") for name in names}
    assert set(about.objects(dataset, DCAT.hasVersion)) == versions
    assert service.get("/releases.ttl").body == service.get("/releases", "text/turtle").body


def test_a_release_is_described(service: Service, out: Path, names: tuple[str, str]) -> None:
    before, after = names
    about = graph(service, f"/release/{after}")
    release = URIRef(f"{BASE}release/{after}")
    assert about.value(release, DCAT.previousVersion) == URIRef(f"{BASE}release/{before}")
    assert about.value(release, PROV.wasRevisionOf) == URIRef(f"{BASE}release/{before}")
    identifier = about.value(release, DCTERMS.identifier)
    assert identifier == Literal(find_release(out).manifest["release"])
    assert len(list(about.objects(release, DCAT.distribution))) == 5
    members = {
        str(about.value(group, SKOS.prefLabel)): set(about.objects(group, SKOS.member))
        for group in about.subjects(RDF.type, SKOS.Collection)
    }
    assert members == {
        "Terms that came": {URIRef(BASE + "ontology/New")},
        "Terms that went": {URIRef(BASE + "ontology/Old")},
        "Terms that changed": {URIRef(BASE + "ontology/Kept")},
        "Findings that changed": {URIRef(FINDING)},
    }
    for form in ("ttl", "nt", "rdf", "jsonld"):
        assert service.get(f"/release/{after}.{form}").status == 200
    first = graph(service, f"/release/{before}")
    assert not list(first.objects(None, DCAT.previousVersion))


def test_the_page_says_what_changed_and_escapes_it(service: Service, names: tuple[str, str]) -> None:
    before, after = names
    page = service.get(f"/release/{after}", "text/html")
    assert HOSTILE not in page.text
    assert "&lt;script&gt;" in page.text
    assert "9 statements came and 13 went" in page.text
    for words in ("other verdict", "described otherwise", 'href="/ontology/State"', "This is the current"):
        assert words in page.text
    assert f'href="/release/{before}"' in page.text
    # what went answers 404, and is named without a link
    assert ('href="/ontology/New"' in page.text, 'href="/ontology/Old"' in page.text) == (True, False)
    assert "</release/" in page.headers["Link"]
    first = service.get(f"/release/{before}", "text/html").text
    assert "Nothing is recorded" in first
    assert "This is not the current release" in first


def test_files_of_every_release_are_sent_under_its_name(
    service: Service, out: Path, names: tuple[str, str]
) -> None:
    for name in names:
        response = service.get(f"/release/{name}/dumps/surplace.nq.gz")
        assert response.status == 200
        assert gzip.decompress(response.body) == (out / "releases" / name / "dump.nq").read_bytes()
        assert response.headers["Surplace-Release"] == name
    for file in ("added.nq.gz", "removed.nq.gz", "changes.json"):
        path = f"/release/{names[1]}/changes/{file}"
        response = service.get(path)
        assert response.body == (out / "changes" / names[1] / file).read_bytes()
        part = service.request("GET", path, headers={"Range": "bytes=0-3"})
        assert (part.status, part.body) == (206, response.body[:4])


@pytest.mark.parametrize(
    "path",
    [
        "/release/0123456789abcdef",
        "/release/x",
        "/release/..%2f",
        "/release/0123456789abcdef/changes/changes.json",
        "/release/{after}/changes/other",
        "/release/{before}/changes/changes.json",
        "/release/{before}/dumps/other",
    ],
)
def test_what_is_not_kept_is_not_found(path: str, service: Service, names: tuple[str, str]) -> None:
    response = service.get(path.format(before=names[0], after=names[1]))
    assert response.status == 404
    problem: Any = response.json()
    assert problem["type"] == "/problems#not-found"
    assert problem["detail"].endswith(".")


def test_a_new_release_is_listed_when_it_is_served(tmp_path: Path) -> None:
    make_release(tmp_path, FIRST)
    with serving("--release", str(tmp_path), environment={"SURPLACE_RELEASE_CHECK": "0.2"}) as service:
        make_release(tmp_path, SECOND)
        after = find_release(tmp_path).name
        assert eventually(lambda: service.get("/robots.txt").headers["Surplace-Release"] == after, 60)
        assert "9 statements came" in service.get(f"/release/{after}", "text/html").text
        old = next(path for path in (tmp_path / "releases").iterdir() if path.name != after)
        shutil.rmtree(old)
        page = service.get(f"/release/{after}", "text/html").text
        assert "which is kept no more" in page
        assert service.get(f"/release/{old.name}").status == 404


def test_a_release_alone_in_its_folder(tmp_path: Path) -> None:
    release = find_release(make_release(tmp_path / "out", FIRST))
    alone = tmp_path / "alone"
    os.rename(release.path, alone)
    shelf = Shelf(find_release(alone))
    assert [found.name for found in shelf.releases()] == [release.name]
    assert shelf.changes(release.name) is None
    assert shelf.release("0123456789abcdef") is None


def test_another_endpoint_has_no_releases(service: Service) -> None:
    with serving("--endpoint", f"{service.url}/sparql") as other:
        for path in ("/releases", "/dumps/", "/.well-known/void", "/dumps/surplace.nq.gz", "/release/x"):
            assert other.get(path, "text/html").status == 404, path
        assert "Link" not in other.get("/", "text/html").headers
        assert "/queries/" in other.get("/sitemap-1.xml").text
        assert other.get("/sitemap-2.xml").status == 404
