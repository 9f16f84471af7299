"""Parts of an answer: `limit` and `offset`, and the addresses of the parts before and after (RFC 8288)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from flask import request
from pyoxigraph import Literal
from werkzeug.datastructures import MultiDict

from surplace.catalogue import ParameterError
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.sparql.rewriting import counted

LIMIT: Final = "limit"
OFFSET: Final = "offset"
_NUMBER: Final = re.compile("[0-9]{1,18}")
"""Python refuses to read numbers of thousands of digits, and engines count in 64 bits."""


@dataclass(frozen=True)
class Part:
    """The rows after *offset*, at most *limit* of them, or all."""

    limit: int | None = None
    offset: int = 0

    @property
    def is_all(self) -> bool:
        """Whether this is the whole answer."""
        return self == Part()

    @property
    def address(self) -> str:
        """Where the request that is being answered finds this part instead."""
        fields = [item for item in request.args.items(multi=True) if item[0] not in (LIMIT, OFFSET)]
        fields += [(LIMIT, str(self.limit))] if self.limit is not None else []
        fields += [(OFFSET, str(self.offset))] if self.offset else []
        return quote(request.path) + (f"?{urlencode(fields)}" if fields else "")


def part_of(fields: MultiDict[str, str], limits: Limits) -> Part:
    """Read which part of an answer is asked for; raises ParameterError."""
    return Part(_number(fields, LIMIT, 1, limits.answer_rows), _number(fields, OFFSET, 0, limits.offset) or 0)


def count(text: str, knowledge: Knowledge) -> int:
    """Return how many rows a query has, which must be pageable; raises EngineError."""
    (row,) = knowledge.select(counted(text)).rows
    (number,) = row.values()
    return int(number.value) if isinstance(number, Literal) else 0


def others(part: Part, total: int) -> dict[str, Part]:
    """Return the parts that a part leads to, by relation type; all are as long as it is."""
    if part.limit is None:
        return {"first": Part()}
    start = part.offset % part.limit
    last = start + (total - 1 - start) // part.limit * part.limit if start < total else 0
    offsets = {"first": 0, "last": last}
    if part.offset:
        offsets["prev"] = min(last, max(0, part.offset - part.limit))
    if part.offset + part.limit < total:
        offsets["next"] = part.offset + part.limit
    return {relation: Part(part.limit, offset) for relation, offset in sorted(offsets.items())}


def _number(fields: MultiDict[str, str], name: str, least: int, most: int) -> int | None:
    """Read a number that is given once, or not at all."""
    given = fields.getlist(name)
    if not given:
        return None
    if len(given) > 1:
        raise ParameterError(name, f'"{name}" is given more than once: give it once.')
    if not _NUMBER.fullmatch(given[0]) or not least <= int(given[0]) <= most:
        raise ParameterError(name, f'"{name}" is "{given[0]}": give a whole number from {least} to {most}.')
    return int(given[0])
