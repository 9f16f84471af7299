"""Days as people write them, in one way everywhere: 13 September 2010."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from surplace.errors import SurplaceError

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
FORM: Final = "2010-09-13 or 13 September 2010"
"""How a day is typed, in messages."""
_WRITTEN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DAY: Final = re.compile(r"(?<![0-9A-Za-z/:-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9A-Za-z/:-])")
_INSIDE: Final = re.compile(r"(?<![0-9A-Za-z/:-])[0-9]{4}-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?(?![0-9A-Za-z/:-])")
"""A day or month in a text."""
_FIGURES: Final = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{2,4})")
_BEGINNINGS: Final = [month[:end] for month in MONTHS for end in range(len(month), 2, -1)]
"""The months, and what they are shortened to."""
_LIKE_A_DAY: Final = re.compile(
    r"[0-9]{4}[./-][0-9]{1,2}(?:[./-][0-9]{1,2})?(?:T.*)?|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}"
    rf"|(?:[0-9]{{1,2}}(?:st|nd|rd|th)? +)?(?:{'|'.join(_BEGINNINGS)})\.?"
    r"(?: +[0-9]{1,2}(?:st|nd|rd|th)?)?,? +[0-9]{4}",
    re.IGNORECASE,
)
_TYPED: Final = re.compile(r"([0-9]{1,2})\.? +([A-Za-z]{3,9})\.?,? +([0-9]{4})")


def in_words(text: str) -> str:
    """Write a day, month or year of XML Schema in words; any other text comes back as it is."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return text
    year, month, day = match.groups()
    if month is None:
        return year
    if not 1 <= int(month) <= len(MONTHS):
        return text
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}" if day else f"{MONTHS[int(month) - 1]} {year}"


def preposition(day: str) -> str:
    """Return the word that goes before a day, or before a month or year, as XML Schema writes them."""
    return "in" if (match := _WRITTEN.fullmatch(day)) and not match[3] else "on"


def dated(on: str, latest: str = "") -> str:
    """Say when something was: `on` a day, `in` a month or year, or `no later than` the *latest* it may be.

    The days are as XML Schema writes them; where neither is known, there is nothing to say.
    """
    if on:
        return f"{preposition(on)} {in_words(on)}"
    return f"no later than {in_words(latest)}" if latest else ""


def days_in_words(text: str) -> str:
    """Write every day and month inside a text in words, but for those that are part of a longer name."""
    return _INSIDE.sub(lambda match: in_words(match[0]), text)


def read_day(text: str) -> date:
    """Read a day that somebody typed: 2010-09-13, 13 September 2010, 13 Sep 2010, or 13.9.2010.

    Figures are read only if one of them alone can be the month. Raises SurplaceError for anything else, other
    forms of ISO 8601 too: it says which to use.
    """
    written = text.strip()
    figures = _FIGURES.fullmatch(written)
    order = _ordered(int(figures[1]), int(figures[2])) if figures else None
    if match := _TYPED.fullmatch(written):
        written = f"{match[3]}-{_month(match[2]):02}-{int(match[1]):02}"
    elif figures and order:
        written = f"{figures[3]}-{order[1]:02}-{order[0]:02}"
    try:
        if not _DAY.fullmatch(written):
            raise ValueError
        return date.fromisoformat(written)
    except ValueError:
        months = figures is not None and max(int(figures[1]), int(figures[2])) <= len(MONTHS)
        two_ways = " here, for such figures read two ways" if months and not order else ""
        given = f'"{text[:80]}" is not a day{two_ways}' if written else "No day is given"
        message = f"{given}: give a day such as {FORM}."
        raise SurplaceError(message) from None


def read_date(text: str) -> str:
    """Read a day that somebody typed, or a month or year (2010-09, 2010), and write it as XML Schema does.

    Raises SurplaceError for anything else.
    """
    written = text.strip()
    if is_day(written):
        return read_day(written).isoformat()
    try:
        last_day(written)
    except ValueError:
        message = f'"{text[:80]}" is no date: write 2016-03-08, 2016-03 or 2016, as precise as the source.'
        raise SurplaceError(message) from None
    return written


def last_day(text: str) -> date:
    """Return the last day of a day, month or year of XML Schema. Raises ValueError for anything else."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = int(match[1]), int(match[2] or len(MONTHS)), match[3]
    return date(year, month, int(day) if day else monthrange(year, month)[1])


def after(date_of: str, day: str) -> str:
    """Say whether a date, of which only the year or month may be known, is or may be after a day."""
    if last_day(date_of).isoformat() <= day:
        return ""
    return "perhaps after" if day.startswith(date_of) else "after"


def is_day(text: str) -> bool:
    """Tell whether somebody typed a day, in a form that is read here."""
    try:
        read_day(text)
    except SurplaceError:
        return False
    return True


def meant_as_day(text: str) -> bool:
    """Tell whether somebody typed a day, month or year with a sign or word in it, right or wrong."""
    return is_day(text) or _LIKE_A_DAY.fullmatch(text.strip()) is not None


def day_in_words(text: str) -> str:
    """Write a day that somebody typed in words; what is no day comes back as it is."""
    return in_words(read_day(text).isoformat()) if is_day(text) else text


def _ordered(one: int, other: int) -> tuple[int, int] | None:
    """Return day and month, if two figures can be these in one way only."""
    ways = {way for way in ((one, other), (other, one)) if way[1] <= len(MONTHS)}
    return ways.pop() if len(ways) == 1 else None


def _month(name: str) -> int:
    """Return the number of a month, which may be shortened; 0 if there is none of that name."""
    return next((n for n, month in enumerate(MONTHS, 1) if month.casefold().startswith(name.casefold())), 0)


def day_before(text: str) -> str:
    """Return the day before a day; what is none comes back as it is."""
    try:
        return (date.fromisoformat(text) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return text
