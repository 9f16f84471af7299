"""What the questions answer about the real data: the facts that a lawyer would check first."""

from __future__ import annotations

import time

import pytest
from pyoxigraph import QueryBoolean

from sentences import sentence
from surplace.engine.limits import Limits
from surplace.namespaces import BASE
from two_engines import Engines, header, questions

INSTRUMENT = "id/instrument"
UNTC = "source/untc"
COHEN = "source/cohen-2010"


@pytest.fixture(scope="module")
def real(real_engines: Engines) -> Engines:
    """The data of the project, under a shorter name."""
    return real_engines


def answer(engines: Engines, name: str, **values: str) -> list[dict[str, str]]:
    """Ask a question and return its rows by column."""
    query = questions()[name]
    return [dict(zip(header(query), row, strict=True)) for row in engines.oxigraph(query.bind(values))]


def pick(rows: list[dict[str, str]], *columns: str) -> set[tuple[str, ...]]:
    """Return some columns of all rows."""
    return {tuple(row[column] for column in columns) for row in rows}


@pytest.mark.parametrize("name", sorted(questions().queries))
def test_each_question_has_an_answer_with_its_defaults(name: str, real: Engines) -> None:
    """`tests/benchmarks/both_engines.py` compares them with those of rdflib, which takes minutes."""
    assert real.oxigraph(questions()[name].text)


@pytest.mark.parametrize("name", sorted(questions().queries))
def test_no_question_takes_much_longer_than_reading_every_graph(name: str, real: Engines) -> None:
    """Compare processor times of one moment, which a slow or busy machine changes alike."""

    def seconds(text: str) -> float:
        start = time.thread_time()
        result = real.store.query(text)
        assert isinstance(result, QueryBoolean) or list(result)
        return time.thread_time() - start

    everything = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    taken, reading = [], []
    for _ in range(3):  # the second and third time only where the first is no proof
        taken.append(seconds(questions()[name].text))
        reading.append(seconds(everything))
        if min(taken) < 8 * max(reading):
            return
    raise AssertionError(f"{min(taken):.2f} s, where reading every graph takes {max(reading):.2f} s")


def test_since_when_treaties_bind_china(real: Engines) -> None:
    rows = answer(real, "which-treaties-bind-a-state-and-since-when", state="state:CHN")
    assert pick(rows, "treaty", "act", "depositedOn", "inForceSince", "clause", "record") == {
        (
            "instrument:1951-convention",
            "accession",
            "1982-09-24",
            "1982-12-23",
            f"{INSTRUMENT}/1951-convention/article/43/2",
            f"{UNTC}/V-2/CHN",
        ),
        (
            "instrument:1967-protocol",
            "accession",
            "1982-09-24",
            "1982-09-24",
            f"{INSTRUMENT}/1967-protocol/article/VIII/2",
            f"{UNTC}/V-5/CHN",
        ),
        (
            "instrument:cat",
            "ratification",
            "1988-10-04",
            "1988-11-03",
            f"{INSTRUMENT}/cat/article/27/2",
            f"{UNTC}/IV-9/CHN",
        ),
        # China's deposit counted for the general entry into force, which came later than the thirtieth day
        (
            "instrument:cedaw",
            "ratification",
            "1980-11-04",
            "1981-09-03",
            f"{INSTRUMENT}/cedaw/article/27/1",
            f"{UNTC}/IV-8/CHN",
        ),
        (
            "instrument:crc",
            "ratification",
            "1992-03-02",
            "1992-04-01",
            f"{INSTRUMENT}/crc/article/49/2",
            f"{UNTC}/IV-11/CHN",
        ),
        (
            "instrument:vclt",
            "accession",
            "1997-09-03",
            "1997-10-03",
            f"{INSTRUMENT}/vclt/article/84/2",
            f"{UNTC}/XXIII-1/CHN",
        ),
        # as a member of the United Nations
        ("instrument:un-charter", "membership", "", "1945-10-24", "", f"{UNTC}/I-1/CHN"),
        ("instrument:icj-statute", "membership", "", "1945-10-24", "", f"{UNTC}/I-1/CHN"),
    }


def test_what_the_author_says_of_chinas_consent_stands_beside_the_record(real: Engines) -> None:
    rows = answer(real, "which-treaties-bind-a-state-and-since-when", state="state:CHN")
    said = pick(rows, "treaty", "otherSourceSays", "rejected", "passage")
    assert said >= {
        ("instrument:1951-convention", "party since 1982", "false", f"{COHEN}/p6/s1"),
        ("instrument:cat", "party since 1988", "false", f"{COHEN}/p6/s1"),
        ("instrument:1951-convention", "ratified", "true", f"{COHEN}/p7/s2"),
        ("instrument:cedaw", "deposited 1983", "true", "source/wom-1575/china"),
    }
    places = pick(rows, "passage", "paragraph", "sentence")
    assert (f"{COHEN}/p6/s1", "6", "1") in places


