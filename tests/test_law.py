"""What the rules conclude about the real data: the traps that a treaty lawyer would set."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store

from test_answers import answer, pick
from two_engines import Engines

INSTRUMENT = "id/instrument"
REFUGEES, PROTOCOL, TORTURE = (f"{INSTRUMENT}/{name}" for name in ("1951-convention", "1967-protocol", "cat"))
RETURN = "id/finding/measure/china-returns-north-koreans/norm"
DAY = "2010-09-13"
OPEN_BEFORE_1951 = "open only for refugees from events before 1951, else doubtful"


@pytest.fixture(scope="module")
def real(real_engines: Engines) -> Engines:
    """The data of the project, under a shorter name."""
    return real_engines


def standings(real: Engines, state: str, instrument: str, as_of: str = DAY) -> dict[tuple[str, str], str]:
    """Return how a state stands to each provision, through each treaty."""
    rows = answer(
        real, "which-provisions-bind-a-state-on-a-day", state=state, instrument=instrument, as_of=as_of
    )
    return {
        (row["provision"].partition("/article/")[2], row["through"].partition(":")[2]): row[
            "standing"
        ].partition(":")[2]
        for row in rows
    }


@pytest.mark.parametrize(
    ("consent", "day"),
    [
        ("1951-convention/CHN", "1982-12-23"),
        ("1967-protocol/CHN", "1982-09-24"),
        ("cat/CHN", "1988-11-03"),
        ("cedaw/CHN", "1981-09-03"),
        ("crc/CHN", "1992-04-01"),
        ("iccpr/PRK", "1981-12-14"),
        ("cat/VNM", "2015-03-07"),
        ("1967-protocol/USA", "1968-11-01"),
    ],
)
def test_days_in_force_come_out_of_the_final_clauses(consent: str, day: str, real: Engines) -> None:
    rows = answer(
        real, "where-does-a-statement-come-from", subject=f"https://w3id.org/surplace/id/consent/{consent}"
    )
    found = {(r["object"], r["kind"], r["graph"]) for r in rows if r["predicate"] == "sur:entersIntoForceOn"}
    assert found == {(day, "rule", "rule:entry-into-force-for-a-state")}


def test_china_is_not_shown_to_have_reserved_article_38(real: Engines) -> None:
    china = standings(real, "state:CHN", "instrument:1951-convention")
    assert china["38", "1951-convention"] == "binding"
    assert {key for key, standing in china.items() if standing == "excluded"} == {
        ("14/second-sentence", "1951-convention"),
        ("14/second-sentence", "1967-protocol"),
        ("16/3", "1951-convention"),
        ("16/3", "1967-protocol"),
    }
    assert standings(real, "state:CHN", "instrument:1967-protocol")["IV", "1967-protocol"] == "excluded"


def test_article_14_binds_china_in_its_first_sentence_only(real: Engines) -> None:
    china = standings(real, "state:CHN", "instrument:1951-convention")
    assert china["14/first-sentence", "1951-convention"] == "binding"
    assert china["14/first-sentence", "1967-protocol"] == "binding"
    assert china["14/second-sentence", "1951-convention"] == "excluded"


def test_an_article_that_binds_but_for_a_part_says_for_which(real: Engines) -> None:
    rows = answer(
        real,
        "which-provisions-bind-a-state-on-a-day",
        state="state:CHN",
        instrument="instrument:1951-convention",
        as_of=DAY,
    )
    parts = [
        (row["provisionLabel"].partition(", ")[2], row["caveat"])
        for row in rows
        if row["caveat"].startswith("A part of it stands otherwise: ")
    ]
    said = "A part of it stands otherwise: 1951 Convention, Article"
    assert sorted(parts) == [
        *[("Article 14", f"{said} 14, second sentence (excluded).")] * 2,  # through either treaty
        *[("Article 16", f"{said} 16(3) (excluded).")] * 2,
    ]


def test_a_reservation_that_does_not_name_its_article_leaves_it_open(real: Engines) -> None:
    myanmar = standings(real, "state:MMR", "instrument:cedaw")
    assert myanmar["29/1", "cedaw"] == "unknown"
    assert myanmar["6", "cedaw"] == "binding"
    rows = answer(
        real,
        "can-one-state-bring-another-before-the-court",
        state="state:JPN",
        other="state:MMR",
        action="action:preventing-trafficking",
        as_of=DAY,
    )
    assert {(row["clause"].partition("/article/")[2], row["way"]) for row in rows} == {
        ("29/1", "unknown"),
        ("36/2", "blocked"),
    }


def test_a_way_to_the_court_has_the_caveats_of_the_day_and_of_the_two_states(real: Engines) -> None:
    def caveats(state: str, other: str, day: str) -> set[str]:
        rows = answer(
            real,
            "can-one-state-bring-another-before-the-court",
            state=f"state:{state}",
            other=f"state:{other}",
            action="action:torture",
            as_of=day,
        )
        beginnings = ("Since ", "Open question: When did the declarations")
        return {
            row["caveat"].partition(" ")[0] for row in rows if row.get("caveat", "").startswith(beginnings)
        }

    assert caveats("JPN", "MEX", "2010-09-13") == set()
    assert caveats("JPN", "MEX", "2015-04-01") == {"Since"}
    assert caveats("JPN", "THA", "2010-09-13") == {"Open"}


def test_a_question_about_one_state_is_no_caveat_of_others(real_store: Store) -> None:
    rows = real_store.query("""
        PREFIX sur: <https://w3id.org/surplace/ontology/>
        SELECT ?conclusion ?caveat {
            ?conclusion sur:hasCaveat ?caveat
            FILTER(REGEX(?caveat, "^Open question: (Myanmar|Mexico|Mongolia):"))
        }""")
    assert isinstance(rows, QuerySolutions)
    found = {(row["conclusion"].value, str(row["caveat"].value).split(": ")[1]) for row in rows}
    codes = {"Mexico": "MEX", "Myanmar": "MMR", "Mongolia": "MNG"}
    assert {name for _, name in found} == set(codes)
    assert [iri for iri, name in found if codes[name] not in iri] == []
    # its questions on Articles 17(1) and 32 of the Convention make those unknown, and are no caveat of others
    assert [iri for iri, name in found if name == "Mexico" and "/cedaw/" not in iri] == []


def test_a_reservation_that_the_record_lost_leaves_its_article_open(real: Engines) -> None:
    mexico = standings(real, "state:MEX", "instrument:1951-convention")
    for treaty in ("1951-convention", "1967-protocol"):
        assert {mexico[f"32{part}", treaty] for part in ("", "/1", "/2", "/3")} == {"unknown"}
        assert mexico["33/1", treaty] == "binding"


@pytest.mark.parametrize(
    ("state", "consent"), [("RUS", "cedaw"), ("MNG", "cedaw"), ("RUS", "cat"), ("KOR", "1967-protocol")]
)
def test_a_record_without_its_text_is_a_caveat_of_all_that_rests_on_it(
    state: str, consent: str, real_store: Store
) -> None:
    rows = real_store.query(f"""
        PREFIX sur: <https://w3id.org/surplace/ontology/>
        SELECT ?conclusion (COUNT(?caveat) AS ?caveats) {{
            ?standing a sur:BindingStanding ;
                sur:runsThrough <https://w3id.org/surplace/{INSTRUMENT}/{consent}> ;
                sur:isStandingOf <https://w3id.org/surplace/id/state/{state}> .
            ?conclusion sur:usesPremise? ?standing .
            {{ ?conclusion a sur:BindingStanding }} UNION {{ ?conclusion a sur:AcceptanceOfJurisdiction }}
            OPTIONAL {{ ?conclusion sur:hasCaveat ?caveat FILTER(STRSTARTS(?caveat, "Open question: ")) }}
        }} GROUP BY ?conclusion""")
    assert isinstance(rows, QuerySolutions)
    found = [int(row["caveats"].value) for row in rows]
    assert found
    assert min(found) >= 1


def test_exclusion_is_named_where_a_ground_rests_on_the_convention_or_its_definition(
    real_store: Store,
) -> None:
    rows = real_store.query("""
        PREFIX sur: <https://w3id.org/surplace/ontology/>
        SELECT DISTINCT ?ground {
            ?assessment sur:assessesGround ?ground ; sur:hasCaveat ?caveat
            FILTER(STRSTARTS(?caveat, "1951 Convention, Article 1F excludes from status"))
        }""")
    assert isinstance(rows, QuerySolutions)
    assert {row["ground"].value.rpartition("/")[2] for row in rows} == {
        "persecution-by-economic-policy",
        "persecution-on-a-convention-ground",
        "refugee-sur-place",
    }


def test_the_united_states_are_bound_by_article_33_through_the_protocol_alone(real: Engines) -> None:
    america = standings(real, "state:USA", "instrument:1951-convention")
    assert america["33/1", "1967-protocol"] == "binding"
    assert america["33/1", "1951-convention"] == "not-party"
    assert america["29", "1967-protocol"] == "modified"
    assert america["24/1/b", "1967-protocol"] == "modified"
    assert ("35/1", "1967-protocol") not in america


@pytest.mark.parametrize(
    ("as_of", "standing"),
    [
        ("1982-09-23", "not-party"),
        ("1982-09-24", "not-yet-in-force"),
        ("1982-12-22", "not-yet-in-force"),
        ("1982-12-23", "binding"),
        ("2015-03-14", "binding"),
        ("2015-03-15", "binding"),
        ("2016-03-14", "binding"),
        ("2016-03-15", "unknown"),
    ],
)
def test_how_china_stands_to_article_33_day_by_day(as_of: str, standing: str, real: Engines) -> None:
    china = standings(real, "state:CHN", "instrument:1951-convention", as_of)
    assert china["33/1", "1951-convention"] == standing


@pytest.mark.parametrize(
    ("state", "instrument", "provision", "standing"),
    [
        ("THA", "crc", "22", "conditioned"),
        ("CHN", "crc", "6/1", "conditioned"),
        ("CHN", "iccpr", "12/2", "signed-only"),
        ("PRK", "cat", "3/1", "not-party"),
        ("PRK", "iccpr", "12/2", "binding"),
        ("CHN", "cat", "20/2", "excluded"),
        ("CHN", "cat", "3/1", "binding"),
        ("MEX", "1951-convention", "26", "modified"),
        # what it says of employment may be a reservation
        ("MEX", "1951-convention", "17/1", "unknown"),
        # no further than their texts go
        ("JPN", "crc", "37/c/second-sentence/first-half", "excluded"),
        ("JPN", "crc", "37/c/second-sentence/second-half", "binding"),
        ("USA", "iccpr", "6/1", "binding"),
        ("USA", "iccpr", "6/5", "modified"),
        ("USA", "iccpr", "7", "binding"),
        ("USA", "iccpr", "7/first-sentence/second-half", "modified"),
        # said upon signature only; the text of the ratification, which would confirm it, is shortened
        ("KOR", "cedaw", "9", "unknown"),
        ("KOR", "cedaw", "16/1/g", "excluded"),
    ],
)
def test_reservations_and_absences(
    state: str, instrument: str, provision: str, standing: str, real: Engines
) -> None:
    found = standings(real, f"state:{state}", f"instrument:{instrument}")
    assert found[provision, instrument] == standing


def test_the_return_of_north_koreans_conflicts_for_those_who_qualify(real: Engines) -> None:
    rows = answer(real, "which-conduct-conflicts-with-which-provision", state="state:CHN")
    found = {
        (row["finding"].removeprefix(RETURN + "/"), row["verdict"], row["onlyFor"], row["corroboratedBy"])
        for row in rows
        if row["thing"] == "measure:china-returns-north-koreans"
    }
    assert found == {
        # forced return is an expulsion only where there is an order to leave
        ("1951-convention/32/1", "verdict:undetermined", "person-category:refugee-lawfully-in-territory", ""),
        ("1951-convention/33/1", "verdict:conflict", "person-category:refugee", ""),
        ("cat/3/1", "verdict:conflict", "person-category:person-at-risk-of-torture", ""),
        ("iccpr/6/removal", "verdict:no-conflict-shown", "", ""),
        ("iccpr/7/removal", "verdict:no-conflict-shown", "", ""),
        ("crc/37/return", "verdict:undetermined", "person-category:unaccompanied-child-at-risk", ""),
        (
            "crc/37/return-to-irreparable-harm",
            "verdict:undetermined",
            "person-category:unaccompanied-child-at-risk",
            "",
        ),
        (
            "crc/6/return-to-irreparable-harm",
            "verdict:undetermined",
            "person-category:unaccompanied-child-at-risk",
            "",
        ),
    }


def test_the_author_agrees_on_the_jilin_law(real: Engines) -> None:
    rows = answer(
        real, "which-conduct-conflicts-with-which-provision", state="state:CHN", verdict="verdict:conflict"
    )
    found = pick([row for row in rows if row["corroboratedBy"]], "thing", "provision", "corroboratedBy")
    assert ("id/norm/jilin-border-law/return", f"{REFUGEES}/article/33/1", "source/cohen-2010/p6/s5") in found


def test_what_the_author_reads_into_the_border_protocol_is_no_law(real: Engines) -> None:
    rows = answer(real, "which-conduct-conflicts-with-which-provision", state="state:CHN")
    protocol = "id/norm/1986-border-protocol/4"
    clauses = {row["thing"] for row in rows if row["thing"].startswith(protocol)}
    assert clauses == {f"{protocol}/cooperation", f"{protocol}/handing-over"}
    # the text names those who crossed, and nothing says that any of them are refugees
    verdicts = {row["verdict"] for row in rows if row["thing"] in clauses}
    assert verdicts == {"verdict:undetermined"}
    against = answer(real, "which-claims-contradict-what")
    found = pick(against, "claim", "other")
    assert ("claim:border-protocol-allows-deportations-author", "source/text-1986-border-protocol/4") in found


def qualified(real: Engines, finding: str) -> dict[str, set[str]]:
    """Return what qualifies a finding, by aspect."""
    rows = answer(real, "what-qualifies-a-finding", finding=f"https://w3id.org/surplace/{finding}")
    assert rows
    return {
        aspect: {r["item"] for r in rows if r["aspect"] == aspect} for aspect in {r["aspect"] for r in rows}
    }


def test_public_order_does_not_excuse_refoulement(real: Engines) -> None:
    assert qualified(real, f"{RETURN}/1951-convention/33/1")["exception"] == {
        "id/exception/1951-convention/33/2/danger-to-security",
        "id/exception/1951-convention/33/2/danger-to-community",
    }


def test_article_3_of_the_convention_against_torture_stays_absolute(real: Engines) -> None:
    found = qualified(real, f"{RETURN}/cat/3/1")
    assert "exception" not in found
    assert "Convention against Torture, Article 3(1) knows no exception." in found["caveat"]


def test_north_korea_must_let_people_leave_though_the_source_is_silent(real: Engines) -> None:
    rows = answer(real, "which-conduct-conflicts-with-which-provision", state="state:PRK")
    departure, punishment = (
        "measure:north-korea-criminalises-departure",
        "measure:north-korea-punishes-some-returnees-harshly",
    )
    protocol = "id/norm/1986-border-protocol/4"
    conflict, open_ = "verdict:conflict", "verdict:undetermined"
    assert pick(rows, "thing", "provision", "verdict", "onlyFor", "corroboratedBy") == {
        (departure, f"{INSTRUMENT}/iccpr/article/12/2", conflict, "", ""),
        # how grave the punishments are is not recorded, nor how far the clauses of the protocol reach
        (punishment, f"{INSTRUMENT}/iccpr/article/7", open_, "", ""),
        (punishment, f"{INSTRUMENT}/iccpr/article/7/first-sentence/second-half", open_, "", ""),
        (punishment, f"{INSTRUMENT}/crc/article/37/a", open_, "person-category:child", ""),
        (f"{protocol}/cooperation", f"{INSTRUMENT}/iccpr/article/12/2", open_, "", ""),
        (f"{protocol}/cooperation", f"{INSTRUMENT}/crc/article/10/2", open_, "", ""),
        (
            f"{protocol}/handing-over",
            f"{INSTRUMENT}/iccpr/article/6",
            open_,
            "person-category:person-at-risk-of-loss-of-life",
            "",
        ),
        (
            f"{protocol}/handing-over",
            f"{INSTRUMENT}/iccpr/article/7",
            open_,
            "person-category:person-at-risk-of-ill-treatment",
            "",
        ),
        (
            f"{protocol}/handing-over",
            f"{INSTRUMENT}/crc/article/37",
            open_,
            "person-category:unaccompanied-child-at-risk",
            "",
        ),
        (
            f"{protocol}/handing-over",
            f"{INSTRUMENT}/crc/article/6",
            open_,
            "person-category:unaccompanied-child-at-risk",
            "",
        ),
    }


def test_that_the_covenant_cannot_be_left_is_no_open_question(real: Engines) -> None:
    """General Comment 26; North Korea's notice of 1997 is what it said, and the consent of 1981 stands."""
    finding = "id/finding/measure/north-korea-criminalises-departure/norm/iccpr/12/2"
    caveats = qualified(real, finding)["caveat"]
    # what is open is whether it had derogated, since no notices of that were read
    assert [caveat for caveat in caveats if caveat.startswith("Open question")] == [
        "Open question: Which of the 14 states derogated from the ICCPR in an emergency, from what and when?"
    ]
    assert [caveat for caveat in caveats if "Derogation in a public emergency" in caveat]
    rows = answer(real, "where-sources-disagree")
    about = [row for row in rows if row["disagreement"] == "disagreement:north-korea-and-the-iccpr"]
    assert pick(about, "preferred", "object") == {("source/untc/IV-4/PRK", "")}


