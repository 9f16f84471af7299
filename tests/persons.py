"""Persons that several tests describe, and what they read of an answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from pyoxigraph import Store

from surplace.engine.release import find_release
from surplace.suppose.description import described
from surplace.suppose.person import Assessment, assessed, known_of

Assess = Callable[[str], Assessment]
SUR_PLACE, GENERAL = "becoming a refugee sur place", "persecution on a Convention ground"
ECONOMIC = "government economic policy that amounts to political persecution"
TORTURE, ILL, CHILD = (
    "risk of torture on return",
    "torture or ill-treatment on return",
    "irreparable harm to a child on return",
)
REFOULEMENT, CAT, ICCPR = (
    "1951 Convention, Article 33(1)",
    "Convention against Torture, Article 3(1)",
    "ICCPR, Article 7",
)
LIFE = "ICCPR, Article 6"
COMMITTEE = "the Human Rights Committee"
LIFE_READ, ILL_READ = (f"{name}, as {COMMITTEE} reads it" for name in (LIFE, ICCPR))
READ = f"ICCPR, Articles 6 and 7, as {COMMITTEE} reads them"
CHILDREN = "CRC, Articles 6 and 37, as the Committee on the Rights of the Child reads them"
STAYING = tuple(f"1951 Convention, Article {number}" for number in ("17(1)", "23", "24(1)(b)", "28(1)"))


def results(found: Assessment) -> dict[str, str]:
    return {ground.label: ground.result for ground in found.grounds}


def norms(found: Assessment) -> dict[str, str]:
    """Return the result of each provision; where it lays down several norms, that of the foremost."""
    return {norm.provision: norm.result for norm in reversed(found.protection)}


def outcomes(found: Assessment) -> dict[str, str]:
    return {fact.key: fact.outcome for fact in found.facts}


CEASED, COMPELLING = (
    "has-nationality circumstances-of-recognition-ceased",
    "compelling-reasons-from-earlier-persecution",
)
VISITOR = "visit contact-with-missionaries origin=PRK stay=CHN on=2010-09-13"
HUNGRY = "economic-hardship left-without-permission origin=PRK stay=CHN on=2010-09-13"
EXCLUDED = "visit contact-with-missionaries danger-of-torture origin=PRK stay=JPN on=2010-09-13"
CHILD_IN_THAILAND = "unaccompanied-child danger-of-torture origin=PRK stay=THA on=2012-01-01"
WOMAN = "married-to-foreign-man pregnant-by-foreign-man"
EXPECTING = "married-to-foreign-man pregnant origin=PRK stay=CHN on=2010-09-13"
TORTURED = "the person is in danger of torture on return"
ALONE = "the person is an unaccompanied or separated child"
TRIED = f"the person sought asylum or tried to enter South Korea ({REFOULEMENT}), or on more facts"
NATIONALITY = "Equal rights of women to a nationality (CEDAW, Article 9(1))"
DENIES_FEAR = (
    "no:well-founded-fear feared-for-opinion left-without-permission origin=PRK stay=KOR on=2012-01-01"
)
ONLY_DENIED = "the person has a well-founded fear of persecution, which is shown and denied at once"
APART = (
    "This is said of China without Hong Kong and Macao, where treaties apply by declarations of their own."
)
ASKED = "Open question: Are North Koreans nationals of South Korea too?"
HELD = (
    f"{REFOULEMENT}: whether the same is forbidden or required by custom, which binds without the treaty, is "
    "not decided here; that the norm is custom is held: Custom forbids refoulement, not as peremptory (Court "
    "of Appeal of Hong Kong); Custom forbids refoulement, not as peremptory (High Court of Hong Kong, 2008); "
    "Custom forbids refoulement, ripe to be peremptory (Costello and Foster)."
)
THERE = "danger-of-torture lawful-stay feared-for-opinion well-founded-fear no:danger-to-life origin=PRK"
SIGNED = f"Not under {READ}: China had only signed the treaty."


def assessing(folder: Path) -> Assess:
    """Return what assesses a person over a release, from words, each person once.

    The words are circumstances, with `no:` before one that is denied, and `key=value`.
    """
    release = find_release(folder)
    (known, rules), recorded = known_of(release), Store.read_only(str(release.store))

    @cache
    def assess(words: str) -> Assessment:
        parts = words.split()
        named = dict(part.split("=") for part in parts if "=" in part)
        told = [part for part in parts if "=" not in part]
        return assessed(
            known.copy(),
            rules,
            recorded,
            described(
                [part for part in told if not part.startswith("no:")],
                [part[3:] for part in told if part.startswith("no:")],
                named.get("origin", ""),
                named.get("stay", ""),
                named["nationality"].split(",") if "nationality" in named else (),
                named.get("on", ""),
            ),
        )

    return assess