@pytest.mark.parametrize(
    ("state", "treaty", "since"),
    [
        # deposit and days as the depositary's tables and the final clauses give them
        ("PRK", "iccpr", "1981-12-14"),
        ("PRK", "cedaw", "2001-03-29"),
        ("PRK", "crc", "1990-10-21"),
        ("KOR", "1951-convention", "1993-03-03"),
        ("KOR", "1967-protocol", "1992-12-03"),
        ("JPN", "1951-convention", "1982-01-01"),
        ("MNG", "cat", "2002-02-23"),
        ("USA", "1967-protocol", "1968-11-01"),
        ("LAO", "iccpr", "2009-12-25"),
        # deposited before the Covenant was in force at large
        ("RUS", "iccpr", "1976-03-23"),
    ],
)
def test_since_when_treaties_bind_others(state: str, treaty: str, since: str, real: Engines) -> None:
    rows = answer(real, "which-treaties-bind-a-state-and-since-when", state=f"state:{state}")
    assert (f"instrument:{treaty}", since) in pick(rows, "treaty", "inForceSince")


def test_who_is_bound_by_cat_and_not_by_the_convention(real: Engines) -> None:
    rows = answer(
        real,
        "which-states-are-bound-by-one-instrument-and-not-another",
        bound_by="instrument:cat",
        not_bound_by="instrument:1951-convention",
        as_of="2010-09-13",
    )
    assert pick(rows, "state", "since", "known", "standing", "reachedThrough") == {
        ("state:MNG", "2002-02-23", "true", "standing-kind:not-party", ""),
        ("state:THA", "2007-11-01", "true", "standing-kind:not-party", ""),
        ("state:USA", "1994-11-20", "true", "standing-kind:not-party", "instrument:1967-protocol"),
    }


def test_who_is_bound_by_the_convention_and_not_by_cat(real: Engines) -> None:
    rows = answer(
        real,
        "which-states-are-bound-by-one-instrument-and-not-another",
        bound_by="instrument:1951-convention",
        not_bound_by="instrument:cat",
        as_of="1989-01-01",
    )
    assert pick(rows, "state", "known", "standing") == {("state:JPN", "true", "standing-kind:not-party")}
    assert "before 1999-06-29" in rows[0]["reason"]


def test_after_the_record_ends_nothing_is_known_of_anyone(real: Engines) -> None:
    rows = answer(
        real,
        "which-states-are-bound-by-one-instrument-and-not-another",
        bound_by="instrument:cat",
        not_bound_by="instrument:1951-convention",
        as_of="2020-01-01",
    )
    assert len(rows) == 14
    assert pick(rows, "since", "known", "standing") == {("", "false", "standing-kind:unknown")}


def test_parties_and_their_numbers_on_the_authors_day(real: Engines) -> None:
    rows = answer(
        real,
        "which-states-are-party-on-a-day",
        treaty="instrument:1951-convention",
        as_of="2010-09-13",
    )
    parties = {row["state"].removeprefix("state:") for row in rows if row["row"] == "party"}
    assert parties == {"CHN", "JPN", "KHM", "KOR", "MEX", "PHL", "RUS"}
    counts = pick([row for row in rows if row["row"] != "party"], "number", "passage")
    assert ("144", f"{UNTC}/V-2") in counts
    rejected = [row for row in rows if "rejected" in row["note"]]
    assert pick(rejected, "number", "passage") == {("144", f"{COHEN}/p2/s3")}


def test_chinas_reservations(real: Engines) -> None:
    rows = answer(real, "which-reservations-did-a-state-make", state="state:CHN")
    standing = [row for row in rows if row["standing"] == "stands"]
    assert pick(standing, "effect", "provision", "mayBeReserved", "passage") == {
        (
            "excludes",
            f"{INSTRUMENT}/1951-convention/article/14/second-sentence",
            "if compatible",
            f"{UNTC}/V-2/CHN/declaration",
        ),
        (
            "excludes",
            f"{INSTRUMENT}/1951-convention/article/16/3",
            "if compatible",
            f"{UNTC}/V-2/CHN/declaration",
        ),
        ("excludes", f"{INSTRUMENT}/1967-protocol/article/IV", "yes", f"{UNTC}/V-5/CHN/declaration"),
        ("excludes", f"{INSTRUMENT}/cat/article/20", "yes", f"{UNTC}/IV-9/CHN/declaration"),
        ("excludes", f"{INSTRUMENT}/cat/article/30/1", "yes", f"{UNTC}/IV-9/CHN/declaration"),
        ("excludes", f"{INSTRUMENT}/cedaw/article/29/1", "yes", f"{UNTC}/IV-8/CHN/declaration"),
        ("conditions", f"{INSTRUMENT}/crc/article/6", "if compatible", f"{UNTC}/IV-11/CHN/declaration"),
    }
    told_otherwise = [(row["provision"], row["disagreement"]) for row in standing if row["disagreement"]]
    assert told_otherwise == [
        (f"{INSTRUMENT}/1967-protocol/article/IV", "disagreement:china-icj-reservation")
    ]


