"""The day that a page is for: a parameter of several routes."""

from __future__ import annotations

from datetime import date
from typing import Final

from surplace.http.call import Call
from surplace.http.route import Parameter
from surplace.words.days import typed

DAY: Final = Parameter(
    "on",
    "The day that the page is for, as 2010-09-13 or 13 September 2010; the end of the record unless given.",
    example="2010-09-13",
)


def day_of(call: Call) -> str:
    """Return the day that is asked for, or nothing; raises Problem `parameter` for what is no day."""
    given = call.first(DAY.name).strip()
    day = typed(given)
    try:
        return date.fromisoformat(day).isoformat() if day else ""
    except ValueError:
        raise DAY.problem(f'"on" is "{given[:80]}": give a day such as 2010-09-13.') from None
