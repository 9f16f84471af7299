"""What the answer on a described person says in sentences, of norms, custom, denials and contradictions."""

from __future__ import annotations

import pytest

from persons import (
    ALONE,
    APART,
    ASKED,
    CAT,
    CHILDREN,
    DENIES_FEAR,
    EXCLUDED,
    EXPECTING,
    GENERAL,
    HELD,
    ICCPR,
    ILL_READ,
    LIFE,
    LIFE_READ,
    NATIONALITY,
    ONLY_DENIED,
    READ,
    REFOULEMENT,
    SIGNED,
    THERE,
    TORTURED,
    TRIED,
    VISITOR,
    WOMAN,
    Assess,
    norms,
    results,
)
from surplace.errors import SurplaceError
from surplace.suppose.used import NO_GROUND, UNUSED, USED

DENIED = "no:danger-of-torture no:danger-to-life no:danger-of-ill-treatment"
ELSE = "On other matters than return, not under"


def test_the_harms_that_the_sentence_sums_up_are_listed(person: Assess) -> None:
    found = person(f"{WOMAN} origin=PRK stay=CHN on=2010-09-13")
    said = "If the person also left without permission: arrest and detention (expected); forced abortion, "
    assert f"{said}torture and four more (risked)." in found.on_record
    listed = {
        (harm.label, harm.likelihood) for harm in found.harms if harm.wanting == ("left without permission",)
    }
    more = {(harm, "risked") for harm in ("torture", "death", "beating", "sexual violence", "forced labour")}
    assert listed == more | {("forced abortion", "risked"), ("arrest", "expected"), ("detention", "expected")}


def test_the_norms_on_the_journey_come_first_and_the_rest_of_a_status_is_counted(person: Assess) -> None:
    ground = next(ground for ground in person(VISITOR).grounds if ground.label == GENERAL)
    assert ground.protection == (
        f"No refoulement of a refugee ({REFOULEMENT}): protects",
        "No penalty for illegal entry or presence of a refugee (1951 Convention, Article 31(1)): may protect",
        "and 42 other provisions of the 1951 Convention relating to the Status of Refugees, "
        "for whoever is a refugee",
        "and 1 other provision of the 1967 Protocol relating to the Status of Refugees, "
        "for whoever is a refugee",
    )
    owed = {norm.provision: norm.result for norm in person(VISITOR).protection}
    assert [owed[f"1951 Convention, Article {number}"] for number in ("12(2)", "16(1)", "22(1)", "27")] == [
        "may protect",
        "protects",
        "may protect",
        "may protect",
    ]
    foremost = [norm.foremost for norm in person(VISITOR).protection]
    assert foremost == sorted(foremost, reverse=True)