def test_the_test_of_object_and_purpose_stands_in_the_treaty_or_in_the_law_of_treaties(real: Engines) -> None:
    def test_of(state: str) -> dict[str, tuple[str, str]]:
        rows = answer(real, "which-reservations-did-a-state-make", state=f"state:{state}")
        provisions = {row["provision"].removeprefix(f"{INSTRUMENT}/"): row for row in rows}
        return {
            name: (row["mayBeReserved"], row["clause"].removeprefix(f"{INSTRUMENT}/"))
            for name, row in provisions.items()
        }

    assert test_of("PRK")["cedaw/article/2/f"] == ("if compatible", "cedaw/article/28/2")
    assert test_of("THA")["crc/article/22"] == ("if compatible", "crc/article/51/2")
    korea = test_of("KOR")
    assert korea["iccpr/article/22"] == ("if compatible", "vclt/article/19/c")
    assert test_of("MEX")["1951-convention/article/26"] == ("if compatible", "1951-convention/article/42/1")
    # what a clause lets a state leave out in so many words needs no test
    assert test_of("THA")["cat/article/30/1"] == ("yes", "cat/article/30/2")


def test_the_reservation_to_article_38_is_the_authors_and_rejected(real: Engines) -> None:
    rows = answer(real, "which-reservations-did-a-state-make", state="state:CHN")
    # she names no article; that hers is a part of Article 38 is our reading
    article = f"{INSTRUMENT}/1951-convention/article/38/on-the-court"
    about = [row for row in rows if row["provision"] == article]
    assert pick(about, "effect", "standing", "passage", "disagreement") == {
        ("affects", "rejected", f"{COHEN}/p7/s2", "disagreement:china-icj-reservation")
    }
    instead = [row for row in rows if row["provision"] == f"{INSTRUMENT}/1967-protocol/article/IV"]
    assert pick(instead, "effect", "standing", "disagreement") == {
        ("excludes", "stands", "disagreement:china-icj-reservation")
    }
    assert [row["standing"] for row in rows if row["disagreement"]] == ["rejected", "stands"]
    closed = answer(real, "which-states-reserved-a-closed-provision")
    assert pick(closed, "state", "provision", "clause", "standing") == {
        ("state:CHN", article, f"{INSTRUMENT}/1951-convention/article/42/1", "rejected")
    }


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("PRK", {("cedaw", "2/f"), ("cedaw", "9/2"), ("cedaw", "29/1")}),
        ("THA", {("crc", "22"), ("cedaw", "29/1")}),
        ("KOR", {("cedaw", "9"), ("cedaw", "16/1/g"), ("crc", "21/a"), ("crc", "40/2/b/v")}),
        ("LAO", {("cat", "20"), ("cat", "30/1")}),
        ("VNM", {("cat", "20"), ("cat", "30/1"), ("cedaw", "29/1")}),
    ],
)
def test_reservations_of_others(state: str, expected: set[tuple[str, str]], real: Engines) -> None:
    rows = answer(real, "which-reservations-did-a-state-make", state=f"state:{state}")
    provisions = {row["provision"] for row in rows}
    for treaty, article in expected:
        place = f"{INSTRUMENT}/{treaty}/article/{article}"
        assert any(place == p or p.startswith(place + "/") for p in provisions), (state, place, provisions)


