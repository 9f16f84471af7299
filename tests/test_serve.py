"""`surplace serve` as a process: how it starts, survives and stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from service import SLOW, Response, Service, descendants, eventually, make_release, running, serving

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def serve(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `surplace serve` where it is expected to give up."""
    return subprocess.run(
        [sys.executable, "-m", "surplace", "serve", *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def count(service: Service) -> str:
    return service.get("/sparql", query=COUNT, format="csv").text


def test_it_answers_after_a_slow_query_and_after_a_killed_worker(release: Path) -> None:
    with serving("--release", str(release), environment={"SURPLACE_DEADLINE": "1"}) as service:
        expected = count(service)
        assert expected.startswith("n\r\n")
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(service.get("/sparql", query=SLOW).status))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # only one such query runs at a time: the other waits until its time is over too
        assert 504 in statuses
        assert set(statuses) <= {503, 504}
        assert count(service) == expected
        assert eventually(lambda: len(service.workers()) == 3)
        first = service.workers()[0]
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: not Path(f"/proc/{first}").exists())
        assert [count(service) for _ in range(6)] == [expected] * 6
        assert eventually(lambda: len(set(service.workers()) - {first}) == 3)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_with_all_its_processes(release: Path, sign: signal.Signals) -> None:
    with serving("--release", str(release)) as service:
        count(service)
        below = descendants(service.process.pid)
        assert len(below) >= 3
        service.process.send_signal(sign)
        assert service.process.wait(15) == 0
        assert eventually(lambda: not any(running(pid) for pid in below))
        lines = service.log.read_text().splitlines()
        assert [json.loads(line)["path"] for line in lines] == ["/sparql"]


@pytest.mark.quiet
def test_a_second_signal_waits_for_nothing_while_it_starts_either(release: Path) -> None:
    command = [sys.executable, "-m", "surplace", "serve", "--port", "0", "--release", str(release)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert eventually(lambda: bool(descendants(process.pid)))
    below = descendants(process.pid)
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
    process.wait(5)
    assert eventually(lambda: not any(running(pid) for pid in below))


def test_a_setting_that_there_is_no_more_is_warned_of_and_does_no_harm(release: Path) -> None:
    gone = ("BODY_BYTES", "QUERY_OPERATORS", "QUERY_PATTERNS", "REFUSAL", "WEB_THREADS")
    environment = {f"SURPLACE_{name}": "x" for name in gone}
    with serving("--release", str(release), environment=environment) as service:
        assert service.get("/health").status == 200
        assert service.log.read_text().splitlines() == [
            f"surplace: The setting {name} has no effect any more: take it out." for name in environment
        ]


@pytest.mark.quiet
def test_when_it_stops_a_query_has_its_time_and_the_answer_arrives(release: Path) -> None:
    with serving("--release", str(release), environment={"SURPLACE_DEADLINE": "3"}) as service:
        below = descendants(service.process.pid)
        answers: list[Response] = []
        asker = threading.Thread(target=lambda: answers.append(service.get("/sparql", query=SLOW)))
        asker.start()
        assert eventually(lambda: _busy(service))
        service.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: not _reached(service), 1), "no more connections are let in"
        asker.join(15)
        (answer,) = answers
        assert (answer.status, json.loads(answer.body)["type"]) == (504, "/problems#deadline")
        assert answer.headers["Connection"] == "close"
        assert service.process.wait(15) == 0
        assert eventually(lambda: not any(running(pid) for pid in below))


@pytest.mark.quiet
def test_when_it_stops_a_supposition_is_told_at_once(release: Path) -> None:
    parameters = {"kind": "accede", "on": "2012-01-01", "state": "RUR", "treaty": "pact"}
    settings = {"SURPLACE_DEADLINE": "60", "SURPLACE_SUPPOSITION_DEADLINE": "60"}
    with serving("--release", str(release), environment=settings) as service:
        before = set(descendants(service.process.pid))
        answers: list[Response] = []
        asker = threading.Thread(
            target=lambda: answers.append(service.get("/what-if", "application/json", **parameters))
        )
        asker.start()
        assert eventually(lambda: set(descendants(service.process.pid)) - before)
        begun = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        asker.join(15)
        (answer,) = answers
        assert (answer.status, json.loads(answer.body)["type"]) == (503, "/problems#unavailable")
        assert service.process.wait(15) == 0
        assert time.monotonic() - begun < 5


