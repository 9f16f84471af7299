"""The depositary's records: who consented to what on which day, with which statements, as the tables say."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from pyoxigraph import Store

from beside import beside
from conftest import sha256
from surplace.namespaces import ID, SOURCE, sparql_prologue

CORPORA = beside("SURPLACE_CORPORA", "corpora")
TABLES = CORPORA / "untreaties" / "treaties"
STATEMENTS = CORPORA / "untreaties" / "declarations"
needs_corpus = pytest.mark.skipif(
    not TABLES.is_dir(),
    reason="no participation tables are at hand: set SURPLACE_CORPORA to the folder that holds untreaties",
)

TREATIES = {
    "1951-convention": ("V-2", "5-2"),
    "1967-protocol": ("V-5", "5-5"),
    "cat": ("IV-9", "4-9"),
    "cedaw": ("IV-8", "4-8"),
    "crc": ("IV-11", "4-11"),
    "iccpr": ("IV-4", "4-4"),
    "vclt": ("XXIII-1", "23-1"),
}
# A row a state, a column a treaty: the day of signature after "s", then the deposit, "a" for an accession;
# "-" for a state that is not party.
RECORDS = """
CHN | 1982-09-24 a | 1982-09-24 a | s 1986-12-12 1988-10-04 | s 1980-07-17 1980-11-04 | s 1990-08-29 1992-03-02 | s 1998-10-05 - | 1997-09-03 a
PRK | - | - | - | 2001-02-27 a | s 1990-08-23 1990-09-21 | 1981-09-14 a | -
KOR | 1992-12-03 a | 1992-12-03 a | 1995-01-09 a | s 1983-05-25 1984-12-27 | s 1990-09-25 1991-11-20 | 1990-04-10 a | s 1969-11-27 1977-04-27
JPN | 1981-10-03 a | 1982-01-01 a | 1999-06-29 a | s 1980-07-17 1985-06-25 | s 1990-09-21 1994-04-22 | s 1978-05-30 1979-06-21 | 1981-07-02 a
MNG | - | - | 2002-01-24 a | s 1980-07-17 1981-07-20 | s 1990-01-26 1990-07-05 | s 1968-06-05 1974-11-18 | 1988-05-16 a
RUS | 1993-02-02 a | 1993-02-02 a | s 1985-12-10 1987-03-03 | s 1980-07-17 1981-01-23 | s 1990-01-26 1990-08-16 | s 1968-03-18 1973-10-16 | 1986-04-29 a
VNM | - | - | s 2013-11-07 2015-02-05 | s 1980-07-29 1982-02-17 | s 1990-01-26 1990-02-28 | 1982-09-24 a | 2001-10-10 a
LAO | - | - | s 2010-09-21 2012-09-26 | s 1980-07-17 1981-08-14 | 1991-05-08 a | s 2000-12-07 2009-09-25 | 1998-03-31 a
THA | - | - | 2007-10-02 a | 1985-08-09 a | 1992-03-27 a | 1996-10-29 a | -
KHM | 1992-10-15 a | 1992-10-15 a | 1992-10-15 a | s 1980-10-17 1992-10-15 a | 1992-10-15 a | s 1980-10-17 1992-05-26 a | s 1969-05-23 -
MMR | - | - | - | 1997-07-22 a | 1991-07-15 a | - | 1998-09-16 a
PHL | 1981-07-22 a | 1981-07-22 a | 1986-06-18 a | s 1980-07-15 1981-08-05 | s 1990-01-26 1990-08-21 | s 1966-12-19 1986-10-23 | s 1969-05-23 1972-11-15
USA | - | 1968-11-01 a | s 1988-04-18 1994-10-21 | s 1980-07-17 - | s 1995-02-16 - | s 1977-10-05 1992-06-08 | s 1970-04-24 -
MEX | 2000-06-07 a | 2000-06-07 a | s 1985-03-18 1986-01-23 | s 1980-07-17 1981-03-23 | s 1990-01-26 1990-09-21 | 1981-03-23 a | s 1969-05-23 1974-09-25
"""  # noqa: E501
HORIZON = date(2015, 3, 14)
DAY_OF_COUNT = date(2010, 9, 13)


def expected() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield state, treaty, day of signature, day of deposit, kind of consent ("" for what there is not)."""
    for line in RECORDS.strip().splitlines():
        state, *cells = (part.strip() for part in line.split("|"))
        for treaty, cell in zip(TREATIES, cells, strict=True):
            words = cell.split()
            signed = words[1] if words[0] == "s" else ""
            deposit, *mark = words[2:] if signed else words
            if deposit == "-":
                yield state, treaty, signed, "", ""
            else:
                yield state, treaty, signed, deposit, "Accession" if mark else "Ratification"


