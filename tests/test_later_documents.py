"""The documents of 2015 and 2016: what they state, what they pass on, and what they leave open."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from surplace.namespaces import BASE, CLAIM, ID, KNOWLEDGE, SOURCE, SUR
from test_source_document import rows

PREFIXES = f"""PREFIX sur: <{SUR}>
PREFIX measure: <{ID}measure/>
PREFIX claim: <{CLAIM}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
PASSAGES = {
    "cat-c-chn-co-5": "header/1 header/2 header/3 header/4 p1/s1 p4/s1 p4/s2 p46/s1 p46/s2 p46/s3 p46/s4",
    "loc-refugee-law-china-2016": "header/1 header/2 header/3 p1/s1 p1/s2 p1/s3 p1/s4 p1/s5 p1/s6 "
    "p2/s1 p2/s2 p2/s3 p2/s4 p3/s1 p3/s2 p3/s3 p3/s4",
}
SILENT = {"loc-refugee-law-china-2016": ["header/3"]}


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query, IRIs without the base."""
    return [tuple(value.removeprefix(BASE) for value in row) for row in rows(store, PREFIXES + query)]


@pytest.mark.parametrize("source", PASSAGES)
def test_every_sentence_is_a_passage_and_all_but_headings_state_something(
    real_store: Store, source: str
) -> None:
    found = ask(
        real_store,
        f"""SELECT ?passage (EXISTS {{ GRAPH ?passage {{ ?s ?p ?o }} }} AS ?states)
            {{ ?passage sur:isPassageOf <{SOURCE}{source}> ; sur:hasOrder ?order }} ORDER BY ?order""",
    )
    assert [row[0].partition(f"{source}/")[2] for row in found] == PASSAGES[source].split()
    silent = [row[0].partition(f"{source}/")[2] for row in found if row[1] == "false"]
    assert silent == SILENT.get(source, [])


def test_forced_return_is_seen_in_three_years_and_each_year_is_conduct_of_its_own(real_store: Store) -> None:
    found = ask(
        real_store,
        """SELECT ?measure ?day {
            measure:china-forcibly-repatriates-north-koreans sur:continues* ?measure .
            ?measure sur:isObservedOn ?day } ORDER BY DESC(?day)""",
    )
    assert found == [
        ("id/measure/china-forcibly-repatriates-north-koreans", "2015-12-03"),
        ("id/measure/china-deports-north-koreans", "2010-09-13"),
        ("id/measure/china-returns-north-koreans", "2006"),
    ]
    # conduct of 2015 corroborates nothing of 2006 or 2010, nor the reverse
    assert (
        ask(
            real_store,
            """SELECT ?finding ?passage { ?finding sur:isCorroboratedBy ?passage .
            ?passage sur:isPassageOf ?source .
            VALUES ?source { <https://w3id.org/surplace/source/cat-c-chn-co-5>
                <https://w3id.org/surplace/source/loc-refugee-law-china-2016> } }""",
        )
        == []
    )


def test_what_was_asked_to_end_in_2013_went_on_and_what_was_asked_in_2015_is_open(real_store: Store) -> None:
    found = ask(
        real_store,
        """SELECT ?recommendation ?outcome ?measure { ?followUp sur:followsUp ?recommendation ;
            sur:hasOutcome ?outcome .
            OPTIONAL { ?followUp sur:usesPremise ?measure . ?measure a sur:Measure }
            FILTER(REGEX(STR(?recommendation), "cat-2015|crc-2013-north")) } ORDER BY ?recommendation""",
    )
    assert found == [
        ("id/recommendation/cat-2015-cease-forced-return", "vocab/follow-up-outcome/open", ""),
        ("id/recommendation/cat-2015-legislation", "vocab/follow-up-outcome/open", ""),
        (
            "id/recommendation/crc-2013-north-korean-children",
            "vocab/follow-up-outcome/not-followed",
            "id/measure/china-forcibly-repatriates-north-koreans",
        ),
    ]


