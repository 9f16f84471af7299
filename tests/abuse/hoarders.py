"""Five clients that ask for suppositions without a pause: another has its own answered, and pages at once."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from abuse.target import Reply, Result, send, target

PERSON = json.dumps({"yes": ["sought-asylum"], "no": [], "origin": "PRK", "stay": "CHN"}).encode()
AS_PAGE = {"Accept": "text/html"}
AS_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
WHAT_IF = "/what-if?kind=accede&state=PRK&treaty=cat&on="
FIRST, DAYS = date(2010, 1, 1), 1_800
"""Days that may be supposed: no question of the other client is one that they have asked."""
MODEST = 100
"""How many of these days are the other client's."""
KINDS = 2
"""What may be supposed: of a person, and of a treaty."""
GREEDY = tuple(f"127.0.18.{number}" for number in range(1, 6))
"""They have more in hand than there are threads for pages."""
OTHER = "127.0.18.9"
EVERY, WITHIN, PAGE = 5.0, 30.0, 2.0
"""Seconds from one question of the other client to the next, and until each, and a page, must be answered."""


def attack(release: Path, *, seconds: float, every: float = EVERY) -> Result:
    """Let five clients ask for both kinds of supposition without a pause, another *every* so many seconds."""
    result = Result()
    stop = threading.Event()
    greedy: Counter[str] = Counter()
    modest: list[Reply] = []
    pages: list[Reply] = []
    turns = count()

    def hoard(source: str, person: bool) -> None:
        while not stop.is_set():
            day = MODEST + next(turns) % (DAYS - MODEST)
            reply = ask(source, person, day)
            greedy[f"{reply.status} {reply.problem or reply.broken}".strip()] += 1

    def ask(source: str, person: bool, day: int) -> Reply:
        if person:
            return send(service.url, "POST", "/person", PERSON, AS_JSON, source)
        return send(service.url, "GET", f"{WHAT_IF}{FIRST + timedelta(day)}", None, AS_JSON, source)

    # the service ends first, and with it what the greedy ones still wait for
    with ThreadPoolExecutor(2 * len(GREEDY)) as several, target(release) as service:
        for source in GREEDY:
            several.submit(hoard, source, True)
            several.submit(hoard, source, False)
        try:
            end = time.monotonic() + seconds
            while time.monotonic() < end or len(modest) < KINDS:
                time.sleep(every)
                pages.append(send(service.url, "GET", f"/search?q=page{len(pages)}", None, AS_PAGE, OTHER))
                modest.append(ask(OTHER, len(modest) % KINDS == 0, len(modest) % MODEST))
        finally:
            stop.set()
    right = [reply for reply in modest if reply.status == 200]
    result.figures |= {
        "seconds": seconds,
        "the other client's (status, s)": [(reply.status, round(reply.seconds, 1)) for reply in modest],
        "of them answered": f"{len(right)} of {len(modest)}",
        "its pages (status, s)": [(reply.status, round(reply.seconds, 1)) for reply in pages],
        "the five greedy ones": dict(greedy.most_common(6)),
    }
    for reply, most in (*((reply, WITHIN) for reply in modest), *((reply, PAGE) for reply in pages)):
        result.expect(
            reply.status == 200 and reply.seconds <= most,
            f"the other client was answered {reply.status} {reply.problem or reply.broken} "
            f"after {reply.seconds:.1f} s",
        )
    return result
