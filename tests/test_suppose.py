"""The rules run again on what is supposed, and the release stays as it is."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad

from conftest import run
from surplace.build.sources import graph_of
from surplace.engine.release import Release, find_release
from surplace.namespaces import SUR
from surplace.suppose.binding import summary_of_changes
from surplace.suppose.comparison import ChangedConclusion
from surplace.suppose.dataset import AssertedRelease, concluded, given, rows
from surplace.suppose.supposition import Supposition
from surplace.suppose.what_if import what_if as suppose

BASE = "https://w3id.org/surplace/"
FINDING = BASE + "id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1"
ACCESSION = BASE + "id/consent/{}/CHN"
CHINA, TREATY = BASE + "id/state/CHN", BASE + "id/instrument/"
VERDICT = f"SELECT ?verdict WHERE {{ <{FINDING}> sur:hasVerdict ?verdict }}"


@pytest.fixture(scope="module")
def out(project_release: Path) -> Path:
    """The project's own release, under a shorter name."""
    return project_release


def digests(release: Release) -> dict[str, str]:
    """Return the digest of each file of a release."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(release.path.rglob("*"))
        if path.is_file()
    }


APART = {
    "the withdrawal": r"/1967-protocol/(.*/)?CHN/",
    "the accession": r"/PRK/",
    "the denunciation": r"/(china-[a-z-]+|CHN)/(.*/)?cat/|/cat/(.*/)?CHN/",
    "the notice near the end": r"/USA/",
    "the treaty by inference": r"/MNG",
    "the treaty beside another": r"/KOR(/|$)",
    "the treaty that widens another": r"/JPN(/|$)",
}
"""What is supposed at once, and the IRIs of what it changes: each is of one of them, and of no other."""


Supposed = dict[str, list[ChangedConclusion]]


@pytest.fixture(scope="module")
def supposed(out: Path) -> Supposed:
    """Suppose seven things at once, which takes no longer than one; return what each of them changes."""
    release = find_release(out)
    before = digests(release)
    found = suppose(
        release,
        [
            Supposition(
                "withdraw", date(2012, 1, 1), reservation=BASE + "id/reservation/1967-protocol/CHN/1"
            ),
            Supposition("accede", date(2012, 1, 1), state=BASE + "id/state/PRK", treaty=TREATY + "cat"),
            Supposition("denounce", date(2007, 1, 1), state=CHINA, treaty=TREATY + "cat"),
            Supposition(
                "denounce", date(2014, 3, 15), state=BASE + "id/state/USA", treaty=TREATY + "1967-protocol"
            ),
            Supposition(
                "accede", date(2012, 1, 1), state=BASE + "id/state/MNG", treaty=TREATY + "1967-protocol"
            ),
            Supposition(
                "denounce", date(2010, 1, 1), state=BASE + "id/state/KOR", treaty=TREATY + "1951-convention"
            ),
            Supposition(
                "denounce", date(2010, 1, 1), state=BASE + "id/state/JPN", treaty=TREATY + "1967-protocol"
            ),
        ],
    )
    assert digests(release) == before
    whose = {item.iri: [name for name, own in APART.items() if re.search(own, item.iri)] for item in found}
    assert {iri: names for iri, names in whose.items() if len(names) != 1} == {}
    return {name: [item for item in found if whose[item.iri] == [name]] for name in APART}


def test_a_withdrawn_reservation_lets_the_provision_bind_from_that_day(supposed: Supposed) -> None:
    found = supposed["the withdrawal"]
    assert {(item.kind, item.change) for item in found} == {
        ("acts", "new"),
        ("standings", "new"),
        ("standings", "different"),
        ("standings", "gone"),
        ("ways to a court", "new"),
    }
    binds = {
        item.after.partition("; 1967")[0]
        for item in found
        if item.change == "new" and item.kind == "standings"
    }
    # no notice of denunciation could have taken effect sooner
    assert binds == {"binding; from 2012-01-01; before 2016-03-15"}
    (gone,) = (item for item in found if item.change == "gone")
    assert gone.before.startswith("unknown; from 2015-03-15; before 2016-03-15;")
    ways = {item.iri.split("/IV/")[1] for item in found if item.kind == "ways to a court"}
    assert ways == {"CHN/2012-01-01"}


def test_an_accession_binds_after_the_days_of_the_final_clause(supposed: Supposed) -> None:
    found = supposed["the accession"]
    new = {item.label: item.after for item in found if item.change == "new"}
    label = (
        "Democratic People's Republic of Korea: bound by Convention against Torture, Article 3(1) "
        "through the Convention against Torture"
    )
    assert new[label].startswith("binding; from 2012-01-31; before 2016-03-15;")
    assert any(item.kind == "findings" for item in found)
    standings = [item.label for item in found if item.kind == "standings"]
    # what binds comes first, in the order of law, and last what is of the same kind as before
    bound = [label.partition("Torture, ")[2].partition(" through")[0] for label in standings[:4]]
    assert bound == ["Article 2(1)", "Article 2(2)", "Article 2(3)", "Article 3(1)"]
    assert standings[-1].endswith("unknown standing after the record: Convention against Torture")
    assert found[0].after.endswith(
        "; the record ends on 2015-03-14; for want of a notice the treaty binds until 2016-03-14 at least; "
        "what holds afterwards is not known"
    )
    assert summary_of_changes(found) == (
        "Democratic People's Republic of Korea: supposed accession to the Convention against Torture: "
        "Convention against Torture, Article 3(1) and 18 more provisions with a norm would bind from "
        "31 January 2012. 25 standings, one finding and one way to a court would differ."
    )


def test_a_denunciation_takes_effect_when_the_clause_says_and_ends_what_it_should(supposed: Supposed) -> None:
    found = supposed["the denunciation"]
    assert found[0].after == (
        "takes effect on 2008-01-01 under Convention against Torture, Article 31(1); "
        "the record ends on 2015-03-14; what holds afterwards is not known"
    )
    (finding,) = (item for item in found if item.iri.endswith("china-deports-north-koreans/norm/cat/3/1"))
    assert finding.before.startswith("conflict")
    told = (
        "Convention against Torture, Article 3(1) and 15 more provisions with a norm would bind until "
        "31 December 2007 "
    )
    assert f": {told}and no longer. " in summary_of_changes(found)
    assert finding.after.startswith("no-conflict-shown")
    # what was done in 2006 was done by a party
    assert not [
        item
        for item in found
        if item.iri.endswith("china-returns-north-koreans/norm/cat/3/1") and item.after == ""
    ]


def test_a_provision_that_binds_through_another_treaty_too_goes_on_to_bind(supposed: Supposed) -> None:
    found = supposed["the treaty beside another"]
    through = {item.label.partition("Article ")[2].partition(" ")[0]: item.through for item in found}
    protocol = ("1967 Protocol relating to the Status of Refugees",)
    # Article 35 is not among those that the Protocol applies
    assert through["33(1)"] == protocol
    assert through["35(1)"] == ()
    assert (
        ": 1951 Convention, Article 35(1) and three more provisions with a norm would bind until 31 December "
        "2010 and no longer; 1951 Convention, Article 3 and "
    ) in summary_of_changes(found)
    assert " would go on to bind, through the 1967 Protocol alone. " in summary_of_changes(found)


def test_what_begins_through_two_treaties_on_one_day_bound_through_neither(out: Path) -> None:
    """A reservation that the Protocol carries over shut the provision out of both, or left less of it."""
    reservations = [BASE + f"id/reservation/1951-convention/{name}" for name in ("CHN/1", "MEX/4")]
    found = suppose(
        find_release(out),
        [
            *(Supposition("withdraw", date(2012, 1, 1), reservation=name) for name in reservations),
            Supposition(
                "accede", date(2012, 1, 1), state=BASE + "id/state/USA", treaty=TREATY + "1951-convention"
            ),
        ],
    )

    def told(state: str) -> str:
        return summary_of_changes([item for item in found if item.label.startswith(state)])

    both = "from 1 January 2012, through the 1951 Convention and the 1967 Protocol"
    left = "no longer as the reservation leaves it"
    assert f": 1951 Convention, Article 14, second sentence would bind {both}. Six" in told("China")
    assert f": 1951 Convention, Article 26 would bind in full {both}, {left}. Six" in told("Mexico")
    beginning = [item for item in found if item.change == "new" and "bound by" in item.label]
    assert {item.through for item in beginning if not item.label.startswith("United")} == {()}
    # what the one treaty binds to in part, and the other in full, is told from what both bind to alike
    more = "would bind through the 1951 Convention too from 31 March 2012, bound already through the 1967"
    assert f"1951 Convention, Article 3 and 52 more provisions with a norm {more} Protocol; " in told(
        "United"
    )
    assert f" {more} Protocol as the reservation leaves it. " in told("United")
    assert {
        item.label.partition(" through ")[0].rpartition("Article ")[2] for item in beginning if item.reserved
    } == {
        "26",
        "24(1)(b)",
        "29(1)",
    }


def test_through_the_narrower_treaty_it_is_certain_only_for_whom_that_defines(supposed: Supposed) -> None:
    found = supposed["the treaty that widens another"]
    (refoulement,) = (item for item in found if "Article 33(1) through the 1967" in item.label)
    assert refoulement.through == ("1951 Convention relating to the Status of Refugees",)
    assert refoulement.only_for == "refugees from events before 1951"
    assert (
        " would go on to bind, through the 1951 Convention alone, which is certain only for refugees from "
        "events before 1951. "
    ) in summary_of_changes(found)
    assert {item.only_for for item in supposed["the treaty beside another"]} == {""}


def test_after_a_notice_near_the_end_of_the_record_nothing_is_known(supposed: Supposed) -> None:
    """What the record tells stays; without the notice the treaty would have bound for another year."""
    found = supposed["the notice near the end"]
    assert found[0].after == (
        "takes effect on 2015-03-15 under 1967 Protocol, Article IX(2); "
        "the record ends on 2015-03-14, before that day; what holds afterwards is not known"
    )
    gone = [item for item in found if item.change == "gone"]
    assert gone
    assert {re.sub("; before.*", "", item.before) for item in gone if item.kind == "standings"} == {
        "continued; from 2015-03-15",
        "modified; from 2015-03-15",
    }
    (unknown,) = (
        item for item in found if item.label.startswith("United States of America: unknown standing")
    )
    assert unknown.before.startswith("unknown; from 2016-03-15;")
    assert unknown.after.startswith("unknown; from 2015-03-15;")
    periods = {
        item.iri: [
            re.findall("(?<=; )(?:from|before) [0-9-]{10}(?=;)", side) for side in (item.before, item.after)
        ]
        for item in found[1:]
        if item.change == "different" and item != unknown
    }
    assert periods
    # what bound the state when the record ended no longer does so beyond it; the rest holds as long as before
    changed = {(before[-1], after[-1]) for before, after in periods.values() if before != after}
    assert changed == {("before 2016-03-15", "before 2015-03-15")}
    assert all(before[:-1] == after[:-1] for before, after in periods.values())


def test_a_treaty_that_is_one_by_inference_only_can_be_acceded_to(supposed: Supposed) -> None:
    found = supposed["the treaty by inference"]
    assert found[0].after.startswith("takes effect on 2012-01-01 under 1967 Protocol, Article VIII(2);")
    bound = {item.label for item in found if item.change == "new"}
    protected = "Mongolia: bound by 1951 Convention, Article 33(1) through the 1967 Protocol"
    assert any(label.startswith(protected) for label in bound)
    assert not any("Article 38" in label for label in bound)


def test_who_has_given_notice_is_bound_and_attested_until_it_takes_effect(out: Path) -> None:
    """A treaty body addressed China as party in December 2015; the notice would take effect in 2016."""
    day, effect = date(2015, 3, 13), date(2016, 3, 13)
    found = suppose(
        find_release(out), [Supposition("denounce", day, state=CHINA, treaty=TREATY + "cat", effect=effect)]
    )
    concluded = [item for item in found if item.kind in ("findings", "standings")]
    assert {item.kind for item in concluded} == {"findings", "standings"}
    assert {item.change for item in concluded} == {"different"}  # each as it was, until another day
    for item in concluded:
        assert item.before.partition(";")[0] == item.after.partition(";")[0]
    assert all("before 2016-03-13" in item.after for item in concluded if item.kind == "findings")


def test_a_conflict_that_two_treaties_make_certain_lasts_until_the_one_is_left(out: Path) -> None:
    """The Convention by its own words covers some alone; the Protocol, for the rest, binds until 2016."""
    day, effect = date(2015, 1, 1), date(2016, 1, 1)
    found = suppose(
        find_release(out),
        [Supposition("denounce", day, state=CHINA, treaty=TREATY + "1967-protocol", effect=effect)],
    )
    jilin = "/jilin-border-law/return/norm/1951-convention/33/1/CHN/1951-convention/"
    law = {item.iri.rpartition("/")[2]: item for item in found if jilin in item.iri}
    assert {since: item.change for since, item in law.items()} == {
        "2010-09-13": "different",
        "2016-01-01": "new",
    }
    assert law["2010-09-13"].after.startswith("conflict; from 2010-09-13; before 2016-01-01;")
    assert law["2016-01-01"].after.startswith("undetermined; from 2016-01-01; before 2016-03-15;")


def test_a_supposition_says_what_it_leaves_out_and_which_caveats_would_differ(out: Path) -> None:
    left = {"on": date(2009, 1, 1), "effect": date(2010, 1, 1)}
    found = suppose(
        find_release(out),
        [
            Supposition("accede", date(1980, 1, 1), state=CHINA, treaty=TREATY + "vclt"),
            Supposition("accede", date(2005, 1, 1), state=CHINA, treaty=TREATY + "iccpr"),
            Supposition("accede", date(2010, 1, 1), state=BASE + "id/state/VNM", treaty=TREATY + "cat"),
            Supposition("accede", date(1990, 1, 1), state=BASE + "id/state/USA", treaty=TREATY + "crc"),
            Supposition("denounce", state=CHINA, treaty=TREATY + "cedaw", **left),
            Supposition("withdraw", date(2014, 1, 1), reservation=BASE + "id/reservation/cedaw/PRK/2"),
        ],
    )
    acts = {item.label: item.after.partition("; the record")[0] for item in found if item.kind == "acts"}
    plain, some = "supposed without reservations", ", though some were made with the consent of 2015-02-05"
    assert acts == {
        "China: supposed accession to the Vienna Convention on the Law of Treaties": (
            f"takes effect on 1980-01-31 under VCLT, Article 84(2); {plain}"
        ),
        # who has signed ratifies
        "China: supposed ratification of the International Covenant on Civil and Political Rights": (
            f"takes effect on 2005-04-01 under ICCPR, Article 49(2); {plain}"
        ),
        # before the Convention itself was in force, so under the first paragraph
        "United States of America: supposed accession to the Convention on the Rights of the Child": (
            f"takes effect on 1990-09-02 under CRC, Article 49(1); {plain}; one consent more might have "
            "brought the treaty itself into force sooner, which is left as it was"
        ),
        "Viet Nam: supposed accession to the Convention against Torture": (
            f"takes effect on 2010-01-31 under Convention against Torture, Article 27(2); {plain}{some}"
        ),
        "China: supposed denunciation of the Convention on the Elimination of All Forms of "
        "Discrimination against Women": "takes effect on 2010-01-01; open question: Can a party leave CEDAW?",
        "Democratic People's Republic of Korea: reservation to CEDAW, Article 9(2), withdrawn": (
            "takes effect on 2014-01-01"
        ),
    }
    jilin = "jilin-border-law/return/norm/cat/3/1/CHN/cat/2010-09-13"
    (law,) = (item for item in found if item.iri.endswith(jilin))
    assert law.change == "different"
    assert "a rule of custom that VCLT, Article 27 is held to reflect" in law.before.partition("caveat: ")[2]
    assert "VCLT, Article 27, which itself governs here" in law.after.partition("caveat: ")[2]
    # with a known day of withdrawal nothing about it is unknown, and what binds goes on after the record
    after = [item.after for item in found if "cedaw/article/9/2/" in item.iri and "/PRK" in item.iri]
    assert sorted(text.partition(";")[0] for text in after) == ["", "", "binding", "excluded"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--accede", "CHN", "cat", "--on", "2012-01-01"], "is party to"),
        (["--accede", "china", "Torture Convention", "--on", "2012-01-01"], "is party to"),
        (["--accede", "XYZ", "cat", "--on", "2012-01-01"], "is not a recorded state"),
        (["--accede", "PRK", "xyz", "--on", "2012-01-01"], "is not a recorded treaty"),
        (
            ["--accede", "PRK", "cat", "--on", "2030-01-01"],
            "1 January 2030 lies after the end of the record, 14 March 2015",
        ),
        (["--accede", "PRK", "cat", "--on", "1950-01-01"], "was adopted on 10 December 1984"),
        (["--denounce", "PRK", "cat", "--on", "2012-01-01", "--effect", "2013-01-01"], "is not party to"),
        (
            ["--denounce", "CHN", "cat", "--on", "2012-01-01", "--effect", "2012-01-02"],
            "Article 31(1) the denunciation takes effect on 1 January 2013, not on 2 January 2012: leave out",
        ),
        (
            ["--denounce", "PRK", "iccpr", "--on", "1997-08-25", "--effect", "1998-08-25"],
            "cannot be left: Human Rights Committee, General Comment 26 (61st session, 1997).",
        ),
        (["--denounce", "CHN", "cat", "--on", "1988-10-20"], "in force for China only from 3 November 1988"),
        (["--denounce", "CHN", "cedaw", "--on", "2010-01-01"], "is open (VCLT, Article 56(2))"),
        (
            ["--denounce", "CHN", "cedaw", "--on", "2010-01-01", "--effect", "2010-12-31"],
            "give a day from 1 January 2011 on",
        ),
        (["--denounce", "THA", "vclt", "--on", "2012-01-01"], "is not party to the Vienna Convention"),
        (
            ["--denounce", "THA", "un-charter", "--on", "2012-01-01"],
            "Thailand is party to the Charter of the United Nations as a member of the United Nations: ",
        ),
        (["--accede", "THA", "icj-statute", "--on", "2012-01-01"], "as a member of the United Nations: "),
        (["--withdraw", "reservation:cat/XYZ/1", "--on", "2012-01-01"], "is not a recorded reservation"),
        (
            ["--withdraw", "reservation:1967-protocol/CHN/1", "--on", "1970-01-01"],
            "was made on 24 September 1982",
        ),
        (["--on", "2012-01-01"], "Suppose one thing"),
    ],
)
def test_what_cannot_be_supposed(arguments: list[str], words: str, out: Path) -> None:
    code, output = run("what-if", *arguments, "--release", out)
    assert code == 1
    assert words in output
    assert output.count("\n") == 1


OTHERS = re.compile(r"/id/[a-z-]+/[a-z0-9-]+/(?!CHN\b)[A-Z]{3}\b")
"""In the IRIs of what other states did: no premise, but most of what the rules go through."""


@pytest.fixture(scope="module")
def known(out: Path) -> AssertedRelease:
    """What is known, save what other states than China did."""
    found = given(find_release(out))
    return replace(found, quads=[quad for quad in found.quads if not OTHERS.search(str(quad.subject))])


def test_with_all_premises_the_conflict_is_concluded_again(known: AssertedRelease) -> None:
    assert rows(concluded(known), VERDICT) == [{"verdict": BASE + "vocab/verdict/conflict"}]


@pytest.mark.parametrize("premise", ["the accessions", "the measure", "the norm of the provision"])
def test_a_finding_falls_with_any_of_its_premises(premise: str, known: AssertedRelease) -> None:
    acts = {NamedNode(ACCESSION.format(treaty)) for treaty in ("1951-convention", "1967-protocol")}
    measure = NamedNode(BASE + "id/measure/china-returns-north-koreans")
    imposed = NamedNode(BASE + "id/norm/1951-convention/33/1")

    def left_out(quad: Quad) -> bool:
        if premise == "the accessions":
            return quad.subject in acts
        if premise == "the measure":
            return quad.subject == measure and graph_of(quad).startswith(BASE + "source/")
        return quad.predicate == NamedNode(SUR + "imposes") and quad.object == imposed

    verdicts = {row["verdict"] for row in rows(concluded(known, left_out=left_out), VERDICT)}
    assert BASE + "vocab/verdict/conflict" not in verdicts


def grounds(out: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """Assess a person and return the grounds by label."""
    code, output = run("assess", *arguments, "--json", "--release", out)
    assert code == 0, output
    return {ground["label"]: ground for ground in json.loads(output)["grounds"]}


def test_the_grounds_of_a_person_who_met_missionaries(out: Path) -> None:
    found = grounds(
        out,
        *("--yes", "left-without-permission", "--yes", "contact-with-missionaries"),
        *("--no", "unaccompanied-child", "--origin", "PRK", "--stay", "CHN"),
    )
    assert {label: ground["result"] for label, ground in found.items()} == {
        # what those who are returned may meet supports these grounds, and makes out neither
        "risk of torture on return": "open",
        "torture or ill-treatment on return": "open",
        "becoming a refugee sur place": "supported",
        "government economic policy that amounts to political persecution": "open",
        "persecution on a Convention ground": "supported",
        "irreparable harm to a child on return": "not-made-out",
        "loss of life on return": "open",
    }
    torture = found["risk of torture on return"]["elements"][-1]
    assert torture["evidence"] == ["North Koreans who left their country without permission and are returned"]
    assert any("dual national" in caveat for caveat in found["persecution on a Convention ground"]["caveats"])
    assert "33(1)" in found["persecution on a Convention ground"]["protection"][0]


def test_a_person_from_elsewhere_is_not_in_that_position(out: Path) -> None:
    found = grounds(out, "--yes", "left-without-permission", "--origin", "MMR", "--stay", "CHN")
    assert found["risk of torture on return"]["result"] == "open"


def test_states_may_be_called_by_their_names(out: Path) -> None:
    by_code = grounds(out, "--origin", "PRK", "--stay", "CHN/hong-kong", "--nationality", "KOR")
    by_name = grounds(
        out, "--origin", "North Korea", "--stay", "china/hong-kong", "--nationality", "South Korea"
    )
    assert by_name == by_code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--yes", "xyz"], "is not a circumstance"),
        (["--yes", "sought-asylum", "--no", "sought-asylum"], "is answered with yes and with no"),
        (["--yes", "hostile-class", "--no", "unprivileged-class"], "is a kind of “unprivileged class”"),
        (["--yes", "outside-country-of-origin", "--origin", "PRK", "--stay", "PRK"], "is not outside it"),
        (["--origin", "XYZ"], "is not a recorded state"),
    ],
)
def test_contradictory_and_unknown_circumstances(arguments: list[str], words: str, out: Path) -> None:
    code, output = run("assess", *arguments, "--release", out)
    assert code == 1
    assert words in output
    assert output.count("\n") == 1


def test_what_was_known_before_the_document_appeared(out: Path) -> None:
    code, output = run("known-by", "2010-09-12", "--json", "--release", out)
    assert code == 0
    gone = {
        item["iri"] for item in json.loads(output) if item["change"] == "gone" and item["kind"] == "findings"
    }
    assert FINDING in gone
    code, output = run("known-by", "2010-09-13", "--json", "--release", out)
    later = {
        item["iri"] for item in json.loads(output) if item["change"] == "gone" and item["kind"] == "findings"
    }
    # practice as it was seen in 2015, what bound after the record, and readings of the CRC in later sources
    assert later < gone
    assert {
        iri
        for iri in later
        if "/china-forcibly-repatriates-north-koreans/" not in iri
        and "/china-has-no-asylum-legislation-and-procedures/" not in iri
        and "/norm/crc/37/return" not in iri
        and "/norm/crc/6/return-to-irreparable-harm" not in iri
        and not iri.endswith(("/2015-03-15", "/cat/2015-12-04"))
    } == set()
