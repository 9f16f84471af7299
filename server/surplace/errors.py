"""The one kind of error that reaches a user: a sentence that says what is wrong and what to do."""

from __future__ import annotations


class SurplaceError(Exception):
    """Something a user can put right. The message is one sentence, with the remedy; the exit code is 1."""

    exit_code = 1
    parameter = ""
    """The name of the parameter that is at fault, where it is one."""
