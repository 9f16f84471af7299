"""Answers of a release that is named: from that release while it is here, and never from another."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from service import Service, make_release, serving
from surplace.engine.release import CHANGES, DUMP, RECORD, find_release

HTML = "text/html"
ASKED = "/queries/codes"
CODES = """\
#+ summary: Which codes there are
#+ answer: There are codes.
#+ columns: {code: string, label: string}
SELECT ?code ?label WHERE {
    ?state <https://w3id.org/surplace/ontology/hasIsoCode> ?code ;
        <http://www.w3.org/2004/02/skos/core#prefLabel> ?label .
}
ORDER BY ?code
"""
MORE = """
GRAPH <https://w3id.org/surplace/source/surplace/states> {
  state:NEW a sur:State, sur:Agent ; skos:prefLabel "Newland"@en ; sur:hasIsoCode "NEW" .
}
"""
STILL = MORE.replace("NEW", "STL").replace("Newland", "Stillland")
LOST = "0123456789abcdef"


class Served(NamedTuple):
    """A service, and the releases that are here: the first, a damaged one, and the current one."""

    service: Service
    first: str
    damaged: str
    current: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    out = tmp_path_factory.mktemp("out")
    names = []
    for more in ("", STILL, MORE):
        make_release(out, more)
        names.append(find_release(out))
    first, damaged, current = names
    (damaged.path / DUMP).write_bytes(b"")
    changed: dict[str, Any] = {
        "quads": {"added": 7, "removed": 5},
        "counts": {},
        "terms": [],
        "findings": [],
        "files": [],
    }
    folder = out / CHANGES / current.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / RECORD).write_text(json.dumps({**changed, "before": LOST * 4, "after": current.name}))
    queries = tmp_path_factory.mktemp("queries")
    (queries / "codes.rq").write_text(CODES, encoding="utf-8")
    with serving("--release", str(out), "--queries", str(queries)) as running:
        yield Served(running, first.name, damaged.name, current.name)


def test_a_release_that_is_here_answers_in_every_form(served: Served) -> None:
    service, first = served.service, served.first
    now = service.get(f"{ASKED}.csv")
    then = service.get(f"{ASKED}.csv", release=first)
    assert (now.headers["Surplace-Release"], then.headers["Surplace-Release"]) == (served.current, first)
    assert ("Newland" in now.text, "Newland" in then.text) == (True, False)
    assert service.get(f"{ASKED}.csv", release=served.current).body == now.body
    book = load_workbook(io.BytesIO(service.get(f"{ASKED}.xlsx", release=first).body))
    assert dict(book["About"].values)["Release"] == first
    page = service.get(ASKED, HTML, release=first)
    assert "Newland" not in page.text
    assert f"This is the answer of release <code>{first}</code>, which is not the current one" in page.text
    assert f"{ASKED}.csv?release={first}" in page.text
    assert page.headers["ETag"] != service.get(ASKED, HTML, release=served.current).headers["ETag"]


def test_a_name_is_shown_as_a_release_had_it(served: Served) -> None:
    service, first = served.service, served.first
    path = "/id/state/NEW"
    assert (service.get(path, HTML).status, service.get(path, HTML, release=first).status) == (200, 404)
    page = service.get("/id/state/RUR", HTML, release=first)
    assert f"This page is of release <code>{first}</code>, which is not the current one" in page.text
    assert f"/id/state/RUR.ttl?release={first}" in page.text
    graph = service.get("/id/state/RUR.ttl", release=first)
    assert (graph.status, graph.headers["Surplace-Release"]) == (200, first)
    assert graph.headers["Content-Location"] == f"/id/state/RUR.ttl?release={first}"
    assert "This page is of release" not in service.get("/id/state/RUR", HTML, release=served.current).text
    gone = service.get("/id/state/RUR", HTML, release=LOST)
    assert (gone.status, "7 statements added, 5 removed" in gone.text) == (410, True)


def test_a_page_links_to_its_answer_of_its_release(served: Served) -> None:
    page = served.service.get(ASKED, HTML).text
    assert (
        f'href="{ASKED}?release={served.current}" rel="nofollow">Link to this answer that stays the same'
        in page
    )


def test_a_release_that_is_gone_is_not_replaced_by_another(served: Served) -> None:
    response = served.service.get(f"{ASKED}.json", release=LOST)
    found = json.loads(response.body)
    assert (response.status, found["current"]) == (410, served.current)
    assert [(item["release"], item["added"], item["removed"]) for item in found["since"]] == [
        (served.current, 7, 5)
    ]
    page = served.service.get(ASKED, HTML, release=LOST)
    assert (page.status, "Ruritania" in page.text) == (410, False)
    assert "7 statements added, 5 removed" in page.text


@pytest.mark.parametrize("name", ["ffffffffffffffff", "current", "../releases", "x" * 500])
def test_a_release_that_never_was_here_is_not_found(served: Served, name: str) -> None:
    assert served.service.get(f"{ASKED}.json", release=name).status == 404


def test_a_release_has_its_name_and_its_hash_and_no_other_that_begins_so(served: Served) -> None:
    for name, status in ((served.current + "0", 404), (served.current + "0" * 48, 404), (served.first, 200)):
        assert served.service.get(f"{ASKED}.json", release=name).status == status


def test_nothing_is_answered_from_a_release_that_is_damaged(served: Served) -> None:
    response = served.service.get(f"{ASKED}.json", release=served.damaged)
    assert (response.status, "is damaged" in response.text) == (503, True)
    assert served.service.get(f"{ASKED}.csv", release=served.first).status == 200


def test_an_answer_that_is_embedded_is_alone_names_its_source_and_may_be_framed(served: Served) -> None:
    page = served.service.get(ASKED, HTML, embed="1")
    assert ("Ruritania" in page.text, "<nav" in page.text, "<form" in page.text) == (True, False, False)
    assert f'<a href="{ASKED}?release={served.current}">Surplace, release {served.current}</a>' in page.text
    again = served.service.get(ASKED, HTML, embed="1")
    for response in (page, again):
        assert "frame-ancestors *" in str(response.headers["Content-Security-Policy"])
    for address, fields in ((ASKED, {}), ("/", {"embed": "1"}), ("/person", {"embed": "1"})):
        policy = str(served.service.get(address, HTML, **fields).headers["Content-Security-Policy"])
        assert "frame-ancestors 'none'" in policy
    assert "?embed" not in page.text