def test_no_conflict_is_shown_with_a_treaty_that_was_only_signed_nor_for_want_of_a_procedure(
    real: Engines,
) -> None:
    rows = answer(real, "which-conduct-conflicts-with-which-provision", verdict="verdict:no-conflict-shown")
    assert pick(rows, "thing", "provision", "state") == {
        ("measure:china-has-no-adjudication-process", f"{REFUGEES}/article/33/1", "state:CHN"),
        ("measure:china-has-no-asylum-legislation-and-procedures", f"{REFUGEES}/article/33/1", "state:CHN"),
        ("measure:china-deports-north-koreans", f"{INSTRUMENT}/iccpr/article/13", "state:CHN"),
        ("measure:china-deports-north-koreans", f"{INSTRUMENT}/iccpr/article/6", "state:CHN"),
        ("measure:china-deports-north-koreans", f"{INSTRUMENT}/iccpr/article/7", "state:CHN"),
        ("measure:china-returns-north-koreans", f"{INSTRUMENT}/iccpr/article/6", "state:CHN"),
        ("measure:china-returns-north-koreans", f"{INSTRUMENT}/iccpr/article/7", "state:CHN"),
    }
    reasons = {row["provision"]: row["reason"] for row in rows}
    assert "does not itself require" in reasons.pop(f"{REFUGEES}/article/33/1")
    assert all("defeat the object and purpose" in reason for reason in reasons.values())


