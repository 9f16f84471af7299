"""The pool of processes, the endpoint elsewhere, and the limits: what happens when a query goes wrong."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from csv import Error
from dataclasses import fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pyoxigraph import NamedNode

from engines import blocking, workers
from service import SLOW, WIDE, descendants, eventually, make_release, running
from surplace.answering.sentence import Summing
from surplace.catalogue import Instance
from surplace.engine.answer import Answer
from surplace.engine.blocking import Blocking, open_blocking
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import PREFIX, Limits, limits_table
from surplace.engine.protocol import Request
from surplace.engine.query_errors import (
    DeadlineError,
    EndpointError,
    EngineError,
    NotOfferedError,
    QuerySyntaxError,
    RefusedError,
    TooComplexError,
    TooLargeError,
    UnavailableError,
    UnwritableAnswerError,
)
from surplace.engine.release import find_release
from surplace.engine.remote import PROBLEM, RemoteEngine
from surplace.engine.translating import _rows, translated
from surplace.errors import SurplaceError
from surplace.namespaces import BASE
from surplace.rdf.formats import FORMATS

LIMITS = Limits(
    workers=2,
    deadline=1.0,
    queue=2,
    queue_wait=5.0,
    answer_bytes=3_000_000,
    query_nesting=4000,
)
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
PASSAGE = BASE + "source/report/p2/s4"
DEEP = "SELECT * " + "{" * 3000 + "}" * 3000


@pytest.fixture(scope="module")
def engine(release: Path) -> Iterator[Blocking]:
    with blocking(release, LIMITS) as opened:
        assert eventually(lambda: len(workers(opened)) == 2)
        yield opened


def csv(engine: Blocking, query: str, **dataset: Any) -> list[str]:
    body = engine.ask(Request(query, {"bindings": "csv", "boolean": "csv"}, **dataset)).read()
    return body.decode().splitlines()[1:]


def test_an_answer_has_the_rows_of_the_store(engine: Blocking) -> None:
    rows = csv(
        engine, f"SELECT ?name {{ ?s a <{BASE}ontology/State> ; ?p ?name FILTER(LANG(?name) = 'en') }}"
    )
    assert sorted(rows) == ['"<script>alert(""x"")</script>"', "Graustark", "Ruritania"]


def test_a_byte_order_mark_and_an_unknown_function_do_not_keep_a_query_from_its_answer(
    engine: Blocking,
) -> None:
    assert csv(engine, "\ufeffSELECT (COALESCE(<urn:f>(1), 2) AS ?x) {}") == ["2"]
    with pytest.raises(
        QuerySyntaxError, match="Line 1, column 15: after FROM comes the name of a graph: write it"
    ):
        engine.ask(Request("\ufeffSELECT ?x FROM"))


@pytest.mark.parametrize(
    ("default", "named", "expected"),
    [((PASSAGE,), (), "4,0"), ((), (PASSAGE,), "0,4"), ((PASSAGE,), (PASSAGE,), "4,4")],
)
def test_the_dataset_of_a_request_is_made_of_its_graphs_only(
    engine: Blocking, default: tuple[str, ...], named: tuple[str, ...], expected: str
) -> None:
    query = (
        "SELECT ?n ?m { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } "
        "{ SELECT (COUNT(*) AS ?m) { GRAPH ?g { ?s ?p ?o } } } }"
    )
    assert csv(engine, query, default_graphs=default, named_graphs=named) == [expected]


def test_a_graph_in_turtle_declares_the_prefixes_that_it_uses_and_is_the_same_each_time(
    engine: Blocking,
) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{PASSAGE}> {{ ?s ?p ?o }} }} ORDER BY ?p"
    answers = {engine.ask(Request(query)).read() for _ in range(5)}
    (text,) = (answer.decode() for answer in answers)
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == ["claim:", "person:", "skos:", "sur:", "xsd:"]
    assert "claim:envoy a sur:Claim" in text


@pytest.mark.parametrize(
    ("query", "error", "message"),
    [
        ("SELECT * WHERE {\n  ?s ?p 'é\n}", QuerySyntaxError, "Line 2"),
        (
            "SELECT ?x WHERE { ?x a foo:Bar }",
            QuerySyntaxError,
            'Line 1, column 24: the prefix of "foo:Bar" is not declared: add a line PREFIX foo: <…> at the',
        ),
        ("", QuerySyntaxError, "Line 1, column 1: there is no query here: write SELECT, ASK"),
        (
            "SELECT * {\n  ?s ?p (1 2) OPTIONAL { ?s ?q ?o }",
            QuerySyntaxError,
            'Line 1, column 10: the "{" is not closed: write "}" where it is to end.',
        ),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", RefusedError, "read-only and refuses updates"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", RefusedError, "SERVICE is not offered"),
        ("SELECT * { 1SERVICE<http://127.0.0.1:1/>{ ?s ?p ?o } }", RefusedError, "SERVICE is not offered"),
        (
            r"SELECT * { \u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
            RefusedError,
            "SERVICE is not offered",
        ),
        (
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
            NotOfferedError,
            "This query returns a graph, which comes as ttl, nt, rdf, jsonld, trig, nq: ask for one of",
        ),
        (SLOW, DeadlineError, "The query took longer than 1 second:"),
        (DEEP, TooComplexError, "probably because the query is too complex"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_a_query_that_cannot_be_answered_says_why_and_the_pool_goes_on(
    engine: Blocking, query: str, error: type[EngineError], message: str
) -> None:
    with pytest.raises(error) as caught:
        engine.ask(Request(query, {"bindings": "csv"}))
    assert message in str(caught.value)
    assert eventually(lambda: len(workers(engine)) == 2)
    assert csv(engine, "ASK { ?s ?p ?o }") == []


@pytest.mark.quiet
def test_a_graph_that_is_too_large_is_refused_and_rows_are_cut(engine: Blocking) -> None:
    with pytest.raises(TooLargeError, match=r"larger than 2\.86 MiB: add a LIMIT, or ask for less"):
        engine.ask(Request("CONSTRUCT { ?a ?b [ ?e ?f ] } " + WIDE.removeprefix("SELECT *")))
    answer = engine.ask(Request(WIDE, {"bindings": "csv"}))
    assert answer.cut
    assert answer.size <= 3_000_000 + 100
    lines = answer.read().decode().split("\r\n")
    assert lines[-2:] == [f'"CUT: the answer has more than these {answer.cut} rows."', ""]


def test_the_word_service_is_free_in_names_and_texts(engine: Blocking) -> None:
    query = "PREFIX x: <urn:x:> SELECT ?SERVICE { VALUES ?SERVICE { 'SERVICE <u>' x:SERVICE } } # SERVICE"
    assert csv(engine, query) == ["SERVICE <u>", "urn:x:SERVICE"]


def test_nothing_is_evaluated_for_a_format_that_does_not_fit(engine: Blocking) -> None:
    before = workers(engine)
    with pytest.raises(NotOfferedError):
        engine.ask(Request(SLOW, {"graph": "ttl"}))
    assert set(before) <= set(workers(engine))  # none had to be ended


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_are_confined_and_this_process_opens_no_store(engine: Blocking, release: Path) -> None:
    assert eventually(lambda: len(workers(engine)) == 2)
    store = str((release / "current" / "store").resolve())
    for pid in workers(engine):
        limits = Path(f"/proc/{pid}/limits").read_text()
        soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
        assert soft["Max open files"] == "0"
        assert soft["Max core file size"] == "0"
        assert int(soft["Max data size"]) < 2_000_000_000
        assert any(os.readlink(link).startswith(store) for link in Path(f"/proc/{pid}/fd").iterdir())
    mine = [
        os.readlink(f"/proc/self/fd/{name}")
        for name in os.listdir("/proc/self/fd")
        if os.path.lexists(f"/proc/self/fd/{name}")
    ]
    assert not [target for target in mine if target.startswith(store)]


@pytest.mark.skipif(sys.platform != "linux", reason="dying with the parent is Linux's")
def test_workers_die_with_the_process_that_started_them(release: Path, tmp_path: Path) -> None:
    script = tmp_path / "holder.py"
    script.write_text(
        "import sys, time\nfrom pathlib import Path\n"
        "from surplace.engine.blocking import open_blocking\nfrom surplace.engine.limits import Limits\n"
        "from surplace.engine.release import find_release\n"
        "if __name__ == '__main__':\n"
        "    engine = open_blocking(find_release(Path(sys.argv[1])), Limits(workers=2))\n"
        "    print('ready', flush=True)\n    time.sleep(60)\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, script, release], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        below = descendants(process.pid)
        assert len(below) >= 2
        process.kill()
        process.wait()
    assert eventually(lambda: not any(running(pid) for pid in below))


def test_a_release_that_is_missing_or_damaged_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SurplaceError, match=r"There is no release in .*: run surplace build first"):
        find_release(tmp_path)
    broken = make_release(tmp_path / "broken")
    for path in (broken / "current" / "store").iterdir():
        path.write_bytes(b"")
    with pytest.raises(UnavailableError, match=r"The release cannot be opened \(.*\): run surplace build\."):
        open_blocking(find_release(broken), LIMITS)


def test_a_release_is_found_in_its_own_folder_and_in_the_folder_of_releases(release: Path) -> None:
    folder = (release / "current").resolve()
    assert folder.parent == (release / "releases").resolve()
    assert find_release(release).path == find_release(folder).path == folder


def test_pick_lists_and_labels_come_from_the_release(
    engine: Blocking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surplace.engine.knowledge.MOST_LABELS", 1)
    knowledge = Knowledge(engine)
    bodies = [Instance(BASE + "id/body/committee", "Committee on Invented Matters")]
    assert knowledge.choices(BASE + "ontology/UnBody") == bodies
    assert knowledge.choices(BASE + "ontology/Nothing") == []
    assert knowledge.labels([BASE + "id/state/GRA", BASE + "id/state/NIX"]) == {
        BASE + "id/state/GRA": "Graustark"
    }
    names = {BASE + "id/state/GRA": "Graustark", BASE + "id/state/RUR": "Ruritania"}
    assert knowledge.labels(names) == names, "however few are remembered"
    table = engine.run(knowledge.select_in_loop(f"SELECT ?p {{ <{BASE}id/body/committee> a ?p }} LIMIT 1"))
    assert table.columns == ("p",)
    assert engine.run(Knowledge(engine).choices_in_loop(BASE + "ontology/UnBody")) == bodies
    assert engine.run(knowledge.choices_in_loop(BASE + "ontology/UnBody")) is knowledge.choices(
        BASE + "ontology/UnBody"
    )
    with pytest.raises(TooLargeError, match="too large for a page"):
        Knowledge(engine, most=100).select("SELECT * { ?s ?p ?o }")


@pytest.fixture(scope="module")
def endpoint(engine: Blocking) -> Iterator[str]:
    """An endpoint that answers from the pool, and misbehaves when the query says so in a comment."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fields_ = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            query = fields_["query"][0]
            if "# teapot" in query:
                self.send_error(418, "No coffee")
            elif "# fails" in query:
                self.send_error(500)
            elif "# says" in query:
                status, media_type, text = json.loads(query.partition("# says ")[2])
                self._send(text.encode(), media_type, status=status)
            elif "# page" in query:
                self._send(b"<p>hello</p>", "text/html")
            elif "# sleeps" in query:
                time.sleep(1.5)
            elif "# breaks" in query:
                self._send(b"x,y\r\n", "text/csv", length=500)
            elif "# file" in query:
                self.send_response(302)
                self.send_header("Location", "file:///etc/hostname")
                self.end_headers()
            elif "# drips its head" in query:
                self._drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n")
            elif "# drips a refusal" in query:
                self._drip(b"no", b"HTTP/1.1 400 Bad\r\n\r\n")
            elif "# drips chunks" in query:
                head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
                self._drip(b"0", head)
            elif "# drips" in query:
                self._drip(b"x,y\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n")
            elif "# cell of" in query:
                self._send(b"x\r\n" + b"x" * int(query.rpartition(" ")[2]) + b"\r\n", "text/csv")
            else:
                graphs = tuple(fields_.get("default-graph-uri", ()))
                wanted = self.headers["Accept"].partition(",")[0]
                form = next(form for form in FORMATS.values() if form.media_type == wanted)
                answer = engine.ask(Request(query, {"bindings": form.name, "boolean": form.name}, graphs))
                self._send(answer.read(), form.media_type)

        def _send(self, body: bytes, media_type: str, length: int | None = None, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(length or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _drip(self, data: bytes, first: bytes = b"") -> None:
            """Send *first*, then *data* over and over, a byte every 50 ms, for four seconds."""
            try:
                self.wfile.write(first)
                for turn in range(80):
                    self.wfile.write(data[turn % len(data) :][:1])
                    time.sleep(0.05)
            except OSError:
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_an_endpoint_gives_the_same_rows(engine: Blocking, endpoint: str) -> None:
    with blocking(endpoint, LIMITS) as remote:
        assert csv(remote, COUNT) == csv(engine, COUNT)
        assert csv(remote, COUNT, default_graphs=(PASSAGE,)) == ["4"]
        terms = "SELECT * { VALUES (?a ?b) { (1 'x'@en) (UNDEF <urn:x>) (true 1.50) } }"
        for query, expected in ((terms, b'{"a":1,"b":"x"},{"a":null,"b":"urn:x"}'), ("ASK {}", b"true")):
            asked = Request(query, {"bindings": "rows", "boolean": "rows"})
            answer = remote.ask(asked).read()
            assert answer == engine.ask(asked).read()
            assert expected in answer
        told = remote.run(remote.engine.health())
        assert told == {"status": "ok", "release": "", "workers": None, "trouble": ""}
        with pytest.raises(SurplaceError, match="Suppositions need a release on this machine"):
            remote.run(remote.engine.suppose(len, ""))


def test_an_endpoint_and_a_release_give_the_same_sentence(engine: Blocking, endpoint: str) -> None:
    terms = {"state": (NamedNode(BASE + "id/state/GRA"),)}
    summing = Summing("which", "{{ rows | each('body') | names }} of {{ state }}", {"body": ""}, terms)
    bodies = f"SELECT ?body {{ ?body a <{BASE}ontology/UnBody> }}"
    with blocking(endpoint, LIMITS) as remote:
        for form in ("csv", "spreadsheet", "rows"):
            for each in (engine, remote):
                answer = each.ask(Request(bodies, {"bindings": form}, summing=summing))
                assert (answer.summary, answer.unsummed) == (
                    "The Committee on Invented Matters of Graustark.",
                    "",
                )
                answer.close()
        # it has no rows in JSON
        answer = remote.ask(Request("SELECT * {} # cell of 5", {"bindings": "csv"}, summing=summing))
        assert (answer.read(), answer.summary) == (b"x\r\nxxxxx\r\n", "")
        assert answer.unsummed.startswith("The endpoint answers with text/csv")


@pytest.mark.parametrize(
    ("comment", "error", "message"),
    [
        ("# teapot", RefusedError, "The endpoint refused the query with status 418"),
        ("# fails", EndpointError, "The endpoint failed with status 500"),
        ("# page", EndpointError, "The endpoint answers with text/html, not text/csv"),
        ("# sleeps", DeadlineError, "The endpoint took longer than 1 second:"),
        ("# breaks", EndpointError, "The endpoint broke off its answer"),
        ("# file", EndpointError, "The endpoint failed with status 302"),
    ],
)
def test_an_endpoint_that_fails_is_named_as_the_cause(
    endpoint: str, comment: str, error: type[EngineError], message: str
) -> None:
    with blocking(endpoint, LIMITS) as remote, pytest.raises(error, match=message):
        csv(remote, f"{COUNT} {comment}")


@pytest.mark.quiet
@pytest.mark.parametrize(
    ("status", "media_type", "text", "error", "message"),
    [
        (
            400,
            PROBLEM,
            '{"title": "No", "detail": "Line 1: ' + "no. " * 400 + '"}',
            RefusedError,
            "Line 1: no. no.",
        ),
        (400, PROBLEM, '{"title": "Not like that"}', RefusedError, "Not like that"),
        (400, f"{PROBLEM}; charset=utf-8", '{"detail": "Wrong  \\n here."}', RefusedError, "Wrong here."),
        (400, PROBLEM, "[]", RefusedError, "it gives no reason"),
        (400, PROBLEM, "{", RefusedError, "it gives no reason"),
        (400, "text/plain", "Parse error:\n line 1", RefusedError, "Parse error: line 1"),
        (400, "text/html", "<h1>no</h1>", RefusedError, "it gives no reason"),
        (
            404,
            "text/html",
            "<h1>no</h1>",
            RefusedError,
            "check that its address is that of a SPARQL endpoint",
        ),
        (405, "text/plain", "", RefusedError, "check that its address is that of a SPARQL endpoint"),
        (404, PROBLEM, '{"detail": "Look at /queries/."}', RefusedError, "Look at /queries/."),
        (503, PROBLEM, '{"detail": "Too many wait."}', EndpointError, "Too many wait."),
        (503, "text/html", "<h1>no</h1>", EndpointError, "try again later."),
    ],
)
def test_the_reason_that_an_endpoint_gives_is_passed_on_as_a_sentence(
    endpoint: str, status: int, media_type: str, text: str, error: type[EngineError], message: str
) -> None:
    how = "refused the query" if error is RefusedError else "failed"
    with blocking(endpoint, LIMITS) as remote, pytest.raises(error) as caught:
        csv(remote, f"{COUNT} # says {json.dumps([status, media_type, text])}")
    assert str(caught.value).startswith(f"The endpoint {how} with status {status}: {message}")
    assert len(str(caught.value)) < 600


def test_an_endpoint_is_given_no_more_time_than_the_client_gives(endpoint: str) -> None:
    with blocking(endpoint, LIMITS) as remote:
        begun = time.monotonic()
        with pytest.raises(DeadlineError, match=r"The endpoint took longer than 0\.2 seconds"):
            csv(remote, f"{COUNT} # sleeps", timeout=0.2)
        assert time.monotonic() - begun < 0.8


@pytest.mark.quiet
@pytest.mark.parametrize("what", ["", " its head", " a refusal", " chunks"])
def test_an_endpoint_that_drips_holds_nobody_beyond_the_deadline(endpoint: str, what: str) -> None:
    with blocking(endpoint, LIMITS) as remote:
        begun = time.monotonic()
        with pytest.raises(DeadlineError, match="The endpoint took longer than 1 second:"):
            csv(remote, f"{COUNT} # drips{what}")
        assert 0.9 < time.monotonic() - begun < 2


def test_a_cell_of_an_endpoint_may_be_as_long_as_it_can_be_read(endpoint: str) -> None:
    most = 131_072
    with blocking(endpoint, LIMITS) as remote:

        def ask(form: str, size: int) -> bytes:
            return remote.ask(Request(f"{COUNT} # cell of {size}", {"bindings": form})).read()

        assert ask("spreadsheet", most) == b'\xef\xbb\xbf"x"\r\n"' + b"x" * most + b'"\r\n'
        assert len(ask("csv", most + 1)) == most + 6
        with pytest.raises(
            UnwritableAnswerError, match=r"as CSV for spreadsheets \(field larger than.*ask for csv"
        ):
            ask("spreadsheet", most + 1)
    with pytest.raises(Error, match="a row has more than 4194304 bytes"):
        list(_rows([b'"\n",' * 16_384] * 70))


def test_an_endpoint_is_waited_for_before_it_closes_and_takes_no_query_after(endpoint: str) -> None:
    async def main() -> None:
        remote = RemoteEngine(endpoint, LIMITS)
        asking = asyncio.create_task(remote.ask(Request(f"{COUNT} # cell of 3", {"bindings": "csv"})))
        await asyncio.sleep(0)
        assert remote.figures().running == 1
        await remote.close()
        assert (await asking).read() == b"x\r\nxxx\r\n"
        assert remote.figures().running == 0
        with pytest.raises(UnavailableError, match="The service is stopping"):
            await remote.ask(Request(COUNT))

    asyncio.run(main())


def test_rows_of_an_endpoint_are_rewritten_without_holding_them_all() -> None:
    plain = Answer("bindings", FORMATS["csv"], 10**9)
    plain.write(b"x,y\r\n")
    for number in range(8000):
        plain.write(b'=%d,"%b\n\xc3\xa9"\r\n' % (number, b"y" * 1000))
    tracemalloc.start()
    answer = translated(plain, FORMATS["spreadsheet"])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_500_000
    lines = answer.read().decode("utf-8-sig").split("\r\n")
    assert len(lines) == 8002
    assert lines[:2] == ['"x","y"', '"\'=0","' + "y" * 1000 + '\né"']


def test_an_endpoint_must_be_http_and_reachable() -> None:
    with pytest.raises(SurplaceError, match="give an http or https URL"):
        RemoteEngine("file:///etc/passwd", LIMITS)
    with (
        blocking("http://127.0.0.1:1/", LIMITS) as remote,
        pytest.raises(EndpointError, match="cannot be reached: check the address"),
    ):
        csv(remote, COUNT)


def test_limits_come_from_the_environment() -> None:
    limits = Limits.load(environment={"SURPLACE_DEADLINE": "2.5", "SURPLACE_WORKERS": "3", "OTHER": "x"})
    assert limits == replace(Limits(), deadline=2.5, workers=3)
    assert limits.worker_count == 3
    assert Limits().worker_count >= 2


def test_a_limit_that_there_is_no_more_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("query_patterns = 7\ndeadline = 5\n", encoding="utf-8")
    told: list[str] = []
    environment = {"SURPLACE_REFUSAL": "90", "SURPLACE_WEB_THREADS": "x"}
    assert Limits.load(file, environment, told.append) == replace(Limits(), deadline=5)
    assert told == [
        "The setting query_patterns has no effect any more: take it out.",
        "The setting SURPLACE_REFUSAL has no effect any more: take it out.",
        "The setting SURPLACE_WEB_THREADS has no effect any more: take it out.",
    ]
    Limits.load(environment={"SURPLACE_REFUSAL": "90"})
    assert capsys.readouterr().err == f"surplace: {told[1]}\n"


def test_a_limit_that_is_misspelt_is_warned_of() -> None:
    told: list[str] = []
    environment = {
        "SURPLACE_WORKER": "3",
        "SURPLACE_OUT": "x",
        "SURPLACE_QUEUE": "9",
        "SURPLACE_REFUSAL": "1",
    }
    assert Limits.load(environment=environment, warn=told.append) == replace(Limits(), queue=9)
    assert told == [
        "The setting SURPLACE_REFUSAL has no effect any more: take it out.",
        "The setting SURPLACE_WORKER has no effect: did you mean SURPLACE_WORKERS?",
    ]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("WORKERS", "two", 'The setting SURPLACE_WORKERS is "two": give a whole number.'),
        ("DEADLINE", "soon", 'The setting SURPLACE_DEADLINE is "soon": give a number.'),
        ("DEADLINE", "0", "The setting SURPLACE_DEADLINE is 0: give at least 0.05."),
        ("DEADLINE", "nan", "The setting SURPLACE_DEADLINE is nan: give a number that is finite."),
        ("DEADLINE", "1e400", "The setting SURPLACE_DEADLINE is 1e400: give a number that is finite."),
        ("QUERY_LENGTH", "-1", "The setting SURPLACE_QUERY_LENGTH is -1: give at least 100."),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(SurplaceError) as caught:
        Limits.load(environment={PREFIX + name: value})
    assert str(caught.value) == message


def test_the_table_of_limits_has_every_limit() -> None:
    lines = limits_table().splitlines()
    assert len(lines) == len(fields(Limits)) + 2
    assert (
        "| `SURPLACE_DEADLINE` | 10 | seconds | Time for a query, waiting included; then it is stopped |"
        in lines
    )