def test_a_withdrawal_of_unknown_day_lies_between_two_days(real: Engines) -> None:
    rows = answer(real, "which-reservations-did-a-state-make", state="state:PRK")
    found = pick(
        rows, "provision", "withdrawnOn", "withdrawnNoEarlierThan", "withdrawnNoLaterThan", "standing"
    )
    assert found == {
        (f"{INSTRUMENT}/cedaw/article/2/f", "", "2015-03-15", "2015-12-31", "withdrawn"),
        (f"{INSTRUMENT}/cedaw/article/9/2", "", "2015-03-15", "2015-12-31", "withdrawn"),
        (f"{INSTRUMENT}/cedaw/article/29/1", "", "", "", "stands"),
    }


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        (
            "which-reservations-did-a-state-make",
            {"state": "state:PRK"},
            "Two more were withdrawn on a day from 15 March 2015 to 31 December 2015 that is not known: "
            "Articles 2(f) and 9(2) of CEDAW.",
        ),
        (
            "which-provisions-does-a-state-accept",
            {"state": "state:CHN"},
            "China accepted 115 recorded provisions of the 1951 Convention,",
        ),
        (
            "which-document-cites-what",
            {},
            "CAT/C/CHN/CO/5 (extract) and Cohen 2010 cite 15 works in 11 notes and two other passages.",
        ),
        (
            "which-states-are-party-on-a-day",
            {"treaty": "instrument:cat", "as_of": "2016-06-01"},
            "No recorded state is known to have been party to the Convention against Torture on 1 June 2016; "
            "of 14 states it is not known,",
        ),
        (
            "who-is-protected-where-on-a-day",
            {"as_of": "1940-06-01"},
            "On 1 June 1940 no recorded state was bound to keep anybody from “return”,",
        ),
        (
            "can-one-state-bring-another-before-the-court",
            {"as_of": "2020-01-01", "other": "state:JPN"},
            "Whether China and Japan had a way to the Court over refoulement on 1 January 2020 is not known,",
        ),
        (
            "can-one-state-bring-another-before-the-court",
            {"as_of": "1945-08-01"},
            "Whether China and any of 13 other states had a way to the Court over refoulement on "
            "1 August 1945 is not known,",
        ),
        (
            "can-one-state-bring-another-before-the-court",
            {"as_of": "1940-01-01", "state": "state:JPN", "other": "state:MEX"},
            "Over refoulement, Japan and Mexico had no way to the Court on 1 January 1940: Article 38 of the "
            "1951 Convention, Article IV of the 1967 Protocol, Article 30(1) of the Convention against "
            "Torture and Article 36(2) of the Statute of the Court had not been adopted yet.",
        ),
        (
            "can-one-state-bring-another-before-the-court",
            {"as_of": "1970-01-01", "state": "state:JPN"},
            "at least one had not accepted the clause; Article 30(1) of the Convention against Torture had "
            "not been adopted yet.",
        ),
        (
            "which-states-are-bound-by-one-instrument-and-not-another",
            {"as_of": "2015-06-01", "bound_by": "instrument:crc", "not_bound_by": "instrument:cat"},
            "no state is known to have been bound by the Convention on the Rights of the Child and not by "
            "the Convention against Torture; of the Democratic People's Republic of Korea and Myanmar it is "
            "not known.",
        ),
        (
            "which-states-are-party-on-a-day",
            {"treaty": "instrument:vclt", "as_of": "1980-01-26"},
            "was not in force yet on 26 January 1980, so that no state was party to it.",
        ),
        (
            "which-claims-contradict-each-other",
            {"speaker": "person:roberta-cohen"},
            "Six pairs of claims, one of the two by Roberta Cohen, are in tension, and none is found",
        ),
        (
            "what-is-said-about",
            {"thing": "state:USA"},
            "statements about the United States of America stand.",
        ),
        (
            "which-grounds-may-apply-to-whom",
            {},
            "open for seven, for want of facts:",
        ),
    ],
)
def test_a_sentence_says_no_more_than_its_rows(
    name: str, values: dict[str, str], words: str, real: Engines
) -> None:
    assert words in sentence(real.store, questions()[name], values, Limits())


def test_what_was_adopted_later_no_state_blocks(real: Engines) -> None:
    rows = answer(
        real,
        "can-one-state-bring-another-before-the-court",
        state="state:JPN",
        other="state:MEX",
        as_of="1960-01-01",
    )
    found = pick([row for row in rows if row["way"] == "not adopted yet"], "clause", "blockedBy", "reason")
    assert found == {
        (f"{INSTRUMENT}/{place}", "", f"The treaty was adopted only on {day}.")
        for place, day in (("1967-protocol/article/IV", "1967-01-31"), ("cat/article/30/1", "1984-12-10"))
    }
    assert not [row for row in rows if row["way"] == "blocked" and "38" not in row["clause"]]


def test_a_prohibition_is_no_duty_left_undone(real: Engines) -> None:
    rows = answer(real, "which-obligations-are-unfulfilled", state="state:CHN")
    assert f"{INSTRUMENT}/1951-convention/article/33/1" not in {row["asked"] for row in rows}
    assert "verdict:no-conflict-shown" not in {row["outcome"] for row in rows}


def test_each_value_of_a_parameter_has_its_rows_told_apart() -> None:
    """A sentence on several values needs to know which rows are whose, or nothing is said of any."""
    untold = {
        (query.name, name)
        for query in questions()
        for name in query.params
        if name not in query.columns and name not in query.told
    }
    # which builds a graph, of which the sentence says nothing but whose it is
    assert untold == {("recommendations-as-rdf", "body")}


def test_what_was_asked_of_a_narrower_action_is_found_under_the_wider(real: Engines) -> None:
    rows = answer(real, "what-did-each-body-ask-about-a-topic", topic="action:refoulement")
    assert pick(rows, "about") == {("action:return",)}
    assert pick(rows, "recommendation") == pick(
        answer(real, "what-did-each-body-ask-about-a-topic", topic="action:return"), "recommendation"
    )


