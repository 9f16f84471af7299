"""Sentences that answer: a template of a query file, filled with the values and rows of an answer.

The template is Jinja in its sandbox. It sees each parameter by its name, `rows`, and of each row every
column, where a column of IRIs has the labels. `FILTERS` has what else there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from surplace.errors import SurplaceError
from surplace.words.english import NO_INITIAL, capitalized
from surplace.words.said import LONGEST, Said, Saying
from surplace.words.standings import Horizons
from surplace.words.value_filters import FILTERS

_REST: Final = "The rows have the rest."
"""Stands for what was left out, which may be what is not known."""
_MOST: Final = (6, 4, 3, 2, 1, 0)
"""How many members of a list are named, and one more where one is left; with 0, just one."""
_FAULTS: Final = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of a template that cannot be read or filled."""
_CLAUSES: Final = re.compile(rf"(?:[.;]{NO_INITIAL}(?= )|\Z)")
"""Where a clause ends."""
_PAIRS: Final = ("()", "“”")


def write(
    template: str,
    values: Mapping[str, Said],
    rows: Sequence[Saying],
    horizons: Horizons,
    name: str = "the answer",
    longest: int = LONGEST,
) -> str:
    """Fill a template, in at most *longest* characters.

    *horizons* are the last days of what is known, *name* is for messages.

    Raises SurplaceError where the template cannot be read or filled.
    """
    try:
        compiled = _compiled(template)
        for most in _MOST:
            text = _tidy(compiled.render({**values, "rows": rows, "most_": most, "horizons_": horizons}))
            if len(text) <= longest:
                return text
    except _FAULTS as error:
        raise SurplaceError(f"{name}: its sentence cannot be written ({error}): correct #+ answer.") from None
    return _without_last_clauses(text, longest)


def _without_last_clauses(text: str, longest: int) -> str:
    """Leave out the last clauses of a sentence, until what is left and `_REST` fit.

    A clause that stands in brackets or quotation marks is left out with what they are about. A first clause
    that is too long by itself stays whole: nothing would be said without it.
    """

    def is_outside(end: int) -> bool:
        return all(text.count(one, 0, end) == text.count(other, 0, end) for one, other in _PAIRS)

    ends = [found.start() for found in _CLAUSES.finditer(text) if is_outside(found.start())]
    fitting = [end for end in ends if end + len(_REST) + 2 <= longest]
    end = fitting[-1] if fitting else ends[0]
    return f"{text[:end]}. {_REST}" if end < len(text.rstrip(".")) else text


def load() -> None:
    """Load what the library loads when it first fills a template, and when it first cannot."""
    write("{{ 'text' }}", {}, (), Horizons())
    with suppress(SurplaceError):
        write("{{ unknown }}", {}, (), Horizons())


def cut(rows: int) -> str:
    """Return the sentence for an answer that has more rows than can be looked at."""
    return f"More than {rows:,} rows fit, too many to sum up: ask for less at once."


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


def _tidy(text: str) -> str:
    """Put blanks and the capital in order."""
    text = re.sub(r"\s+([,;:.?)])", r"\1", " ".join(text.split()))
    return capitalized(text) + ("" if text.endswith((".", "?", "!", "…")) else ".")


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    found = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    found.filters = dict(FILTERS)
    found.globals = {"namespace": Namespace}
    return found