@pytest.mark.parametrize(
    ("words", "sentence", "besides"),
    [
        (
            VISITOR,
            "On 13 September 2010 China may not send the person back, under 1951 Convention, Article 33(1). "
            f"Return may also be barred if {TORTURED} ({CAT}).",
            f"On other matters than return, perhaps under 1951 Convention, Article 31(1). {SIGNED} "
            f"{APART} {ASKED}",
        ),
        (
            f"{EXCLUDED} crime-against-peace-or-humanity",
            f"On 13 September 2010 Japan may not send the person back, under {CAT} and {ILL_READ}. "
            f"Return may also be barred if the person is in danger of death on return ({LIFE_READ}).",
            f"Not under {REFOULEMENT} and 1951 Convention, Article 31(1), "
            "withheld under 1951 Convention, Article 1F.",
        ),
        (
            "",
            f"Name the country of stay to see what protects there: {REFOULEMENT}; {CAT} and five more "
            "may bear on the person.",
            "",
        ),
        (
            "danger-of-torture origin=PRK",
            f"Name the country of stay to see what protects there: {CAT}; {READ} and four more "
            "may bear on the person.",
            "",
        ),
        # nothing bars: the sentence says why
        (
            VISITOR.replace("2010", "2020"),
            "No treaty is shown to bar return from China on 13 September 2020; custom is not decided here. "
            f"Whether {REFOULEMENT}; {CAT} and three more bound China is not known.",
            f"{HELD} {APART}",
        ),
        (
            VISITOR.replace("2010", "1980"),
            "No treaty is shown to bar return from China on 13 September 1980; custom is not decided here. "
            f"Not under {REFOULEMENT} and {READ}: China was not party to the treaties.",
            f"Not under {CAT}: the treaty had not been adopted yet. {ELSE} 1951 Convention, Article 31(1): "
            f"China was not party to the treaty. {HELD} {APART}",
        ),
        (
            "child married-to-foreign-man danger-of-torture origin=PRK stay=CHN on=1990-01-01",
            f"On 1 January 1990 China may not send the person back, under {CAT}. "
            f"Return may also be barred if {TRIED}.",
            f"The circumstances also bring into play: {NATIONALITY}. "
            f"Not under {READ} and {CHILDREN}: China was not party to the treaties. {ELSE} CRC, Article "
            f"37(a); CRC, Article 6(1) and two more: China was not party to the treaties. {APART}",
        ),
        (
            "child danger-of-torture origin=PRK stay=CHN on=1989-11-19",
            f"On 19 November 1989 China may not send the person back, under {CAT}. "
            f"Return may also be barred if {TRIED}.",
            f"Not under {READ}: China was not party to the treaty. "
            f"Not under {CHILDREN}: the treaty had not been adopted yet. {ELSE} CRC, Article 37(a); CRC, "
            f"Article 6(1) and one more: the treaty had not been adopted yet. {APART}",
        ),
        # what hangs on being alone is named of a child
        (
            "child lawful-stay danger-of-torture origin=PRK stay=CHN on=2010-09-13",
            f"On 13 September 2010 China may not send the person back, under {CAT}.",
            f"Return may also be barred if the person: {ALONE.removeprefix('the person ')} (CRC, Article "
            "37, as the Committee on the Rights of the Child reads it and CRC, Article 6, as the Committee "
            "on the Rights of the Child reads it, as a reservation leaves it); sought asylum or tried to "
            f"enter South Korea ({REFOULEMENT}); or on more facts. The circumstances also bring into play: "
            "No torture of children (CRC, Article 37(a)); Recognition of the child's right to life "
            "(CRC, Article 6(1)), as a reservation leaves it; and The child's best interests as a primary "
            f"consideration (CRC, Article 3(1)). {SIGNED} {ELSE} ICCPR, Article 13 and ICCPR, Article 12(1): "
            f"China had only signed the treaty. {APART}",
        ),
        # and is not where nothing given speaks of a child
        (
            EXPECTING,
            f"Whether China may send the person back on 13 September 2010 is open. It may not if the person: "
            f"{TORTURED.removeprefix('the person ')} ({CAT}); tried to enter South Korea or sought asylum "
            f"({REFOULEMENT}); or on more facts.",
            f"The circumstances also bring into play: {NATIONALITY}. {SIGNED} {ELSE} ICCPR, Article 6(5) and "
            f"ICCPR, Article 23(2): China had only signed the treaty. {APART}",
        ),
        (
            "left-without-permission origin=PRK stay=CHN on=2010-09-13",
            "Whether China may send the person back on 13 September 2010 is open. It may not if the person: "
            f"fears persecution for one of the five Convention reasons ({REFOULEMENT}); or "
            f"{TORTURED.removeprefix('the person ')} ({CAT}).",
            f"{SIGNED} {APART}",
        ),
        # what each of two facts is sure to bring, and what one may bring: that a person is abroad is no fear
        (
            f"woman {WOMAN} origin=PRK stay=CHN on=2010-09-13",
            "Whether China may send the person back on 13 September 2010 is open. It may not if the person: "
            f"fears persecution for one of the five Convention reasons ({REFOULEMENT}); or "
            f"{TORTURED.removeprefix('the person ')} ({CAT}).",
            f"The circumstances also bring into play: {NATIONALITY}. {SIGNED} {ELSE} ICCPR, Article 6(5) and "
            f"ICCPR, Article 23(2): China had only signed the treaty. {APART}",
        ),
        (
            f"{WOMAN} stay=JPN on=2010-09-13",
            "Whether Japan may send the person back on 13 September 2010 is open. Return may be barred if "
            f"the person: is outside the country of origin ({REFOULEMENT}); or is in danger of torture on "
            f"return ({CAT}).",
            f"Return may also be barred if the person is in danger of death on return ({LIFE_READ}); more is "
            f"known ({ILL_READ}); or on more facts. The circumstances also bring into play: {NATIONALITY}; "
            "No execution of pregnant women (ICCPR, Article 6(5)); and The right to marry and found a family "
            "(ICCPR, Article 23(2)).",
        ),
        # another state protects: no refugee, though nothing else falls away
        (
            "sought-asylum adult danger-of-torture protected-by-another-nationality nationality=PRK,KOR "
            "stay=CHN on=2010-09-13",
            f"On 13 September 2010 China may not send the person back, under {CAT}. "
            f"Not under {REFOULEMENT}: on what is given the person is no refugee.",
            f"{SIGNED} {APART}",
        ),
        # as many facts as there is room for, those alone first that are named in full
        (
            "trafficked no:child stay=JPN origin=PRK on=2010-01-01",
            f"Whether Japan may send the person back on 1 January 2010 is open. It may not if the person: "
            f"{TORTURED.removeprefix('the person ')} ({CAT}); or is in danger of death on return "
            f"({LIFE_READ}).",
            "Nor may it if the person: is in danger of torture on "
            f"return or is in danger of ill-treatment on return ({ILL_READ}); tried to enter South Korea or "
            f"sought asylum ({REFOULEMENT}); or on more facts. "
            "The circumstances also bring into play: No slavery and no slave trade (ICCPR, Article 8(1)).",
        ),
        # who is said to be barred from return as well is not said to lack that
        (
            "feared-for-opinion left-without-permission danger-of-torture origin=PRK stay=JPN on=1991-01-01",
            f"On 1 January 1991 Japan may not send the person back, under {REFOULEMENT}. "
            f"Perhaps return is also barred under {ILL_READ}.",
            f"Return may also be barred if the person is in danger of death on return ({LIFE_READ}). "
            "On other matters than return, perhaps under 1951 Convention, Article 31(1). "
            f"Not under {CAT}: Japan was not party to the treaty. {ASKED}",
        ),
        (
            "danger-of-torture origin=PRK stay=KOR on=1991-01-01",
            "Whether the Republic of Korea may send the person back on 1 January 1991 is open: "
            f"perhaps return is barred under {ILL_READ}.",
            f"Return may also be barred if the person is in danger of death on return ({LIFE_READ}). "
            f"Not under {REFOULEMENT} and {CAT}: the Republic of Korea was not party to the treaties. {HELD}",
        ),
        # the end of a status is no answer to a fear that came after it
        (
            "settled-again-in-country-left left-without-permission feared-for-opinion danger-of-torture "
            "origin=PRK stay=KHM on=2010-09-13",
            f"On 13 September 2010 Cambodia may not send the person back, under {CAT} and {ILL_READ}. "
            f"Return may also be barred if the person is in danger of death on return ({LIFE_READ}).",
            f"Not under {REFOULEMENT} and 1951 Convention, Article 31(1) for whoever was a refugee, as a "
            "status ends under 1951 Convention, Article 1C(4); who fears persecution anew is judged anew.",
        ),
        # everybody has a nationality or has none: whichever it is, the status ends
        (
            "well-founded-fear feared-for-opinion circumstances-of-recognition-ceased no:danger-of-torture "
            "no:danger-of-ill-treatment no:danger-to-life origin=VNM stay=USA on=2000-05-01",
            "No norm is shown to bar return from the United States of America on 1 May 2000. Not under "
            f"{REFOULEMENT} and 1951 Convention, Article 31(1) for whoever was a refugee, as a status ends "
            "under 1951 Convention, Article 1C(5) or 1C(6); who fears persecution anew is judged anew.",
            "",
        ),
        # an exception is named by its provision; danger to security is one to the ban on expulsion, too
        (
            "lawful-stay adult danger-to-security danger-of-torture feared-for-opinion "
            "left-without-permission origin=PRK stay=KHM on=2010-09-13",
            f"On 13 September 2010 Cambodia may not send the person back, under {CAT} and {ILL_READ}. "
            f"Return may also be barred if the person is in danger of death on return ({LIFE_READ}).",
            f"Not under 1951 Convention, Article 32(1) and {REFOULEMENT}, withheld under 1951 Convention, "
            "Article 32(1) and 1951 Convention, Article 33(2). On other matters than return, perhaps under "
            "ICCPR, Article 13; 1951 Convention, Article 32(2) and one more. The circumstances also bring "
            "into play: Travel documents for refugees (1951 Convention, Article 28(1)); Association of "
            "refugees (1951 Convention, Article 15); and ten more.",
        ),
        # an exception may withhold a part of a provision, whose other part still holds
        (
            "lawful-stay compelling-security-reasons-against-hearing danger-of-torture nationality=MMR "
            "stay=JPN on=2010-09-13",
            f"On 13 September 2010 Japan may not send the person back, under {CAT} and {ILL_READ}. "
            f"Return may also be barred if the person is in danger of death on return ({LIFE_READ}).",
            f"Return may also be barred if more is known ({REFOULEMENT}), or on more facts. Not under a part "
            "of 1951 Convention, Article 32(2) and a part of ICCPR, Article 13, withheld under 1951 "
            "Convention, Article 32(2) and ICCPR, Article 13. On other matters than return, perhaps under "
            "ICCPR, Article 13. The circumstances also bring into play: Freedom of movement and residence "
            "(ICCPR, Article 12(1)).",
        ),
        # what is denied and recorded of people in the same position leaves the return open
        (
            DENIES_FEAR.replace(
                " origin", " no:danger-of-torture no:danger-to-life no:danger-of-ill-treatment origin"
            ),
            "Whether the Republic of Korea may send the person back on 1 January 2012 is open. Return may be "
            f"barred if {ONLY_DENIED} ({REFOULEMENT}).",
            "",
        ),
        # what a reservation takes away is named, be it about expulsion
        (
            f"lawful-stay no:well-founded-fear {DENIED} origin=PRK stay=MEX on=2010-09-13",
            "No norm is shown to bar return from Mexico on 13 September 2010. "
            f"Not under {REFOULEMENT}: on what is given the person is no refugee.",
            "The circumstances also bring into play: Freedom of movement and residence "
            f"(ICCPR, Article 12(1)). {ELSE} ICCPR, Article 13: Mexico made a reservation.",
        ),
        # and so is what a state has only signed and circumstances bring into play
        (
            f"woman trafficked no:well-founded-fear {DENIED} origin=PRK stay=USA on=2010-09-13",
            "No norm is shown to bar return from the United States of America on 13 September 2010. "
            f"Not under {REFOULEMENT}: on what is given the person is no refugee.",
            "The circumstances also bring into play: No slavery and no slave trade (ICCPR, Article 8(1)). "
            f"{ELSE} CEDAW, Article 6: the United States of America had only signed the treaty.",
        ),
        # a provision that binds through another treaty than its own alone
        (
            f"{VISITOR.replace('CHN', 'USA')} {DENIED}",
            f"On 13 September 2010 the United States of America may not send the person back, under "
            f"{REFOULEMENT}, through the 1967 Protocol.",
            "On other matters than return, perhaps under 1951 Convention, Article 31(1), through the 1967 "
            f"Protocol. {ASKED}",
        ),
        (
            f"{VISITOR.replace('2010-09-13', '1982-09-24')}",
            f"On 24 September 1982 China may not send the person back, under {REFOULEMENT}, through the 1967 "
            "Protocol.",
            "On other matters than return, perhaps under 1951 Convention, Article 31(1), through the 1967 "
            f"Protocol. Not under {CAT}: the treaty had not been adopted yet. Not under {READ}: China was "
            f"not party to the treaty. {APART} {ASKED}",
        ),
        # a danger that would be met by what a reservation leaves of the provision is not sure to bar return
        (
            "adult no:well-founded-fear no:danger-of-torture origin=VNM stay=USA on=2010-09-13",
            "Whether the United States of America may send the person back on 13 September 2010 is open. It "
            f"may not if the person is in danger of death on return ({LIFE_READ}).",
            f"Return may also be barred if the person is in danger of ill-treatment on return ({ILL_READ}). "
            f"Not under {REFOULEMENT}: on what is given the person is no refugee.",
        ),
        # what a reservation leaves of the half that is at stake
        (
            "danger-of-ill-treatment no:danger-of-torture no:danger-to-life feared-for-opinion "
            "no:well-founded-fear origin=MMR stay=USA on=2010-01-01",
            f"On 1 January 2010 the United States of America may not send the person back, under {ILL_READ}, "
            f"as a reservation leaves it. Not under {REFOULEMENT}: on what is given the person is no "
            "refugee.",
            "",
        ),
        # nobody is sent back from home
        (
            "danger-of-torture origin=CHN stay=CHN on=2010-09-13",
            "The person is in China, the country of origin: nobody is sent back from there, and sending on "
            f"to another state is not looked at. Not under {REFOULEMENT}: on what is given the person is no "
            "refugee.",
            APART,
        ),
    ],
)
def test_the_sentence_says_whether_the_person_may_be_sent_back_and_on_what_it_hangs(
    person: Assess, words: str, sentence: str, besides: str
) -> None:
    found = person(words)
    assert (found.sentence, " ".join(found.besides)) == (sentence, besides)
    assert len(sentence) <= 300