def test_what_un_bodies_asked_of_china(real: Engines) -> None:
    rows = answer(real, "which-un-body-asked-which-state-for-what", state="state:CHN")
    asked = pick(rows, "body", "action", "symbol", "documentParagraph", "passage")
    cat = ("body:committee-against-torture", "CAT/C/CHN/CO/4", "", f"{COHEN}/p5/s3")
    cedaw = ("body:cedaw-committee", "CEDAW/C/CHN/CO/6", "", f"{COHEN}/p9/s2")
    for body, symbol, paragraph, passage, *actions in (
        (*cat, "screening-for-risk-of-torture", "access-for-unhcr", "incorporating-treaty-obligations"),
        (*cedaw, "reviewing-situation", "preventing-trafficking", "preventing-marriage-enslavement"),
        (
            "body:crc-committee",
            "CRC/C/CHN/CO/2",
            "82(b)",
            f"{COHEN}/p9/s3",
            "not-returning-unaccompanied-child-to-harm",
        ),
        ("body:crc-committee", "CRC/C/CHN/CO/2", "82", f"{COHEN}/p9/s4", "access-to-education"),
        (
            "body:crc-committee",
            "CRC/C/CHN/CO/3-4",
            "83(c)",
            "source/crc-c-chn-co-3-4/83/c",
            "ceasing-forced-return",
        ),
    ):
        for action in actions:
            assert (body, f"action:{action}", symbol, paragraph, passage) in asked


def test_when_they_asked_and_what_china_answered(real: Engines) -> None:
    rows = answer(real, "which-un-body-asked-which-state-for-what", state="state:CHN")
    days = pick(rows, "symbol", "askedOn")
    assert {("CAT/C/CHN/CO/4", "2008-11-21"), ("CRC/C/CHN/CO/2", "2005-09-30")} <= days
    cat = [row for row in rows if row["symbol"] == "CAT/C/CHN/CO/4"]
    assert pick(cat, "replyLabel", "repliedOn") == {
        ("CAT/C/CHN/CO/4/Add.1", "2008-12-17"),
        ("CAT/C/CHN/CO/4/Add.2", "2009-12-18"),
    }


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("screening-for-risk-of-torture", "committee-against-torture"),
        ("access-for-unhcr", "committee-against-torture"),
        ("incorporating-treaty-obligations", "committee-against-torture"),
        ("preventing-trafficking", "cedaw-committee"),
        ("access-to-services", "crc-committee"),
        # asked to end it, and in a request that concerns it
        ("deportation", "un-bodies-other-than-unhcr"),
        ("deportation", "committee-against-torture"),
        ("arrest", "crc-committee"),
        # asked to end what is a kind of it
        ("return", "committee-against-torture"),
    ],
)
def test_what_each_body_asked_about_a_topic(topic: str, body: str, real: Engines) -> None:
    rows = answer(real, "what-did-each-body-ask-about-a-topic", topic=f"action:{topic}")
    assert f"body:{body}" in {row["body"] for row in rows}


def test_the_three_grounds_that_the_author_argues(real: Engines) -> None:
    rows = answer(real, "which-protection-grounds-are-argued")
    authors = {row["ground"] for row in rows if row["item"] == "person:roberta-cohen"}
    assert authors == {
        "ground:persecution-on-a-convention-ground",
        "ground:persecution-by-economic-policy",
        "ground:refugee-sur-place",
    }
    bases = pick([row for row in rows if row["aspect"] == "legal basis"], "ground", "item")
    assert ("ground:persecution-on-a-convention-ground", "instrument:1951-convention") in bases
    # guidance defines, a treaty is the basis
    assert {item for ground, item in bases if ground == "ground:refugee-sur-place"} == {
        "instrument:1951-convention",
        "instrument:1967-protocol",
    }
    reported = {row["item"] for row in rows if row["ground"] == "ground:torture-on-return"}
    assert "body:committee-against-torture" in reported
    places = real.oxigraph(
        "PREFIX sur: <https://w3id.org/surplace/ontology/> SELECT ?place ?rank ?number { "
        "?ground sur:hasPlaceInArgument ?place . ?claim sur:concerns ?ground ; sur:announcesGrounds ?number "
        "OPTIONAL { ?ground sur:hasPertinenceRank ?rank } }"
    )
    assert set(places) == {("1", "", "3"), ("2", "", "3"), ("3", "1", "3")}
    assert [row for row in rows if row["aspect"] == "evidence" and row["element"]]


def test_the_diplomats_claim_is_a_claim(real: Engines) -> None:
    rows = answer(real, "who-claims-what", speaker="person:senior-chinese-diplomat")
    said = pick(rows, "subject", "predicate", "object", "onBehalfOf", "passage", "paragraph", "sentence")
    assert (
        "population:north-koreans-in-china",
        "sur:lacksStatus",
        "status:refugee",
        "state:CHN",
        f"{COHEN}/p1/s1",
        "1",
        "1",
    ) in said
    facts = real.oxigraph(
        "SELECT ?p WHERE { <https://w3id.org/surplace/id/population/north-koreans-in-china> "
        "<https://w3id.org/surplace/ontology/lacksStatus> ?p }"
    )
    assert ("status:refugee",) not in facts


HERS = "claim:crossers-with-fear-are-refugees-author"


