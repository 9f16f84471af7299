"""Persons who are described: what the answer says of grounds, norms, clauses, harms and of each fact given.

Over the project's own release, read once; each person is assessed once. Expected is what the law says of the
person and of the state on the day, not what the record says of anybody.
"""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from persons import (
    CAT,
    CEASED,
    CHILD,
    CHILD_IN_THAILAND,
    COMPELLING,
    DENIES_FEAR,
    ECONOMIC,
    EXCLUDED,
    EXPECTING,
    GENERAL,
    HUNGRY,
    ICCPR,
    ILL,
    LIFE,
    LIFE_READ,
    REFOULEMENT,
    STAYING,
    SUR_PLACE,
    TORTURE,
    VISITOR,
    WOMAN,
    Assess,
    norms,
    outcomes,
    results,
)
from surplace.suppose.description import circumstances
from surplace.suppose.used import NO_GROUND, NOT_ENOUGH, USED

PERSONS = {
    # one becomes a refugee sur place whatever the motive of leaving
    VISITOR: (
        {SUR_PLACE: "supported", GENERAL: "supported", TORTURE: "open"},
        {REFOULEMENT: "protects", CAT: "may protect", ICCPR: "does not bind"},
        {"visit": NO_GROUND, "contact-with-missionaries": USED, "PRK": USED, "CHN": USED, "day": USED},
    ),
    VISITOR.replace("CHN", "MMR"): (
        {SUR_PLACE: "supported"},
        dict.fromkeys((REFOULEMENT, CAT, ICCPR), "does not bind"),
        {"MMR": USED},
    ),
    VISITOR.replace("CHN", "MNG"): (
        {},
        {REFOULEMENT: "does not bind", CAT: "may protect", ICCPR: "may protect"},
        {},
    ),
    VISITOR.replace("2010", "1980"): ({}, {REFOULEMENT: "does not bind"}, {}),
    VISITOR.replace("2010", "2020"): ({}, {REFOULEMENT: "standing unknown", ICCPR: "standing unknown"}, {}),
    # danger to life is not torture, and that it is ill-treatment is not said
    "danger-to-life origin=PRK stay=THA on=2010-09-13": (
        {"loss of life on return": "supported", ILL: "open", TORTURE: "open"},
        {LIFE: "protects", ICCPR: "may protect", CAT: "may protect"},
        {"danger-to-life": USED},
    ),
    "danger-of-torture no:danger-to-life origin=PRK stay=THA on=2010-09-13": (
        {"loss of life on return": "not-made-out", ILL: "supported"},
        {LIFE: "does not reach the person", ICCPR: "protects", CAT: "protects"},
        {},
    ),
    # who denies ill-treatment denies what falls short of torture
    "danger-of-torture no:danger-of-ill-treatment origin=PRK stay=KOR on=2010-09-13": (
        {ILL: "supported", TORTURE: "supported"},
        {ICCPR: "protects", CAT: "protects"},
        {},
    ),
    "no:danger-of-ill-treatment origin=PRK stay=KOR on=2010-09-13": (
        {ILL: "open", TORTURE: "open"},
        {ICCPR: "may protect", CAT: "may protect"},
        {},
    ),
    "no:danger-of-ill-treatment no:danger-of-torture origin=PRK stay=KOR on=2010-09-13": (
        {ILL: "not-made-out", TORTURE: "not-made-out"},
        {ICCPR: "does not reach the person"},
        {},
    ),
    # what is recorded of others does not make out what is denied of this person
    DENIES_FEAR: (
        {GENERAL: "open", SUR_PLACE: "open"},
        {REFOULEMENT: "may protect"},
        {},
    ),
    # which fails where nothing is evidence for it
    "no:well-founded-fear feared-for-opinion origin=MMR stay=KOR on=2012-01-01": (
        {GENERAL: "not-made-out"},
        {REFOULEMENT: "does not reach the person"},
        {},
    ),
    # what one state takes for disloyalty is no reason of the Convention in who comes from another
    "sought-asylum well-founded-fear origin=PRK stay=KOR on=2010-09-13": (
        {GENERAL: "supported", SUR_PLACE: "supported"},
        {REFOULEMENT: "protects"},
        {"sought-asylum": USED},
    ),
    "sought-asylum well-founded-fear origin=JPN stay=KOR on=2010-09-13": (
        {GENERAL: "open", SUR_PLACE: "open"},
        {REFOULEMENT: "may protect"},
        {"sought-asylum": NOT_ENOUGH},
    ),
    "contact-with-missionaries hostile-class well-founded-fear nationality=MMR stay=JPN on=2010-09-13": (
        {GENERAL: "open", SUR_PLACE: "open", ECONOMIC: "open"},
        {REFOULEMENT: "may protect"},
        {},
    ),
    "married-to-foreign-man feared-for-opinion well-founded-fear origin=MMR stay=JPN on=2010-09-13": (
        {GENERAL: "supported", SUR_PLACE: "open"},
        {REFOULEMENT: "protects"},
        {},
    ),
    # and where no country of origin is named, that is not known
    "sought-asylum outside-country-of-origin well-founded-fear stay=KOR on=2010-09-13": (
        {GENERAL: "open"},
        {REFOULEMENT: "may protect"},
        {"sought-asylum": NOT_ENOUGH},
    ),
    # a penalty for leaving is for a reason of the Convention only if something ties it to one; that those who
    # are returned may meet torture is no substantial ground to believe it of this one
    HUNGRY: (
        {SUR_PLACE: "open", GENERAL: "open", TORTURE: "open", ILL: "open"},
        {CAT: "may protect", REFOULEMENT: "may protect", "ICCPR, Article 12(2)": "protects"},
        {"economic-hardship": USED, "left-without-permission": USED},
    ),
    # that the want of a low class could well rest on persecution makes out neither policy nor reason
    f"{HUNGRY} hostile-class": (
        {SUR_PLACE: "open", GENERAL: "open", ECONOMIC: "open"},
        {REFOULEMENT: "may protect"},
        {"hostile-class": NOT_ENOUGH},
    ),
    f"{HUNGRY} hostile-class deprived-by-policy": (
        {SUR_PLACE: "supported", GENERAL: "supported", ECONOMIC: "supported"},
        {REFOULEMENT: "protects"},
        {"deprived-by-policy": USED},
    ),
    # still at home: nobody is returned from there
    "left-without-permission danger-of-torture origin=PRK stay=PRK": (
        dict.fromkeys((SUR_PLACE, GENERAL, ECONOMIC, TORTURE, ILL, CHILD), "not-made-out"),
        {CAT: "does not reach the person"},
        {"danger-of-torture": USED, "PRK": USED},
    ),
    # torture is harm to a child that cannot be made good
    CHILD_IN_THAILAND: (
        {TORTURE: "supported", CHILD: "supported", GENERAL: "open"},
        {
            CAT: "protects",
            REFOULEMENT: "does not bind",
            "CRC, Article 22(1)": "may protect as the reservation leaves it",
        },
        {"unaccompanied-child": USED},
    ),
    "adult left-without-permission no:visit origin=MMR stay=THA": (
        {TORTURE: "open", GENERAL: "open", CHILD: "not-made-out"},
        {},
        {"adult": USED, "visit": NO_GROUND},
    ),
    # of several nationalities each counts, and only for who is a refugee
    "sought-asylum danger-of-torture origin=PRK nationality=PRK,KOR stay=CHN": (
        {GENERAL: "open", SUR_PLACE: "open", TORTURE: "supported"},
        {CAT: "protects", REFOULEMENT: "may protect"},
        {"KOR": USED},
    ),
    "sought-asylum unprotected-by-another-nationality origin=PRK nationality=KOR stay=CHN": (
        {GENERAL: "supported"},
        {},
        {"unprotected-by-another-nationality": USED},
    ),
    "sought-asylum protected-by-another-nationality origin=PRK nationality=PRK,KOR stay=CHN": (
        {GENERAL: "not-made-out", SUR_PLACE: "not-made-out"},
        {REFOULEMENT: "does not reach the person"},
        {"protected-by-another-nationality": USED},
    ),
    # to be protected by another country of nationality is to be its national, named or not
    "sought-asylum well-founded-fear protected-by-another-nationality origin=PRK stay=CHN": (
        {GENERAL: "not-made-out", SUR_PLACE: "not-made-out"},
        {REFOULEMENT: "does not reach the person"},
        {"protected-by-another-nationality": USED},
    ),
    # a national is no alien at home, whichever other nationality there is
    "lawful-stay nationality=JPN stay=JPN on=2010-09-13": (
        {},
        {"ICCPR, Article 13": "does not reach the person"},
        {"lawful-stay": USED},
    ),
    "lawful-stay nationality=JPN,MMR stay=JPN on=2010-09-13": (
        {},
        {"ICCPR, Article 13": "does not reach the person"},
        {},
    ),
    "lawful-stay nationality=MMR stay=JPN on=2010-09-13": ({}, {"ICCPR, Article 13": "may protect"}, {}),
    # who stays in one of the countries of nationality is not outside it, whatever the others are
    "sought-asylum unprotected-by-another-nationality origin=PRK nationality=CHN stay=CHN": (
        {GENERAL: "not-made-out", SUR_PLACE: "not-made-out", TORTURE: "open"},
        {REFOULEMENT: "does not reach the person", CAT: "may protect"},
        {"CHN": USED},
    ),
    # nor is who is in one of them a refugee, and yet to be sent to the other
    "danger-of-torture nationality=PRK,KOR stay=KOR": (
        {GENERAL: "not-made-out", TORTURE: "supported", ILL: "supported"},
        {REFOULEMENT: "does not reach the person", CAT: "protects"},
        {},
    ),
    "danger-of-torture nationality=PRK,KOR stay=CHN": (
        {GENERAL: "open", TORTURE: "supported"},
        {CAT: "protects", REFOULEMENT: "may protect"},
        {"PRK": USED, "KOR": USED},
    ),
    # a treaty body attests China as party to one treaty up to this day, and no notice could have taken effect
    VISITOR.replace("2010-09-13", "2015-12-03 danger-of-torture"): (
        {},
        {CAT: "protects", REFOULEMENT: "protects"},
        {},
    ),
    # on the last day on which no notice could have taken effect, and on the next
    VISITOR.replace("2010-09-13", "2016-03-14 danger-of-torture"): (
        {},
        {CAT: "protects", REFOULEMENT: "protects"},
        {},
    ),
    VISITOR.replace("2010-09-13", "2016-03-15 danger-of-torture"): (
        {},
        {CAT: "standing unknown", REFOULEMENT: "standing unknown"},
        {},
    ),
    # what a body read into a provision in 1992 nobody had read into it before
    "danger-of-torture origin=PRK stay=JPN on=1991-12-31": ({ILL: "supported"}, {ICCPR: "may protect"}, {}),
    # of a reading of which the year alone is known, it is not known whether it was there in that year
    "danger-of-torture origin=PRK stay=JPN on=1992-12-30": ({ILL: "supported"}, {ICCPR: "may protect"}, {}),
    "danger-of-torture origin=PRK stay=JPN on=1992-12-31": ({ILL: "supported"}, {ICCPR: "protects"}, {}),
    "danger-of-torture origin=PRK stay=JPN on=1993-01-01": ({ILL: "supported"}, {ICCPR: "protects"}, {}),
    # a stateless child, whoever the parents are
    "child stateless stay=CHN on=2010-09-13": (
        {},
        {
            "CRC, Article 7(1)": "protects",
            "CRC, Article 7(2)": "may protect",
            "CRC, Article 3(1)": "may protect",
        },
        {"stateless": USED},
    ),
    "adult stay=CHN on=2010-09-13": ({}, {"CRC, Article 7(1)": None, "CRC, Article 3(1)": None}, {}),
    # exclusion and cessation are of a status, and of nothing else; they come after the test of who is meant
    f"{EXCLUDED} crime-against-peace-or-humanity": (
        {SUR_PLACE: "excluded", GENERAL: "excluded", TORTURE: "supported", ILL: "supported"},
        {REFOULEMENT: "excluded", CAT: "protects", ICCPR: "protects"},
        {"crime-against-peace-or-humanity": USED},
    ),
    f"{VISITOR} treated-as-a-national assisted-by-another-un-agency": ({GENERAL: "excluded"}, {}, {}),
    f"{VISITOR} stateless circumstances-of-recognition-ceased": ({GENERAL: "excluded"}, {}, {}),
    # everybody has a nationality or has none: the status ends under one of the two, whichever it is
    f"{VISITOR} circumstances-of-recognition-ceased": (
        {GENERAL: "excluded", SUR_PLACE: "excluded"},
        {REFOULEMENT: "excluded"},
        {"circumstances-of-recognition-ceased": USED},
    ),
    f"{VISITOR} circumstances-of-recognition-ceased {COMPELLING}": (
        {GENERAL: "supported"},
        {REFOULEMENT: "protects"},
        {},
    ),
    # to deny the one is to give the other
    f"{VISITOR} circumstances-of-recognition-ceased no:stateless": (
        {GENERAL: "excluded"},
        {REFOULEMENT: "excluded"},
        {"stateless": USED},
    ),
    # a clause yields to its proviso
    f"{VISITOR} {CEASED} {COMPELLING}": (
        {GENERAL: "supported"},
        {REFOULEMENT: "protects"},
        dict.fromkeys((COMPELLING, "has-nationality"), USED),
    ),
    f"{VISITOR} {CEASED} no:{COMPELLING}": ({GENERAL: "excluded"}, {}, {COMPELLING: USED}),
    "grave-acts origin=PRK stay=PRK": ({GENERAL: "not-made-out"}, {}, {}),
    # an exception is to a norm, and asks for all that its clause asks for
    f"{VISITOR} danger-of-torture convicted-of-particularly-serious-crime danger-to-community": (
        {GENERAL: "supported"},
        {REFOULEMENT: "exception", CAT: "protects"},
        {"danger-to-community": USED},
    ),
    # a danger without a conviction is outside it
    f"{VISITOR} danger-to-community no:convicted-of-crime": (
        {GENERAL: "supported"},
        {REFOULEMENT: "protects"},
        dict.fromkeys(("danger-to-community", "convicted-of-crime"), USED),
    ),
    f"{VISITOR} convicted-of-particularly-serious-crime military-service tortured-before": (
        {GENERAL: "supported"},
        {REFOULEMENT: "protects"},
        dict.fromkeys(
            ("convicted-of-particularly-serious-crime", "military-service", "tortured-before"), NOT_ENOUGH
        ),
    ),
    # so is one to the ban on expulsion, on its own terms
    "lawful-stay danger-to-security feared-for-opinion well-founded-fear origin=MMR stay=JPN": (
        {GENERAL: "supported"},
        {REFOULEMENT: "exception", "1951 Convention, Article 32(1)": "exception", CAT: "may protect"},
        {"danger-to-security": USED},
    ),
    # danger to the community raises the question of public order, and is no ground of it by itself
    "lawful-stay danger-to-community feared-for-opinion well-founded-fear origin=MMR stay=JPN": (
        {GENERAL: "supported"},
        {REFOULEMENT: "protects", "1951 Convention, Article 32(1)": "protects"},
        {"danger-to-community": NOT_ENOUGH},
    ),
    # who is excluded from status needs no exception to its norms, nor does whoever is at home
    "grave-acts threat-to-public-order lawful-presence feared-for-opinion well-founded-fear danger-to-life "
    "origin=PRK stay=KHM on=2005-01-01": (
        {GENERAL: "excluded"},
        {
            LIFE: "protects",
            REFOULEMENT: "excluded",
            **{f"1951 Convention, Article 32({number})": "excluded" for number in (1, 2, 3)},
        },
        {},
    ),
    "threat-to-public-order lawful-presence well-founded-fear origin=KHM stay=KHM on=2005-01-01": (
        {GENERAL: "not-made-out"},
        {"1951 Convention, Article 32(1)": "does not reach the person"},
        {},
    ),
    # who is a child and seeks asylum, or for whom a ground of the Convention is supported, is a refugee child
    "child sought-asylum origin=MMR stay=KOR on=2012-01-01": ({}, {"CRC, Article 22(1)": "protects"}, {}),
    "child well-founded-fear feared-for-opinion origin=MMR stay=KOR on=2012-01-01": (
        {GENERAL: "supported"},
        {"CRC, Article 22(1)": "protects"},
        {},
    ),
    "child lawful-presence origin=MMR stay=KOR on=2012-01-01": (
        {GENERAL: "open"},
        {"CRC, Article 22(1)": "may protect"},
        {},
    ),
    # of Article 13 the Covenant was extended to Hong Kong without review and representation alone
    "lawful-presence origin=MMR stay=CHN/hong-kong on=2005-01-01": (
        {},
        {"ICCPR, Article 13": "may protect"},
        {},
    ),
    # the reservation of the United States limits ill-treatment, and not torture
    "danger-of-ill-treatment no:danger-of-torture origin=PRK stay=USA on=2010-01-01": (
        {ILL: "supported"},
        {ICCPR: "protects as the reservation leaves it"},
        {},
    ),
    "danger-of-ill-treatment danger-of-torture origin=PRK stay=USA on=2010-01-01": (
        {ILL: "supported"},
        {ICCPR: "protects"},
        {},
    ),
    # of the stateless the definition asks for return, and not for protection
    "stateless well-founded-fear feared-for-opinion origin=PRK stay=JPN on=2010-01-01": (
        {GENERAL: "supported"},
        {REFOULEMENT: "protects"},
        {"stateless": USED},
    ),
    # whether either is asked for hangs on what nobody told; both denied, neither answer makes out the ground
    "no:no-protection-at-home feared-for-opinion origin=MMR stay=JPN on=2010-01-01": (
        {GENERAL: "open"},
        {},
        {},
    ),
    "no:no-protection-at-home has-nationality feared-for-opinion origin=MMR stay=JPN on=2010-01-01": (
        {GENERAL: "not-made-out"},
        {},
        {},
    ),
    "no:no-return-to-former-residence feared-for-opinion origin=MMR stay=JPN on=2010-01-01": (
        {GENERAL: "open"},
        {},
        {},
    ),
    "no:no-protection-at-home no:no-return-to-former-residence feared-for-opinion origin=MMR stay=JPN": (
        {GENERAL: "not-made-out"},
        {},
        {},
    ),
    # nor does the protection of another nationality count against whoever may have one alone
    "no:unprotected-by-another-nationality feared-for-opinion origin=MMR stay=JPN on=2010-01-01": (
        {GENERAL: "open"},
        {},
        {},
    ),
    "stateless no:no-protection-at-home well-founded-fear feared-for-opinion origin=MMR stay=JPN": (
        {GENERAL: "supported"},
        {},
        {},
    ),
    "stateless no:no-return-to-former-residence feared-for-opinion origin=MMR stay=JPN": (
        {GENERAL: "not-made-out"},
        {REFOULEMENT: "does not reach the person"},
        {"no-return-to-former-residence": USED},
    ),
    "lawful-stay threat-to-public-order feared-for-opinion well-founded-fear origin=MMR stay=JPN": (
        {GENERAL: "supported"},
        {REFOULEMENT: "protects", "1951 Convention, Article 32(1)": "exception"},
        {"threat-to-public-order": USED},
    ),
    # who is lawfully present need not stay lawfully, and has what asks for presence alone; the other way
    # round, who stays lawfully is present
    "lawful-presence no:lawful-stay feared-for-opinion well-founded-fear origin=MMR stay=JPN on=2010-09-13": (
        {GENERAL: "supported"},
        {
            "1951 Convention, Article 26": "may protect",
            "1951 Convention, Article 32(1)": "protects",
            "ICCPR, Article 12(1)": "may protect",
            "ICCPR, Article 13": "may protect",
            **dict.fromkeys(STAYING),
            # to others a travel document may be issued, and that is to be considered
            "1951 Convention, Article 28(1)": "may protect",
        },
        {"lawful-presence": USED},
    ),
    "lawful-stay feared-for-opinion well-founded-fear origin=MMR stay=JPN on=2010-09-13": (
        {GENERAL: "supported"},
        {
            "1951 Convention, Article 26": "may protect",
            "1951 Convention, Article 32(1)": "protects",
            "ICCPR, Article 12(1)": "may protect",
            "ICCPR, Article 13": "may protect",
            # the others say what the treatment is like
            **dict.fromkeys(STAYING, "may protect"),
            "1951 Convention, Article 28(1)": "protects",
        },
        {"lawful-stay": USED},
    ),
    "no:lawful-presence feared-for-opinion well-founded-fear origin=MMR stay=JPN on=2010-09-13": (
        {GENERAL: "supported"},
        {
            "1951 Convention, Article 32(1)": None,
            "ICCPR, Article 13": None,
            **dict.fromkeys(STAYING),
            "1951 Convention, Article 28(1)": "may protect",
        },
        {},
    ),
    "lawful-stay trafficked woman child-of-mixed-marriage family stay=JPN on=2010-01-01": (
        {},
        {
            "ICCPR, Article 13": "may protect",
            "CEDAW, Article 6": "protects",
            "CRC, Article 35": "protects",
            "CRC, Article 7(1)": "protects",
            "CRC, Article 9(1)": "protects",
            "1951 Convention, Article 32(1)": "may protect",
        },
        {"family": NO_GROUND, "lawful-stay": USED},
    ),
    # an adult is no child, and who is no woman none; a fact that decides whom a norm reaches is used
    "adult trafficked stay=JPN on=2010-01-01": (
        {},
        {"CRC, Article 35": "does not reach the person", "CEDAW, Article 6": "may protect"},
        {"adult": USED},
    ),
    "trafficked no:woman no:child stay=JPN on=2010-01-01": (
        {},
        dict.fromkeys(("CRC, Article 35", "CEDAW, Article 6"), "does not reach the person"),
        {"woman": USED, "child": USED},
    ),
    "trafficked woman stay=JPN on=2010-01-01": (
        {},
        {"CEDAW, Article 6": "protects", "CRC, Article 35": "may protect"},
        {"woman": USED},
    ),
    "woman stay=JPN on=2010-01-01": ({}, {"CEDAW, Article 6": None}, {"woman": NO_GROUND}),
    "trafficked left-without-permission religious-belief origin=PRK on=2010-01-01": (
        {},
        {CAT: "no state given", "ICCPR, Article 12(2)": "protects"},
        {"day": NOT_ENOUGH, "religious-belief": USED},
    ),
}
"""By how persons are described: what is expected of grounds, of norms, and of facts."""


