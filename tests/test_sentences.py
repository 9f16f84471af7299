"""The sentence above an answer is whole, whatever single value is asked with, over the project's own data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

import pytest
from pyoxigraph import QuerySolutions, QueryTriples, Store

from sentences import OfStore, sentence
from surplace.catalogue import Query
from surplace.catalogue.asked import ask
from surplace.engine.limits import Limits
from surplace.engine.table import table_of
from surplace.rdf.terms import text_of
from surplace.web.fields import offering
from surplace.words.said import LONGEST
from two_engines import questions

MOST = 60
"""How many values of a parameter are tried at most, spread over all that there are."""
DAYS = ("1900-01-01", "1945-10-24", "1982-10-15", "2010-09-13", "2015-03-15", "2016-06-01", "2040-01-01")
REST = "The rows have the rest."
NO = re.compile(r"(?:No|None|Nobody|Nothing|Neither)\b")
"""How a sentence begins that is no answer where what comes after it is left out."""
FIGURES = re.compile(r"\b\d{4} \d")
"""A day and a number without a comma between them."""
PINNED = (
    (
        "which-un-body-asked-which-state-for-what",
        {"state": "CHN", "body": "unhcr"},
        "No request of the Office of the United Nations High Commissioner for Refugees to China is recorded.",
    ),
    (
        "which-provisions-bind-a-state-on-a-day",
        {"state": "PRK", "instrument": "cedaw", "as_of": "2015-06-01"},
        "On 1 June 2015 the Democratic People's Republic of Korea was bound by all recorded articles of "
        "CEDAW but Article 2(f), Article 9(2) and Article 29(1), of which it is not known. It was bound "
        "until 14 March 2016 at least.",
    ),
    (
        "which-provisions-bind-a-state-on-a-day",
        {"state": "KOR", "instrument": "cedaw", "as_of": "2010-01-01"},
        "On 1 January 2010 the Republic of Korea was bound by all recorded articles of CEDAW but "
        "Article 16(1)(g), which it reserved, and Article 9, Article 9(1) and Article 9(2), of which it is "
        "not known. It was bound until 14 March 2016 at least.",
    ),
    (
        "which-treaties-apply-in-a-territory",
        {"territory": "hong-kong", "as_of": "1974-01-01"},
        "On 1 January 1974, by declarations that had effect, Hong Kong was not under the 1951 Convention and "
        "the 1967 Protocol; of no other treaty is one recorded by that day.",
    ),
    (
        "which-questions-are-open",
        {"about": "state:PRK"},
        "One question about the Democratic People's Republic of Korea is open, and three about its laws or "
        "agreements and reservations or declarations: Are North Koreans nationals of South Korea too? and "
        "three more.",
    ),
    (
        "which-provisions-does-a-state-accept",
        {"state": "MNG", "instrument": "cedaw"},
        "Mongolia accepted 28 recorded provisions of CEDAW, by consent to the Convention on the Elimination "
        "of All Forms of Discrimination against Women; of Article 29(1) it is open.",
    ),
)
"""What is not known, not recorded or filtered out, and has been told as a no."""
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
        assert not (REST in found and NO.match(found)), given
        assert not FIGURES.search(found), given


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.name)
def test_what_is_asked_by_default_is_summed_up_whole(query: Query, real_store: Store) -> None:
    assert REST not in sentence(real_store, query, {}, Limits())
    assert REST not in sentence(real_store, query, query.example, Limits())


@pytest.mark.parametrize(("name", "given", "expected"), PINNED)
def test_what_is_not_known_is_told_as_that(
    name: str, given: dict[str, str], expected: str, real_store: Store
) -> None:
    assert sentence(real_store, questions()[name], given, Limits()) == expected


def among(query: Query, name: str, store: Store) -> set[str]:
    """Return the values that a pick-list offers."""
    text = offering(query, query.params[name])
    rows = table_of(cast("QuerySolutions", store.query(text))).rows
    return {text_of(row[name]) for row in rows}


@pytest.mark.parametrize(
    ("query", "name"), [(query, name) for query in ASKED for name, one in query.params.items() if one.among]
)
def test_a_pick_list_offers_what_leads_to_rows(query: Query, name: str, real_store: Store) -> None:
    """A source of which each sentence cites a note has no row, and is offered: that is an answer."""
    known = OfStore(real_store)
    offered = among(query, name, real_store)
    early = {other: "1900-01-01" for other in query.params if other == "after"}
    choices = {item.iri for item in known.choices(query.params[name].class_iri or "")}
    assert choices > (offered & choices)

    def leads_to_rows(values: list[str]) -> bool:
        found = real_store.query(ask(query, {name: values, **early}, known.choices).text)
        assert isinstance(found, QuerySolutions | QueryTriples)
        return next(found, None) is not None

    assert not leads_to_rows(sorted(choices - offered))  # at once: one by one they take a minute
    for iri in sorted(choices & offered):
        assert leads_to_rows([iri]) or query.name == "which-statements-carry-no-citation", iri


def test_no_text_of_a_release_has_marks_that_pages_show_as_they_are(real_store: Store) -> None:
    found = real_store.query(
        "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT ?item { ?item dcterms:description|dcterms:title|skos:definition|skos:scopeNote "
        '?text FILTER(REGEX(STR(?text), "`|[*][A-Za-z][^*]*[*]")) }'
    )
    assert [text_of(row["item"]) for row in table_of(cast("QuerySolutions", found)).rows] == []


def test_reasons_call_a_state_with_the_article_that_its_name_takes(real_store: Store) -> None:
    """The name of another thing in a reason may begin with that of the state: `Mexico: reservation`."""
    named = real_store.query(
        "PREFIX sur: <https://w3id.org/surplace/ontology/> SELECT ?text ?called { "
        "?state sur:isCalledInSentences ?called . ?thing sur:givesReason|sur:hasCaveat ?text "
        "FILTER(CONTAINS(?text, SUBSTR(?called, 5))) }"
    )
    rows = [
        {name: text_of(term) for name, term in row.items()}
        for row in table_of(cast("QuerySolutions", named)).rows
    ]
    assert len(rows) > 1000
    without = {
        row["text"]
        for row in rows
        if re.search(rf"(?<![Tt]he )(?<!People's ){row['called'][4:]}(?![:,])", row["text"])
    }
    assert without == set()