def test_what_is_denied_and_shown_all_the_same_is_open_to_doubt(person: Assess) -> None:
    for denied, told in (
        (
            "no:well-founded-fear",
            "“has a well-founded fear of being persecuted there” is denied, and shown by",
        ),
        # what those in the same position risk does not show it
        ("no:danger-of-torture", ""),
        ("no:danger-to-life", ""),
    ):
        found = person(f"{denied} left-without-permission origin=PRK stay=CHN on=2010-09-13").contradictions
        assert [text.startswith(told) for text in found] == [True] * bool(told)
    reasons = " ".join(f"no:feared-for-{why}" for why in ("nationality", "opinion", "race", "religion"))
    words = f"{reasons} sought-asylum origin=PRK stay=CHN"
    assert not person(words).contradictions
    (found,) = person(f"no:feared-for-social-group {words}").contradictions
    assert found == (
        "“fears persecution for one of the five Convention reasons” is denied, and shown by “sought asylum”: "
        "it is left open."
    )


FEARING = "well-founded-fear feared-for-opinion"
CONTRADICTED = "The description contradicts itself, so that nothing is said of return: "
PAIR = "“{}” and “{}” exclude each other"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("child adult danger-of-torture", PAIR.format("being an adult", "being a child") + "."),
        (
            "unaccompanied-child adult",
            PAIR.format("being an adult", "being a child") + ". So does another pair.",
        ),
        (
            f"{FEARING} stateless nationality=PRK",
            PAIR.format("having a nationality", "being stateless") + ".",
        ),
        (
            f"{FEARING} lawful-stay illegal-presence",
            PAIR.format("lawful presence", "illegal presence") + ".",
        ),
        (
            f"{FEARING} no:has-nationality nationality=PRK",
            "“having a nationality” is denied, and follows from the rest of what is described.",
        ),
        (
            f"{FEARING} no:outside-each-nationality nationality=PRK",
            "“being outside each country of nationality” is denied, and follows from the rest of what is "
            "described.",
        ),
        (
            f"{FEARING} outside-each-nationality nationality=JPN",
            "“being outside each country of nationality” is given, and cannot be with the rest of what is "
            "described.",
        ),
        (
            f"{FEARING} no:child no:adult",
            "“being an adult” and “being a child” are both denied, and one of them is true of everybody.",
        ),
    ],
)
def test_what_contradicts_itself_is_said_first_and_nothing_that_rests_on_it(
    person: Assess, words: str, told: str
) -> None:
    found = person(f"{words} origin=PRK stay=JPN on=2010-09-13")
    assert (found.sentence, found.on_record, found.besides) == (CONTRADICTED + told, "", ())
    assert found.contradictions[0].startswith(told[: told.index("”")])
    # from a contradiction anything would follow
    concluded = (
        found.grounds,
        found.protection,
        found.clauses,
        found.harms,
        found.caveats,
        found.missing_facts,
    )
    assert (found.contradictory, concluded) == (True, ((),) * 6)
    assert {fact.outcome for fact in found.facts} == {UNUSED}
    assert not [use for fact in found.facts for use in fact.used_in if not use.startswith("contradicted by ")]


