"""What an engine is: it takes a Request and gives an Answer, or one of the errors here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from surplace.errors import SurplaceError
from surplace.rdf.formats import KINDS, Format, Kind, formats_of

if TYPE_CHECKING:
    from surplace.engine.answer import Answer


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

    def encode(self) -> bytes:
        """Write the request for a worker's pipe."""
        fields = {
            "query": self.query,
            "formats": dict(self.formats),
            "default_graphs": self.default_graphs,
            "named_graphs": self.named_graphs,
        }
        return json.dumps(fields).encode("ascii")

    @classmethod
    def decode(cls, data: bytes) -> Request:
        """Read what `encode` wrote."""
        fields = json.loads(data)
        for name in ("default_graphs", "named_graphs"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


@dataclass(frozen=True)
class Pending:
    """A query that was begun. *finish* returns its answer, or raises EngineError.

    It must be called: at once if the answer is *ready*, else by a thread, which may have to wait.
    """

    ready: bool
    finish: Callable[[], Answer]


class Engine(Protocol):
    """Answers queries. The methods may be called from several threads."""

    release: Mapping[str, Any] | None
    """The manifest of the release that answers, or None where it is not known."""

    def ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError."""

    async def begin(self, request: Request) -> Pending:
        """Begin a query, and wait while its answer may soon be there; raises EngineError."""

    def close(self) -> None:
        """Stop everything that the engine runs."""


class EngineError(SurplaceError):
    """A query that was not answered. *code* names the reason, for programs."""

    code = "failed"


class QuerySyntaxError(EngineError):
    """The text is not SPARQL: *line* and *column* count from 1, *near* is the text at that place."""

    code = "syntax"

    def __init__(self, message: str, line: int, column: int, near: str) -> None:
        super().__init__(message)
        self.line, self.column, self.near = line, column, near


class RefusedError(EngineError):
    """The query asks for what this service does not do."""

    code = "refused"


class QueryTooLongError(EngineError):
    """The text of the query is longer than the limit."""

    code = "too-large"


class NotOfferedError(EngineError):
    """No format that the client takes can carry this kind of answer; *offered* lists those that can."""

    code = "not-offered"

    def __init__(self, kind: Kind, offered: Sequence[Format]) -> None:
        names = ", ".join(item.name for item in offered)
        super().__init__(
            f"This query returns {_KIND_NAMES[kind]}, which comes as {names}: ask for one of these."
        )
        self.kind, self.offered = kind, tuple(offered)


class UnwritableAnswerError(EngineError):
    """The answer has something that the format cannot carry."""

    code = "not-acceptable"


class DeadlineError(EngineError):
    """The time for a query is over."""

    code = "deadline"


class TooComplexError(EngineError):
    """The process that evaluated the query died of it; *retry_after* is in seconds, 0 if not known."""

    code = "too-complex"

    def __init__(self, message: str, retry_after: int = 0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LostError(EngineError):
    """The process that evaluated the query was ended by something else than the query."""

    code = "unavailable"


class TooLargeError(EngineError):
    """The answer has more bytes than the limit."""

    code = "too-large"


class BusyError(EngineError):
    """Too many queries wait already; *retry_after* is in seconds."""

    code = "busy"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OveruseError(EngineError):
    """A client used more than its share; *retry_after* is in seconds."""

    code = "overuse"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnavailableError(EngineError):
    """The engine, or the endpoint behind it, does not answer."""

    code = "unavailable"


_KIND_NAMES: Final[dict[Kind, str]] = {"bindings": "rows", "boolean": "yes or no", "graph": "a graph"}