def test_what_was_told_to_the_committee_stays_a_claim(real_store: Store) -> None:
    told = "id/population/north-koreans-in-china"
    assert ask(
        real_store,
        "SELECT ?g ?who { GRAPH ?g { ?who sur:isDenied ?action } }",
    ) == [("claim/no-access-to-determination-various-sources", told)]
    assert (
        ask(
            real_store,
            f"SELECT ?people {{ GRAPH <{KNOWLEDGE}> {{ ?people sur:suffersHarm ?harm }} }}",
        )
        == []
    )
    assert ask(
        real_store,
        "SELECT ?g ?people ?harm { GRAPH ?g { ?people sur:suffersHarm ?harm } } ORDER BY ?harm",
    ) == [
        (
            "claim/torture-of-the-repatriated-witnesses",
            "id/population/people-forcibly-repatriated-to-north-korea",
            f"vocab/harm/{harm}",
        )
        for harm in ("ill-treatment", "torture")
    ]
    assert ask(
        real_store,
        """SELECT ?attitude ?speaker ?witness ?more { ?statement sur:expressesAttitude ?attitude ;
            sur:isSpokenBy ?speaker ; sur:concerns ?claim .
            ?claim sur:isClaimedBy ?witness FILTER(?witness != ?speaker)
            OPTIONAL { ?claim sur:isMadeInMoreTestimoniesThan ?more } }
            ORDER BY ?attitude""",
    ) == [
        (
            "vocab/attitude/regret",
            "id/body/committee-against-torture",
            "id/group/various-sources-of-the-committee-2015",
            "",
        ),
        (
            "vocab/attitude/taking-note",
            "id/body/committee-against-torture",
            "id/group/witnesses-heard-by-un-sources",
            "100",
        ),
    ]


def test_forced_return_is_defended_with_a_claim_that_leaves_no_other_motive(real_store: Store) -> None:
    claim = "claim/crossed-illegally-for-economic-reasons-china-2015"
    assert ask(real_store, "SELECT DISTINCT ?thing ?reason { ?thing sur:isJustifiedBy ?reason }") == [
        ("id/measure/china-forcibly-repatriates-north-koreans", claim)
    ]
    # every motive that is no economic one
    assert ask(
        real_store,
        f"""SELECT ?motive {{ ?motive a sur:Motive
            FILTER NOT EXISTS {{ GRAPH <{BASE}{claim}> {{ ?people sur:isNotMarkedBy ?motive }} }} }}
            ORDER BY ?motive""",
    ) == [
        ("vocab/motive/economic-betterment",),
        ("vocab/motive/economic-hardship",),
        ("vocab/motive/economic-reasons",),
    ]


def test_who_may_who_must_and_towards_whom_by_the_law_of_china(real_store: Store) -> None:
    found = ask(
        real_store,
        """SELECT ?kind ?action ?bearer ?to {
            ?norm sur:isBorneBy ?bearer ; sur:concernsAction ?action ; a ?kind .
            ?provision sur:imposes ?norm ; sur:isPartOf ?law .
            ?law sur:appliesIn <https://w3id.org/surplace/id/state/CHN>
            FILTER(?kind IN (sur:Obligation, sur:Permission)) OPTIONAL { ?norm sur:isOwedTo ?to } }
            ORDER BY ?kind ?action ?bearer""",
    )
    organ, local = (f"id/organ/{kind}public-security-organs-of-china" for kind in ("", "local-"))
    foreigners = "id/population/foreigners-in-china"
    assert found == [
        ("ontology/Obligation", "vocab/action/carrying-documents", foreigners, organ),
        ("ontology/Obligation", "vocab/action/reporting-foreign-guests", "id/group/hotels-in-china", local),
        ("ontology/Obligation", "vocab/action/submitting-residence-permits", foreigners, local),
        ("ontology/Permission", "vocab/action/granting-asylum", "id/state/CHN", ""),
        *(
            (
                "ontology/Permission",
                "vocab/action/obtaining-identity-documents",
                f"id/population/{people}",
                "",
            )
            for people in ("asylum-seekers-in-china", "refugees-in-china")
        ),
    ]