@pytest.mark.parametrize(
    ("words", "provision"),
    [
        (f"{FEARING} lawful-presence origin=PRK stay=MEX on=2010-01-01", "1951 Convention, Article 26"),
        (f"{FEARING} lawful-stay origin=PRK stay=USA", "1951 Convention, Article 24(1)(b)"),
        ("unaccompanied-child sought-asylum origin=PRK stay=THA on=2010-01-01", "CRC, Article 22(2)"),
    ],
)
def test_what_may_protect_under_a_reservation_does_so_as_the_reservation_leaves_it(
    person: Assess, words: str, provision: str
) -> None:
    found = person(words)
    results = {norm.result for norm in found.protection if norm.provision == provision and norm.state}
    assert results == {"may protect as the reservation leaves it"}
    named = [text for text in found.besides if provision in text]
    assert all(f"{provision}), as a reservation leaves it" in text for text in named)


def test_what_is_denied_and_only_recorded_of_others_contradicts_nothing(person: Assess) -> None:
    found = person(DENIES_FEAR)
    assert (len(found.contradictions), found.sentence.startswith(CONTRADICTED)) == (1, False)
    assert (found.contradictory, found.grounds != ()) == (False, True)


def test_reasons_name_the_treaty_where_they_differ_by_it(person: Assess) -> None:
    convention, protocol = (
        f"{name} relating to the Status of Refugees" for name in ("1951 Convention", "1967 Protocol")
    )
    said = [
        next(norm.why for norm in person(f"{FEARING} {words}").protection if norm.provision == REFOULEMENT)
        for words in (
            "origin=PRK stay=USA on=1960-01-01",
            "origin=PRK stay=MMR on=1950-01-01",
            "origin=PRK stay=THA on=2018-01-01",
            "origin=PRK stay=THA on=2010-01-01",
        )
    ]
    ends = "The record, which ends on 2015-03-14, names"
    adopted = "There was no such treaty yet: it was adopted on"
    assert said == [
        (
            f"{convention}: {ends} the United States of America as not party.",
            f"{protocol}: {adopted} 1967-01-31.",
        ),
        (f"{convention}: {adopted} 1951-07-28.", f"{protocol}: {adopted} 1967-01-31."),
        ("The record ends on 2015-03-14; what came after is not known.",),
        (f"{ends} Thailand as not party.",),
    ]