@pytest.mark.parametrize("words", PERSONS)
def test_a_person(person: Assess, words: str) -> None:
    found = person(words)
    grounds, protected, told = PERSONS[words]
    assert {label: results(found)[label] for label in grounds} == grounds
    assert {provision: norms(found).get(provision) for provision in protected} == protected
    assert {key: outcomes(found)[key] for key in told} == told
    assert len(found.facts) == len(words.replace("nationality=", "").replace(",", " ").split())


def test_a_norm_says_through_which_treaty_and_why_not(person: Assess) -> None:
    (america,) = (n for n in person(VISITOR.replace("CHN", "USA")).protection if n.provision == REFOULEMENT)
    assert {(s.treaty, s.kind) for s in america.standings} == {
        ("1951 Convention relating to the Status of Refugees", "not-party"),
        ("1967 Protocol relating to the Status of Refugees", "binding"),
    }
    assert america.state == "United States of America"
    (thailand,) = (
        norm for norm in person(CHILD_IN_THAILAND).protection if norm.provision == "CRC, Article 22(1)"
    )
    assert [s.kind for s in thailand.standings] == ["conditioned"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            VISITOR,
            {"visit": NO_GROUND, "contact-with-missionaries": USED, "PRK": USED, "CHN": USED, "day": USED},
        ),
        (f"{WOMAN} origin=PRK stay=CHN", dict.fromkeys(WOMAN.split(), USED)),
        (
            "hostile-class no:unaccompanied-child origin=PRK",
            {"hostile-class": NOT_ENOUGH, "unaccompanied-child": USED},
        ),
        ("military-service", {"military-service": NOT_ENOUGH}),
        ("convicted-of-particularly-serious-crime", {"convicted-of-particularly-serious-crime": NOT_ENOUGH}),
        ("tortured-before", {"tortured-before": NOT_ENOUGH}),
        ("religious-belief", {"religious-belief": USED}),
        ("family conflict", {"family": NO_GROUND, "conflict": NO_GROUND}),
        ("no:visit", {"visit": NO_GROUND}),
        ("nationality=PRK,KOR", {"PRK": USED, "KOR": USED}),
        ("on=2010-01-01", {"day": NOT_ENOUGH}),
    ],
)
def test_every_fact_comes_back(person: Assess, words: str, expected: dict[str, str]) -> None:
    found = outcomes(person(words))
    assert {key: found[key] for key in expected} == expected
    assert len(found) == len(set(words.replace("nationality=", "").replace(",", " ").split()))


