"""Validators, freshness, and answers that are sent again: never of another release, format or host."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import Service, eventually, make_release, serving
from surplace.engine.limits import Limits
from surplace.namespaces import BASE
from surplace.web.cache import Cache, Kept, matches
from surplace.web.validators import tag_of

NAMES = "SELECT ?name { ?s a <https://w3id.org/surplace/ontology/State> ; ?p ?name FILTER(ISLITERAL(?name)) }"
PATH = f"/sparql?query={quote(NAMES)}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    release = make_release(tmp_path_factory.mktemp("release"))
    with serving("--release", str(release), environment={"SURPLACE_MAX_AGE": "77"}) as running:
        yield running


def lookups(service: Service) -> tuple[int, int]:
    """Return hits and misses as /metrics has them."""
    lines = service.get("/metrics").text.splitlines()
    values = {line.split()[0]: float(line.split()[1]) for line in lines if not line.startswith("#")}
    name = 'surplace_cache_lookups_total{result="%s"}'
    return int(values[name % "hit"]), int(values[name % "miss"])


@pytest.mark.parametrize("path", [f"{PATH}&format=csv", "/id/state/RUR", "/id/state/RUR.ttl", "/queries/"])
def test_the_same_answer_comes_from_the_cache_with_the_same_headers(service: Service, path: str) -> None:
    first = service.get(path)
    hits, misses = lookups(service)
    second = service.get(path)
    assert lookups(service) == (hits + 1, misses)
    assert second.body == first.body
    kept, fresh = ({k.lower(): v for k, v in item.headers.items()} for item in (second, first))
    assert {**kept, "date": ""} == {**fresh, "date": ""}
    assert fresh["cache-control"] == "public, max-age=77"
    assert fresh["etag"].startswith('"')
    assert fresh["vary"] == "Accept"


@pytest.mark.parametrize("more", [{}, {"If-Range": "x"}], ids=["from the cache", "by the application"])
@pytest.mark.parametrize("path", [f"{PATH}&format=tsv", "/id/state/GRA", "/id/state/GRA.nt"])
def test_what_a_client_has_is_not_sent_again(service: Service, path: str, more: dict[str, str]) -> None:
    tag = service.get(path).headers["ETag"]
    response = service.request("GET", path, headers={"If-None-Match": f'"other", {tag}', **more})
    assert (response.status, response.body) == (304, b"")
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "public, max-age=77"
    assert service.request("GET", path, headers={"If-None-Match": '"other"'}).status == 200


def test_head_is_get_without_a_body(service: Service) -> None:
    for path in (f"{PATH}&format=xml", f"{PATH}&format=xml", "/id/state/RUR"):
        head, got = service.request("HEAD", path), service.get(path)
        assert (head.status, head.body) == (200, b"")
        for name in ("ETag", "Content-Type", "Content-Length", "Surplace-Release"):
            assert head.headers[name] == got.headers[name], name


def test_each_format_has_its_tag_and_its_answer(service: Service) -> None:
    asked = {accept: service.get(PATH, accept) for accept in ("text/csv", "application/json", "text/html")}
    again = {accept: service.get(PATH, accept) for accept in asked}
    assert len({item.headers["ETag"] for item in asked.values()}) == 3
    for accept, response in asked.items():
        assert again[accept].body == response.body
        assert response.headers["Content-Type"].startswith(accept)


def test_a_page_that_names_its_host_is_kept_for_that_host(service: Service) -> None:
    path = "/queries/how-many-facts-per-source"
    for host in ("one.example", "two.example", "one.example", "two.example"):
        text = service.request("GET", path, headers={"Host": host, "Accept": "text/html"}).text
        assert f"http://{host}/queries/" in text
        assert "http://one.example" not in text or host == "one.example"


@pytest.mark.parametrize("path", ["/nothing", "/sparql?query=ASK+%7B", "/queries/no-such-question.csv"])
def test_an_error_is_never_kept(service: Service, path: str) -> None:
    before = lookups(service)[0]
    for _ in range(2):
        response = service.get(path)
        assert response.status >= 400
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
    assert lookups(service)[0] == before


def test_what_is_said_of_a_person_is_kept_nowhere(service: Service) -> None:
    before = lookups(service)[0]
    for _ in range(2):
        assert service.get("/person", "text/html").headers["Cache-Control"] == "no-store"
    assert lookups(service)[0] == before


def test_a_posted_query_is_not_kept(service: Service) -> None:
    before = lookups(service)
    headers = {"Content-Type": "application/sparql-query"}
    for _ in range(2):
        assert service.request("POST", "/sparql?format=csv", NAMES.encode(), headers).status == 200
    assert lookups(service) == before


def test_the_next_release_has_answers_and_tags_of_its_own(tmp_path: Path) -> None:
    out = make_release(tmp_path)
    path = "/id/state/RUR.nt"
    with serving("--release", str(out), environment={"SURPLACE_RELEASE_CHECK": "0.1"}) as service:
        old = service.get(path)
        assert service.get(path).body == old.body
        make_release(
            out,
            f"GRAPH <{BASE}source/report/p2/s3> {{ state:RUR skos:altLabel 'Newland'@en . }}",
        )
        assert eventually(lambda: "Newland" in service.get(path).text)
        new = service.get(path)
        assert new.headers["Surplace-Release"] != old.headers["Surplace-Release"]
        assert new.headers["ETag"] != old.headers["ETag"]
        stale = service.request("GET", path, headers={"If-None-Match": old.headers["ETag"]})
        assert (stale.status, stale.body) == (200, new.body)


def scope(**more: object) -> dict[str, object]:
    return {"method": "GET", "path": "/a", "raw_path": b"/a", "query_string": b"", "headers": [], **more}


def test_a_key_tells_apart_whatever_changes_an_answer() -> None:
    cache = Cache(Limits())
    different = [
        ("r1", scope()),
        ("r2", scope()),
        ("r1", scope(raw_path=b"/b")),
        ("r1", scope(raw_path=b"/%61")),
        ("r1", scope(query_string=b"x=1")),
        ("r1", scope(headers=[(b"accept", b"text/csv")])),
        ("r1", scope(headers=[(b"accept", b"text/csv"), (b"accept", b"text/html")])),
        ("r1", scope(headers=[(b"host", b"text/csv")])),
        ("r1", scope(headers=[(b"x-forwarded-proto", b"https")])),
    ]
    keys = {cache.key(release, item) for release, item in different}
    assert len(keys) == len(different)
    assert None not in keys
    assert cache.key("r1", scope(method="HEAD")) == cache.key("r1", scope(headers=[(b"cookie", b"x")]))
    for release, item in (
        ("r1", scope(method="POST")),
        ("", scope()),
        ("r1", scope(headers=[(b"range", b"bytes=0-1")])),
    ):
        assert cache.key(release, item) is None


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3000)), max_size=200))
def test_the_cache_stays_within_its_bytes_and_gives_back_what_was_put(steps: list[tuple[int, int]]) -> None:
    cache = Cache(Limits(cache_bytes=20_000, cache_answer_bytes=2000))
    put: dict[int, bytes] = {}
    for number, size in steps:
        body = gzip.compress(bytes([number])) + b"x" * size
        found = cache.get((number,))
        if found is not None:
            assert found.body == put[number]
            continue
        cache.put((number,), Kept([], body, b'"t"', {}))
        put[number] = body
        assert cache.bytes <= 20_000
        assert (cache.get((number,)) is None) == (len(body) > 2000)


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b"*", True),
        (b'"b"', False),
        (b'"ab"', False),
        (b"", False),
    ],
)
def test_if_none_match(header: bytes, holds: bool) -> None:
    assert matches(header, b'"a"') is holds


def test_parts_of_a_tag_do_not_run_together() -> None:
    limits = Limits()
    tags = {
        tag_of("r", limits, "ab", "c"),
        tag_of("r", limits, "a", "bc"),
        tag_of("r", limits, "abc"),
        tag_of("ra", limits, "bc"),
        tag_of("r", Limits(answer_rows=5), "abc"),
    }
    assert len(tags) == 5
