"""The sentence above an answer is whole, whatever single value is asked with, over the project's own data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import Store

from sentences import OfStore, sentence
from surplace.catalogue import Query
from surplace.engine.limits import Limits
from surplace.words.sentence import LONGEST
from two_engines import questions

MOST = 60
"""How many values of a parameter are tried at most, spread over all that there are."""
DAYS = ("1900-01-01", "1945-10-24", "1982-10-15", "2010-09-13", "2015-03-15", "2016-06-01", "2040-01-01")
REST = "The rows have the rest."
ASKED = [query for query in questions() if query.answer]


def values(query: Query, store: Store) -> Iterator[dict[str, str]]:
    """Yield the defaults, then each value of each parameter alone."""
    yield {}
    known = OfStore(store)
    for name, parameter in query.params.items():
        if parameter.type == "date":
            yield from ({name: day} for day in DAYS)
        elif parameter.class_iri:
            iris = sorted(instance.iri for instance in known.choices(parameter.class_iri))
            yield from ({name: iri} for iri in iris[:: 1 + len(iris) // MOST])


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.name)
def test_a_sentence_ends_as_one_does_and_has_room(query: Query, real_store: Store) -> None:
    for given in values(query, real_store):
        found = sentence(real_store, query, given, Limits())
        assert found.endswith((".", "?")), given
        assert "…" not in found, given
        assert len(found) <= LONGEST, given


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.name)
def test_what_is_asked_by_default_is_summed_up_whole(query: Query, real_store: Store) -> None:
    assert REST not in sentence(real_store, query, {}, Limits())
    assert REST not in sentence(real_store, query, query.example, Limits())
