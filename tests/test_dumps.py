"""Dumps hold what the release holds, come in parts, and cost neither memory nor a thread."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from pyoxigraph import Quad, RdfFormat, parse

from service import Response, Service, descendants, make_release, serving
from surplace.build.dumps import DUMPS
from surplace.build.ontology import as_one_ontology
from surplace.engine.release import Release, find_release
from surplace.namespaces import KNOWLEDGE, ONTOLOGY

LARGE = 300 * 1024 * 1024
FILE = "/dumps/surplace.nq.gz"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return find_release(make_release(tmp_path_factory.mktemp("release")))


@pytest.fixture(scope="module")
def service(release: Release) -> Iterator[Service]:
    with serving("--release", str(release.given), environment={"SURPLACE_CLIENT_ERRORS": "10000"}) as running:
        yield running


@pytest.fixture(scope="module")
def whole(release: Release) -> bytes:
    return (release.path / "dumps/surplace.nq.gz").read_bytes()


def get(service: Service, target: str = FILE, method: str = "GET", **headers: str) -> Response:
    """Send a request with headers, written with underscores."""
    return service.request(method, target, headers={name.replace("_", "-"): v for name, v in headers.items()})


def quads_in(folder: Path, name: str) -> set[Quad]:
    """Read a dump back."""
    data = (folder / name).read_bytes()
    form = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "nt": RdfFormat.N_TRIPLES}
    plain = gzip.decompress(data) if name.endswith(".gz") else data
    return set(parse(input=plain, format=form.get(name.split(".")[1], RdfFormat.TURTLE)))


@pytest.mark.parametrize("which", ["invented", "project"])
def test_each_dump_holds_what_it_says(which: str, release: Release, request: pytest.FixtureRequest) -> None:
    if which == "project":
        release = find_release(request.getfixturevalue("project_release"))
    folder = release.path / "dumps"
    records = {record["name"]: record for record in release.manifest["dumps"]}
    assert sorted(records) == sorted(path.name for path in folder.iterdir()) == sorted(d.name for d in DUMPS)
    everything = set(parse(path=release.path / "dump.nq", format=RdfFormat.N_QUADS))
    parts = {
        graph: {quad.triple for quad in everything if getattr(quad.graph_name, "value", "") == graph}
        for graph in (KNOWLEDGE, ONTOLOGY)
    }
    parts[ONTOLOGY] = set(as_one_ontology(parts[ONTOLOGY]))
    for item in DUMPS:
        found = quads_in(folder, item.name)
        if item.graph:
            assert {quad.triple for quad in found} == parts[item.graph], item.name
        else:
            assert found == everything, item.name
        record = records[item.name]
        assert record["statements"] == len(found)
        data = (folder / item.name).read_bytes()
        assert (record["bytes"], record["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    packed = (folder / "surplace.nq.gz").read_bytes()
    assert gzip.decompress(packed) == (release.path / "dump.nq").read_bytes()
    assert packed[4:8] == bytes(4)  # no time


def test_a_dump_comes_whole_and_says_what_it_is(service: Service, release: Release, whole: bytes) -> None:
    response = get(service)
    assert (response.status, response.body) == (200, whole)
    checksum = hashlib.sha256(whole).hexdigest()
    expected = {
        "Content-Type": "application/gzip",
        "Content-Length": str(len(whole)),
        "Accept-Ranges": "bytes",
        "ETag": f'"{checksum}"',
        "Content-Disposition": f'attachment; filename="surplace-{release.name}.nq.gz"',
        "Content-Location": f"/release/{release.name}{FILE}",
        "Cache-Control": "public, no-cache",
        "Surplace-Release": release.name,
    }
    assert {name: response.headers[name] for name in expected} == expected
    assert "Last-Modified" not in response.headers
    kept = get(service, f"/release/{release.name}{FILE}")
    assert kept.body == whole
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    ontology = get(service, "/dumps/surplace-ontology.ttl")
    assert ontology.headers["Content-Type"] == "text/turtle; charset=utf-8"


def test_a_gzip_file_also_comes_unpacked(service: Service, release: Release) -> None:
    plain = (release.path / "dump.nq").read_bytes()
    target = FILE.removesuffix(".gz")
    response = get(service, target)
    assert (response.status, response.body) == (200, plain)
    assert response.headers["Content-Type"] == "application/n-quads"
    assert response.headers["Content-Disposition"] == f'attachment; filename="surplace-{release.name}.nq"'
    packed = get(service, target, Accept_Encoding="gzip")
    assert packed.body == (release.path / "dumps/surplace.nq.gz").read_bytes()
    expected = {"Content-Encoding": "gzip", "Content-Type": "application/n-quads"}
    assert {name: packed.headers[name] for name in expected} == expected
    assert "Accept-Encoding" in packed.headers["Vary"]
    etags = {get(service, FILE).headers["ETag"], response.headers["ETag"], packed.headers["ETag"]}
    assert len(etags) == 3
    for known in (response, packed):
        coding = {"Accept_Encoding": known.headers.get("Content-Encoding", "identity")}
        assert get(service, target, If_None_Match=known.headers["ETag"], **coding).status == 304
    last = get(service, target, Range="bytes=-9", Accept_Encoding="gzip")
    assert (last.status, last.body) == (206, plain[-9:])
    assert get(service, target, method="HEAD").headers["Content-Length"] == str(len(plain))
    assert get(service, f"/release/{release.name}/dumps/surplace-knowledge.nt").status == 200
    page = service.get("/dumps/", "text/html").text
    assert page.count(">unpacked</a>") == 4
    for link in (f"/release/{release.name}/dumps/surplace{end}" for end in (".nq", ".trig")):
        assert f'href="{link}"' in page


def test_head_is_get_without_the_body(service: Service, whole: bytes) -> None:
    response = get(service, method="HEAD", Range="bytes=0-9")
    assert (response.status, response.body) == (200, b"")
    assert response.headers["Content-Length"] == str(len(whole))


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-99", 10, 99),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
        ("bytes=5-99999999", 5, None),
        ("bytes=-99999999", 0, None),
        ("BYTES=1-2", 1, 2),
    ],
)
def test_a_part_is_sent(given: str, first: int, last: int | None, service: Service, whole: bytes) -> None:
    response = get(service, Range=given)
    expected = whole[first : None if last is None else last + 1]
    assert (response.status, response.body) == (206, expected)
    start = first % len(whole)
    end = start + len(expected) - 1
    assert response.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
    assert response.headers["Content-Length"] == str(len(expected))


@pytest.mark.parametrize("given", ["items=0-5", "bytesize=0-5", "bytes=0-1,3-4", "bytes=0-1, -2"])
def test_other_units_and_several_ranges_are_answered_with_all(
    given: str, service: Service, whole: bytes
) -> None:
    response = get(service, Range=given)
    assert (response.status, response.body) == (200, whole)


@pytest.mark.parametrize("given", ["bytes=99999999-", "bytes=9-2", "bytes=x", "bytes=", "bytes=-0"])
def test_a_range_outside_the_file_is_a_problem(given: str, service: Service, whole: bytes) -> None:
    response = get(service, Range=given)
    assert response.status == 416
    assert response.headers["Content-Range"] == f"bytes */{len(whole)}"
    problem = response.json()
    assert isinstance(problem, dict)
    assert (problem["type"], problem["status"]) == ("/problems#range", 416)


def test_a_download_goes_on_only_with_the_same_file(service: Service, whole: bytes) -> None:
    etag = f'"{hashlib.sha256(whole).hexdigest()}"'
    assert get(service, Range="bytes=5-", If_Range=etag).body == whole[5:]
    for validator in ('"another"', f"W/{etag}", "Fri, 27 Nov 2026 00:00:00 GMT"):
        response = get(service, Range="bytes=5-", If_Range=validator)
        assert (response.status, response.body) == (200, whole), validator
    assert get(service, Range="bytes=99999999-", If_Range='"another"').status == 200


def test_what_a_client_has_is_not_sent_again(service: Service, whole: bytes) -> None:
    etag = f'"{hashlib.sha256(whole).hexdigest()}"'
    for given in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        response = get(service, If_None_Match=given)
        assert (response.status, response.body) == (304, b"")
        assert response.headers["ETag"] == etag
    assert get(service, If_None_Match='"another"').status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/other.nq.gz",
        "/dumps/..%2fmanifest.json",
        "/dumps/../manifest.json",
        "/release/0123456789abcdef/dumps/surplace.nq.gz",
        "/release/..%2f..%2fetc/dumps/passwd",
    ],
)
def test_no_other_file_is_sent(path: str, service: Service) -> None:
    response = get(service, path)
    assert response.status == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_page_lists_the_files(service: Service, release: Release) -> None:
    page = service.get("/dumps/", "text/html")
    assert page.status == 200
    for record in release.manifest["dumps"]:
        assert f'href="/release/{release.name}/dumps/{record["name"]}"' in page.text
        assert record["sha256"] in page.text


def test_a_file_that_is_not_as_it_was_written_is_not_sent(tmp_path: Path) -> None:
    release = find_release(make_release(tmp_path))
    with serving("--release", str(tmp_path), environment={"SURPLACE_RELEASE_CHECK": "0"}) as service:
        (release.path / "dumps/surplace.nq.gz").write_bytes(b"cut")
        assert get(service).status == 404
        (release.path / "dumps/surplace.nq.gz").unlink()
        assert get(service).status == 404


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """Provide a release with an invented dump of 300 MB, none of it repeated within a piece."""
    release = find_release(make_release(tmp_path_factory.mktemp("large")))
    path = release.path / "dumps/large.nq.gz"
    block = os.urandom(1024 * 1024)
    with path.open("wb") as file:
        for number in range(LARGE // len(block)):
            file.write(number.to_bytes(8, "big") + block[8:])
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    manifest = dict(release.manifest)
    record = {**manifest["dumps"][0], "name": path.name, "bytes": LARGE, "sha256": checksum}
    manifest["dumps"] = [*manifest["dumps"], record]
    (release.path / "manifest.json").write_text(json.dumps(manifest))
    yield find_release(release.given)
    path.unlink()


def test_a_large_dump_takes_no_memory_and_a_slow_reader_no_thread(large: Release) -> None:
    environment = {"SURPLACE_PAGE_THREADS": "1", "SURPLACE_WORKERS": "2"}
    with serving("--release", str(large.given), environment=environment, ready=120) as service:
        (record,) = (item for item in large.manifest["dumps"] if item["bytes"] == LARGE)
        target = f"/dumps/{record['name']}"
        host, port = urlsplit(service.url).hostname, urlsplit(service.url).port
        service.get("/", "text/html")
        before = memory(service)
        slow = [socket.create_connection((host, port)) for _ in range(5)]
        for client in slow:  # they take a little of the answer, and then nothing
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
        begun = time.monotonic()
        assert service.get("/robots.txt").status == 200  # the one thread is free
        assert time.monotonic() - begun < 5
        digest, most = hashlib.sha256(), 0
        connection = HTTPConnection(str(host), port, timeout=60)
        connection.request("GET", target)
        response = connection.getresponse()
        received = 0
        while data := response.read(4 * 1024 * 1024):
            digest.update(data)
            received += len(data)
            if received % (32 * 1024 * 1024) < len(data):
                most = max(most, memory(service))
        connection.close()
        assert (received, digest.hexdigest()) == (LARGE, record["sha256"])
        assert most - before < 64 * 1024 * 1024
        for client in slow:
            client.close()


def memory(service: Service) -> int:
    """Return the bytes of memory that the service and all below it have of their own."""
    found = 0
    for pid in [service.process.pid, *descendants(service.process.pid)]:
        try:
            found += psutil.Process(pid).memory_info().rss
        except psutil.Error:
            continue
    return found
