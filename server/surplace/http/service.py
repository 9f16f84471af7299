"""What the routes are given: the engine, the catalogue, the limits, the figures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from flask import current_app

import surplace
from surplace.catalogue import Catalogue
from surplace.engine.blocking import Blocking
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine
from surplace.http.metrics import Metrics
from surplace.texts import Texts

if TYPE_CHECKING:
    from surplace.http.asking import Posed
    from surplace.http.route import Route

EXTENSION: Final = "surplace"


@dataclass(frozen=True)
class Service:
    """What the application was made of; *engine* is for the event loop, *knowledge* asks it from threads."""

    engine: Engine
    catalogue: Catalogue
    limits: Limits
    knowledge: Knowledge
    metrics: Metrics
    routes: Mapping[str, Route]
    """All routes by name."""
    texts: Texts = field(default_factory=Texts)
    """The texts of sources that the operator has at hand."""
    posed: dict[str, Posed] = field(default_factory=dict)
    """The questions that were asked for, by name."""
    is_current: bool = True
    """Whether the release is the one that is served, not one beside it."""

    @property
    def blocking(self) -> Blocking:
        """The engine as threads ask it."""
        return self.knowledge.engine

    @property
    def release(self) -> str:
        """The hash of the release that answers, or nothing where it is not known."""
        return str((self.engine.release or {}).get("release", ""))

    @property
    def release_name(self) -> str:
        """What the release is called: the first digits of its hash."""
        return self.release[:16]


def service() -> Service:
    """Return the service of the current application."""
    return cast("Service", current_app.extensions[EXTENSION])


@cache
def program() -> str:
    """Return a hash of the program's own files: another program may write another answer."""
    found = hashlib.blake2b(digest_size=16)
    root = Path(surplace.__file__).parent
    for path in sorted(
        path for path in root.rglob("*") if path.suffix in (".py", ".html", ".css", ".json", ".txt")
    ):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()
