"""The engine that answers from a release on this machine, in processes of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from pyoxigraph import NamedNode

from surplace.engine import unthreaded
from surplace.engine.answer import Answer
from surplace.engine.limits import Limits
from surplace.engine.pool import Pool
from surplace.engine.protocol import Pending, RefusedError, Request
from surplace.engine.release import Release
from surplace.sparql.syntax import check, must_fit, named_graphs

SHORT: Final = 8192
"""Characters of a query that is looked at in the event loop, where nothing may take long."""


class EmbeddedEngine:
    """Answers from a release; this process never opens its store."""

    def __init__(self, release: Release, limits: Limits, former: Pool | None = None) -> None:
        """Open *release*; what is known of clients comes from a *former* pool."""
        self.release: Mapping[str, Any] | None = release.manifest
        self.folder = release
        self.limits = limits
        self._graphs: set[str] = set()
        self.pool = Pool(release.store, limits, former)
        try:
            self.pool.start()
        except BaseException:
            self.pool.close()
            raise

    def ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError.

        Graphs that FROM names must be there; those of the request, which take its place, count as empty
        where they are not, as the tests of the protocol want it.
        """
        self._check(request)
        if not request.default_graphs and not request.named_graphs:
            self._must_know(named_graphs(request.query))
        return self.pool.run(request)

    async def begin(self, request: Request) -> Pending:
        """Begin a query as `ask` does, without a thread if it is short and names no graphs in FROM."""
        if len(request.query) > SHORT or not unthreaded.OFFERED:
            return Pending(ready=False, finish=partial(self.ask, request))
        with self.pool.charged(1):
            self._check(request)
        if named_graphs(request.query):
            return Pending(ready=False, finish=partial(self.ask, request))
        return await unthreaded.begin(self.pool, request)

    def _check(self, request: Request) -> None:
        check(request.query, self.limits)
        must_fit(request.query, request.formats)

    def _must_know(self, graphs: Sequence[str]) -> None:
        """Refuse graphs that the release has not: nothing is ever fetched."""
        missing = sorted(set(graphs) - self._graphs)
        for graph in missing:
            try:
                known = self.pool.run(Request(f"ASK {{ GRAPH {NamedNode(graph)} {{}} }}", {"boolean": "csv"}))
            except ValueError:
                continue  # it is no IRI: the query is not SPARQL, and is told so
            if known.read().strip() != b"true":
                raise RefusedError(
                    f"<{graph}> is not a graph of this release, and none is fetched from elsewhere: "
                    "list the graphs with SELECT DISTINCT ?g { GRAPH ?g {} }."
                )
            self._graphs.add(graph)

    def close(self) -> None:
        """Stop the processes."""
        self.pool.close()