def test_a_marriage_that_may_have_come_before_leaving_makes_no_refugee_sur_place(person: Assess) -> None:
    background = "feared-for-opinion origin=PRK stay=CHN on=2010-09-13"
    found = person(f"{WOMAN} {background}")
    # what is feared for it is the same whenever it came
    assert results(found)[GENERAL] == "supported"
    assert results(found)[SUR_PLACE] == "open"
    (asked,) = (fact for fact in found.missing_facts if fact.key == "fear-from-later-events")
    assert asked.raised_by == ("married to a foreign man", "pregnant by a foreign man")
    assert asked.yes == (f"{SUR_PLACE}: supported",)
    for since in ("fear-from-later-events", "contact-with-missionaries", "sought-asylum"):
        assert results(person(f"{WOMAN} {since} {background}"))[SUR_PLACE] == "supported"


def test_what_no_state_of_the_person_holds_against_it_is_not_asked_for(person: Assess) -> None:
    held = {"sought-asylum", "contact-with-journalists", "attempted-entry-to-south-korea"}
    for origin, asked in (("PRK", held), ("MMR", set())):
        found = person(f"well-founded-fear origin={origin} stay=JPN on=2010-09-13")
        assert held & {fact.key for fact in found.missing_facts} == asked
    for given in ("sought-asylum", "hostile-class"):
        (unknown, *_) = person(f"{given} well-founded-fear stay=KOR").facts
        assert ": coming from Democratic People's Republic of Korea" in "".join(unknown.also_needs)