def test_where_no_treaty_binds_custom_is_not_decided(person: Assess) -> None:
    for words, sentence, told in (
        (
            f"{FEARING} origin=MMR stay=THA on=1985-05-01",
            "No treaty is shown to bar return from Thailand on 1 May 1985; custom is not decided here.",
            True,
        ),
        (f"{FEARING} origin=MMR stay=THA on=2010-05-01", "Whether Thailand may send the person back", True),
        # not where a treaty bars return all the same
        ("danger-of-torture origin=PRK stay=LAO on=2012-05-01", "On 1 May 2012 the Lao", False),
        # nor of a state that did not answer for the place
        (f"{THERE} stay=CHN/hong-kong on=1990-05-01", "On 1 May 1990 the United Kingdom", False),
        # no treaty that bound would have barred it
        (
            f"no:well-founded-fear {DENIED} origin=MMR stay=JPN on=2012-01-01",
            "No norm is shown",
            False,
        ),
    ):
        found = person(words)
        assert found.sentence.startswith(sentence)
        assert [text for text in found.besides if "custom" in text] == [HELD] * told
        assert {norm.result for norm in found.protection if norm.custom} <= {
            "does not bind",
            "standing unknown",
            "reserved",
        }
    beside = {
        norm.provision: "held" in norm.custom
        for norm in person(f"{FEARING} origin=MMR stay=THA on=1985-05-01").protection
        if norm.custom and norm.back
    }
    assert beside == {
        REFOULEMENT: True,
        CAT: False,
        ICCPR: False,
        LIFE: False,
        "CRC, Article 6": False,
        "CRC, Article 37": False,
    }


