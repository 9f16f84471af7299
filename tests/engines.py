"""Engines for tests: opened for a block, asked from it or from its event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from surplace.engine.blocking import Blocking, open_blocking
from surplace.engine.limits import Limits
from surplace.engine.local import LocalEngine
from surplace.engine.pool import Pool
from surplace.engine.protocol import Request
from surplace.engine.query_errors import EngineError
from surplace.engine.release import find_release

CSV = {"bindings": "csv", "boolean": "csv", "graph": "nt"}


@asynccontextmanager
async def opened(release: Path, **limits: float) -> AsyncIterator[LocalEngine]:
    """Open an engine in the event loop, two queries at a time unless *limits* says otherwise."""
    found = replace(Limits(workers=2), **cast("Any", limits))
    engine = await LocalEngine.open(find_release(release), found)
    try:
        yield engine
    finally:
        await engine.close(at_once=True)


@contextmanager
def blocking(target: Path | str, limits: Limits) -> Iterator[Blocking]:
    """Open an engine for this thread: a release, or the URL of an endpoint."""
    engine = open_blocking(target if isinstance(target, str) else find_release(target), limits)
    try:
        yield engine
    finally:
        engine.close()


async def asked(engine: LocalEngine, query: str) -> str:
    """Answer a query as CSV, or name the problem."""
    try:
        return (await engine.ask(Request(query, cast("Any", CSV)))).read().decode()
    except EngineError as error:
        return error.code


def pool_of(engine: Blocking | LocalEngine) -> Pool:
    """Return the pool of an engine."""
    return cast("LocalEngine", engine.engine if isinstance(engine, Blocking) else engine).pool


def workers(engine: Blocking | LocalEngine) -> list[int]:
    """Return the ids of the processes that are ready."""
    return [item.pid for item in pool_of(engine).workers.ready()]


async def soon(condition: object, seconds: float = 10) -> bool:
    """Wait in the event loop until *condition*, a function, holds."""
    assert callable(condition)
    for _ in range(int(seconds * 100)):
        if condition():
            return True
        await asyncio.sleep(0.01)
    return False
