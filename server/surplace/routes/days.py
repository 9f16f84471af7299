"""The day that a page is for: a parameter of several routes."""

from __future__ import annotations

from typing import Final

from surplace.errors import SurplaceError
from surplace.http.call import Call
from surplace.http.route import Parameter
from surplace.words.days import FORM, meant_as_day, read_day

DAY: Final = Parameter(
    "on",
    f"The day that the page is for, as {FORM}; the end of the record unless given.",
    example="2010-09-13",
    means=meant_as_day,
)


def day_of(call: Call) -> str:
    """Return the day that is asked for, or nothing; raises Problem `parameter` for what is no day."""
    given = call.first(DAY.name).strip()
    try:
        return read_day(given).isoformat() if given else ""
    except SurplaceError as error:
        raise DAY.problem(str(error)) from None