def _reached(service: Service) -> bool:
    """Tell whether a connection is let in."""
    try:
        return service.get("/health").status == 200
    except OSError:
        return False


def _busy(service: Service) -> bool:
    """Tell whether a worker has used processor time for a query."""
    ticks = [
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11] for pid in service.workers()
    ]
    return any(int(used) > 60 for used in ticks)


def test_without_a_release_it_says_to_build(tmp_path: Path) -> None:
    done = serve("--release", str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"surplace: There is no release in {tmp_path}: run surplace build first, or give the folder of one.\n"
    )


def test_a_port_in_use_and_a_bad_setting_are_named(release: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = serve("--release", str(release), "--port", port)
    assert done.returncode == 1
    assert done.stderr == (
        f"surplace: 127.0.0.1, port {port}, cannot be used (Address already in use): "
        "choose others with --host and --port.\n"
    )
    done = serve("--release", str(release), environment={"SURPLACE_DEADLINE": "soon"})
    assert (done.returncode, done.stderr) == (
        1,
        'surplace: The setting SURPLACE_DEADLINE is "soon": give a number.\n',
    )
    done = serve("--release", str(release), "--endpoint", "http://127.0.0.1:1/")
    assert "give one of the two" in done.stderr


def test_a_damaged_release_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    broken = make_release(tmp_path)
    for path in (broken / "current" / "store").iterdir():
        path.write_bytes(b"")
    done = serve("--release", str(broken), "--port", "0")
    assert done.returncode == 1
    assert "surplace: The release cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_serves_what_another_endpoint_holds(release: Path) -> None:
    with serving("--release", str(release)) as origin, serving("--endpoint", f"{origin.url}/sparql") as relay:
        assert count(relay) == count(origin)
        assert relay.get("/id/state/RUR", "text/html").status == 200
        answer = relay.get("/sparql", query="SELECT * { ?s ?p foo:x }")
        assert (answer.status, json.loads(answer.body)["type"]) == (400, "/problems#refused")


def test_it_is_well_while_the_endpoint_answers(release: Path) -> None:
    with ExitStack() as origins:
        origin = origins.enter_context(serving("--release", str(release)))
        with serving("--endpoint", f"{origin.url}/sparql") as relay:
            first = relay.get("/health")
            assert (first.status, first.json()["status"], first.json()["trouble"]) == (200, "ok", "")
            origins.close()
            assert eventually(lambda: relay.get("/health").status == 503)
            told = f"The endpoint {origin.url}/sparql cannot be reached: check the address and try again."
            state = {"status": "no endpoint", "release": "", "workers": None, "trouble": told}
            assert relay.get("/health").json() == state
            with serving("--release", str(release), "--port", origin.url.rpartition(":")[2]):
                assert eventually(lambda: relay.get("/health").status == 200)


def test_a_folder_of_queries_replaces_the_catalogue(release: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "how-many.rq").write_text(
        f"#+ summary: How many triples\n#+ columns: {{n: integer}}\n{COUNT}\n", encoding="utf-8"
    )
    with serving("--release", str(release), "--queries", str(tmp_path)) as service:
        assert service.get("/queries/how-many.csv").text == count(service)
        assert service.get("/queries/who-claims-what").status == 404
        assert service.get("/", "text/html").status == 200


def test_it_takes_the_socket_that_systemd_hands_over(release: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with serving("--release", str(release), listener=listener) as service:
            assert service.url == f"http://127.0.0.1:{port}"
            assert count(service).startswith("n\r\n")


def test_a_release_that_was_built_with_other_questions_is_named_at_the_start(tmp_path: Path) -> None:
    built = 'GRAPH graph:catalogue { query:which-events schema:version "0" }'
    environment = {"SURPLACE_WARM_TIME": "5"}
    with serving("--release", str(make_release(tmp_path, built)), environment=environment) as service:
        said = "surplace: The release was not built with "
        assert eventually(lambda: said in service.log.read_text())
        (line,) = (line for line in service.log.read_text().splitlines() if line.startswith(said))
        assert line.endswith(" more as asked here, and may lack what is asked for: run surplace build.")
