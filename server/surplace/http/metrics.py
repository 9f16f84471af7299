"""What `/metrics` shows, counted here and written by the Prometheus client library."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

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

    def collect(self, counted: str, timed: str, title: str, words: str) -> Iterator[Metric]:
        """Yield what there is to show: numbers by outcome, and a histogram of times."""
        numbers = CounterMetricFamily(counted, f"{title} by outcome", labels=["outcome"])
        for outcome, number in sorted(self.by_outcome.items()):
            numbers.add_metric([outcome], number)
        yield numbers
        totals = list(accumulate(self.by_bucket))
        bounds = [*map(str, map(float, BUCKETS)), "+Inf"]
        yield HistogramMetricFamily(
            timed,
            f"Time for {words}",
            buckets=list(zip(bounds, totals, strict=True)),
            sum_value=self.seconds,
        )


class Metrics:
    """Counts requests and queries; the rest is looked up when the page is asked for."""

    def __init__(self) -> None:
        self.requests, self.queries = Outcomes(), Outcomes()
        self.now: Callable[[], Iterable[Metric]] | None = None
        """Returns what is so at the moment, where something knows it."""

    def request(self, outcome: str, seconds: float) -> None:
        """Count a request."""
        self.requests.add(outcome, seconds)

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query."""
        self.queries.add(outcome, seconds)

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted, and what is so at the moment."""
        yield from self.requests.collect(
            "surplace_requests", "surplace_request_seconds", "Requests", "a request"
        )
        yield from self.queries.collect("surplace_queries", "surplace_query_seconds", "Queries", "a query")
        if self.now is not None:
            yield from self.now()

    def page(self) -> tuple[bytes, str]:
        """Return the page and its media type."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4