def test_what_makes_an_element_probable_is_named_with_it_and_asks_for_what_would_make_it_out(
    person: Assess,
) -> None:
    found = person(f"{HUNGRY} hostile-class")
    by_iri = {element.iri.partition("/element/")[2]: element for g in found.grounds for element in g.elements}
    for name in ("policy-tantamount-to-persecution", "convention-reason"):
        assert by_iri[name].result == "unknown"
        assert by_iri[name].evidence == ("unprivileged class",)
    raised = {fact.key: fact.raised_by for fact in found.missing_facts}
    assert "hostile class" in raised["deprived-by-policy"]
    assert "hostile class" in raised["feared-for-opinion"]


def test_a_half_of_what_is_needed_is_shown_with_what_is_wanting(person: Assess) -> None:
    found = person("pregnant-by-foreign-man origin=PRK stay=CHN")
    fear = next(
        e for ground in found.grounds for e in ground.elements if e.iri.endswith("/well-founded-fear")
    )
    assert fear.result == "unknown"
    assert [(half.given, half.wanting) for half in fear.halves] == [
        (
            ("pregnant by a foreign man", "coming from Democratic People's Republic of Korea"),
            ("married to a foreign man",),
        )
    ]
    abortion = next(harm for harm in found.harms if harm.label == "forced abortion")
    assert abortion.wanting == ("left without permission",)
    assert abortion is found.harms[0]
    assert abortion.people.endswith(" are returned, of them only a person who is pregnant")
    whole = person(f"{WOMAN} left-without-permission origin=PRK stay=CHN")
    assert ("forced abortion", ()) in {(harm.label, harm.wanting) for harm in whole.harms}
    others = person(HUNGRY)
    assert ("forced abortion", ("being pregnant",)) in {(harm.label, harm.wanting) for harm in others.harms}