def test_who_can_bring_china_before_the_court(real: Engines) -> None:
    rows = answer(
        real,
        "can-one-state-bring-another-before-the-court",
        state="state:CHN",
        action="action:refoulement",
        as_of=DAY,
    )
    assert pick([row for row in rows if row["way"] == OPEN_BEFORE_1951], "other", "clause", "since") == {
        (f"state:{state}", f"{REFUGEES}/article/38", since)
        for state, since in {
            "JPN": "1982-12-23",
            "KHM": "1993-01-13",
            "KOR": "1993-03-03",
            "MEX": "2000-09-05",
            "PHL": "1982-12-23",
            "RUS": "1993-05-03",
        }.items()
    }
    blocked = pick([row for row in rows if row["other"] == "state:USA"], "clause", "blockedBy", "standing")
    assert blocked == {
        (f"{REFUGEES}/article/38", "state:USA", "standing-kind:not-party"),
        (f"{PROTOCOL}/article/IV", "state:CHN", "standing-kind:excluded"),
        (f"{TORTURE}/article/30/1", "state:CHN", "standing-kind:excluded"),
        (f"{TORTURE}/article/30/1", "state:USA", "standing-kind:excluded"),
        # none of the two has declared under the Statute of the Court
        (f"{INSTRUMENT}/icj-statute/article/36/2", "state:CHN", ""),
        (f"{INSTRUMENT}/icj-statute/article/36/2", "state:USA", ""),
    }


