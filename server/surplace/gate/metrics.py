"""What `/metrics` shows, counted here and written by the Prometheus client library."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import psutil
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from surplace.gate.access import Entry

if TYPE_CHECKING:
    from surplace.gate.gate import Gate

BUCKETS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
"""Seconds."""


class Outcomes:
    """Counts how often something ended in which way, and how long it took."""

    def __init__(self) -> None:
        self.by_outcome: Counter[str] = Counter()
        self.by_bucket = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0

    def add(self, outcome: str, seconds: float) -> None:
        """Count one that took so many seconds."""
        self.by_outcome[outcome] += 1
        self.by_bucket[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds

    def collect(self, name: str, title: str, words: str) -> Iterator[Metric]:
        """Yield what there is to show: numbers by outcome, and a histogram of times."""
        counted = CounterMetricFamily(f"{name}s", f"{title} by outcome", labels=["outcome"])
        for outcome, number in sorted(self.by_outcome.items()):
            counted.add_metric([outcome], number)
        yield counted
        totals = list(accumulate(self.by_bucket))
        bounds = [*map(str, map(float, BUCKETS)), "+Inf"]
        yield HistogramMetricFamily(
            f"{name}_seconds",
            f"Time for {words}",
            buckets=list(zip(bounds, totals, strict=True)),
            sum_value=self.seconds,
        )


class Metrics:
    """Counts requests and queries; the rest is looked up when the page is asked for."""

    def __init__(self) -> None:
        self.requests, self.queries = Outcomes(), Outcomes()
        self.gate: Gate | None = None
        """What counts connections and requests in hand, where there is one."""

    def request(self, entry: Entry) -> None:
        """Count a request."""
        self.requests.add(entry.outcome, entry.seconds)

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query."""
        self.queries.add(outcome, seconds)

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted, and what is so at the moment."""
        yield from self.requests.collect("surplace_request", "Requests", "a request")
        yield from self.queries.collect("surplace_query", "Queries", "a query")
        if self.gate is not None:
            yield from _now(self.gate)

    def page(self) -> tuple[bytes, str]:
        """Return the page and its media type."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4


def _now(gate: Gate) -> Iterator[Metric]:
    """Yield what is so at the moment."""
    cache, figures = gate.cache, gate.engine.figures()
    yield _gauge("surplace_connections", "Connections that are open", len(gate.connections))
    yield _gauge("surplace_requests_in_hand", "Requests being answered", gate.admission.requests)
    yield _gauge(
        "surplace_unfinished_bytes", "Unfinished requests being held, in bytes", gate.connections.held
    )
    yield _gauge("surplace_log_lines_lost", "Lines of the log that nobody took", gate.access.lost)
    yield _gauge("surplace_cache_answers", "Finished answers that are kept", len(cache))
    yield _gauge("surplace_cache_bytes", "Size of what is kept of finished answers", cache.bytes)
    yield _counted("surplace_cache_lookups", "result", [("hit", cache.hits), ("miss", cache.misses)])
    memory = GaugeMetricFamily("surplace_memory_bytes", "Resident memory", labels=["process"])
    memory.add_metric(["web"], psutil.Process().memory_info().rss)
    if figures is not None:
        memory.add_metric(["workers"], figures.memory)
        yield _gauge("surplace_workers", "Processes that are ready for queries", figures.ready)
        yield _gauge("surplace_queries_running", "Queries being evaluated", figures.running)
        yield _gauge("surplace_queries_running_long", "Long ones among them", figures.running_long)
        yield _gauge("surplace_queries_waiting", "Queries that wait for a process", figures.waiting)
        yield _counted("surplace_workers_ended", "reason", figures.ended.items())
    yield memory


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _counted(name: str, label: str, numbers: Iterable[tuple[str, int]]) -> Metric:
    family = CounterMetricFamily(name, _COUNTED[name], labels=[label])
    for value, number in sorted(numbers):
        family.add_metric([value], number)
    return family


_COUNTED: Final = {
    "surplace_workers_ended": "Processes that were ended",
    "surplace_cache_lookups": "Requests whose answer was looked for among those that are kept",
}
