"""Parameters that an answer does not use are named, those that it uses are in its address and are checked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service import Service, make_release, serving
from surplace.namespaces import BASE

TREATY = f"""
GRAPH <{BASE}source/surplace/treaties> {{
  <{BASE}id/instrument/pact> a sur:Treaty ; skos:prefLabel "Pact of Strelsau"@en .
}}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving("--release", str(make_release(tmp_path_factory.mktemp("release"), TREATY))) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "query", "ignored", "location"),
    [
        ("/id/instrument/pact.html", {"on": "1960-01-01"}, "", "/id/instrument/pact.html?on=1960-01-01"),
        ("/id/instrument/pact.ttl", {"on": "1960-01-01"}, "on", "/id/instrument/pact.ttl"),
        ("/id/instrument/pact.ttl", {"on": "foo", "x": "1"}, "on, x", "/id/instrument/pact.ttl"),
        ("/id/state/RUR.html", {"on": "foo", "part": "p1"}, "part, on", "/id/state/RUR.html?part=p1&on=foo"),
        ("/id/state/RUR.html", {"x": "1"}, "x", "/id/state/RUR.html"),
        ("/id/state/RUR", {}, "", "/id/state/RUR.ttl"),
    ],
)
def test_what_a_name_does_not_use_is_named(
    service: Service, path: str, query: dict[str, str], ignored: str, location: str
) -> None:
    for _ in range(2):  # once more, as it is kept
        response = service.get(path, **query)
        found = ", ".join(response.headers.get_all("Surplace-Ignored", []))
        assert (response.status, found) == (200, ignored)
        assert response.headers["Content-Location"] == location


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/id/state/RUR.html", {"on": "1960-01-01"}, "“on” has no effect on it."),
        ("/id/state/RUR.html", {"on": "foo", "part": "p1"}, "“part” and “on” have no effect on it."),
        ("/id/state/RUR.html", {"fbclid": "1"}, ""),
        ("/id/instrument/pact.html", {"on": "1960-01-01"}, ""),
    ],
)
def test_a_page_says_that_it_is_not_for_one_day(
    service: Service, path: str, query: dict[str, str], said: str
) -> None:
    page = service.get(path, **query).text
    assert (f"This page is not for one day or part: {said}" in page) == bool(said)
    assert ("no effect" in page) == bool(said)


def test_a_day_that_is_none_is_refused_where_it_counts(service: Service) -> None:
    assert service.get("/id/instrument/pact.html", on="foo").status == 400


@pytest.mark.parametrize(
    ("path", "query", "parameter", "detail"),
    [
        (
            "/search",
            {"q": "i", "kind": "foo", "format": "json"},
            "kind",
            '"foo" is no kind of thing here: give one',
        ),
        ("/matrix.csv", {"treaty": "foo"}, "treaty", '"foo" is no treaty here: /treaties lists all.'),
        ("/matrix.csv", {"treaty": "pakt"}, "treaty", '"pakt" is no treaty here: did you mean pact?'),
        ("/states", {"state": "XXX"}, "state", '"XXX" is no state here: '),
        ("/claims", {"claim": "nope"}, "claim", '"nope" is no claim here: find one at /search.'),
    ],
)
def test_a_value_that_is_none_is_refused_with_its_parameter(
    service: Service, path: str, query: dict[str, str], parameter: str, detail: str
) -> None:
    problem = service.get(path, **query).json()
    assert isinstance(problem, dict)
    assert (problem["status"], problem["parameter"]) == (400, parameter)
    assert problem["detail"].startswith(detail)


def test_a_kind_that_is_one_is_found(service: Service) -> None:
    refused = service.get("/search", q="i", kind="foo", format="json").json()
    assert isinstance(refused, dict)
    assert "state" in refused["allowed"]
    for kind in refused["allowed"]:
        assert service.get("/search", q="i", kind=kind, format="json").status == 200


def test_x_gzip_is_gzip_and_an_empty_element_says_nothing(service: Service) -> None:
    coded = service.request("GET", "/states", headers={"Accept-Encoding": "x-gzip"})
    assert coded.headers["Content-Encoding"] == "gzip"
    assert service.request("GET", "/states", headers={"Accept": " , ,"}).status == 200