def rows(store: Store, pattern: str) -> set[tuple[str, ...]]:
    """Return the values of the variables in order of their names; IRIs are cut below `id/`."""
    names = sorted(set(re.findall(r"\?(\w+)", pattern)))
    query = f"{sparql_prologue()}SELECT DISTINCT {' '.join('?' + n for n in names)} WHERE {{ {pattern} }}"
    found = store.query(query, use_default_graph_as_union=True)
    return {tuple(row[name].value.removeprefix(ID) for name in names) for row in found}


def test_consents_are_those_of_the_depositary(store: Store) -> None:
    found = rows(store, "?a a ?kind ; sur:isGivenBy ?b ; sur:isGivenTo ?c ; sur:isDepositedOn ?d")
    assert {(act, state, treaty, day, kind.rsplit("/", 1)[1]) for act, state, treaty, day, kind in found} == {
        (f"consent/{treaty}/{state}", f"state/{state}", f"instrument/{treaty}", deposit, kind)
        for state, treaty, _, deposit, kind in expected()
        if deposit
    }


def test_signatures_are_those_of_the_depositary(store: Store) -> None:
    found = rows(store, "?a a sur:Signature ; sur:isSignedBy ?b ; sur:signs ?c ; sur:isSignedOn ?d")
    assert found == {
        (f"signature/{treaty}/{state}", f"state/{state}", f"instrument/{treaty}", signed)
        for state, treaty, signed, _, _ in expected()
        if signed
    }


def test_a_state_without_consent_is_said_not_to_be_party(store: Store) -> None:
    assert rows(store, "?a sur:isNotPartyTo ?b") == {
        (f"state/{state}", f"instrument/{treaty}")
        for state, treaty, _, deposit, _ in expected()
        if not deposit
    }


def test_a_fact_sits_in_the_passage_of_its_row(store: Store) -> None:
    for act, passage in rows(
        store, "GRAPH ?b { ?a sur:isDepositedOn|sur:isSignedOn ?c }".replace("?c", "[]")
    ):
        _, treaty, state = act.split("/")
        assert passage == f"{SOURCE}untc/{TREATIES[treaty][0]}/{state}"


def test_nothing_is_dated_after_the_horizon(store: Store) -> None:
    ((horizon,),) = rows(store, "source:untc sur:hasHorizon ?a")
    assert date.fromisoformat(horizon) == HORIZON
    days = rows(store, "?b sur:isDepositedOn|sur:isSignedOn|sur:enteredIntoForceOn|sur:isCountedOn ?a")
    assert days
    assert max(date.fromisoformat(day) for day, _ in days) <= HORIZON


STATED = """
1951-convention CHN excludes 14/second-sentence 16/3
1951-convention MEX excludes 17/2/a 17/2/b 17/2/c
1951-convention MEX modifies 26 31/2
1967-protocol CHN excludes IV
1967-protocol USA modifies 1951-convention:29 1951-convention:24/1/b
cat CHN excludes 20 30/1
cat LAO excludes 20 30/1
cat LAO interprets 1/1
cat THA excludes 30/1
cat THA interprets 1/1 4/1 5/1
cat USA excludes 30/1
cat USA modifies 16/1
cat USA interprets 1/1 3/1 14
cat VNM excludes 20 30/1
cedaw CHN excludes 29/1
cedaw KOR excludes 16/1/g
cedaw PRK excludes 2/f 9/2 29/1
cedaw THA excludes 29/1
cedaw VNM excludes 29/1
crc CHN conditions 6
crc JPN excludes 37/c/second-sentence/first-half
crc JPN interprets 9/1 10/1
crc KOR excludes 21/a 40/2/b/v
crc THA conditions 22
iccpr JPN interprets 22/2
iccpr KOR conditions 22
iccpr LAO conditions 22
iccpr LAO interprets 1 18
iccpr MEX excludes 13
iccpr MEX modifies 25/b
iccpr MEX interprets 9/5 18/3
iccpr THA interprets 1/1 20/1
iccpr USA excludes 15/1/third-clause
iccpr USA modifies 6/2 6/5 7/first-sentence/second-half 10/2/b 10/3 14/4 20
iccpr USA interprets 2/1 4/1 9/5 10/2/a 10/3 14/3/b 14/3/d 14/3/e 14/6 14/7 26 47
"""


