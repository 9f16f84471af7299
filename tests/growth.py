"""How the time of a query grows with the data: its world many times over, under other names each time.

What a query asks for by name stays as it is; all else of the project's names differs from copy to copy. So
each construct that the query reads occurs as often as there are copies. Time is set against what is read and
written together: a query that pairs all with all has as much to write.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from pyoxigraph import Quad, RdfFormat, Store, serialize

from surplace.namespaces import BASE, SUR, compact

NAME = re.compile(rf"<({re.escape(BASE)}[^>]*)>|(_:\w+)")
DATE = re.compile(rf"<({re.escape(BASE)}[^>]*)> <{re.escape(SUR)}isWrittenAs>")
"""A date is the same thing wherever it is written."""
MARK = "\ue000"
"""Stands for the number of a copy."""
LIMIT = 1.2
"""The exponent above which a query counts as growing faster than its data."""
LEAST_TURNS, MOST_SECONDS = 3, 1.0
"""How often a query is run at each size at least, and for how long of the processor's time in all at most."""


@dataclass(frozen=True)
class Growth:
    """CPU seconds at one, two and four times the data, which hold *copies* of the world in the end.

    What is too quick to be measured has those of the most data alone.
    """

    copies: int
    rows: int
    seconds: tuple[float, ...]
    sizes: tuple[int, ...]
    """Quads read and rows written, at each."""

    @property
    def exponent(self) -> float:
        """Return the power of the size with which the time grows."""
        return log(self.seconds[-1] / self.seconds[0]) / log(self.sizes[-1] / self.sizes[0])


class Copies:
    """Copies of the worlds of a query."""

    def __init__(self, text: str, worlds: Sequence[Iterable[Quad]]) -> None:
        self._text = text
        self._worlds = [self._marked(world) for world in worlds]

    def _marked(self, world: Iterable[Quad]) -> str:
        """Write a world as N-Quads, in which the names that differ from copy to copy end in the mark."""
        lines = (serialize(world, format=RdfFormat.N_QUADS) or b"").decode()
        names = {match[1] for match in NAME.finditer(lines) if match[1]}
        asked = {name for name in names if self._names(name)}
        same = asked | set(DATE.findall(lines))

        def marked(match: re.Match[str]) -> str:
            if match[2]:
                return match[2] + MARK
            return match[0] if match[1] in same else f"<{match[1]}-{MARK}>"

        return NAME.sub(marked, lines)

    def _names(self, name: str) -> bool:
        """Tell whether the query names it."""
        short = compact(name)
        return name in self._text or (
            # a pattern for each of them takes most of the time
            short in self._text and bool(re.search(rf"(?<![\w-]){re.escape(short)}(?![\w-])", self._text))
        )

    def store(self, number: int) -> Store:
        """Load *number* copies of the worlds, in turn."""
        store = Store()
        texts = (self._worlds[n % len(self._worlds)].replace(MARK, str(n)) for n in range(number))
        store.bulk_load("".join(texts).encode(), format=RdfFormat.N_QUADS)
        return store

    def growth(self, floor: float, most: int, fast_enough: Callable[[Growth], bool]) -> Growth:
        """Measure the query on more and more copies: on *most*, or till it takes *floor* seconds.

        It is run until it is *fast_enough*, for a second at most: what else the machine does may only make it
        slower. What is not fast enough then is measured once more on four times the copies. Of
        what is below the floor on *most* the largest size alone is told.
        """
        number = 4 * len(self._worlds)
        store = self.store(number)
        seconds, rows = self._measured(store)
        while number < most and seconds < floor:
            number *= 4 if 4 * number <= most else 2
            store = self.store(number)
            seconds, rows = self._measured(store)
        if seconds < floor:
            return Growth(number, rows, (seconds,), (len(store) + rows,))
        growth = self._over_sizes(number, floor, fast_enough)
        if growth.seconds[-1] >= floor and not fast_enough(growth):
            # what fits the processor's cache is read faster than four times as much, which is no growth
            growth = self._over_sizes(4 * number, floor, fast_enough)
        return growth

    def _over_sizes(self, number: int, floor: float, fast_enough: Callable[[Growth], bool]) -> Growth:
        """Measure the query on a quarter of *number* copies, on half and on all."""
        stores = [self.store(part) for part in (number // 4, number // 2, number)]
        least = [float("inf")] * len(stores)
        spent, turns = 0.0, 0
        while turns < LEAST_TURNS or spent < MOST_SECONDS:
            found = [self._measured(store) for store in stores]
            least = [min(pair) for pair in zip(least, (seconds for seconds, _ in found), strict=True)]
            sizes = tuple(len(store) + rows for store, (_, rows) in zip(stores, found, strict=True))
            growth = Growth(number, found[-1][1], tuple(least), sizes)
            spent, turns = spent + sum(seconds for seconds, _ in found), turns + 1
            # what is below the floor stays there, however often it is run
            if growth.seconds[-1] < floor or (turns >= LEAST_TURNS and fast_enough(growth)):
                break
        return growth

    def _measured(self, store: Store) -> tuple[float, int]:
        """Return the CPU seconds that the query takes, and its rows."""
        start = time.process_time()
        answer: Any = store.query(self._text)
        rows = sum(1 for _ in answer)
        return time.process_time() - start, rows
