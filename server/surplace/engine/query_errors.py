"""What may go wrong when a query is asked: each with its sentence, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from surplace.errors import SurplaceError
from surplace.rdf.formats import Format, Kind


class EngineError(SurplaceError):
    """A query that was not answered. *code* names the reason, for programs."""

    code = "failed"


class QuerySyntaxError(EngineError):
    """The text is not SPARQL: *line* and *column* count from 1, *near* is the text at that place.

    *paste* is a line that mends it at the top of the query, *append* one at its end, and *instead* what to
    write in the place of *near*; "" where that is not known.
    """

    code = "syntax"

    def __init__(
        self,
        message: str,
        line: int,
        column: int,
        near: str,
        paste: str = "",
        instead: str = "",
        append: str = "",
    ) -> None:
        super().__init__(message)
        self.line, self.column, self.near = line, column, near
        self.paste, self.instead, self.append = paste, instead, append

    def fields(self) -> dict[str, str | int]:
        """Return what another of its kind is made of."""
        names = ("line", "column", "near", "paste", "instead", "append")
        return {"message": str(self), **{name: getattr(self, name) for name in names}}

    def in_file(self, name: str) -> str:
        """Return the sentence for a query that is a file."""
        return f"{name}, {str(self).replace('Line', 'line', 1)}"


class RefusedError(EngineError):
    """The query asks for what this service does not do."""

    code = "refused"


def no_service() -> RefusedError:
    """Return the error for a query that would have another endpoint asked."""
    return RefusedError("SERVICE is not offered here: ask the other endpoint yourself and join the answers.")


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
    """The process that evaluated the query died of it."""

    code = "too-complex"


class LostError(EngineError):
    """The process that evaluated the query was ended by something else than the query."""

    code = "unavailable"


class TooLargeError(EngineError):
    """The answer has more bytes than the limit; *summary* is the sentence that sums it up all the same."""

    code = "too-large"

    def __init__(self, message: str, summary: str = "") -> None:
        super().__init__(message)
        self.summary = summary


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
    """The engine does not answer, for a reason of its own: it is stopping, or has no process."""

    code = "unavailable"


def stopping() -> UnavailableError:
    """Return the error for what comes when the service stops."""
    return UnavailableError("The service is stopping: ask again in a moment.")


class EndpointError(EngineError):
    """The endpoint behind the engine does not answer, or not as it should."""

    code = "endpoint"


_KIND_NAMES: Final[dict[Kind, str]] = {"bindings": "rows", "boolean": "yes or no", "graph": "a graph"}