def test_statements_have_the_effects_that_their_texts_give_them(store: Store) -> None:
    wanted = set()
    for line in STATED.strip().splitlines():
        treaty, state, effect, *targets = line.split()
        for target in targets:
            instrument, _, path = target.rpartition(":")
            wanted.add((treaty, state, effect, f"instrument/{instrument or treaty}/article/{path}"))
    found = set()
    for effect in ("excludes", "modifies", "conditions", "interprets"):
        for statement, maker, target in rows(store, f"?a sur:isMadeBy ?b ; sur:{effect} ?c"):
            _, treaty, state, _ = statement.split("/")
            assert maker == f"state/{state}"
            found.add((treaty, state, effect, target))
    assert found == wanted


def test_what_only_interprets_is_no_reservation(store: Store) -> None:
    interpreting = {statement for statement, _ in rows(store, "?a sur:interprets ?b")}
    assert interpreting == {name for (name,) in rows(store, "?a a sur:InterpretiveDeclaration")}
    assert interpreting.isdisjoint(name for (name,) in rows(store, "?a a sur:Reservation"))


def test_a_reservation_that_was_withdrawn_before_the_record_is_told_by_an_account(store: Store) -> None:
    mexico = f"<{ID}reservation/iccpr/MEX/2>"
    assert rows(store, f"{mexico} sur:isMadeUpon ?a ; sur:isWithdrawnOn ?b") == {
        ("consent/iccpr/MEX", "2014-07-11")
    }


def test_a_statement_accompanies_an_act_of_its_state_towards_the_treaty(store: Store) -> None:
    acts = {act for (act,) in rows(store, "?a sur:isDepositedOn|sur:isSignedOn []")}
    made = rows(store, "?a sur:isMadeUpon ?b")
    assert made
    for statement, act in made:
        assert act in acts
        assert statement.split("/")[1:3] == act.split("/")[1:3]


def test_what_was_said_upon_signature_and_not_confirmed_has_no_effect(store: Store) -> None:
    """VCLT, Article 23(2): Korea on Article 9 of CEDAW, Mexico on CEDAW as a whole."""
    upon_signature = {
        pair for pair in rows(store, "?a sur:isMadeUpon ?b") if pair[1].startswith("signature/")
    }
    assert upon_signature == {
        (f"statement/cedaw/{state}/1", f"signature/cedaw/{state}") for state in ("KOR", "MEX")
    }
    korea = f"<{ID}statement/cedaw/KOR/1>"
    assert rows(store, f"{korea} sur:affects ?a") == {("instrument/cedaw/article/9",)}
    assert rows(store, "?a a sur:Reservation ; sur:excludes ?b ; sur:isMadeBy state:KOR") == {
        (f"reservation/{treaty}/KOR/{number}", f"instrument/{treaty}/article/{path}")
        for treaty, number, path in (("cedaw", 2, "16/1/g"), ("crc", 1, "21/a"), ("crc", 2, "40/2/b/v"))
    }


