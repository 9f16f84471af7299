"""The day that a page is for: a parameter of several routes."""

from __future__ import annotations

from datetime import date
from typing import Final

from surplace.http.call import Call
from surplace.http.route import Parameter
from surplace.words.days import FORM, asked_for, typed

DAY: Final = Parameter(
    "on",
    f"The day that the page is for, as {FORM}; the end of the record unless given.",
    example="2010-09-13",
)


def day_of(call: Call) -> str:
    """Return the day that is asked for, or nothing; raises Problem `parameter` for what is no day."""
    given = call.first(DAY.name).strip()
    day = typed(given)
    try:
        return date.fromisoformat(day).isoformat() if day else ""
    except ValueError:
        raise DAY.problem(asked_for(given)) from None
