"""Limits of what comes in and goes out: what is just within each passes, one more is refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from engines import blocking
from fronts import answers, front, post
from surplace.build import foreign
from surplace.catalogue import Catalogue
from surplace.engine.blocking import Blocking
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.protocol import Request
from surplace.engine.query_errors import TooLargeError
from surplace.errors import SurplaceError
from surplace.http.cache import OVERHEAD, Cache
from surplace.http.message import HttpResponse
from surplace.routes.app import create_app
from surplace.rules.running import run_rules
from test_strata import CHAIN, MINT, rule, world


def test_limit_parameters() -> None:
    form = "application/x-www-form-urlencoded"

    async def main() -> list[str]:
        async with front(Limits(parameters=10), answers()) as opened:
            requests = [
                post(b"&".join([b"a=1"] * 10), form),
                post(b"&".join([b"a=1"] * 11), form),
                post(b"&" * 50),
                b"GET /?" + b"&".join([b"a=1"] * 10) + b" HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /?" + b"&".join([b"a=1"] * 11) + b" HTTP/1.1\r\nHost: a\r\n\r\n",
            ]
            replies = [await opened.ask(data) for data in requests]
            return [reply.problem or str(reply.status) for reply in replies]

    assert asyncio.run(main()) == ["200", "bad-request", "200", "200", "bad-request"]


def test_limit_page_cells(release: Path) -> None:
    limits = Limits(workers=1, page_cells=12)
    with blocking(release, limits) as engine:
        client = create_app(engine, Catalogue({}), limits).test_client()

        def shown(rows: int) -> str:
            query = "SELECT * { VALUES (?a ?b ?c) { " + "(1 2 3) " * rows + "} }"
            arguments = {"query_string": {"query": query}, "headers": {"Accept": "text/html"}}
            return client.get("/sparql", **arguments).text

        assert "are shown" not in shown(4)
        assert "5 rows; the first 4 are shown" in shown(5)


def test_limit_max_age(release: Path) -> None:
    limits = Limits(workers=1, max_age=5)
    with blocking(release, limits) as engine:
        client = create_app(engine, Catalogue({}), limits).test_client()
        assert client.get("/queries/").headers["Cache-Control"] == "public, max-age=5"


def kept(tag: str, size: int) -> HttpResponse:
    """Return an answer that may be kept."""
    return HttpResponse(b"x" * size, "text/plain", headers=[("Name", "value")], etag=tag)


def weight(tag: str, size: int) -> int:
    """Return what such an answer weighs when it is kept: body, headers, key and what holds them."""
    return size + len("Name: value\r\n") + 2 * len(tag) + OVERHEAD


def test_limit_cache_answer_bytes() -> None:
    cache = Cache(Limits(cache_answer_bytes=100))
    cache.put(kept("fits", 100))
    cache.put(kept("larger", 101))
    assert (cache.get("fits") is not None, cache.get("larger") is not None) == (True, False)


def test_limit_cache_bytes() -> None:
    size = weight("1", 1000)
    cache = Cache(Limits(cache_bytes=10 * size))
    for number in range(10):
        cache.put(kept(str(number), 1000))
    assert (len(cache), cache.bytes) == (10, 10 * size)
    assert cache.get("0") is not None, "it was asked for last now"
    cache.put(kept("x", 1000))
    assert (len(cache), cache.bytes) == (10, 10 * size)
    assert [cache.get(tag) is not None for tag in ("0", "1", "2", "x")] == [True, False, True, True]
    none = Cache(Limits(cache_bytes=0))
    none.put(kept("0", 0))
    assert (none.get("0"), len(none), none.bytes) == (None, 0, 0)


def written(path: Path, size: int) -> list[tuple[Path, str]]:
    """Write a file of comments of that size; return it as a list of files to read."""
    path.write_bytes(b"#" * size)
    return [(path, "file.ttl")]


def test_limit_import_size(tmp_path: Path) -> None:
    mib = 1024 * 1024
    limits = Limits(import_size=1)
    assert foreign.read(written(tmp_path / "a.ttl", mib), limits) == [[]]
    with pytest.raises(SurplaceError, match=r"^file\.ttl is larger than 1 MiB"):
        foreign.read(written(tmp_path / "a.ttl", mib + 1), limits)


def test_limit_import_time(tmp_path: Path) -> None:
    files = written(tmp_path / "a.ttl", 10)
    assert foreign.read(files, Limits(import_time=60)) == [[]]
    with pytest.raises(SurplaceError, match=r"^file\.ttl cannot be read within 0\.01 seconds"):
        foreign.read(files, Limits(import_time=0.01))


def test_limit_import_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("".join(f"<urn:s{n}> <urn:p> <urn:o{n}> .\n" for n in range(150_000)))
    assert len(foreign.read([(path, "file.ttl")], Limits(import_memory=1024))[0]) == 150_000
    with pytest.raises(SurplaceError, match=r"^file\.ttl cannot be read within 120 seconds and 16 MiB"):
        foreign.read([(path, "file.ttl")], Limits(import_memory=16))


def test_limit_rule_rounds() -> None:
    endless = rule("endless", 1, "?new sur:a true .", f"?x sur:a true . {MINT}")
    with pytest.raises(SurplaceError) as caught:
        run_rules(world("event:a sur:a true ."), [CHAIN, endless], limits=Limits(rule_rounds=3))
    assert str(caught.value) == (
        "The rule endless does not come to an end: it still makes new things of what it made after 3 rounds "
        "(SURPLACE_RULE_ROUNDS), so let what it concludes not lead to ever new conclusions."
    )


def test_limit_rule_growth() -> None:
    things = "".join(f"event:{n} sur:a true .\n" for n in range(101))
    pairs = rule("pairs", 1, "?x sur:b ?y .", "?x sur:a ?same . ?y sur:a ?same .")
    with pytest.raises(SurplaceError) as caught:
        run_rules(world(things), [pairs])
    assert str(caught.value) == (
        "The rule pairs concludes more than 10 times what there is: let it join less, or raise "
        "SURPLACE_RULE_GROWTH."
    )
    assert run_rules(world(things), [pairs], limits=Limits(rule_growth=11)) == {"pairs": 101 * 101}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/id/state/RUR.nt",
        "/id/state/RUR.html",
        "/ontology.html",
        "/search?q=i&format=json",
        "/search?q=i&format=html",
        "/sparql/graphs",
        "/sparql/terms",
        "/states",
    ],
)
def test_the_rows_of_a_client_are_no_limit_of_what_a_page_asks_itself(release: Path, address: str) -> None:
    few, many = (Limits(workers=1, answer_rows=rows, answer_bytes=1024) for rows in (1, 1000))
    few_and_many = []
    for limits in (few, replace(many, answer_bytes=1024**2)):
        with blocking(release, limits) as engine:
            response = create_app(engine, Catalogue({}), limits).test_client().get(address)
            few_and_many.append((response.status_code, response.data))
    assert few_and_many[0] == few_and_many[1]


def test_an_endpoint_that_cuts_what_a_page_needs_is_told(release: Path) -> None:
    with blocking(release, Limits(workers=1)) as engine:
        knowledge, answer = (
            Knowledge(engine),
            engine.ask(Request("SELECT ?s { ?s ?p ?o }", {"bindings": "json"})),
        )
        answer.cut = 3
        knowledge.engine = cast("Blocking", SimpleNamespace(ask=lambda _: answer))
        with pytest.raises(TooLargeError, match="The endpoint sends 3 rows of an answer of which all"):
            knowledge.select("SELECT ?s { ?s ?p ?o }")