def test_an_agent_or_a_day_that_no_sentence_names_is_a_reading_of_our_own(real_store: Store) -> None:
    found = ask(
        real_store,
        """SELECT ?g ?thing ?value { VALUES ?p { sur:isTakenBy sur:isAdoptedOn } GRAPH ?g { ?thing ?p ?value }
            VALUES ?thing { <https://w3id.org/surplace/id/document/cat-c-chn-co-5>
                measure:china-lets-recognised-refugees-remain
                measure:china-treats-non-indochinese-refugees-as-aliens }
            ?g sur:isPassageOf ?source } ORDER BY ?g ?thing""",
    )
    assert found == [
        ("source/surplace/bodies/adoption-at-two-meetings", "id/document/cat-c-chn-co-5", "2015-12-03"),
        *(
            ("source/surplace/conduct/agents", f"id/measure/china-{conduct}", "id/state/CHN")
            for conduct in ("lets-recognised-refugees-remain", "treats-non-indochinese-refugees-as-aliens")
        ),
    ]


def test_legislation_after_2010_is_answered_by_both_and_none_prevails(real_store: Store) -> None:
    found = ask(
        real_store,
        """SELECT ?passage { <https://w3id.org/surplace/id/disagreement/legislation-after-2010>
            sur:isBetween ?passage } ORDER BY ?passage""",
    )
    assert [row[0] for row in found] == [
        "source/cat-c-chn-co-5/p4/s2",
        "source/cat-c-chn-co-5/p46/s1",
        "source/cohen-2010/p6/s1",
        "source/loc-refugee-law-china-2016/p1/s2",
        "source/loc-refugee-law-china-2016/p1/s3",
        "source/loc-refugee-law-china-2016/p1/s6",
    ]
    assert (
        ask(
            real_store,
            """SELECT ?value { <https://w3id.org/surplace/id/disagreement/legislation-after-2010>
            sur:prefers|sur:rejects ?value }""",
        )
        == []
    )


def test_the_month_of_accession_agrees_with_the_depositary(real_store: Store) -> None:
    found = ask(
        real_store,
        """SELECT ?treaty ?said ?deposited { ?consent sur:isGivenOn ?said ; sur:isGivenTo ?treaty ;
            sur:isDepositedOn ?deposited . ?month sur:isWrittenAs ?said ; sur:hasEarliestDay ?first ;
            sur:hasLatestDay ?last FILTER(?first <= ?deposited && ?deposited <= ?last) } ORDER BY ?treaty""",
    )
    assert found == [
        ("id/instrument/1951-convention", "1982-09", "1982-09-24"),
        ("id/instrument/1967-protocol", "1982-09", "1982-09-24"),
    ]


def test_conduct_of_2015_is_judged_where_the_treaty_bound_beyond_the_record(real_store: Store) -> None:
    found = ask(
        real_store,
        """SELECT ?provision ?verdict { ?finding sur:appliesProvision ?provision ; sur:hasVerdict ?verdict ;
            sur:concludes measure:china-forcibly-repatriates-north-koreans
            FILTER(REGEX(STR(?provision), "/(cat|1951-convention)/")) } ORDER BY ?provision""",
    )
    assert found == [
        ("id/instrument/1951-convention/article/32/1", "vocab/verdict/undetermined"),
        # no notice of denunciation could have taken effect before 15 March 2016
        ("id/instrument/1951-convention/article/33/1", "vocab/verdict/conflict"),
        # and a treaty body attests the state as party
        ("id/instrument/cat/article/3/1", "vocab/verdict/conflict"),
    ]
