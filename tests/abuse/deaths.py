"""The web process and the main process die, or are asked to stop: what clients see of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

from abuse.scales import web_process
from abuse.target import Reply, Result, query, send, target
from service import SLOW, Service, descendants, eventually, running, serving

NEW, KEPT = 4, 4
"""Clients that make a connection for each request, and that keep theirs."""
LOOKUP = "SELECT ?p ?o {{ <https://w3id.org/surplace/id/state/CHN> ?p ?o }} LIMIT 2{turn:06}"
WAIT = 1.0
"""Seconds that a request may take while the web process is replaced."""
GONE = 2.0
"""Seconds after the death of the main process when all others must be gone."""
PERSON = json.dumps({"yes": ["sought-asylum"], "no": [], "origin": "PRK", "stay": "CHN"}).encode()
AS_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class Load:
    """Clients that ask without a pause worth the name, and note what becomes of each request."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.came: Counter[str] = Counter()
        self.longest = 0.0
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(number, number >= NEW)) for number in range(NEW + KEPT)
        ]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int, keeps: bool) -> None:
        source, turn = f"127.0.16.{1 + number}", number * 100_000
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30, source_address=(source, 0))
        begun = time.perf_counter()
        while not self._stop.wait(0.005):
            turn += 1
            try:
                connection.request("GET", f"/sparql?query={quote(LOOKUP.format(turn=turn))}")
                response = connection.getresponse()
                response.read()
                self.came[str(response.status)] += 1
                # what was refused or reset is tried again, and its wait goes on
                self.longest = max(self.longest, time.perf_counter() - begun)
                begun = time.perf_counter()
            except ConnectionRefusedError:
                self.came["refused"] += 1
            except (OSError, HTTPException):
                self.came["reset"] += 1
                connection.close()
            if not keeps:
                connection.close()
        connection.close()
        self.longest = max(self.longest, time.perf_counter() - begun)


def attack(release: Path, *, deaths: int, deadline: float = 5.0) -> Result:
    """Kill the web process so many times under load, then the main process; ask another one to stop."""
    result = Result()
    with target(release, client_burst=1_000_000, client_errors=1_000_000) as service:
        _kill_web(service, deaths, result)
        left = _kill_main(service, result)
        begun = time.monotonic()
        port, settings = str(urlsplit(service.url).port), {"SURPLACE_DEADLINE": str(deadline)}
        try:
            with serving("--release", str(release), "--port", port, environment=settings) as again:
                result.figures["restart on the same port, s"] = round(time.monotonic() - begun, 2)
                status = again.get("/health").status
                result.expect(status == 200, f"after the restart /health is {status}")
                _stop(again, deadline, result)
        except AssertionError as error:
            result.expect(False, f"a restart on the same port fails: {error}")
        finally:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    return result


def _kill_web(service: Service, deaths: int, result: Result) -> None:
    killed = 0
    web = web_process(service.process.pid, service.url)
    with Load(service.url) as load, suppress(LookupError):
        while killed < deaths:
            time.sleep(1)
            web.kill()
            killed += 1
            while running(web.pid):
                time.sleep(0.01)
            web = web_process(service.process.pid, service.url)
        time.sleep(1)
    main = "has ended" if service.process.poll() is not None else "is there"
    result.expect(
        running(web.pid), f"no web process came back after {killed} deaths of it; the main process {main}"
    )
    result.figures |= {
        "web processes killed": killed,
        "requests meanwhile": dict(load.came),
        "longest wait s": round(load.longest, 2),
    }
    result.expect(not load.came["refused"], f"{load.came['refused']} connections were refused")
    result.expect(load.longest <= WAIT, f"a client waited {load.longest:.2f} s")
    result.expect(load.came["reset"] <= killed * (NEW + KEPT), "more requests were reset than were in hand")
    others = set(load.came) - {"200", "reset", "refused"}
    result.expect(not others, f"there were other answers: {dict(load.came)}")


def _kill_main(service: Service, result: Result) -> list[int]:
    """Kill the main process; return the processes that outlive it."""
    tree = descendants(service.process.pid)
    service.process.kill()
    service.process.wait()
    begun = time.monotonic()
    gone = eventually(lambda: not any(map(running, tree)), GONE)
    result.figures["all gone after the main process, s"] = (
        round(time.monotonic() - begun, 2) if gone else "never"
    )
    left = [pid for pid in tree if running(pid)]
    result.expect(gone, f"{len(left)} of {len(tree)} processes outlive the main process by {GONE:g} s")
    return left


def _stop(service: Service, deadline: float, result: Result) -> None:
    tree = descendants(service.process.pid)
    host, port = urlsplit(service.url).hostname, urlsplit(service.url).port
    with ThreadPoolExecutor(3) as several:
        slow = several.submit(query, service.url, SLOW, "json", "127.0.16.20")
        supposed = [several.submit(_suppose, service.url, f"127.0.16.{client}") for client in (21, 22)]
        time.sleep(0.4)  # a supposition about a person takes twice as long
        begun = time.monotonic()
        service.process.terminate()
        closed = eventually(lambda: _refused(str(host), port or 0), 1)
        result.figures["after SIGTERM: connections refused after s"] = (
            round(time.monotonic() - begun, 2) if closed else "never"
        )
        for item in supposed:
            reply, when = item.result()
            result.figures.setdefault("after SIGTERM: suppositions (status, s)", []).append(  # type: ignore[attr-defined]
                (reply.status, reply.problem or reply.broken, round(when - begun, 2))
            )
            result.expect(
                reply.status == 503 and reply.problem and when - begun <= 1,
                f"a supposition in hand got {reply.status} {reply.broken} after {when - begun:.2f} s",
            )
        reply = slow.result()
    result.figures["after SIGTERM: the query in hand"] = (reply.status, reply.problem or reply.broken)
    result.expect(
        reply.status == 200 or reply.problem == "deadline",
        f"the query in hand was answered {reply.status} {reply.problem} {reply.broken}",
    )
    result.expect(closed, "new connections are not refused within 1 s of SIGTERM")
    left = deadline + 2 - (time.monotonic() - begun)
    ended = eventually(lambda: service.process.poll() is not None and not any(map(running, tree)), left)
    result.figures["after SIGTERM: all ended after s"] = (
        round(time.monotonic() - begun, 2) if ended else "never"
    )
    result.expect(ended, f"processes are left {deadline + 2:g} s after SIGTERM")


def _suppose(url: str, source: str) -> tuple[Reply, float]:
    return send(url, "POST", "/person", PERSON, AS_JSON, source), time.monotonic()


def _refused(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), 0.5):
            return False
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