def test_the_diplomat_contradicts_the_dean_and_is_in_tension_with_the_author(real: Engines) -> None:
    rows = answer(real, "which-claims-contradict-each-other", speaker="person:senior-chinese-diplomat")
    assert pick(rows, "claim", "relation", "otherClaim") == {
        ("claim:economic-migrants-diplomat", "contradicts", "claim:some-are-refugees-dean"),
        ("claim:not-refugees-diplomat", "contradicts", "claim:some-are-refugees-dean"),
        # he spoke some years before her paper of 2010
        (HERS, "in tension with", "claim:economic-migrants-diplomat"),
        (HERS, "in tension with", "claim:not-refugees-diplomat"),
        # what only may be so does not contradict
        (
            "claim:determination-might-establish-status-author",
            "in tension with",
            "claim:economic-migrants-diplomat",
        ),
        (
            "claim:determination-might-establish-status-author",
            "in tension with",
            "claim:not-refugees-diplomat",
        ),
        (
            "claim:economic-hardship-may-be-persecution-author",
            "in tension with",
            "claim:economic-migrants-diplomat",
        ),
        (
            "claim:economic-hardship-may-be-persecution-author",
            "in tension with",
            "claim:not-refugees-diplomat",
        ),
    }


def test_a_finding_names_whose_view_it_depends_on(real: Engines) -> None:
    rows = answer(real, "which-conduct-conflicts-with-which-provision", state="state:CHN")
    views = pick([r for r in rows if r["onlyFor"]], "onlyFor", "verdict", "viewOf", "authority")
    assert {view for view in views if view[1] == "verdict:conflict"} == {
        (
            "person-category:refugee",
            "verdict:conflict",
            "person:roberta-cohen",
            "authority:argument-of-an-author",
        ),
        (
            "person-category:person-at-risk-of-torture",
            "verdict:conflict",
            "body:committee-against-torture",
            "authority:statement-of-a-body",
        ),
    }
    # where nobody is known to hold it, none is named
    expulsion = [row for row in rows if row["onlyFor"] == "person-category:refugee-lawfully-in-territory"]
    assert {row["viewOf"] for row in expulsion} == {""}


def test_what_may_be_true_beside_a_claim_does_not_contradict_it(real: Engines) -> None:
    rows = answer(real, "which-claims-contradict-what")
    contradicting = {row["claim"] for row in rows if row["relation"] == "contradicts"}
    assert contradicting == {"claim:economic-migrants-diplomat", "claim:not-refugees-diplomat"}
    assert {row["claim"] for row in rows if row["relation"] == "in tension with"} >= {
        "claim:may-be-deported-diplomat",
        "claim:economic-reasons-officials",
        "claim:china-cannot-be-taken-to-court-author",
    }


def test_where_sources_disagree(real: Engines) -> None:
    rows = answer(real, "where-sources-disagree")
    found = pick(rows, "disagreement", "object", "passage")
    assert found >= {
        ("disagreement:china-act-of-consent", "sur:Ratification", f"{COHEN}/p7/s2"),
        ("disagreement:number-of-parties", "144", f"{COHEN}/p2/s3"),
        ("disagreement:china-cedaw-ratification", "1983", "source/wom-1575/china"),
        ("disagreement:symbol-of-cedaw-comments", "CEDAW C/CHN/CO/6", f"{COHEN}/n12"),
    }
    assert all(row["reason"] for row in rows)
    # two documents are in tension on the legislation of later years, courts with others; none is preferred
    unsettled = pick([row for row in rows if not row["preferred"]], "disagreement", "object")
    assert unsettled == {
        ("disagreement:legislation-after-2010", ""),
        ("disagreement:peremptory-ban-court-of-appeal", ""),
        ("disagreement:peremptory-ban-high-court", ""),
        ("disagreement:south-korean-citizenship", ""),
    }
    # Both dates can be right, and both makers of the border protocol: nothing of them is rejected.
    for kept in ("china-in-excom", "parties-to-the-border-protocol", "what-the-border-protocol-allows"):
        assert {row["object"] for row in rows if row["disagreement"] == f"disagreement:{kept}"} == {""}


def test_sentences_without_citation(real: Engines) -> None:
    rows = answer(real, "which-statements-carry-no-citation", source="source:cohen-2010")
    passages = {row["passage"].removeprefix(COHEN + "/") for row in rows}
    # the law of Jilin is not cited; the concluding observations of 2008 are, in note 8
    assert "p6/s4" in passages
    assert "p5/s3" not in passages
    assert all(int(row["facts"]) > 0 for row in rows)


def test_absolute_and_qualified_prohibitions(real: Engines) -> None:
    convention = answer(
        real, "which-norms-does-an-instrument-impose", instrument="instrument:1951-convention"
    )
    refoulement = [row for row in convention if row["provision"].endswith("1951-convention/article/33/1")]
    assert {row["kind"] for row in refoulement} == {"prohibition"}
    assert {row["exceptionProvision"] for row in refoulement} == {
        f"{INSTRUMENT}/1951-convention/article/33/2"
    }
    grounds = {row["exceptionGround"] for row in refoulement}
    assert "exception-ground:danger-to-security" in grounds
    assert "exception-ground:public-order" not in grounds
    torture = answer(real, "which-norms-does-an-instrument-impose", instrument="instrument:cat")
    absolute = [row for row in torture if row["provision"].endswith("cat/article/3/1")]
    assert absolute
    assert {(row["absolute"], row["exception"]) for row in absolute} == {("true", "")}


