"""The engine that answers from a release on this machine, in processes of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from surplace.engine.answer import Answer
from surplace.engine.clients import CLIENT, Buckets, must_have_share
from surplace.engine.limits import Limits
from surplace.engine.pool import Pool
from surplace.engine.protocol import Figures, Observer, Request, observed
from surplace.engine.query_errors import RefusedError
from surplace.engine.release import Release
from surplace.engine.syntax import check, must_fit, with_dataset


class LocalEngine:
    """Answers from a release; this process never opens its store. All of it is called in one event loop."""

    def __init__(self, release: Release, limits: Limits, former: LocalEngine | None = None) -> None:
        """Prepare what `open` opens."""
        self.folder: Release = release
        self.limits = limits
        self.pool: Pool = Pool(release.store, limits, former.pool if former else None)
        self._graphs: set[str] = set()
        self.observe: Observer | None = None

    @classmethod
    async def open(cls, release: Release, limits: Limits, former: LocalEngine | None = None) -> LocalEngine:
        """Open *release*; what is known of clients comes from a *former* engine.

        Raises UnavailableError if no process can be ready.
        """
        engine = cls(release, limits, former)
        try:
            await engine.pool.open()
        except BaseException:
            await engine.close(at_once=True)
            raise
        return engine

    @property
    def release(self) -> Mapping[str, Any]:
        """The manifest of the release."""
        return self.folder.manifest

    @property
    def shares(self) -> Buckets:
        """What clients used, in seconds."""
        return self.pool.buckets

    async def ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError."""
        return await observed(self._ask(request), self.observe)

    async def _ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError.

        Graphs that FROM names must be there; those of the request, which take its place, count as empty
        where they are not, as the tests of the protocol want it.
        """
        client, begun = CLIENT.get(), time.monotonic()
        must_have_share(self.shares, client)
        try:
            check(request, self.limits)
            must_fit(request)
            asked = with_dataset(request)
        finally:
            if client:
                self.shares.add(client, time.monotonic() - begun)
        if asked is not request:
            await self._must_know((*asked.default_graphs, *asked.named_graphs))
        return await self.pool.run(asked)

    async def suppose(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what *function*, one of a module, returns in a process of its own; raises SurplaceError."""
        return await self.pool.suppositions.run(function, *arguments)

    async def health(self) -> Mapping[str, Any]:
        """Tell whether the release can be asked, how many processes there are for it, and what is wrong."""
        ready = len(self.pool.workers.ready())
        return {
            "status": "ok" if ready else "no workers",
            "release": self.folder.name,
            "workers": ready,
            "trouble": self.pool.workers.trouble,
        }

    def figures(self) -> Figures:
        """Return what there is to count."""
        workers, queue = self.pool.workers.ready(), self.pool.queue
        return Figures(
            ready=len(workers),
            running=queue.running + queue.supposing,
            running_long=queue.running_long,
            waiting=queue.waiting,
            ended=self.pool.ended,
            memory=sum(item.memory() for item in workers),
        )

    async def close(self, *, at_once: bool = False) -> None:
        """Take no more queries, let those that run end, unless *at_once*, and stop the processes."""
        await self.pool.close(at_once=at_once)

    async def _must_know(self, graphs: Sequence[str]) -> None:
        """Refuse graphs that the release has not: nothing is ever fetched."""
        for graph in sorted(set(graphs) - self._graphs):
            try:
                question = Request(f"ASK {{ GRAPH {NamedNode(graph)} {{}} }}", {"boolean": "csv"})
            except ValueError:
                continue  # it is no IRI: the query is not SPARQL, and is told so
            known = await self.pool.run(question)
            if known.read().strip() != b"true":
                raise RefusedError(
                    f"<{graph}> is not a graph of this release, and none is fetched from elsewhere: "
                    "list the graphs with SELECT DISTINCT ?g { GRAPH ?g {} }."
                )
            self._graphs.add(graph)
