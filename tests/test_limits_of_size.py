"""Limits of what comes in and goes out: what is just within each passes, one more is refused."""

from __future__ import annotations

import asyncio
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from engines import blocking, pool_of
from fronts import answers, ask, front
from service import make_release, serving
from surplace import foreign
from surplace.catalogue import Catalogue
from surplace.engine.limits import Limits
from surplace.errors import SurplaceError
from surplace.web.app import create_app
from surplace.web.cache import Cache, Kept

FORM = [(b"content-type", b"application/x-www-form-urlencoded")]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"))


def test_limit_parameters() -> None:
    async def main() -> list[str]:
        with front(Limits(parameters=10), answers()) as opened:
            replies = [
                await ask(opened, [b"&".join([b"a=1"] * 10)], headers=FORM),
                await ask(opened, [b"&".join([b"a=1"] * 11)], headers=FORM),
                await ask(opened, [b"&" * 50]),
            ]
            return [reply.problem or str(reply.status) for reply in replies]

    assert asyncio.run(main()) == ["200", "bad-request", "200"]


def test_limit_page_cells(release: Path) -> None:
    with blocking(release, Limits(workers=1, page_cells=12)) as engine:
        client = create_app(engine, Catalogue({}), pool_of(engine).limits).test_client()

        def shown(rows: int) -> str:
            query = "SELECT * { VALUES (?a ?b ?c) { " + "(1 2 3) " * rows + "} }"
            arguments = {"query_string": {"query": query}, "headers": {"Accept": "text/html"}}
            return client.get("/sparql", **arguments).text

        assert "are shown" not in shown(4)
        assert "5 rows; the first 4 are shown" in shown(5)


def test_limit_send_rate() -> None:
    async def sent(rate: int) -> tuple[int, bool]:
        body = b"x" * (10 * 65_536)
        with front(Limits(send_time=0.2, send_rate=rate), answers(body=body)) as opened:
            reply = await ask(opened, take=0.05)
            return len(reply.body), reply.complete

    assert asyncio.run(sent(200_000)) == (655_360, True)  # 3.3 seconds are given, and half a second is taken
    length, complete = asyncio.run(sent(10_000_000))  # 0.07 seconds are given besides the 0.2
    assert not complete
    assert 65_536 <= length <= 6 * 65_536


def test_limit_head_bytes(release: Path) -> None:
    with serving("--release", str(release), environment={"SURPLACE_HEAD_BYTES": "16384"}) as service:

        def status(size: int) -> int:
            connection = HTTPConnection(urlsplit(service.url).netloc, timeout=10)
            try:
                connection.request("GET", "/health", headers={"X-Long": "x" * size})
                return connection.getresponse().status
            finally:
                connection.close()

        assert status(15_000) == 200
        assert status(40_000) == 431


def test_limit_max_age(release: Path) -> None:
    with blocking(release, Limits(workers=1, max_age=5)) as engine:
        client = create_app(engine, Catalogue({}), pool_of(engine).limits).test_client()
        assert client.get("/queries/").headers["Cache-Control"] == "public, max-age=5"


def kept(size: int) -> Kept:
    return Kept([], b"x" * size, b'"t"', {})


def test_limit_cache_answer_bytes() -> None:
    cache = Cache(Limits(cache_answer_bytes=100))
    cache.put((1,), kept(100))
    cache.put((2,), kept(101))
    assert (cache.get((1,)) is not None, cache.get((2,)) is not None) == (True, False)


def test_limit_cache_bytes() -> None:
    size = 1000 + 2048
    cache = Cache(Limits(cache_bytes=2 * size))
    for number in (1, 2):
        cache.put((number,), kept(1000))
    assert (len(cache), cache.bytes) == (2, 2 * size)
    cache.put((3,), kept(1000))
    assert [cache.get((number,)) is not None for number in (1, 2, 3)] == [False, True, True]
    nothing = {"method": "GET", "path": "/", "query_string": b"", "headers": []}
    assert Cache(Limits(cache_bytes=0)).key("r", nothing) is None


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