BEFALLS = "Harm on return, on record of people in the same position"
RISKED = "torture, death, beating, sexual violence and forced labour (risked)."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        # what she shares with the people is named before what she would share with others, the gravest first
        (
            f"woman {WOMAN} origin=PRK stay=CHN",
            f"{BEFALLS} (returned North Korean women who married foreign men and became pregnant by them): "
            "stringent punishment (expected). If the person also left without permission: arrest and "
            "detention (expected); forced abortion, torture and four more (risked).",
        ),
        # whom alone a harm befalls is not asked of everybody: who is not said to be pregnant is told of none
        (HUNGRY, f"{BEFALLS}: arrest and detention (expected); {RISKED}"),
        (
            EXPECTING,
            "Harm on return, on record if the person also left without permission: arrest and detention "
            f"(expected); forced abortion, {RISKED} If the person also is pregnant by a foreign man: "
            "stringent punishment (expected).",
        ),
        ("origin=PRK stay=CHN", ""),
        (f"{WOMAN} stay=JPN", ""),
        ("", ""),
    ],
)
def test_what_is_on_record_of_people_in_the_same_position_is_said_in_a_sentence(
    person: Assess, words: str, said: str
) -> None:
    assert person(words).on_record == said
    assert len(said) <= 300


def test_each_fact_that_is_asked_for_changes_what_it_is_said_to(person: Assess) -> None:
    found = person(EXPECTING)
    first, second = found.missing_facts[:2]
    assert (first.key, second.key) == ("left-without-permission", "pregnant-by-foreign-man")
    pregnant, wife = "being pregnant", "married to a foreign man"
    for fact, raising in ((first, [pregnant]), (second, [pregnant, wife])):
        assert [by.partition(" (where both are true, ")[0] for by in fact.raised_by] == raising
    assert first.raised_by[0].endswith("true, forced abortion on return is on record)")
    assert any("forced abortion" in effect for effect in first.yes)
    asked = {question.key: question for question in found.missing_facts}
    for key in ("danger-of-torture", "sought-asylum"):
        then = person(f"{key} {EXPECTING}")
        assert {g.iri for g in then.grounds if g.result == "supported"} == set(asked[key].makes_out) != set()
        opened = {norm.iri for norm in found.protection if norm.hangs and norm.foremost}
        opened -= {norm.iri for norm in then.protection if norm.hangs}
        assert opened == set(asked[key].opens)
        told = {f"{norm.provision}: {norm.result}" for norm in then.protection if norm.iri in opened}
        assert {effect for effect in told if "bind" not in effect} <= set(asked[key].yes)
    without = person(f"no:unaccompanied-child {EXPECTING}")
    assert {
        f"{norm.provision}: {norm.result}"
        for norm in without.protection
        if norm.iri in asked["unaccompanied-child"].need
    } == set(asked["unaccompanied-child"].no)
    assert not set(asked) & {question.key for question in found.missing_facts if question.key in EXPECTING}