def test_a_dispute_goes_under_the_clause_of_a_treaty_that_asks_for_what_acts_against_it(
    real: Engines,
) -> None:
    """And under that of one which forbids what it may amount to, as far as it does."""
    found = {
        action: {
            (row["clause"].removeprefix(f"{INSTRUMENT}/"), row["onlyAs"])
            for row in answer(
                real,
                "can-one-state-bring-another-before-the-court",
                state="state:JPN",
                other="state:PHL",
                action=f"action:{action}",
                as_of="2012-01-01",
            )
        }
        for action in ("discrimination", "extradition", "removal")
    }
    convention, protocol = "1951-convention/article/38", "1967-protocol/article/IV"
    statute = ("icj-statute/article/36/2", "")
    women, torture = "cedaw/article/29/1", "cat/article/30/1"
    assert found["discrimination"] == {(convention, ""), (protocol, ""), (women, ""), statute}
    assert found["extradition"] == {
        (convention, "refoulement"),
        (protocol, "refoulement"),
        (torture, ""),
        statute,
    }
    kinds = "expulsion, refoulement, return"
    assert found["removal"] == {
        (convention, kinds),
        (protocol, kinds),
        (torture, "expulsion, extradition, refoulement, return"),
        statute,
    }


@pytest.mark.parametrize(
    ("action", "protected"),
    [
        (
            "removal",
            {
                ("1951-convention/article/32/1", "expulsion"),
                ("1951-convention/article/33/1", "expulsion, refoulement, return"),
                ("cat/article/3/1", "expulsion, extradition, refoulement, return"),
                ("crc/article/37", "return"),
                ("crc/article/6", "return"),
            },
        ),
        (
            "extradition",
            {
                ("1951-convention/article/33/1", "refoulement"),
                ("cat/article/3/1", ""),
                ("crc/article/37", "refoulement"),
                ("crc/article/6", "refoulement"),
            },
        ),
        (
            "discrimination",
            {
                ("1951-convention/article/3", ""),
                ("cedaw/article/2/f", ""),
                ("crc/article/2/1", ""),
                ("crc/article/2/2", ""),
            },
        ),
    ],
)
def test_what_keeps_china_from_an_action_or_kinds_of_it(
    action: str, protected: set[tuple[str, str]], real: Engines
) -> None:
    rows = answer(real, "who-is-protected-where-on-a-day", action=f"action:{action}", as_of="2012-01-01")
    found = {
        (row["provision"].removeprefix(f"{INSTRUMENT}/"), row["onlyAs"])
        for row in rows
        if row["state"] == "state:CHN"
    }
    assert found == protected


