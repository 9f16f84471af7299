"""The texts of the instruments: how provisions hang together, what they demand, what may be reserved."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Store

from surplace.namespaces import ID, SOURCE, SUR, VOCAB, XSD, sparql_prologue
from surplace.resources import data_dir

RESTRICTIONS = ("national-security", "public-order", "public-health", "public-morals", "rights-of-others")
"""Ends for which the law may restrict the freedom to leave."""
AT_RISK = "person-at-risk-of-torture"
ILL_TREATMENT = "cruel-inhuman-or-degrading-treatment"
GROUND = f"{VOCAB}exception-ground/"
REST_OF_THE_PROTOCOL = ("I", "II", "III", "V", "VI", "VII", "VIII", "IX", "X", "XI")
EMERGENCY = "exception/iccpr/4/1/public-emergency"
TREATIES = ("1951-convention", "1967-protocol", "cat", "cedaw", "crc", "iccpr", "vclt")


PROVISIONAL_MEASURES = (
    "exception/1951-convention/9/national-security",
    "1951-convention/article/9",
    GROUND + "national-security",
)


def rows(store: Store, pattern: str) -> set[tuple[str, ...]]:
    """Return the values of the variables in order of their names; IRIs are cut below `id/instrument/`."""
    names = sorted(set(re.findall(r"\?(\w+)", pattern)))
    query = f"{sparql_prologue()}SELECT DISTINCT {' '.join('?' + n for n in names)} WHERE {{ {pattern} }}"
    found = store.query(query, use_default_graph_as_union=True)
    return {
        tuple(row[name].value.removeprefix(f"{ID}instrument/").removeprefix(ID) for name in names)
        for row in found
    }


def provision(path: str) -> str:
    """Return the IRI of a provision, in SPARQL, from a path such as `cat/article/3/1`."""
    return f"<{ID}instrument/{path}>"


def articles(treaty: str, *paths: object) -> set[tuple[str, ...]]:
    return {(f"{treaty}/article/{path}",) for path in paths}


@pytest.mark.parametrize("treaty", TREATIES)
def test_every_provision_reaches_its_instrument_one_level_at_a_time(store: Store, treaty: str) -> None:
    provisions = {name for (name,) in rows(store, "?a a sur:Provision") if name.startswith(f"{treaty}/")}
    assert provisions
    parents = dict(rows(store, "?a a sur:Provision ; sur:isPartOf ?b"))
    assert len(parents) == len(rows(store, "?a a sur:Provision ; sur:isPartOf ?b"))
    for name in provisions:
        whole = name.rpartition("/")[0]
        assert parents[name] == (treaty if whole == f"{treaty}/article" else whole)
        assert parents[name] in provisions | {treaty}


def test_a_provision_stands_in_the_passage_of_its_text(store: Store) -> None:
    found = rows(store, "GRAPH ?b { ?a a sur:Provision ; sur:hasNumber ?c ; skos:prefLabel ?d }")
    assert found
    laws = {name for (name,) in rows(store, "?a a sur:DomesticLaw")}
    for name, passage, number, label in found:
        treaty, _, path = name.partition("/article/")
        if treaty in laws:  # named by a declaration
            assert passage.endswith("/declaration")
        else:
            assert passage == f"{SOURCE}text-{treaty}/article/{path}"
        assert label.endswith(f", Article {number}")


def test_provisions_are_numbered_as_lawyers_cite_them(store: Store) -> None:
    numbers = dict(rows(store, "?a a sur:Provision ; sur:hasNumber ?b"))
    assert numbers["1951-convention/article/1/A/2"] == "1A(2)"
    assert numbers["1951-convention/article/33/1"] == "33(1)"
    assert numbers["1951-convention/article/14/second-sentence"] == "14, second sentence"
    assert numbers["1967-protocol/article/I/1"] == "I(1)"
    assert numbers["crc/article/40/2/b/v"] == "40(2)(b)(v)"


def test_the_convention_has_all_its_articles(store: Store) -> None:
    assert rows(store, "?a a sur:Provision ; sur:isPartOf instrument:1951-convention") == articles(
        "1951-convention", *range(1, 47)
    )


def test_the_protocol_takes_over_articles_2_to_34(store: Store) -> None:
    assert rows(store, f"{provision('1967-protocol/article/I/1')} sur:incorporates ?a") == articles(
        "1951-convention", *range(2, 35)
    )


def test_the_protocol_lifts_the_dateline_and_the_geographic_limit(store: Store) -> None:
    assert rows(store, "?a sur:modifiesApplicationOf ?b") == {
        ("1967-protocol/article/I/2", "1951-convention/article/1/A/2"),
        ("1967-protocol/article/I/3", "1951-convention/article/1/B"),
    }


def test_who_is_a_refugee_stands_in_the_convention_and_in_the_protocol(store: Store) -> None:
    assert rows(store, "?a sur:defines ?b") == {
        ("1951-convention/article/1/A/2", f"{VOCAB}person-category/refugee"),
        ("1967-protocol/article/I/2", f"{VOCAB}person-category/refugee"),
    }


def test_several_nationalities_are_a_test_of_inclusion_not_an_exclusion(store: Store) -> None:
    assert rows(store, "?a sur:limitsInclusionOf ?b") == {
        ("1951-convention/article/1/A/2/second-paragraph", f"{VOCAB}person-category/dual-national")
    }
    assert rows(store, "?a sur:excludesFromStatus ?b") == {
        (f"1951-convention/article/1/{section}", f"{VOCAB}person-category/{category}")
        for section, category in (
            ("D", "person-assisted-by-another-un-agency"),
            ("E", "person-treated-as-a-national"),
            ("F", "excluded-for-grave-acts"),
        )
    }
    assert rows(store, "?a sur:endsStatusOf ?b") == {
        (f"1951-convention/article/1/C{part}", f"{VOCAB}person-category/refugee")
        for part in ("", *(f"/{case}" for case in range(1, 7)))
    }


@pytest.mark.parametrize(
    ("clause", "closed"),
    [
        (
            "1951-convention/article/42/1",
            [f"1951-convention/article/{path}" for path in (1, 3, 4, "16/1", 33, *range(36, 47))],
        ),
        (
            # it names what may be reserved, so that the rest of the Protocol may not
            "1967-protocol/article/VII/1",
            [f"1951-convention/article/{path}" for path in (1, 3, 4, "16/1", 33)]
            + [f"1967-protocol/article/{path}" for path in REST_OF_THE_PROTOCOL],
        ),
    ],
)
def test_a_clause_on_reservations_closes_what_it_lists_and_no_more(
    clause: str, closed: list[str], store: Store
) -> None:
    found = {a for a, b in rows(store, "?a sur:isClosedToReservationsBy ?b") if b == clause}
    assert found == set(closed)


@pytest.mark.parametrize(
    ("clause", "last"), [("1951-convention/article/42/1", 35), ("1967-protocol/article/VII/1", 34)]
)
def test_what_a_clause_does_not_close_it_leaves_open(clause: str, last: int, store: Store) -> None:
    """Article 16 itself is neither: its first paragraph is closed, the others are open.

    The Protocol applies Articles 2 to 34 alone.
    """
    recorded = {a for (a, *_) in rows(store, "?a a sur:Provision ; sur:hasNumber ?b")}
    articles_open = {str(number) for number in (2, *range(5, 16), *range(17, 33), *range(34, last + 1))}
    convention = "1951-convention/article/"
    expected = {
        name
        for name in recorded
        if name.startswith(convention)
        and (
            name.removeprefix(convention).split("/")[0] in articles_open
            or name in (f"{convention}16/2", f"{convention}16/3")
        )
    }
    assert len(expected) > 40
    opened = {a for a, b in rows(store, "?a sur:isOpenToReservationUnder ?b") if b == clause}
    assert {name for name in opened if name.startswith(convention)} == expected


def test_clauses_that_may_be_reserved_by_their_own_terms(store: Store) -> None:
    found = rows(store, "?a sur:isOpenToReservationUnder ?b")
    assert {row for row in found if not row[0].startswith("1951-convention")} == {
        ("1967-protocol/article/IV", "1967-protocol/article/VII/1"),
        ("cat/article/20", "cat/article/28/1"),
        ("cat/article/20/1", "cat/article/28/1"),
        ("cat/article/20/2", "cat/article/28/1"),
        ("cat/article/30/1", "cat/article/30/2"),
        ("cedaw/article/29/1", "cedaw/article/29/2"),
    }


def test_which_clauses_lead_to_the_court(store: Store) -> None:
    assert rows(store, "?a sur:confersJurisdictionOn ?b") == {
        (name, "body/icj")
        for name in (
            "1951-convention/article/38",
            "1967-protocol/article/IV",
            "cat/article/30/1",
            "cedaw/article/29/1",
            "icj-statute/article/36/2",
        )
    }


def test_refoulement_has_two_exceptions_and_public_order_is_neither(store: Store) -> None:
    found = rows(store, "?a sur:isExceptionTo ?b ; sur:isLaidDownIn ?c ; sur:hasExceptionGround ?d")
    to_refoulement = {row for row in found if row[2].startswith("1951-convention/article/33")}
    assert {(norm, clause) for _, norm, clause, _ in to_refoulement} == {
        ("norm/1951-convention/33/1", "1951-convention/article/33/2")
    }
    assert {ground.rsplit("/", 1)[1] for *_, ground in to_refoulement} == {
        "danger-to-security",
        "danger-to-community",
    }
    assert {norm for _, norm, _, ground in found if ground.endswith("/danger-to-security")} == {
        "norm/1951-convention/33/1"
    }


def test_expulsion_may_rest_on_security_or_public_order(store: Store) -> None:
    norm = f"<{ID}norm/1951-convention/32/1>"
    assert rows(store, f"?a sur:isExceptionTo {norm} ; sur:isLaidDownIn ?b ; sur:hasExceptionGround ?c") == {
        PROVISIONAL_MEASURES,
        *(
            (
                f"exception/1951-convention/32/1/{ground}",
                "1951-convention/article/32/1",
                f"{VOCAB}exception-ground/{ground}",
            )
            for ground in ("national-security", "public-order")
        ),
    }


@pytest.mark.parametrize(
    ("norm", "clause", "grounds"),
    [
        ("iccpr/12/2", "iccpr/12/3", RESTRICTIONS),
        ("crc/10/2", "crc/10/2", RESTRICTIONS),
        ("iccpr/13/hearing", "iccpr/13", ("national-security",)),
        ("iccpr/12/1", "iccpr/12/3", RESTRICTIONS),
        ("iccpr/12/4", "iccpr/12/3", ()),
        ("crc/10/2/entry", "crc/10/2", ()),
    ],
)
def test_on_which_grounds_the_covenant_and_the_crc_yield(
    store: Store, norm: str, clause: str, grounds: tuple[str, ...]
) -> None:
    treaty, _, path = clause.partition("/")
    wanted = f"?a sur:isExceptionTo <{ID}norm/{norm}> ; sur:isLaidDownIn ?b ; sur:hasExceptionGround ?c"
    emergency = (EMERGENCY, "iccpr/article/4/1", GROUND + "public-emergency")
    assert (emergency in rows(store, wanted)) == (treaty == "iccpr")
    assert rows(store, wanted) - {emergency} == {
        (
            f"exception/{clause}/{ground}",
            f"{treaty}/article/{path}",
            GROUND + ground,
        )
        for ground in grounds
    }
    yields = {("false",)} if rows(store, wanted) else set()
    assert rows(store, f"<{ID}norm/{norm}> sur:isAbsolute ?a") == yields


def test_an_emergency_spares_what_the_covenant_names(store: Store) -> None:
    """ICCPR, Article 4(2): the norms of the articles that it names, and no other."""
    named = re.compile(r"norm/iccpr/(6|7|8/1|8/2|15|18)(/|$)")
    spared = {norm for norm, _ in rows(store, "?a sur:isNonDerogableUnder ?b")}
    derogable = {norm for norm, _ in rows(store, f"?a ^sur:isExceptionTo <{ID}{EMERGENCY}> ; a ?b")}
    norms = {norm for _, norm in rows(store, "?a sur:imposes ?b") if norm.startswith("norm/iccpr/")}
    assert spared == {norm for norm in norms if named.match(norm)}
    assert spared.isdisjoint(derogable)
    # duties of peoples, of carrying the Covenant out, and of the derogation itself
    rest = "1/1 1/3 2/1 2/1/discrimination 2/2 2/3 4/1 4/3 40/1"
    assert norms - spared - derogable == {f"norm/iccpr/{path}" for path in rest.split()}


def test_provisional_measures_leave_refoulement_and_discrimination_alone(store: Store) -> None:
    """1951 Convention, Article 9."""
    measures = f"<{ID}exception/1951-convention/9/national-security>"
    excepted = {norm for norm, _ in rows(store, f"?a ^sur:isExceptionTo {measures} ; a ?b")}
    convention = {n for n, _ in rows(store, "?a sur:protects ?b") if n.startswith("norm/1951-convention/")}
    effort = {norm for norm, _ in rows(store, "?a sur:isDutyOfEffort true ; a ?b")}
    closed = {f"norm/1951-convention/{path}" for path in ("3", "4", "16/1", "33/1")}
    assert convention - excepted == closed | (effort & convention)
    assert "norm/1951-convention/34" in effort & convention


def test_security_takes_the_hearing_away_and_not_the_decision(store: Store) -> None:
    grounds = rows(store, "?b sur:isExceptionTo ?a ; sur:isLaidDownIn/sur:imposes ?a")
    security = {norm for norm, exception in grounds if exception.endswith("/national-security")}
    assert {n for n in security if n.startswith(("norm/1951-convention/32/2", "norm/iccpr/13"))} == {
        "norm/1951-convention/32/2/hearing",
        "norm/iccpr/13/hearing",
    }


def test_a_final_judgment_is_asked_of_an_execution_and_not_of_a_sentence(store: Store) -> None:
    """ICCPR, Article 6(2): no sentence is final on the day on which it is imposed."""
    norm = f"<{ID}norm/iccpr/6/2>"
    terms = {text for (text,) in rows(store, f"{norm} sur:appliesIf ?a")}
    notes = {text for (text,) in rows(store, f"{norm} skos:note ?a")}
    assert [("final judgment" in text) for text in (*terms, *notes)] == [False, True]


def test_the_reason_on_dual_nationals_names_each_section_that_excludes(store: Store) -> None:
    excluding = sorted(path[-1] for path, _ in rows(store, "?a sur:excludesFromStatus ?b"))
    named = re.search(
        r"clauses of exclusion stand in sections (\w), (\w) and (\w)",
        (data_dir() / "disagreements.trig").read_text("utf-8"),
    )
    assert named
    assert [*named.groups()] == excluding == ["D", "E", "F"]


def test_what_lies_behind_each_reservation(store: Store) -> None:
    """A provision that a state reserved says what it demands, in itself or in a part of it.

    The rest define, tell how the treaty is read or who may become party.
    """
    targets = rows(store, "[] sur:excludes|sur:modifies|sur:conditions|sur:interprets ?a")
    demanding = {a for a, _ in rows(store, "?a ^sur:isPartOf*/sur:imposes ?b")}
    assert {a for (a,) in targets - {(name,) for name in demanding}} == {
        "cat/article/1/1",
        "iccpr/article/18/3",
        "iccpr/article/22/2",
        "iccpr/article/47",
    }


@pytest.mark.parametrize(
    ("norm", "kind", "actions", "category"),
    [
        ("cat/2/1", "Obligation", {"preventing-torture"}, "anyone"),
        ("cat/3/1", "Prohibition", {"expulsion", "extradition", "refoulement", "return"}, AT_RISK),
        ("cat/3/2", "Obligation", {"assessing-danger-of-torture"}, AT_RISK),
        ("crc/6/1", "Obligation", {"recognising-right-to-life"}, "child"),
        ("crc/6/2", "Obligation", {"ensuring-survival-and-development"}, "child"),
        ("crc/10/2/contact", "Obligation", {"maintaining-family-contact"}, "child"),
        ("crc/22/1", "Obligation", {"extending-protection", "humanitarian-assistance"}, "refugee-child"),
        ("crc/37/a", "Prohibition", {"torture", ILL_TREATMENT}, "child"),
        ("iccpr/7", "Prohibition", {"torture"}, "anyone"),
        ("iccpr/7/first-sentence/second-half", "Prohibition", {ILL_TREATMENT}, "anyone"),
        ("iccpr/12/4", "Prohibition", {"preventing-entry-into-own-country"}, "anyone"),
        (
            "cedaw/6",
            "Obligation",
            {"preventing-trafficking", "suppressing-exploitation-of-prostitution"},
            "woman",
        ),
        ("1951-convention/31/2", "Prohibition", {"restricting-movement-or-residence"}, "refugee"),
        ("iccpr/2/2", "Obligation", {"enacting-legislation"}, "anyone"),
        ("iccpr/13", "Prohibition", {"expulsion"}, "alien-lawfully-in-territory"),
    ],
)
def test_what_a_norm_demands_for_whom(
    store: Store, norm: str, kind: str, actions: set[str], category: str
) -> None:
    found = rows(store, f"<{ID}norm/{norm}> a ?a ; sur:concernsAction ?b ; sur:protects ?c")
    assert found == {
        (f"{SUR}{kind}", f"{VOCAB}action/{action}", f"{VOCAB}person-category/{category}")
        for action in actions
    }


def test_who_is_bound_in_the_words_of_each_treaty(store: Store) -> None:
    found = {(norm.split("/")[1], bearer) for norm, bearer in rows(store, "?a sur:isBorneBy ?b")}
    bearers = {(treaty, bearer) for treaty, bearer in found if treaty in TREATIES}
    assert bearers == {
        ("1951-convention", f"{VOCAB}bearer/contracting-state"),
        ("cat", f"{VOCAB}bearer/treaty-committee"),
        *((treaty, f"{VOCAB}bearer/state-party") for treaty in TREATIES[1:-1]),
        ("vclt", f"{VOCAB}bearer/state"),
    }


@pytest.mark.parametrize("norm", ["1951-convention/36", "1967-protocol/III"])
def test_laws_are_communicated_once_there_are_laws(store: Store, norm: str) -> None:
    ((condition,),) = rows(store, f"<{ID}norm/{norm}> sur:appliesIf ?a")
    assert condition.startswith("the state adopts laws or regulations")


def test_absolute_norms_have_no_exception(store: Store) -> None:
    absolute = rows(store, "?a sur:isAbsolute true")
    assert {norm.removeprefix("norm/") for (norm,) in absolute} == {
        *("cat/2/2", "cat/2/3", "cat/3/1", "crc/37/a", "iccpr/7", "iccpr/7/first-sentence/second-half"),
        *("iccpr/7/second-sentence", "iccpr/8/1", "iccpr/8/2"),
    }
    assert absolute.isdisjoint({(norm,) for _, norm in rows(store, "?a sur:isExceptionTo ?b")})
    assert not [row for row in rows(store, "?a sur:isExceptionTo ?b") if row[1].startswith("norm/cat/")]


def test_an_exception_stays_in_its_instrument(store: Store) -> None:
    found = rows(store, "?a sur:isExceptionTo ?b ; sur:isLaidDownIn ?c")
    assert found
    for _, norm, clause in found:
        assert norm.split("/")[1] == clause.split("/")[0]


def test_every_norm_is_imposed_once_and_has_one_kind(store: Store) -> None:
    imposed = rows(store, "?a sur:imposes ?b")
    norms = {norm for _, norm in imposed}
    assert len(imposed) == len(norms)
    for clause, norm in imposed:
        # where a clause lays down several, a word tells them apart
        assert f"{norm}/".startswith("norm/" + clause.replace("/article/", "/") + "/")
    kinds = rows(store, "VALUES ?a { sur:Prohibition sur:Obligation sur:Permission } ?b a ?a")
    assert {norm for _, norm in kinds} == norms
    assert len(kinds) == len(norms)


@pytest.mark.parametrize(
    ("treaty", "clause", "delay"),
    [
        ("1951-convention", "43/2", '"P90D"^^xsd:dayTimeDuration'),
        # no time at all, as the store writes it
        ("1967-protocol", "VIII/2", '"PT0S"^^xsd:dayTimeDuration'),
        ("cat", "27/2", '"P30D"^^xsd:dayTimeDuration'),
        ("cedaw", "27/2", '"P30D"^^xsd:dayTimeDuration'),
        ("crc", "49/2", '"P30D"^^xsd:dayTimeDuration'),
        # three months, not ninety days
        ("iccpr", "49/2", '"P3M"^^xsd:yearMonthDuration'),
    ],
)
def test_the_final_clause_says_after_how_long_a_treaty_binds(
    store: Store, treaty: str, clause: str, delay: str
) -> None:
    found = store.query(
        f"{sparql_prologue()}SELECT ?after ?under WHERE {{ instrument:{treaty} "
        "sur:entersIntoForceForStateAfter ?after ; sur:entersIntoForceUnder ?under }",
        use_default_graph_as_union=True,
    )
    ((after, under),) = list(found)
    assert str(after).replace(f"<{XSD}", "xsd:").rstrip(">") == delay
    assert under.value == f"{ID}instrument/{treaty}/article/{clause}"


def test_every_treaty_that_is_consented_to_is_denounced_under_a_clause_or_silent(store: Store) -> None:
    assert rows(store, "?a sur:isDenouncedUnder/sur:requiresNoticeOf ?b") == {
        (treaty, "P1Y") for treaty in ("1951-convention", "1967-protocol", "cat", "crc")
    }
    assert dict(rows(store, "?a sur:isDenouncedUnder ?b")) == {
        "1951-convention": "1951-convention/article/44/2",
        "1967-protocol": "1967-protocol/article/IX/2",
        "cat": "cat/article/31/1",
        "crc": "crc/article/52",
    }
    silent = rows(store, "?a sur:isSilentOn ?b")
    assert {treaty for treaty, _ in silent} == {"cedaw", "iccpr", "vclt"}


def test_when_the_treaties_entered_into_force(store: Store) -> None:
    assert dict(rows(store, "?a sur:enteredIntoForceOn ?b")) == {
        "1951-convention": "1954-04-22",
        "1967-protocol": "1967-10-04",
        "cat": "1987-06-26",
        "cedaw": "1981-09-03",
        "crc": "1990-09-02",
        "iccpr": "1976-03-23",
        "vclt": "1980-01-27",
    }


def test_the_committees_and_what_they_monitor(store: Store) -> None:
    assert rows(store, "?a sur:monitors ?b") == {
        ("body/committee-against-torture", "cat"),
        ("body/cedaw-committee", "cedaw"),
        ("body/crc-committee", "crc"),
        ("body/human-rights-committee", "iccpr"),
    }


def test_what_states_reserve_is_a_provision(store: Store) -> None:
    provisions = rows(store, "?a a sur:Provision")
    targets = rows(store, "[] sur:excludes|sur:modifies|sur:conditions|sur:interprets ?a")
    assert targets
    assert targets <= provisions


def test_no_provision_of_the_convention_that_is_closed_is_reserved(store: Store) -> None:
    reserved = rows(store, "[] sur:excludes|sur:modifies|sur:conditions ?a")
    closed = rows(store, "?a sur:isPartOf*/sur:isClosedToReservationsBy []")
    assert closed
    assert reserved.isdisjoint(closed)
