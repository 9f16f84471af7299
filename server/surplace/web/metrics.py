"""What `/metrics` shows, counted with the Prometheus client library."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import psutil
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from surplace.engine.answer import Answer
from surplace.engine.protocol import Engine, EngineError, Pending, Request
from surplace.web.access import Entry

if TYPE_CHECKING:
    from surplace.web.front import Front

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

    def request(self, entry: Entry) -> None:
        """Count a request."""
        self.requests.labels(entry.outcome).inc()
        self.request_seconds.observe(entry.seconds)

    def page(self, front: Front) -> tuple[bytes, str]:
        """Return the page and its media type."""
        now = CollectorRegistry()
        now.register(_Now(front))
        return generate_latest(self.registry) + generate_latest(now), CONTENT_TYPE_PLAIN_0_0_4


class Measured:
    """An engine whose queries are counted."""

    def __init__(self, engine: Engine, metrics: Metrics) -> None:
        self.engine, self.metrics = engine, metrics
        self.release = engine.release

    def __getattr__(self, name: str) -> Any:
        """Return what the engine has besides."""
        return getattr(self.engine, name)

    def ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError."""
        return self._counted(partial(self.engine.ask, request), time.perf_counter())

    async def begin(self, request: Request) -> Pending:
        """Begin a query; raises EngineError."""
        begun = time.perf_counter()
        try:
            pending = await self.engine.begin(request)
        except EngineError as error:
            self._count(error.code, begun)
            raise
        return replace(pending, finish=partial(self._counted, pending.finish, begun))

    def _counted(self, finish: Callable[[], Answer], begun: float) -> Answer:
        outcome = "internal"
        try:
            answer = finish()
            outcome = "answered" if answer.cut is None else "cut"
            return answer
        except EngineError as error:
            outcome = error.code
            raise
        finally:
            self._count(outcome, begun)

    def _count(self, outcome: str, begun: float) -> None:
        self.metrics.queries.labels(outcome).inc()
        self.metrics.query_seconds.observe(time.perf_counter() - begun)

    def close(self) -> None:
        """Stop the engine."""
        self.engine.close()


class _Now:
    """Collects what is so at the moment."""

    def __init__(self, front: Front) -> None:
        self.front = front

    def collect(self) -> Iterator[Metric]:
        front = self.front
        yield _gauge("surplace_requests_in_hand", "Requests being answered", front.admission.requests)
        yield _gauge("surplace_body_bytes", "Bodies of requests being held, in bytes", front.admission.bodies)
        yield _gauge("surplace_log_lines_lost", "Lines of the log that nobody took", front.access.lost)
        cache = front.cache
        yield _gauge("surplace_cache_answers", "Finished answers that are kept", len(cache))
        yield _gauge("surplace_cache_bytes", "Size of the finished answers that are kept", cache.bytes)
        yield _counted("surplace_cache_lookups", "result", [("hit", cache.hits), ("miss", cache.misses)])
        memory = GaugeMetricFamily("surplace_memory_bytes", "Resident memory", labels=["process"])
        memory.add_metric(["web"], psutil.Process().memory_info().rss)
        pool = front.current.served.pool
        if pool is not None:
            workers = pool.keeper.workers()
            memory.add_metric(["workers"], sum(item.memory() for item in workers))
            yield _gauge("surplace_workers", "Processes that are ready for queries", len(workers))
            yield _gauge("surplace_queries_running", "Queries being evaluated", pool.queue.running)
            yield _gauge("surplace_queries_running_long", "Long ones among them", pool.queue.running_long)
            yield _gauge("surplace_queries_waiting", "Queries that wait for a process", pool.queue.waiting())
            yield _counted("surplace_workers_ended", "reason", pool.ended.items())
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