def test_what_the_record_leaves_open_is_a_question_not_an_answer(store: Store) -> None:
    open_about = {thing for (thing,) in rows(store, "?a ^sur:isOpenAbout/sur:isRaisedBy []")}
    assert {thing for thing in open_about if thing.startswith("consent/")} == {
        f"consent/{key}"
        for key in (
            "1951-convention/KOR",
            "1951-convention/MEX",
            "1967-protocol/KOR",
            "1967-protocol/MEX",
            "cat/RUS",
            "cedaw/KOR",
            "cedaw/MEX",
            "cedaw/MMR",
            "cedaw/MNG",
            "cedaw/RUS",
            "crc/MMR",
            "vclt/CHN",
        )
    }
    # what reads an article by the domestic law, or raises its threshold, may limit it; Myanmar's text lost
    # the name of its article, Korea's may not have been confirmed, Mexico's on employment may be meant for
    # Article 17(1); a reservation of Mexico was withdrawn before the record was taken, two of North Korea
    # after it
    assert {thing for thing in open_about if not thing.startswith("consent/")} == {
        # two that the Convention itself raises: what its parties declared, how far provisional measures go
        *(f"instrument/1951-convention/article/{path}" for path in ("1/B", "9")),
        "instrument/cedaw/article/29/1",
        *(f"instrument/cedaw/article/9{part}" for part in ("", "/1", "/2")),
        "instrument/1951-convention/article/17/1",
        # nor whether those of the Soviet Union kept inquiries and the Court out
        *(f"instrument/cat/article/{path}" for path in ("20", "20/1", "20/2", "30/1")),
        # whether statements of Korea without a text kept reciprocity out
        *(f"instrument/1951-convention/article/7{part}" for part in ("", "/1", "/2", "/3", "/4")),
        *(f"instrument/1951-convention/article/32{part}" for part in ("", "/1", "/2", "/3")),
        *(f"declaration/cat/THA/{number}" for number in (1, 2, 3)),
        "declaration/cat/USA/2",
        *(f"reservation/cedaw/PRK/{number}" for number in (1, 2)),
        # when declarations on the Court ended, and what was seen of Hong Kong and Macao at second hand
        "instrument/icj-statute/article/36/2",
        *(f"state/{code}" for code in ("CHN", "THA")),
        # which notices of derogations there were
        "instrument/iccpr/article/4/3",
        "exception/iccpr/4/1/public-emergency",
        # which norms an emergency spares besides those that the Covenant names
        *(f"instrument/iccpr/article/{path}" for path in ("10/1", "20/1", "20/2")),
        *(
            f"territorial-declaration/{name}"
            for name in (
                "1951-convention/macao",
                "cat/hong-kong/reported",
                "crc/hong-kong/1997",
                "iccpr/hong-kong/1976",
                "iccpr/hong-kong/1997",
                "iccpr/macao/1992",
            )
        ),
    }


def test_what_the_united_kingdom_left_out_of_the_covenant_in_hong_kong(store: Store) -> None:
    """Upon ratification it names Hong Kong with Articles 13 and 25(b)."""
    declared = f"<{ID}territorial-declaration/iccpr/hong-kong/1976>"
    left = rows(store, f"{declared} sur:leavesOutThere ?a")
    assert left == {(f"instrument/iccpr/article/{path}",) for path in ("13", "25/b")}


COUNTS = {
    "1951-convention": "144",
    "1967-protocol": "145",
    "1951-convention-and-1967-protocol": "142",
    "1951-convention-or-1967-protocol": "147",
}


def test_party_counts(store: Store) -> None:
    assert rows(store, "?a sur:hasPartyCount ?b ; sur:isCountedOn ?c") == {
        (f"party-count/{name}/{DAY_OF_COUNT}", number, str(DAY_OF_COUNT)) for name, number in COUNTS.items()
    }


# ---- against the tables themselves


def normal(text: str) -> str:
    """Bring a text to the form that digests are taken of."""
    text = unicodedata.normalize("NFC", text)
    for curly, straight in zip("‘’“”", "''\"\"", strict=True):
        text = text.replace(curly, straight)
    return " ".join(text.split())