def test_a_fact_that_is_denied_denies_its_kinds_and_is_not_asked_for(person: Assess) -> None:
    found = person("trafficked no:child stay=JPN origin=PRK on=2010-01-01")
    assert results(found)[CHILD] == "not-made-out"
    assert not {"child", "unaccompanied-child", "child-of-mixed-marriage", "trafficked"} & {
        question.key for question in found.missing_facts
    }


def test_a_person_has_one_fear(person: Assess) -> None:
    for words in (VISITOR, HUNGRY, ""):
        fears = {
            (element.iri, element.result)
            for ground in person(words).grounds
            for element in ground.elements
            if "fear" in element.iri and not element.iri.endswith("/fear-arising-later")
        }
        assert len(fears) == 1


def test_of_two_clauses_one_is_engaged_where_either_answer_leads_to_it(person: Assess) -> None:
    ceased = "well-founded-fear feared-for-opinion circumstances-of-recognition-ceased origin=VNM stay=USA"
    named = {
        told: [
            (clause.label, clause.effect) for clause in person(f"{told} {ceased}").clauses if clause.engaged
        ]
        for told in ("", "has-nationality", "no:has-nationality", "stateless", "no:stateless", COMPELLING)
    }
    either, national, stateless = (
        [(f"1951 Convention, Article {number}", "ends status")]
        for number in ("1C(5) or 1C(6)", "1C(5)", "1C(6)")
    )
    assert named == {
        "": either,
        "has-nationality": national,
        "no:stateless": national,
        "stateless": stateless,
        "no:has-nationality": stateless,
        COMPELLING: [],
    }
    asked = {fact.key: fact.yes for fact in person(ceased).missing_facts}
    assert not asked.keys() & {"has-nationality", "stateless"}
    assert asked[COMPELLING] == ("1951 Convention, Article 1C(5) or 1C(6): does not reach the person",)


