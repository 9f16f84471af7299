"""Answers under attack are the answers of a quiet day, byte for byte."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from abuse.hostile import mixed
from abuse.target import Reply, Result, percentile, query, send, target
from surplace.catalogue import load_catalogue
from surplace.resources import queries_dir

ATTACKERS = 4
ASKERS = 3
SETTINGS = {"client_burst": 1_000_000, "client_errors": 1_000_000}


def paths() -> list[str]:
    """Return what is asked: each question that needs no choice, in several formats, and some names."""
    found = []
    for query_ in load_catalogue(queries_dir()):
        if query_.is_check or any(not item.optional and not item.defaults for item in query_.params.values()):
            continue
        found += [f"/queries/{query_.name}.{form}" for form in ("csv", "json", "xml")]
    found += [f"/id/state/{code}.nt" for code in ("CHN", "PRK", "KOR", "JPN")]
    counting = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    return [*found, f"/sparql?format=csv&query={quote(counting)}"]


def of_a_quiet_day(url: str, every: int) -> dict[str, str]:
    """Ask every so-manieth of the paths while nothing else happens; return the hash of each answer."""
    found = {}
    for path in paths()[::every]:
        reply = send(url, "GET", path, source="127.0.1.1")
        if reply.status == 200:
            found[path] = hashlib.sha256(reply.body).hexdigest()
    return found


def attack(release: Path, *, fresh: int, kept: int, every: int = 1, deadline: float = 10.0) -> Result:
    """Ask while hostile queries run, and compare: *fresh* answers without the cache, *kept* with it."""
    result = Result()
    known: dict[str, str] = {}
    ways: list[tuple[int, dict[str, float]]] = [(fresh, {"cache_bytes": 0}), (kept, {})]
    for number, more in ways:
        replies, attacks = _under_attack(
            release, number, known, every, {**SETTINGS, **more, "deadline": deadline}
        )
        outcomes = Counter(f"{reply.status} {reply.problem}".strip() for _, reply in replies)
        differing = {
            path
            for path, reply in replies
            if reply.status == 200 and hashlib.sha256(reply.body).hexdigest() != known[path]
        }
        taken = [reply.seconds for _, reply in replies]
        way = "without the cache" if more else "with it"
        result.figures |= {
            f"compared {way}": outcomes["200"],
            f"different {way}": len(differing),
            f"hostile queries meanwhile, {way}": attacks,
            f"outcomes {way}": dict(outcomes.most_common()),
            f"p50 ms, p99 ms {way}": [round(1000 * percentile(taken, share)) for share in (0.5, 0.99)],
        }
        result.expect(attacks >= ATTACKERS, f"{way}, there was no attack")
        result.expect(not differing, f"{way}, answers differ: {sorted(differing)[:5]}")
        # long questions are stopped at their deadline like any other query, which is no difference
        result.expect(outcomes["200"] >= 0.9 * number, f"{way}, too few were answered to compare")
    result.figures["addresses asked"] = len(known)
    return result


def _under_attack(
    release: Path, number: int, known: dict[str, str], every: int, settings: dict[str, float]
) -> tuple[list[tuple[str, Reply]], int]:
    """Ask *number* times while hostile queries run; *known* has the hashes of a quiet day, or gets them.

    Returns the replies, and how many hostile queries were answered meanwhile.
    """
    attacks = [0] * ATTACKERS
    with target(release, **settings) as service:
        if not known:
            known.update(of_a_quiet_day(service.url, every))
        stop = threading.Event()

        def attacker(turn: int) -> None:
            for place, (_, text) in enumerate(mixed(1_000_000, 3_000)):
                if stop.is_set():
                    return
                query(service.url, text, source=f"127.0.2.{1 + (turn + ATTACKERS * place) % 200}")
                attacks[turn] += 1

        def ask(turn: int) -> tuple[str, Reply]:
            path = list(known)[turn % len(known)]
            return path, send(service.url, "GET", path, source=f"127.0.1.{1 + turn % 20}")

        attackers = [threading.Thread(target=attacker, args=(turn,)) for turn in range(ATTACKERS)]
        for thread in attackers:
            thread.start()
        with ThreadPoolExecutor(ASKERS) as several:
            replies = list(several.map(ask, range(number)))
        stop.set()
        for thread in attackers:
            thread.join()
    return replies, sum(attacks)
