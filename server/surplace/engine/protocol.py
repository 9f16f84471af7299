"""What an engine is: it takes a Request and gives an Answer, or one of the errors here."""

from __future__ import annotations

import hashlib
import pickle
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from surplace.engine.query_errors import EngineError
from surplace.rdf.formats import KINDS, Kind, formats_of
from surplace.sparql.inspection import Inspection, inspect

if TYPE_CHECKING:
    from surplace.answering.sentence import Summing
    from surplace.engine.answer import Answer
    from surplace.engine.clients import Buckets
    from surplace.engine.release import Release


OWN_BYTES: Final = 64 * 1024 * 1024
"""Bytes that an answer may have which Surplace asks for itself; a longer one is an error."""


@dataclass(frozen=True)
class Request:
    """A query, the dataset it is asked of, and for each kind of answer the format that is wanted.

    A kind that is missing from *formats* is refused with NotOfferedError before anything is evaluated.
    With *default_graphs* or *named_graphs*, the dataset is made of these graphs and nothing else.
    """

    query: str
    formats: Mapping[Kind, str] = field(
        default_factory=lambda: {kind: formats_of(kind)[0].name for kind in KINDS}
    )
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    """Seconds after which it is to be stopped, where that is sooner than the deadline of the engine."""
    summing: Summing | None = None
    """What the sentence is made of that sums the answer up, where one is wanted."""
    seen: Inspection | None = field(default=None, compare=False, repr=False)
    """What is to be seen of the query, where that is known without looking at it."""
    own: bool = False
    """Whether Surplace itself asks, to work with the rows: those that a client may have are no limit then."""
    by_client: bool = field(default=False, compare=False)
    """Whether a client wrote the query, which has a limit to its length then."""

    def __post_init__(self) -> None:
        """Leave out a byte order mark, which programs on Windows put before a text."""
        if self.query.startswith("\ufeff"):
            object.__setattr__(self, "query", self.query[1:])

    @cached_property
    def inspection(self) -> Inspection:
        """What is to be seen of the query without parsing it."""
        return inspect(self.query) if self.seen is None else self.seen

    def seconds(self, deadline: float) -> float:
        """Return the seconds that it may take of an engine that gives no query more than *deadline*."""
        return min(self.timeout or deadline, deadline)

    def room(self, most: int) -> int:
        """Return the bytes that its answer may have, of an engine that sends no client more than *most*."""
        return OWN_BYTES if self.own else most

    def encode(self) -> bytes:
        """Write the request for a worker of the same program."""
        dataset = self.default_graphs, self.named_graphs
        return pickle.dumps((self.query, dict(self.formats), *dataset, None, self.summing, None, self.own))

    @classmethod
    def decode(cls, data: bytes) -> Request:
        """Read what `encode` wrote."""
        return cls(*pickle.loads(data))


def in_seconds(seconds: float) -> str:
    """Write a time as sentences have it."""
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


def digest(query: str) -> str:
    """Return the name of a query in logs: the first half of its SHA-256."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True)
class Figures:
    """What an engine does at the moment: numbers of workers and queries, and bytes of the workers' memory."""

    ready: int = 0
    running: int = 0
    """Queries and suppositions being computed."""
    running_long: int = 0
    """Long ones among them."""
    waiting: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    """How many workers were ended, by reason."""
    memory: int = 0


Observer: TypeAlias = Callable[[str, float], None]
"""Is told how a query ended, `answered`, `cut` or the code of an error, and the seconds that it took."""


class Engine(Protocol):
    """Answers queries in an event loop; all of it is called in that loop."""

    observe: Observer | None

    @property
    def release(self) -> Mapping[str, Any] | None:
        """The manifest of the release that answers, or None where it is not known."""

    @property
    def folder(self) -> Release | None:
        """The release on this machine; None for an endpoint."""

    @property
    def shares(self) -> Buckets | None:
        """What clients used, in seconds; None for an endpoint."""

    async def ask(self, request: Request) -> Answer:
        """Answer a query of the client in CLIENT; raises EngineError."""

    async def suppose(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what *function*, one of a module, returns in a process of its own; raises SurplaceError."""

    async def health(self) -> Mapping[str, Any]:
        """Return `status`, `release` (its short name), `workers` (their number or None) and `trouble`."""

    def figures(self) -> Figures:
        """Return what there is to count."""

    async def close(self, *, at_once: bool = False) -> None:
        """Take no more queries, let those that run end, unless *at_once*, and stop everything."""


async def observed(answering: Awaitable[Answer], observe: Observer | None) -> Answer:
    """Wait for an answer, and tell how it ended."""
    begun, outcome = time.perf_counter(), "internal"
    try:
        answer = await answering
        outcome = "answered" if answer.cut is None else "cut"
        return answer
    except EngineError as error:
        outcome = error.code
        raise
    finally:
        if observe is not None:
            observe(outcome, time.perf_counter() - begun)