def test_a_clause_names_what_it_leaves_untouched(person: Assess) -> None:
    found = person(f"{EXCLUDED} crime-against-peace-or-humanity")
    (clause,) = found.clauses
    assert (clause.label, clause.effect) == ("1951 Convention, Article 1F", "excludes from status")
    assert {spared.rpartition(": ")[2] for spared in clause.spares} == {"protects", "may protect"}
    assert {CAT, LIFE, ICCPR, "CRC, Article 37", "CRC, Article 6"} == {
        n.provision for n in found.protection if f"{n.label}: {n.result}" in clause.spares
    }


HEARING = "compelling-security-reasons-against-hearing"
PAPERS = "compelling-security-reasons-against-travel-document"
ORDER = "compelling-order-reasons-against-travel-document"
AGAINST_HEARING = ("1951-convention/32/2/hearing", "iccpr/13/hearing")
EXCEPTABLE = ("1951-convention/28/1", "1951-convention/32/2", "iccpr/13", *AGAINST_HEARING)


@pytest.mark.parametrize(
    ("given", "withheld"),
    [
        ("", ()),
        # that the reasons are compelling is more than that there are some
        ("danger-to-security threat-to-public-order", ()),
        (f"danger-to-security {HEARING}", AGAINST_HEARING),
        (f"danger-to-security {PAPERS}", ("1951-convention/28/1",)),
        (f"danger-to-community {ORDER}", ("1951-convention/28/1",)),
        # nor do they stand against the person alone
        (HEARING, AGAINST_HEARING),
    ],
)
def test_compelling_reasons_withhold_what_they_are_reasons_against(
    person: Assess, given: str, withheld: tuple[str, ...]
) -> None:
    found = person(f"lawful-stay {given} feared-for-opinion well-founded-fear origin=MMR stay=JPN")
    results = {norm.iri.partition("/norm/")[2]: norm.result for norm in found.protection}
    assert {name: results[name] for name in EXCEPTABLE} == {
        # a travel document is owed on no further terms
        **{name: "protects" if name == EXCEPTABLE[0] else "may protect" for name in EXCEPTABLE},
        **dict.fromkeys(withheld, "exception"),
    }


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("", set()),
        ("danger-to-security", {HEARING, PAPERS}),
        ("threat-to-public-order", {ORDER}),
        ("danger-to-community", set()),
        (f"danger-to-security no:{PAPERS}", {HEARING}),
    ],
)
def test_a_danger_raises_whether_the_reasons_are_compelling(
    person: Assess, given: str, asked: set[str]
) -> None:
    compelling = {HEARING, PAPERS, ORDER}
    background = "feared-for-opinion well-founded-fear origin=MMR stay=JPN"
    found = person(f"lawful-stay {given} {background}")
    raised = {fact.key: fact.raised_by for fact in found.missing_facts}
    assert compelling & raised.keys() == asked
    assert all(raised[key] for key in asked)
    # and is no question where the person has no such right to lose
    assert not compelling & {fact.key for fact in person(f"{given} {background}").missing_facts}


def test_a_norm_names_the_exception_that_is_in_question(person: Assess) -> None:
    words = "lawful-stay {} feared-for-opinion well-founded-fear origin=MMR stay=JPN"
    for told, said in (
        ("", ()),
        (
            "danger-to-security",
            (
                "not given: compelling reasons of national security against a hearing, by which it would be "
                "withheld (Exception to the safeguards in expulsion for national security (ICCPR, Article "
                "13))",
            ),
        ),
        (f"danger-to-security {HEARING}", ()),
    ):
        (norm,) = (
            norm for norm in person(words.format(told)).protection if norm.iri.endswith("iccpr/13/hearing")
        )
        assert norm.conditions == ("the alien is to be expelled", *said)


def test_a_caveat_on_a_whole_treaty_is_said_once(person: Assess) -> None:
    found = person("left-without-permission origin=PRK stay=PRK on=2005-01-01")
    claimed = [whole for whole in found.caveats if whole.caveat.startswith("Claimed of the consent")]
    assert [(whole.state, whole.treaties) for whole in claimed] == [
        (
            "Democratic People's Republic of Korea",
            ("International Covenant on Civil and Political Rights",),
        )
    ]
    standings = [standing for norm in found.protection for standing in norm.standings]
    assert standings
    assert not [text for one in standings for text in one.caveats if text.startswith("Claimed of")]
    assert len({(whole.state, whole.caveat) for whole in found.caveats}) == len(found.caveats)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # nobody stands to a treaty that is not adopted yet
        ("1951-01-01", False),
        ("2010-09-13", False),
        # after the record, when no notice could have ended it yet, and when one could
        ("2015-06-01", True),
        ("2016-03-15", False),
    ],
)
def test_a_caveat_on_a_whole_treaty_is_that_of_the_day(person: Assess, day: str, expected: bool) -> None:
    found = person(f"danger-of-torture origin=PRK stay=JPN on={day}")
    left = [
        whole
        for whole in found.caveats
        if "no notice of denunciation could have taken effect yet" in whole.caveat
    ]
    assert bool(left) == expected
    assert day > "1952" or not found.caveats


