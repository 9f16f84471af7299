"""The engine that answers from a release on this machine, in processes of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surplace.engine.answer import Answer
from surplace.engine.limits import Limits
from surplace.engine.pool import Pool
from surplace.engine.protocol import Request
from surplace.engine.release import Release
from surplace.engine.syntax import check, must_fit


class EmbeddedEngine:
    """Answers from a release; this process never opens its store."""

    def __init__(self, release: Release, limits: Limits) -> None:
        self.release: Mapping[str, Any] | None = release.manifest
        self.folder = release
        self.limits = limits
        self.pool = Pool(release.store, limits)
        try:
            self.pool.start()
        except BaseException:
            self.pool.close()
            raise

    def ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError."""
        check(request.query, self.limits.query_length)
        must_fit(request.query, request.formats)
        return self.pool.run(request)

    def close(self) -> None:
        """Stop the processes."""
        self.pool.close()
