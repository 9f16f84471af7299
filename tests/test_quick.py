"""The short way to an answer gives what the application gives, byte for byte and header for header."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from service import Service, make_release, serving
from surplace.web.quick import plain_query

ROWS = "SELECT ?s ?name { ?s a <https://w3id.org/surplace/ontology/State> ; ?p ?name } ORDER BY ?s ?name"
QUERIES = [
    ROWS,
    "ASK { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3",
    "DESCRIBE <id/state/RUR>",
    "SELECT ?s { ?s ?p ?o }",  # cut at five rows
    "SELECT * {",
    "ASK { SERVICE <http://127.0.0.1:9/> {} }",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "ASK FROM <urn:nothing> {}",
    "",
]
ACCEPTED = [
    "text/csv",
    "application/sparql-results+json",
    "application/xml;q=0.5, text/turtle",
    "*/*",
    "",
    "x/y",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    release = make_release(tmp_path_factory.mktemp("release"))
    settings = {"SURPLACE_CACHE_BYTES": "0", "SURPLACE_ANSWER_ROWS": "5", "SURPLACE_CLIENT_ERRORS": "100000"}
    with serving("--release", str(release), environment=settings) as running:
        yield running


@pytest.mark.parametrize("name", ["", "csv", "ttl", "json", "nonsense"])
@pytest.mark.parametrize("accept", ACCEPTED)
@pytest.mark.parametrize("query", QUERIES)
def test_both_ways_lead_to_the_same(service: Service, query: str, accept: str, name: str) -> None:
    path = f"/sparql?query={quote(query)}" + (f"&format={name}" if name else "")
    headers = {"Accept": accept} if accept else {}
    short = service.request("GET", path, headers=headers)
    long = service.request("GET", path, headers={**headers, "If-None-Match": '"another"'})
    assert (short.status, short.body) == (long.status, long.body)
    ours, theirs = ({key.lower(): value for key, value in item.headers.items()} for item in (short, long))
    assert {**ours, "date": ""} == {**theirs, "date": ""}


def scope(query: str, **more: object) -> dict[str, object]:
    found = {"method": "GET", "path": "/sparql", "query_string": query.encode(), "headers": []}
    return {**found, **more}


@pytest.mark.parametrize(
    "request_",
    [
        scope("query=ASK{}", method="POST"),
        scope("query=ASK{}", method="HEAD"),
        scope("query=ASK{}", path="/sparql/"),
        scope("query=ASK{}&query=ASK{}"),
        scope("query=ASK{}&default-graph-uri=urn:x"),
        scope("query=%FF"),
        scope(""),
        scope("query=ASK{}", headers=[(b"accept", b"text/html")]),
        scope("query=ASK{}", headers=[(b"accept", b"text/csv, text/plain")]),
        scope("query=ASK{}", headers=[(b"accept", b"x" * 3000)]),
        scope("query=ASK{}", headers=[(b"if-none-match", b'"x"')]),
        scope("query=ASK{}", headers=[(b"content-length", b"3")]),
    ],
)
def test_what_is_not_plain_goes_the_long_way(request_: dict[str, object]) -> None:
    assert plain_query(request_) is None


def test_a_plain_query_goes_the_short_way() -> None:
    found = plain_query(scope("query=ASK%20%7B%7D&format=", headers=[(b"accept", b"text/csv")]))
    assert found is not None
    assert found[0] == "ASK {}"
    assert found[1].formats["boolean"] == "csv"