@pytest.mark.parametrize("day", ["2010-09-13", "2015-12-03"])
def test_a_finding_says_of_macao_what_is_known_of_it(day: str, real_store: Store) -> None:
    """The ICCPR was extended there by Portugal, and China is not party to it."""
    measure = {
        "2010-09-13": "china-deports-north-koreans",
        "2015-12-03": "china-forcibly-repatriates-north-koreans",
    }
    found = _caveats(real_store, f"measure/{measure[day]}/norm/iccpr/7/removal")
    macao = [line for line in found if line.startswith("For Macao by itself: ")]
    assert [line.partition(", is not known;")[0].partition(": ")[2] for line in macao] == [
        {
            "2010-09-13": "whether the treaty applies there since 1999-12-20, from when on China "
            "answers for it",
            "2015-12-03": "whether the treaty applies there after the record, which ends on 2015-03-14",
        }[day]
    ]
    assert not [line for line in found if "Hong Kong, 1976" in line or "(United Kingdom" in line]


def test_a_reading_of_2019_came_after_conduct_of_2006_and_2015(real_store: Store) -> None:
    for finding, when in {
        "measure/china-returns-north-koreans/norm/crc/37/return": "after the conduct",
        "measure/china-forcibly-repatriates-north-koreans/norm/crc/37/return": "after the conduct",
        "norm/jilin-border-law/return/norm/crc/37/return/CHN/crc/2010-09-13": "after the days for which "
        "this is found",
    }.items():
        (line,) = [one for one in _caveats(real_store, finding) if one.startswith("Rests on ")]
        assert line.endswith(f"It was given {when}.")


