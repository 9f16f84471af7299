"""Tells from the bytes of an answer whether nothing was found, in whichever format it is."""

from __future__ import annotations

import json
from typing import Final

from pyoxigraph import QueryBoolean, QueryTriples, parse, parse_query_results

from surplace.rdf.formats import Format, Kind

LONGEST: Final = 8192
"""Bytes from which on an answer holds something: the rest is names of columns, or prefixes."""


def is_empty(kind: Kind, form: Format, data: bytes) -> bool:
    """Tell whether an answer has no row or no triple, or is the answer no; one that cannot be read is not."""
    if len(data) > LONGEST:
        return False
    try:
        return _holds_nothing(kind, form, data)
    except (SyntaxError, ValueError):  # as an endpoint may send it
        return False


def _holds_nothing(kind: Kind, form: Format, data: bytes) -> bool:
    """Read an answer; raises ValueError, or SyntaxError, for one that is not in its format."""
    if kind == "boolean":
        return b"false" in data
    if form.rdf is not None:
        return next(iter(parse(data, format=form.rdf)), None) is None
    if form.name == "rows":
        return not json.loads(data)
    if form.name in ("json", "xml") and form.results is not None:
        found = parse_query_results(data, format=form.results)
        return not isinstance(found, QueryBoolean | QueryTriples) and next(iter(found), None) is None
    return data.count(b"\n") <= 1
