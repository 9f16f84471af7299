"""Evaluates queries as SPARQL wants it where the library is stricter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from surplace.rdf.terms import Term

UNKNOWN: Final = 16
"""Functions that a query may call and that are not known; each costs a look at the query."""

Results: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
_UNKNOWN: Final = re.compile(r"The custom function <(.*)> is not supported")


def evaluate(store: Store, query: str, **options: Any) -> Results:
    """Evaluate *query* with *options* of the library; a call of an unknown function has no value.

    SPARQL calls that an error of the expression. The library refuses the whole query (RuntimeError), as this
    does beyond *UNKNOWN* such functions.
    """
    failing: dict[NamedNode, Callable[..., Term | None]] = {}
    while True:
        try:
            return store.query(query, custom_functions=failing, **options)
        except RuntimeError as error:
            name = _UNKNOWN.fullmatch(str(error))
            if name is None or len(failing) == UNKNOWN:
                raise
            failing[NamedNode(name[1])] = _fail


def _fail(*_: Term) -> None:
    """Give no value."""