def _caveats(store: Store, finding: str) -> list[str]:
    """Return the caveats of a finding."""
    rows = store.query(
        f"""SELECT ?caveat {{ <https://w3id.org/surplace/id/finding/{finding}>
        <https://w3id.org/surplace/ontology/hasCaveat> ?caveat }} ORDER BY ?caveat"""
    )
    return [row["caveat"].value for row in rows]  # type: ignore[union-attr]


def test_what_became_of_what_the_committee_against_torture_asked(real: Engines) -> None:
    rows = answer(real, "what-became-of-a-recommendation", body="body:committee-against-torture")
    assert pick(rows, "recommendation", "outcome", "shownBy") == {
        (
            "recommendation:cat-2008-access",
            "follow-up-outcome:refused-in-part",
            "measure:china-restricts-access-for-unhcr",
        ),
        (
            "recommendation:cat-2008-legislation",
            "follow-up-outcome:left-undone",
            "measure:china-has-not-legislated",
        ),
        ("recommendation:cat-2015-cease-forced-return", "follow-up-outcome:open", ""),
        ("recommendation:cat-2015-legislation", "follow-up-outcome:open", ""),
        # screening for motives is left undone; of screening for the risk of torture nothing is told
        ("recommendation:cat-2008-screening", "follow-up-outcome:open", ""),
    }
    # the document of 2008 was replied to, which does not say that any of its requests was dealt with
    assert pick(rows, "repliedTo", "dealtWithIn") == {
        ("", ""),
        *((f"document:cat-c-chn-co-4-add-{n}", "") for n in (1, 2)),
    }