def test_one_who_is_married_to_a_foreign_man_is_married(person: Assess) -> None:
    both, one = (person(f"{words}origin=PRK stay=MNG") for words in (f"married {WOMAN} ", f"{WOMAN} "))
    assert (norms(both), both.sentence) == (norms(one), one.sentence)
    # on its own terms, such as an age for marriage
    assert norms(one)["ICCPR, Article 23(2)"] == "may protect"
    assert "married" not in {asked.key for asked in one.missing_facts}
    assert "married-to-foreign-man" not in {
        asked.key for asked in person("no:married origin=PRK stay=MNG").missing_facts
    }
    with pytest.raises(SurplaceError, match="is a kind of “being married”, which is answered with no"):
        person("no:married married-to-foreign-man")


def test_a_place_that_cannot_be_is_refused(person: Assess) -> None:
    for words in (
        "no:outside-country-of-origin origin=PRK stay=CHN",
        "outside-country-of-origin origin=PRK stay=PRK",
    ):
        with pytest.raises(SurplaceError, match="outside it: correct"):
            person(words)
    with pytest.raises(
        SurplaceError, match="is a kind of “having another nationality”, which is answered with no"
    ):
        person("no:another-nationality protected-by-another-nationality")


FLAT = "On 1 January 2010 Japan may not send the person back, under 1951 Convention, Article 33(1)"
UNCONVICTED = " (unless the person was convicted of a particularly serious crime)"
HARMLESS = " (unless the person is a danger to the community of the country)"


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        # a danger alone, or a conviction alone, is half of the exception
        ("danger-to-community", f"{FLAT}{UNCONVICTED}."),
        ("convicted-of-particularly-serious-crime", f"{FLAT}{HARMLESS}."),
        # other bans are absolute
        (
            "danger-to-community danger-of-torture",
            f"{FLAT}{UNCONVICTED}; Convention against Torture, Article 3(1) and one more.",
        ),
        # with the other half denied, the exception does not reach the person
        ("danger-to-community no:convicted-of-particularly-serious-crime", f"{FLAT}."),
        ("danger-to-community no:convicted-of-crime", f"{FLAT}."),
        ("convicted-of-particularly-serious-crime no:danger-to-community", f"{FLAT}."),
        # what only raises the question of an exception is no half of it
        ("convicted-of-crime", f"{FLAT}."),
        # nor is half of a clause that ends a status, as having a nationality
        ("circumstances-of-recognition-ceased", "Whether Japan may send the person back"),
    ],
)
def test_an_exception_of_which_a_half_is_given_is_named_with_the_ban(
    person: Assess, words: str, begins: str
) -> None:
    fearing = "feared-for-opinion well-founded-fear origin=MMR nationality=MMR stay=JPN on=2010-01-01"
    found = person(f"{words} {fearing}")
    assert found.sentence.startswith(begins)
    assert not found.contradictions