def test_a_party_to_the_protocol_alone_has_accepted_article_33(real: Engines) -> None:
    rows = answer(
        real,
        "which-provisions-does-a-state-accept",
        state="state:USA",
        instrument="instrument:1951-convention",
    )
    accepted = pick(rows, "provision", "through")
    assert (f"{INSTRUMENT}/1951-convention/article/33/1", "instrument:1967-protocol") in accepted
    assert not [p for p, _ in accepted if p.endswith(("/article/35", "/article/38"))]
    assert not [t for _, t in accepted if t != "instrument:1967-protocol"]


def test_who_says_that_china_acceded(real: Engines) -> None:
    rows = answer(
        real,
        "where-does-a-statement-come-from",
        subject="https://w3id.org/surplace/id/consent/1951-convention/CHN",
    )
    kinds = pick([row for row in rows if row["predicate"] == "rdf:type"], "object", "kind", "graph")
    assert ("sur:Accession", "passage", f"{UNTC}/V-2/CHN") in kinds
    assert ("sur:Ratification", "passage (rejected)", f"{COHEN}/p7/s2") in kinds
    assert not [row for row in rows if row["object"] == "sur:Act" and row["kind"] != "axiom"]


def test_identifiers_of_states(real: Engines) -> None:
    rows = answer(real, "states-and-their-identifiers", treaty="instrument:1951-convention")
    assert len(rows) == 14
    china = next(row for row in rows if row["state"] == "state:CHN")
    assert china["wikidata"] == "http://www.wikidata.org/entity/Q148"
    assert (china["isoCode"], china["status"], china["depositedOn"]) == ("CHN", "consented", "1982-09-24")
    assert {row["status"] for row in rows} == {"consented", "not party"}


def test_signed_and_not_bound_on_the_authors_day(real: Engines) -> None:
    rows = answer(real, "which-states-signed-but-are-not-bound", as_of="2010-09-13")
    assert pick(rows, "state", "treaty", "signedOn", "laterInForceOn") == {
        ("state:CHN", "instrument:iccpr", "1998-10-05", ""),
        ("state:KHM", "instrument:vclt", "1969-05-23", ""),
        ("state:USA", "instrument:cedaw", "1980-07-17", ""),
        ("state:USA", "instrument:crc", "1995-02-16", ""),
        ("state:USA", "instrument:vclt", "1970-04-24", ""),
    }


def test_open_questions_are_not_facts(real: Engines) -> None:
    rows = answer(real, "which-questions-are-open")
    assert "question:identity-of-the-jilin-law" in {row["question"] for row in rows}
    assert all(row["asks"] for row in rows)
    assert not any(row["among"] for row in rows)


@pytest.mark.parametrize(
    ("about", "among", "question"),
    [
        ("state:PRK", "", "south-korean-nationality-of-north-koreans"),
        ("state:PRK", "reservations or declarations", "withdrawal-of-reservations-to-cedaw-PRK"),
        ("state:MEX", "consents", "mexico-and-article-17-1"),
        ("state:CHN", "declarations for a territory", "crc-in-hong-kong-after-1997"),
        ("state:CHN", "laws or agreements", "arbitration-between-unhcr-and-china"),
        ("state:CHN", "laws or agreements", "identity-of-the-jilin-law"),
        ("state:THA", "reservations or declarations", "statements-cat-THA"),
        ("instrument:cat", "consents", "statements-cat-RUS"),
        ("instrument:cat", "reservations or declarations", "statements-cat-THA"),
        ("instrument:iccpr", "provisions", "derogation-from-what-is-not-named"),
        ("instrument:iccpr", "exceptions", "derogations-from-the-iccpr"),
        ("instrument:iccpr", "declarations for a territory", "iccpr-in-macao-after-1999"),
        ("instrument:1951-convention", "norms", "custom-of-non-refoulement"),
        (f"{BASE}{INSTRUMENT}/1951-convention/article/33/1", "norms", "custom-of-non-refoulement"),
        (
            f"{BASE}{INSTRUMENT}/cat/article/3/1",
            "reservations or declarations",
            "understanding-of-article-3-USA",
        ),
        (
            f"{BASE}{INSTRUMENT}/iccpr/article/13",
            "declarations for a territory",
            "immigration-law-in-hong-kong",
        ),
        ("jurisdiction:macao", "declarations for a territory", "iccpr-in-macao-after-1999"),
        ("body:unhcr", "claims", "south-korean-nationality-of-north-koreans"),
        ("body:unhcr", "claims", "wording-of-persons-of-concern"),
        (
            "population:north-koreans-in-china",
            "groups",
            "other-grounds-of-the-fear",
        ),
    ],
)
def test_questions_on_what_is_of_a_thing_are_open_about_it(
    about: str, among: str, question: str, real: Engines
) -> None:
    rows = answer(real, "which-questions-are-open", about=about)
    assert (f"question:{question}", among) in pick(rows, "question", "among")