def test_what_states_were_asked_not_to_do_and_did_is_not_followed(real: Engines) -> None:
    rows = answer(real, "what-became-of-a-recommendation")
    found = pick(rows, "recommendation", "outcome", "shownBy")
    policy = "measure:china-forcibly-repatriates-north-koreans"
    assert {row for row in found if row[1] == "follow-up-outcome:not-followed"} == {
        ("recommendation:crc-2013-north-korean-children", "follow-up-outcome:not-followed", policy),
        ("recommendation:coi-2014-forced-return", "follow-up-outcome:not-followed", policy),
    }
    # the call itself supposes deportations; of 2015 it is said that people were repatriated by force
    calls = {row[1] for row in found if row[0] == "recommendation:un-bodies-cease-deportations"}
    assert calls == {"follow-up-outcome:unknown"}
    # nobody says whether children alone were among those sent back, nor to what risk
    no_return = {row for row in found if row[0] == "recommendation:crc-2005-no-return"}
    assert {row[1] for row in no_return} == {"follow-up-outcome:unknown"}
    assert policy in {row[2] for row in no_return}
    # nothing held is later than the call of 2015
    assert ("recommendation:cat-2015-cease-forced-return", "follow-up-outcome:open", "") in found


def test_a_part_refused_or_done_is_not_the_whole(real: Engines) -> None:
    rows = answer(real, "what-became-of-a-recommendation", body="body:un-human-rights-treaty-bodies")
    assert pick(rows, "outcome", "shownBy") == {
        ("follow-up-outcome:done-in-part", "measure:local-officials-issue-documents"),
        ("follow-up-outcome:refused-in-part", "measure:china-refuses-temporary-status"),
    }


def test_a_duty_of_which_one_kind_is_refused_is_unfulfilled_in_part(real: Engines) -> None:
    rows = answer(real, "which-obligations-are-unfulfilled", state="state:CHN")
    found = pick(rows, "inaction", "asked", "outcome", "accordingTo")
    assert (
        "measure:china-restricts-access-for-unhcr",
        f"{REFUGEES}/article/35/1",
        "verdict:unfulfilled-in-part",
        "person:roberta-cohen",
    ) in found
    # the sentence says what they are left out of; not that China refuses to cooperate over them
    left_out = {
        asked for inaction, asked, *_ in found if inaction == "measure:china-leaves-north-koreans-out"
    }
    assert left_out == {f"{REFUGEES}/article/34"}


def test_which_claims_cannot_hold_together_with_what(real: Engines) -> None:
    rows = answer(real, "which-claims-contradict-what")
    found = pick(rows, "claim", "other")
    assert ("claim:not-refugees-diplomat", "claim:crossers-with-fear-are-refugees-author") in found
    assert ("claim:economic-reasons-officials", "source/cohen-2010/p2/s7") in found
    assert (
        "claim:may-be-deported-diplomat",
        "id/finding/measure/china-deports-north-koreans/norm/cat/3/1",
    ) in found
    court = {other for claim, other in found if claim == "claim:china-cannot-be-taken-to-court-author"}
    assert {other.split("/article/")[1] for other in court} == {"38/CHN/1982-12-23"}