def test_who_hangs_on_more_facts_hangs_on_the_rest_of_an_exception_too(person: Assess) -> None:
    found = person("danger-to-community feared-for-opinion origin=PRK stay=JPN on=2010-01-01")
    assert f"(1951 Convention, Article 33(1){UNCONVICTED})" in found.sentence


def test_whether_there_is_another_nationality_is_not_asked_of_whoever_has_said_so(person: Assess) -> None:
    fear = "feared-for-opinion well-founded-fear origin=PRK stay=KOR on=2010-01-01"
    asked = {
        told: ASKED in found.besides and any(ASKED in ground.caveats for ground in found.grounds)
        for told in ("", "adult ", "stateless ", "no:another-nationality ", "no:has-nationality ")
        for found in [person(told + fear)]
    }
    assert asked == {
        "": True,
        "adult ": True,
        "stateless ": False,
        "no:another-nationality ": False,
        "no:has-nationality ": False,
    }


@pytest.mark.parametrize(
    ("words", "denied", "use"),
    [
        (
            "",
            "left-without-permission",
            "becomes a refugee after leaving, from a valid fear of persecution on return "
            "(not shown by it, and open still)",
        ),
        ("", "another-nationality", "is outside each country of nationality (need not be shown)"),
        (
            "",
            "convicted-of-crime",
            "Exception to the ban on refoulement for danger to the community (1951 Convention, Article "
            "33(2)) (not engaged)",
        ),
        ("pregnant ", "woman", "contradicted by “being pregnant”"),
        ("", "visit", ""),
    ],
)
def test_what_is_denied_says_what_that_does(person: Assess, words: str, denied: str, use: str) -> None:
    (fact,) = (
        fact for fact in person(f"{words}no:{denied} origin=PRK stay=KOR").facts if fact.answer == "no"
    )
    outcome = UNUSED if use.startswith("contradicted by ") else USED if use else NO_GROUND
    assert (fact.outcome, use in fact.used_in) == (outcome, bool(use))