def test_what_a_source_prevails_on_is_found_by_it(real: Engines) -> None:
    rows = answer(real, "where-sources-disagree", source="source:untc")
    assert pick([row for row in rows if row["object"]], "disagreement", "passage") >= {
        ("disagreement:china-act-of-consent", f"{COHEN}/p7/s2"),
        ("disagreement:china-cedaw-ratification", "source/wom-1575/china"),
        ("disagreement:number-of-parties", f"{COHEN}/p2/s3"),
    }


def test_what_could_not_be_read_of_a_consent_is_not_accepted(real: Engines) -> None:
    rows = answer(
        real,
        "which-provisions-does-a-state-accept",
        state="state:KOR",
        instrument="instrument:1951-convention",
    )
    article = f"{INSTRUMENT}/1951-convention/article/7"
    assert pick([row for row in rows if row["effect"]], "provision", "effect") == {
        (article, "open"),
        *((f"{article}/{paragraph}", "open") for paragraph in range(1, 5)),
    }


def test_the_handbook_is_cited_in_note_4(real: Engines) -> None:
    rows = answer(real, "which-document-cites-what", source="source:cohen-2010")
    assert ("4", "id/document/unhcr-handbook/paragraph/94", f"{COHEN}/p4/s3") in pick(
        rows, "note", "cited", "citedFrom"
    )


@pytest.mark.parametrize(
    ("harm", "claims"),
    [
        (
            "persecution",
            {
                "persecution-awaits-the-returned-author",
                "crossers-with-fear-are-refugees-author",
                "economic-leavers-can-become-refugees-sur-place-author",
            },
        ),
        ("ill-treatment", {"torture-of-the-repatriated-witnesses"}),
        ("marriage-enslavement", {"women-exposed-to-trafficking-cedaw"}),
        ("threat-to-life-or-freedom", {"crossers-with-fear-are-refugees-author"}),
    ],
)
def test_what_is_feared_by_claims_alone(harm: str, claims: set[str], real: Engines) -> None:
    rows = answer(real, "what-harm-is-feared-by-whom", harm=f"harm:{harm}")
    assert {row["claim"] for row in rows} == {f"claim:{name}" for name in claims}
    assert all(row["speaker"] and row["passage"] for row in rows)


def test_a_conduct_has_its_own_days_first_and_says_who_joins_others_to_it(real: Engines) -> None:
    conduct = "measure:china-forcibly-repatriates-north-koreans"
    rows = answer(real, "what-is-said-of-one-conduct", conduct=conduct)
    own, joined = rows[:2], rows[2:]
    assert pick(own, "measure", "joinedBy") == {(conduct, "")}
    assert {row["seenOn"] for row in own} == {"", "2015-12-03"}
    assert {row["joinedBy"] for row in joined} == {"source/surplace/conduct"}
    assert {row["seenOn"] for row in joined} == {"", "2010-09-13", "2006"}


def test_a_proposal_is_described_though_no_day_is_told(real: Engines) -> None:
    conduct = "measure:unhcr-proposes-humanitarian-status"
    rows = answer(real, "what-is-said-of-one-conduct", conduct=conduct)
    assert pick(rows, "kind", "seenOn", "passage") == {("described", "", f"{COHEN}/p8/s5")}


def test_what_returned_people_fear(real: Engines) -> None:
    rows = answer(real, "what-harm-is-feared-by-whom")
    feared = {row["feared"] for row in rows if row["passage"] == f"{COHEN}/p4/s6"}
    assert feared == {
        f"harm:{name}"
        for name in (
            "arrest",
            "detention",
            "beating",
            "sexual-violence",
            "forced-labour",
            "forced-abortion",
            "torture",
            "death",
        )
    }


def test_what_unhcr_did(real: Engines) -> None:
    rows = answer(real, "what-measures-did-an-agent-take", agent="body:unhcr")
    assert {("proposal", f"{COHEN}/p8/s5"), ("assistance", f"{COHEN}/p8/s4")} <= pick(rows, "kind", "passage")


def test_what_the_protocol_lets_a_state_reserve_of_the_convention(real: Engines) -> None:
    """The United States is party to the Protocol alone: its Article VII(1) counts, not the Convention."""
    rows = answer(real, "which-reservations-did-a-state-make", state="state:USA")
    convention = {row for row in pick(rows, "provision", "mayBeReserved") if "1951-convention" in row[0]}
    assert convention == {
        (f"{INSTRUMENT}/1951-convention/article/24/1/b", "if compatible"),
        (f"{INSTRUMENT}/1951-convention/article/29", "if compatible"),
    }
    assert {row["clause"] for row in rows if "1951-convention" in row["provision"]} == {
        f"{INSTRUMENT}/1967-protocol/article/VII/1"
    }