def test_grounds_for_those_who_left_for_economic_reasons(real: Engines) -> None:
    rows = answer(
        real,
        "which-grounds-may-apply-to-whom",
        population="population:economic-leavers-with-valid-fear",
    )
    element = "id/ground/refugee-sur-place/element"
    shared = "id/ground/persecution-on-a-convention-ground/element"
    assert pick(rows, "ground_result", "element", "result", "evidence") == {
        ("ground-result:open", f"{shared}/convention-reason", "element-result:unknown", ""),
        (
            "ground-result:open",
            f"{shared}/no-protection-of-own-country",
            "element-result:met",
            "risk-factor:well-founded-fear",
        ),
        # they are outside their country
        (
            "ground-result:open",
            f"{shared}/outside-country-of-origin",
            "element-result:met",
            "risk-factor:outside-country-of-origin",
        ),
        (
            "ground-result:open",
            f"{shared}/well-founded-fear",
            "element-result:met",
            "risk-factor:well-founded-fear",
        ),
        ("ground-result:open", f"{element}/fear-arising-later", "element-result:unknown", ""),
    }
    assert ("risk-factor:left-without-permission",) in pick(rows, "dependsOn")


def test_torture_on_return_and_not_the_convention(real: Engines) -> None:
    """Who is bound by the Convention against Torture and not by the Refugee Convention, and the reverse."""
    torture = answer(
        real,
        "which-states-are-bound-by-one-instrument-and-not-another",
        bound_by="instrument:cat",
        not_bound_by="instrument:1951-convention",
        as_of=DAY,
    )
    assert pick(torture, "state", "standing", "reachedThrough") == {
        ("state:MNG", "standing-kind:not-party", ""),
        ("state:THA", "standing-kind:not-party", ""),
        ("state:USA", "standing-kind:not-party", "instrument:1967-protocol"),
    }
    reverse = answer(
        real,
        "which-states-are-bound-by-one-instrument-and-not-another",
        bound_by="instrument:1951-convention",
        not_bound_by="instrument:cat",
        as_of=DAY,
    )
    assert reverse == []


def test_what_was_known_on_the_day_of_the_source_document(real: Engines) -> None:
    known = pick(answer(real, "what-was-known-on-a-day", known_by=DAY), "source")
    assert ("source:cohen-2010",) in known
    assert ("source:crc-c-chn-co-3-4",) not in known
    assert ("source:exit-entry-administration-law",) not in known


def test_every_period_of_every_state_and_treaty_is_covered_once(real_store: Store) -> None:
    """The participations of a state in a treaty follow one another without gap or overlap."""
    rows = real_store.query(
        """PREFIX sur: <https://w3id.org/surplace/ontology/>
        SELECT ?state ?treaty ?from ?before WHERE {
            ?p a sur:Participation ; sur:isStandingOf ?state ; sur:isStandingTo ?treaty .
            OPTIONAL { ?p sur:holdsFrom ?from } OPTIONAL { ?p sur:holdsBefore ?before } }"""
    )
    periods: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows:  # type: ignore[union-attr]
        start, end = (row[name].value if row[name] else "" for name in ("from", "before"))
        periods.setdefault((row["state"].value, row["treaty"].value), []).append((start, end))
    assert len(periods) == 14 * 9
    joined = {
        row["treaty"].value
        for row in real_store.query(  # type: ignore[union-attr]
            """PREFIX sur: <https://w3id.org/surplace/ontology/>
        SELECT DISTINCT ?treaty { ?p sur:isStandingTo ?treaty ; sur:usesPremise/sur:isMembershipIn ?body }"""
        )
    }
    assert len(joined) == 2
    for (_, treaty), known in periods.items():
        known.sort()
        starts, ends = [start for start, _ in known], [end for _, end in known]
        # of membership nothing is recorded before it began, nor after the record ends
        assert starts[0] == "" or treaty in joined
        assert ends[-1] == "" or treaty in joined
        assert starts[1:] == ends[:-1]