def table(number: str) -> list[list[str]]:
    with (TABLES / f"{number}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def row_text(row: list[str]) -> str:
    return normal(" | ".join(row))


def cell(text: str) -> tuple[str, str]:
    """Split `24 Sep 1982 a` into the ISO day and the mark; an empty cell gives two empty texts."""
    if not text.strip():
        return "", ""
    *day, mark = [*text.split(), ""][:4]
    return datetime.strptime(" ".join(day), "%d %b %Y").date().isoformat(), mark


def deposits(number: str) -> dict[str, date]:
    return {row[0]: date.fromisoformat(cell(row[-1])[0]) for row in table(number)[1:] if cell(row[-1])[0]}


def blocks(number: str) -> dict[str, str]:
    """The statements about a treaty by the name of the state; of one treaty the copy holds none."""
    path = STATEMENTS / f"{number}.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = re.split(r"(?m)^#(.*)$", text)
    return {head.strip(): body.strip() for head, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.fixture(scope="module")
def names(store: Store) -> dict[str, str]:
    """The name of each state, by its code."""
    found = rows(store, "?a a sur:State ; skos:prefLabel ?b")
    assert len(found) == 14
    return {state.removeprefix("state/"): name for state, name in found}


@pytest.fixture(scope="module")
def recorded(store: Store) -> dict[str, str]:
    """The digest of each passage of the depositary, by its name below `source/untc/`."""
    passages = rows(store, "?a sur:isPassageOf source:untc ; sur:hasDigest ?b")
    return {passage.removeprefix(SOURCE + "untc/"): value for passage, value in passages}


@needs_corpus
@pytest.mark.parametrize("treaty", TREATIES)
def test_rows_equal_the_table(treaty: str, names: dict[str, str], recorded: dict[str, str]) -> None:
    chapter, number = TREATIES[treaty]
    by_name = {row[0]: row for row in table(number)[1:]}
    for state, of_treaty, signed, deposit, kind in expected():
        if of_treaty != treaty:
            continue
        row = by_name.get(names[state])
        if row is None:
            assert not signed
            assert not deposit
            assert f"{chapter}/{state}" not in recorded
            continue
        day, mark = cell(row[-1])
        assert (cell(row[1])[0] if len(row) == 3 else "", day) == (signed, deposit)
        assert not deposit or {"a": "Accession", "": "Ratification"}[mark] == kind
        assert recorded[f"{chapter}/{state}"] == sha256(row_text(row))


@needs_corpus
@pytest.mark.parametrize("treaty", TREATIES)
def test_digests_of_whole_tables(treaty: str, recorded: dict[str, str]) -> None:
    chapter, number = TREATIES[treaty]
    assert recorded[chapter] == sha256("\n".join(map(row_text, table(number))))


@needs_corpus
def test_every_statement_of_the_fourteen_states_is_recorded_with_its_digest(
    names: dict[str, str], recorded: dict[str, str]
) -> None:
    wanted = {
        f"{chapter}/{state}/declaration": sha256(normal(text))
        for chapter, number in TREATIES.values()
        for state, name in names.items()
        if (text := blocks(number).get(name)) is not None
    }
    # what these three said of the ICCPR is filed with the other Covenant
    wanted |= {
        f"IV-3/{state}/declaration": sha256(normal(blocks("4-3")[names[state]]))
        for state in ("JPN", "MNG", "VNM")
    }
    # and four have declared that they accept the jurisdiction of the Court
    wanted |= {
        f"I-4/{state}/declaration": sha256(normal(blocks("1-4")[names[state]]))
        for state in ("JPN", "KHM", "MEX", "PHL")
    }
    assert wanted
    assert {name: value for name, value in recorded.items() if name.endswith("/declaration")} == wanted


@needs_corpus
def test_counts_equal_the_tables(recorded: dict[str, str]) -> None:
    convention, protocol = (
        {name for name, day in deposits(number).items() if day <= DAY_OF_COUNT} for number in ("5-2", "5-5")
    )
    sizes = [len(convention), len(protocol), len(convention & protocol), len(convention | protocol)]
    assert [str(size) for size in sizes] == list(COUNTS.values())
    assert recorded["counts"] == sha256("\n".join(map(row_text, table("5-2") + table("5-5"))))


@needs_corpus
@pytest.mark.parametrize(
    ("treaty", "instruments", "days"),
    [("1951-convention", 6, 90), ("1967-protocol", 6, 0), ("cat", 20, 30), ("crc", 20, 30)],
)
def test_general_entry_into_force_follows_from_the_deposits(
    store: Store, treaty: str, instruments: int, days: int
) -> None:
    last = sorted(deposits(TREATIES[treaty][1]).values())[instruments - 1]
    found = rows(store, f"instrument:{treaty} sur:enteredIntoForceOn ?a")
    assert found == {((last + timedelta(days=days)).isoformat(),)}


def test_the_digest_of_the_source_covers_its_passages(store: Store, recorded: dict[str, str]) -> None:
    ((stated,),) = rows(store, "source:untc sur:hasPassagesDigest ?a")
    assert stated == sha256("\n".join(recorded[name] for name in sorted(recorded)))
