"""What `/metrics` shows, counted with the Prometheus client library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import psutil
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from surplace.gate.access import Entry

if TYPE_CHECKING:
    from surplace.gate.gate import Gate

BUCKETS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
"""Seconds."""


class Metrics:
    """Counts requests and queries; the rest is looked up when the page is asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "surplace_requests", "Requests by outcome", ["outcome"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "surplace_request_seconds", "Time for a request", buckets=BUCKETS, registry=self.registry
        )
        self.queries = Counter("surplace_queries", "Queries by outcome", ["outcome"], registry=self.registry)
        self.query_seconds = Histogram(
            "surplace_query_seconds", "Time for a query", buckets=BUCKETS, registry=self.registry
        )

        self.gate: Gate | None = None
        """What counts connections and requests in hand, where there is one."""
        self._outcomes: dict[tuple[str, str], Counter] = {}

    def request(self, entry: Entry) -> None:
        """Count a request."""
        self._count(self.requests, entry.outcome)
        self.request_seconds.observe(entry.seconds)

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query."""
        self._count(self.queries, outcome)
        self.query_seconds.observe(seconds)

    def _count(self, counter: Counter, outcome: str) -> None:
        """Count an outcome; what its label is kept as is looked up once, for that takes longest."""
        key = (counter._name, outcome)
        if key not in self._outcomes:
            self._outcomes[key] = counter.labels(outcome)
        self._outcomes[key].inc()

    def page(self) -> tuple[bytes, str]:
        """Return the page and its media type."""
        now = CollectorRegistry()
        if self.gate is not None:
            now.register(_Now(self.gate))
        return generate_latest(self.registry) + generate_latest(now), CONTENT_TYPE_PLAIN_0_0_4


class _Now:
    """Collects what is so at the moment."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def collect(self) -> Iterator[Metric]:
        gate, cache, figures = self.gate, self.gate.cache, self.gate.engine.figures()
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
