"""The one kind of error that reaches a user: a sentence that says what is wrong and what to do."""

from __future__ import annotations


class SurplaceError(Exception):
    """Something a user can put right. The message is one sentence, with the remedy; the exit code is 1."""

    exit_code = 1

    def __init__(self, message: str = "", parameter: str = "") -> None:
        """Take the message; *parameter* names the one that is at fault, where it is one."""
        super().__init__(message)
        self.parameter = parameter


def not_utf8(name: str, error: UnicodeDecodeError) -> SurplaceError:
    """Say of a file, by its name in messages, on which line it is not UTF-8."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return SurplaceError(f"{name}, line {line}, is not UTF-8 (byte {error.start}): save it as UTF-8.")
