"""Two clients that ask for suppositions without a pause: a third has its own answered all the same."""

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
AS_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
WHAT_IF = "/what-if?kind=accede&state=PRK&treaty=cat&on="
FIRST, DAYS = date(2010, 1, 1), 1_800
"""Days that may be supposed: no question of the third client is one that another has asked."""
MODEST = 100
"""How many of these days are the third client's."""
KINDS = 2
"""What may be supposed: of a person, and of a treaty."""
GREEDY = ("127.0.18.1", "127.0.18.2")
EVERY, WITHIN = 5.0, 30.0
"""Seconds from one question of the third client to the next, and until each must be answered."""


def attack(release: Path, *, seconds: float, every: float = EVERY) -> Result:
    """Let two clients ask for both kinds of supposition without a pause, a third *every* so many seconds."""
    result = Result()
    stop = threading.Event()
    greedy: Counter[str] = Counter()
    modest: list[Reply] = []
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
                modest.append(ask("127.0.18.3", len(modest) % KINDS == 0, len(modest) % MODEST))
        finally:
            stop.set()
    right = [reply for reply in modest if reply.status == 200]
    result.figures |= {
        "seconds": seconds,
        "the third client's (status, s)": [(reply.status, round(reply.seconds, 1)) for reply in modest],
        "of them answered": f"{len(right)} of {len(modest)}",
        "the two greedy ones": dict(greedy.most_common(6)),
    }
    for reply in modest:
        result.expect(
            reply.status == 200 and reply.seconds <= WITHIN,
            f"the third client was answered {reply.status} {reply.problem or reply.broken} "
            f"after {reply.seconds:.1f} s",
        )
    return result
