"""Answers that end early, by each of the ways there are: none of them looks complete."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from abuse.target import Reply, Result, query, target
from service import Service

FORMS = ("json", "xml", "csv", "tsv", "spreadsheet")
MARK = "CUT: the answer has more than these"
ROWS = 500
QUERIES = {
    "rows": "SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {more}",
    "bytes": "SELECT ?a ?b ?c ?s ?p ?o {{ ?s ?p ?o . ?a ?b ?c FILTER(?s < ?a) }} LIMIT 400 OFFSET {offset}",
    "deadline": "SELECT * {{ ?s ?p ?o . ?a ?b ?c . ?x ?y ?z FILTER(?o = ?c && ?c = ?z && {offset} > 0) }}",
    "kill": "SELECT * {{ ?s ?p ?o . ?a ?b ?c FILTER(?o = ?c && {offset} > 0) }}",
    "complete": "SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {fewer}",
}


def looks_complete(form: str, body: bytes) -> int | None:
    """Return the rows of an answer that parses and has no mark, as a client would read it; None otherwise."""
    try:
        if form == "json":
            document = json.loads(body)
            return None if "link" in document["head"] else len(document["results"]["bindings"])
        if form == "xml":
            space = "{http://www.w3.org/2005/sparql-results#}"
            root = ElementTree.fromstring(body)
            return None if root.find(f"{space}head/{space}link") is not None else len(root[1])
        text = body.decode("utf-8-sig")
        if not text.endswith("\n") or MARK in text.splitlines()[-1]:
            return None
        if form == "tsv":
            return len(text.splitlines()) - 1
        return len(list(csv.reader(io.StringIO(text, newline="")))) - 1
    except (ValueError, KeyError, ElementTree.ParseError, IndexError):
        return None


def attack(release: Path, number: int) -> Result:
    """Ask for *number* answers of which most end early."""
    result = Result()
    chosen = random.Random(4)
    settings = {
        "deadline": 0.4,
        "answer_rows": ROWS,
        "answer_bytes": 60_000,
        "client_burst": 100_000,
        "client_errors": 1_000_000,
    }
    plan = [
        (
            way,
            FORMS[turn % len(FORMS)],
            QUERIES[way].format(
                more=ROWS + chosen.randrange(1, 300),
                fewer=chosen.randrange(1, 50),
                offset=chosen.randrange(1, 4000),
            ),
        )
        for turn in range(number // len(QUERIES))
        for way in QUERIES
    ]
    with target(release, **settings) as service:
        stop = threading.Event()
        killer = threading.Thread(target=_kill_now_and_then, args=(service, stop), daemon=True)
        killer.start()

        def ask(item: tuple[int, tuple[str, str, str]]) -> Reply:
            turn, (_, form, text) = item
            return query(service.url, text, form, f"127.0.3.{1 + turn % 100}")

        with ThreadPoolExecutor(6) as several:
            replies = list(several.map(ask, enumerate(plan)))
        stop.set()
        killer.join()
    outcomes: Counter[str] = Counter()
    lying = 0
    for (way, form, text), reply in zip(plan, replies, strict=True):
        cut = "surplace-cut" in reply.headers
        outcomes["cut" if cut else str(reply.status or "broken")] += 1
        if reply.status != 200:
            continue
        rows = looks_complete(form, reply.body)
        if way == "complete":
            result.expect(
                rows == int(text.rsplit(" ", 1)[1]), f"a whole answer in {form} was not taken for one"
            )
        elif rows is not None:
            lying += 1
            result.expect(
                cut is False and way in ("bytes", "kill", "deadline"), f"{way}, {form}: looks complete"
            )
            result.expect(_is_whole(way, rows), f"{way}, {form}: {rows} rows look complete")
    early = sum(number for outcome, number in outcomes.items() if outcome != "200")
    result.figures |= {"answers": len(replies), "ended early": early, "outcomes": dict(outcomes)}
    return result


def _is_whole(way: str, rows: int) -> bool:
    """Tell whether an answer with that many rows can have been complete after all."""
    return way == "bytes" and rows == 400


def _kill_now_and_then(service: Service, stop: threading.Event) -> None:
    chosen = random.Random(5)
    while not stop.wait(0.15):
        workers = service.workers()
        if workers:
            try:
                os.kill(chosen.choice(workers), signal.SIGKILL)
            except ProcessLookupError:
                time.sleep(0)
