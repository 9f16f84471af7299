"""The service under attack, who attacks it from which address, and a canary that asks it what it knows."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from service import Service, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Result:
    """What an attack came to: figures to show, and what was not as it has to be."""

    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: object, fault: str) -> None:
        """Note a fault unless something holds."""
        if not holds:
            self.faults.append(fault)


@dataclass(frozen=True)
class Reply:
    """A response, or what became of the connection, and how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    broken: str = ""

    @property
    def problem(self) -> str:
        """The code of the problem document; nothing if this is none, or not a proper one."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return ""
        try:
            document = json.loads(self.body)
            fits = document["status"] == self.status and document["title"] and document["detail"]
            return str(document["type"]).removeprefix("/problems#") if fits else ""
        except (ValueError, KeyError):
            return ""


def send(
    url: str,
    method: str,
    target: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    source: str = "127.0.0.1",
    timeout: float = 60,
) -> Reply:
    """Send one request from the address *source*; a connection that fails is a reply with status 0."""
    begun = time.perf_counter()
    connection = HTTPConnection(urlsplit(url).netloc, timeout=timeout, source_address=(source, 0))
    try:
        connection.request(method, target, body, dict(headers or {}))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        data = response.read()
        return Reply(response.status, found, data, time.perf_counter() - begun)
    except (OSError, HTTPException) as error:
        return Reply(0, {}, b"", time.perf_counter() - begun, f"{type(error).__name__}: {error}")
    finally:
        connection.close()


def query(url: str, text: str, form: str = "json", source: str = "127.0.0.1", timeout: float = 60) -> Reply:
    """Send a query by POST."""
    body = urlencode({"query": text.encode("utf-8", "replace"), "format": form}).encode()
    return send(url, "POST", "/sparql", body, FORM, source, timeout)


def percentile(values: list[float], share: float) -> float:
    """Return the value that *share* of all do not exceed."""
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Canary:
    """Asks the same few things every 100 ms, and knows the answers."""

    QUERIES = (
        "SELECT (COUNT(*) AS ?n) { ?state a <https://w3id.org/surplace/ontology/State> }",
        "ASK { ?s <https://w3id.org/surplace/ontology/isGivenBy> ?state }",
        "SELECT ?o { <https://w3id.org/surplace/id/state/CHN> ?p ?o } ORDER BY ?o",
    )

    def __init__(self, url: str, source: str = "127.0.1.250", pause: float = 0.1) -> None:
        self.url, self.source, self.pause = url, source, pause
        self.known = [query(url, text, "csv", source).body for text in self.QUERIES]
        assert all(self.known), "the canary must have answers before the attack begins"
        self.seconds: list[float] = []
        self.wrong: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sing, daemon=True)

    def __enter__(self) -> Canary:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def _sing(self) -> None:
        turn = 0
        while not self._stop.wait(self.pause):
            number = turn % len(self.QUERIES)
            turn += 1
            reply = query(self.url, self.QUERIES[number], "csv", self.source, 30)
            self.seconds.append(reply.seconds)
            if reply.status != 200 or reply.body != self.known[number]:
                self.wrong.append(f"{reply.status} {reply.problem or reply.broken} {reply.body[:80]!r}")

    def report(self, result: Result, most: float = 1.0) -> None:
        """Write its figures; it must have been right always, and quick in 99 of 100 cases."""
        right = len(self.seconds) - len(self.wrong)
        p99 = percentile(self.seconds, 0.99)
        result.figures |= {
            "canary asked": len(self.seconds),
            "canary right %": round(100 * right / max(1, len(self.seconds)), 2),
            "canary p50 ms": round(1000 * percentile(self.seconds, 0.5)),
            "canary p99 ms": round(1000 * p99),
        }
        result.expect(self.seconds, "the canary was never asked")
        result.expect(not self.wrong, f"the canary was wrong {len(self.wrong)} times: {self.wrong[:3]}")
        result.expect(p99 <= most, f"the canary's p99 is {p99:.2f} s")


@contextmanager
def target(release: Path, **settings: object) -> Iterator[Service]:
    """Serve *release* with these settings, all others as they are by default."""
    environment = {f"SURPLACE_{name.upper()}": str(value) for name, value in settings.items()}
    with serving("--release", str(release), environment=environment) as service:
        yield service