def test_a_clause_says_on_which_terms_it_excludes(person: Assess) -> None:
    for told, number, word in (
        ("assisted-by-another-un-agency", "D", "at present"),
        ("treated-as-a-national", "E", "recognize"),
        ("serious-non-political-crime", "F", "serious reasons"),
    ):
        (clause,) = person(f"{VISITOR} {told}").clauses
        assert clause.label == f"1951 Convention, Article 1{number}"
        assert [word in term for term in clause.terms] == [True]


def test_evidence_of_after_the_stay_is_a_caveat(person: Assess) -> None:
    told = "North Koreans who left their country without permission and are returned: recorded of 2010-09-13"
    for words, later in ((HUNGRY, False), (HUNGRY.replace("2010", "1990"), True)):
        (torture,) = (ground for ground in person(words).grounds if ground.label == TORTURE)
        assert any(caveat.startswith(told) for caveat in torture.caveats) == later


def test_what_is_open_on_nationality_is_said_of_those_who_come_from_there(person: Assess) -> None:
    asked = "Open question: Are North Koreans nationals of South Korea too?"
    for words, grounds in (
        ("sought-asylum origin=PRK stay=KOR", {SUR_PLACE, GENERAL, ECONOMIC}),
        ("sought-asylum nationality=PRK,JPN stay=CHN", {SUR_PLACE, GENERAL, ECONOMIC}),
        # it is given that the person is
        ("sought-asylum nationality=PRK,KOR stay=CHN", set()),
        ("sought-asylum origin=PRK nationality=KOR stay=CHN", set()),
        ("sought-asylum origin=MMR stay=KOR", set()),
    ):
        assert {ground.label for ground in person(words).grounds if asked in ground.caveats} == grounds


def test_a_limit_on_others_is_no_caveat(person: Assess) -> None:
    words = "sought-asylum origin=PRK stay=KOR"
    limits = {
        denied: [
            number
            for number in ("1A(2), second paragraph", "1D", "1E", "1F")
            for ground in person(f"{denied} {words}").grounds
            if ground.label == GENERAL
            if any(caveat.startswith(f"1951 Convention, Article {number} ") for caveat in ground.caveats)
        ]
        for denied in ("", "no:another-nationality", "no:assisted-by-another-un-agency", "no:grave-acts")
    }
    assert limits == {
        "": ["1A(2), second paragraph", "1D", "1E", "1F"],
        "no:another-nationality": ["1D", "1E", "1F"],
        "no:assisted-by-another-un-agency": ["1A(2), second paragraph", "1E", "1F"],
        "no:grave-acts": ["1A(2), second paragraph", "1D", "1E"],
    }


def test_with_every_circumstance_contradictions_are_named_and_nothing_is_concluded(
    person: Assess, real_store: Store
) -> None:
    found = person(" ".join(circumstances(real_store)) + " origin=PRK stay=CHN on=2010-01-01")
    assert (results(found), found.protection) == ({}, ())
    assert len(found.facts) == len(circumstances(real_store)) + 3
    assert any(
        "“lawful presence” and “illegal presence” exclude each other" in text for text in found.contradictions
    )
    assert not person(VISITOR).contradictions
    assert person("married-to-foreign-man no:woman no:pregnant origin=PRK stay=CHN").contradictions == (
        "“married to a foreign man” cannot be without “being a woman”, which is denied: "
        "one of the two is wrong, and so is what rests on it.",
    )


def test_a_reading_of_which_the_year_is_known_was_perhaps_given_after_a_day_of_it(person: Assess) -> None:
    for day, told in (("2004-12-31", "2005, after that day"), ("2005-01-01", "2005, perhaps after that day")):
        found = person(CHILD_IN_THAILAND.replace("2012-01-01", day))
        (norm,) = [norm for norm in found.protection if norm.provision == "CRC, Article 6" and norm.readings]
        assert norm.result == "may protect"
        assert f"({told})" in norm.readings[0]


def test_a_norm_that_a_body_reads_into_a_provision_says_whose_reading_it_is(person: Assess) -> None:
    found = person(CHILD_IN_THAILAND)
    comment = "Committee on the Rights of the Child, General Comment 6, paragraph 27 (2005)"
    views = "Committee on the Rights of the Child, Views on communication No. 4/2016"
    assert [
        (norm.provision, norm.result, [reading.partition(":")[0] for reading in norm.readings])
        for norm in sorted(found.protection, key=lambda norm: norm.iri)
        if norm.readings
    ] == [
        # danger meets a threshold of risk; whether the risk was weighed is not described
        ("CRC, Article 37", "may protect", [f"{views} (1 February 2019, after that day)"]),
        ("CRC, Article 37", "protects", [comment]),
        ("CRC, Article 6", "protects", [comment]),
        # that some of those who left die on return is no danger shown of this one
        (LIFE, "may protect", ["Human Rights Committee, General Comment 31, paragraph 12 (2004)"]),
        (
            ICCPR,
            "protects",
            [
                "Human Rights Committee, General Comment 20, paragraph 9 (1992)",
                "Human Rights Committee, General Comment 31, paragraph 12 (2004)",
            ],
        ),
    ]
    assert f"be barred if the person is in danger of death on return ({LIFE_READ})." in found.besides[0]