def test_a_child_is_asked_whether_it_seeks_asylum(person: Assess) -> None:
    given = {
        fact.key: "CRC, Article 22(1): protects" in fact.yes
        for fact in person("child origin=MMR stay=KOR on=2012-01-01").missing_facts
    }
    assert {key for key, opens in given.items() if opens} == {"sought-asylum"}


def test_nothing_described_says_nothing(person: Assess) -> None:
    found = person("")
    assert set(results(found).values()) == {"open"}
    assert set(norms(found).values()) == {"no state given"}
    assert (found.clauses, found.harms, found.facts, found.contradictions) == ((), (), (), ())


@pytest.mark.parametrize(
    ("described", "asked", "opens"),
    [
        ("no:no-protection-at-home well-founded-fear", "stateless", True),
        ("no:no-return-to-former-residence no-protection-at-home well-founded-fear", "has-nationality", True),
        ("no:no-protection-at-home", "stateless", False),
    ],
)
def test_who_may_be_stateless_is_asked_where_that_decides_what_is_to_be_shown(
    person: Assess, described: str, asked: str, opens: bool
) -> None:
    found = person(
        f"feared-for-opinion outside-country-of-origin {described} origin=VNM stay=USA on=2000-05-01"
    )
    (fact,) = (fact for fact in found.missing_facts if fact.key in ("stateless", "has-nationality"))
    assert fact.key == asked
    assert (f"{REFOULEMENT}: protects" in fact.yes) == opens
    assert (f"{REFOULEMENT}: does not reach the person" in fact.no) != opens
