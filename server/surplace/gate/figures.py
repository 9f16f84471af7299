"""What `/metrics` shows of the moment: connections, requests in hand, what is kept, memory, workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import psutil
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

if TYPE_CHECKING:
    from surplace.gate.gate import Gate


def figures_of(gate: Gate) -> Iterator[Metric]:
    """Yield what is so at the moment, as Prometheus counts it."""
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
