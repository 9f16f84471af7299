"""Persons in Hong Kong and Macao, for which treaties are declared one by one, and who answered for them."""

from __future__ import annotations

import pytest

from persons import (
    CAT,
    GENERAL,
    ICCPR,
    REFOULEMENT,
    THERE,
    VISITOR,
    Assess,
    norms,
    results,
)
from surplace.errors import SurplaceError
from surplace.suppose.reach import HOLDING

LEFT = "may protect as the reservation leaves it"
IN_HONG_KONG = (
    "By declarations of the United Kingdom, the Convention against Torture, the Convention on the Rights of "
    "the Child and the International Covenant on Civil and Political Rights applied in Hong Kong then.",
    "Left out, in whole or in part: Articles 22 and 37(c) of the CRC and Articles 13 and 25(b) of the ICCPR.",
)


@pytest.mark.parametrize(
    ("stay", "day", "expected"),
    [
        ("CHN", "2010-09-13", ("protects", "protects", "does not bind", LEFT)),
        # the Convention was never extended there; another applies by a declaration of a state not bound by it
        ("CHN/hong-kong", "2010-09-13", ("does not bind", "protects", "protects", LEFT)),
        # what the state that answered before extended, and the one that is not bound did not
        ("CHN/macao", "2010-09-13", ("protects", "protects", "standing unknown", LEFT)),
        # another state answered for it before, by its own declarations
        ("CHN/hong-kong", "1997-06-30", ("does not bind",) * 4),
        # what China declared before it answered for the territory applies there from that day
        ("CHN/hong-kong", "1997-07-01", ("does not bind", "protects", "protects", LEFT)),
        ("CHN/macao", "1999-12-19", ("does not bind",) * 4),
        ("CHN/macao", "1999-12-20", ("protects", "protects", "standing unknown", LEFT)),
        # nor is anything known there that is not known of the state
        ("CHN/macao", "2020-09-13", ("standing unknown",) * 4),
    ],
)
def test_in_a_territory_that_binds_which_is_declared_for_it(
    person: Assess, stay: str, day: str, expected: tuple[str, ...]
) -> None:
    found = norms(person(f"{THERE} stay={stay} on={day}"))
    assert tuple(found[name] for name in (REFOULEMENT, CAT, ICCPR, "CRC, Article 6")) == expected


@pytest.mark.parametrize(
    ("words", "results"),
    [
        # what an earlier declaration left out, and the last one does not speak of
        (
            "unaccompanied-child stay=CHN/hong-kong",
            {"crc/22/1": "standing unknown", "crc/20/1": "may protect", "crc/37/a": "protects"},
        ),
        ("unaccompanied-child stay=CHN/macao", {"crc/22/1": "may protect", "crc/20/1": "may protect"}),
        # what no declaration speaks of
        ("trafficked woman stay=CHN/macao", {"cedaw/6": "standing unknown"}),
        ("trafficked woman stay=CHN/hong-kong", {"cedaw/6": "protects"}),
    ],
)
def test_what_is_left_out_in_a_territory_or_not_declared_is_not_known(
    person: Assess, words: str, results: dict[str, str]
) -> None:
    found = person(f"{words} origin=PRK on=2010-09-13").protection
    told = {norm.iri.partition("/norm/")[2]: norm.result for norm in found}
    assert {name: told[name] for name in results} == results


def test_a_person_in_a_territory_is_told_by_what_it_binds_there(person: Assess) -> None:
    found = person(f"{THERE} stay=CHN/hong-kong on=2010-09-13")
    assert (found.stay, found.territory, person(VISITOR).territory) == ("China", "Hong Kong", "")
    assert found.sentence == (
        f"On 13 September 2010 China may not send the person back, under {CAT} and {ICCPR}, as the "
        "Human Rights Committee reads it."
    )
    assert f"Not under {REFOULEMENT}: the treaty did not apply in Hong Kong." in found.besides
    assert "Whether a part of ICCPR, Article 13 bound China is not known." in found.besides
    assert found.besides[-1] == (
        "This is said of Hong Kong, where treaties bind China by declarations of their own."
    )
    assert ("CHN/hong-kong", "Hong Kong, China") in [(fact.key, fact.label) for fact in found.facts]
    (refoulement,) = (norm for norm in found.protection if norm.provision == REFOULEMENT)
    assert {(standing.kind, standing.reason) for standing in refoulement.standings} == {
        (
            "not-there",
            f"In Hong Kong the treaty does not apply ({treaty} never extended to Hong Kong).",
        )
        for treaty in ("1951 Convention", "1967 Protocol")
    }


@pytest.mark.parametrize(
    ("words", "answering", "sentence", "besides"),
    [
        (
            f"{THERE} stay=CHN/hong-kong on=1996-05-01",
            "United Kingdom",
            "On 1 May 1996 the United Kingdom answered for Hong Kong, and not China: whether return from "
            "there was barred is not looked at.",
            IN_HONG_KONG,
        ),
        (
            f"{THERE} stay=CHN/macao on=1999-06-01",
            "Portugal",
            "On 1 June 1999 Portugal answered for Macao, and not China: whether return from there was barred "
            "is not looked at.",
            (
                "By declarations of Portugal, the Convention on the Rights of the Child and the "
                "International Covenant on Civil and Political Rights applied in Macao then.",
                "Left out, in whole or in part: Articles 12(4), 13 and 25(b) of the ICCPR.",
                "Portugal extended the 1951 Convention and the 1967 Protocol to Macao too: whether they "
                "applied there by then is not known.",
            ),
        ),
        # nobody was at home in China there
        (
            "danger-of-torture origin=CHN stay=CHN/hong-kong on=1997-06-30",
            "United Kingdom",
            "On 30 June 1997 the United Kingdom answered for Hong Kong, and not China: whether return from "
            "there was barred is not looked at.",
            (
                *IN_HONG_KONG,
                "The United Kingdom extended the Convention on the Elimination of All Forms of "
                "Discrimination against Women to Hong Kong too: whether it applied there by then is not "
                "known.",
            ),
        ),
        (
            f"{THERE} stay=CHN/macao on=1960-06-01",
            "",
            "Who answered for Macao on 1 June 1960 is not recorded, so that whether return from there was "
            "barred is not known.",
            (),
        ),
    ],
)
def test_before_the_state_answered_for_a_territory_who_did_is_named_and_nobody_is_charged(
    person: Assess, words: str, answering: str, sentence: str, besides: tuple[str, ...]
) -> None:
    found = person(words)
    assert (found.answering, found.sentence, found.besides) == (answering, sentence, besides)
    assert not [whole for whole in found.caveats if whole.state == "China"]
    assert results(found)[GENERAL] != "not-made-out"
    assert not {norm.result for norm in found.protection} & {*HOLDING}


def test_a_place_that_is_no_territory_of_the_state_is_refused(person: Assess) -> None:
    for stay, use in (("CHN/tibet", "use one of CHN/hong-kong, CHN/macao"), ("JPN/macao", "use JPN")):
        with pytest.raises(SurplaceError, match=f'"{stay}" is no territory .*: {use}'):
            person(f"danger-of-torture origin=PRK stay={stay}")
