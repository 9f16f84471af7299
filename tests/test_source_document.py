"""The source document: all of it is there, none of it is copied, every statement says where it comes from."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, QuerySolutions, Store

from beside import beside
from surplace.cli import main
from surplace.namespaces import AXIOM, ID, KNOWLEDGE, RULE, SOURCE, SUR

PROJECT = Path(__file__).resolve().parents[1]
TEXT = beside("SURPLACE_SOURCE", "source/cohen-2010.txt")
"""The text of the source document; those of the other documents stand beside it."""


def missing(text: Path) -> pytest.MarkDecorator:
    """Skip a test where a text is not at hand."""
    return pytest.mark.skipif(
        not text.is_file(),
        reason=f"{text.name} is not at hand: SURPLACE_SOURCE names that of cohen-2010 beside it",
    )


needs_text = missing(TEXT)
TEXTS = {
    "cohen-2010": (TEXT, 71),
    "cat-c-chn-co-5": (TEXT.with_name("cat-c-chn-co-5-extract.txt"), 11),
    "loc-refugee-law-china-2016": (TEXT.with_name("loc-refugee-law-china-extract.txt"), 17),
}
"""The text of each source that has passages of text, and how many passages."""
each_text = pytest.mark.parametrize(
    ("source", "text", "passages"),
    [pytest.param(source, *found, marks=missing(found[0])) for source, found in TEXTS.items()],
    ids=list(TEXTS),
)

SENTENCES = {1: 3, 2: 10, 3: 6, 4: 9, 5: 3, 6: 5, 7: 3, 8: 8, 9: 4, 10: 3}
"""How many sentences each of the ten paragraphs has."""
HEADER_LINES = 4
NOTES = 13
RUN = 12
"""So many words in a row count as copied."""
TITLES = (
    "Mutual Cooperation Protocol for the Work of Maintaining National Security and Social Order "
    "in the Border Areas",
    "Handbook on Procedures and Criteria for Determining Refugee Status Under the 1951 Refugee Convention "
    "and the 1967 Protocol relating to the Status of Refugees",
    "Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment",
    "Convention on the Elimination of All Forms of Discrimination against Women",
    "Committee on the Elimination of Discrimination against Women",
    "1951 Convention relating to the Status of Refugees",
    "1967 Protocol relating to the Status of Refugees",
    "Chinese Policy on the Korean Peninsula and the North Korean Defector Issue",
    "Lives for Sale: Personal Accounts of Women Fleeing North Korea to China",
    "North Korean Refugees: The Chinese Dimension",
    "The North Korean Refugee Crisis: Human Rights and International Response",
    "Legal Grounds for Protection of North Korean Refugees",
    "Committee for Human Rights in North Korea",
    "race, religion, nationality, membership of a particular social group or political opinion",
)
"""Titles of works and instruments, names of bodies, and the five grounds, which nobody can say otherwise."""


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the values of a SELECT query."""
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(getattr(term, "value", "") for term in solution) for solution in solutions]


def words(text: str) -> list[str]:
    """Return the words of *text* in lower case, without punctuation."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFC", text).lower()).split()


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every twelve words of *text* that follow each other outside a title."""
    plain = f" {' '.join(words(text))} "
    for title in TITLES:
        plain = plain.replace(f" {' '.join(words(title))} ", " | ")
    for part in plain.split("|"):
        found = part.split()
        yield from (tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1))


def project_files() -> list[Path]:
    """Return the files that the project holds, tracked or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [PROJECT / name for name in listed if (PROJECT / name).is_file()]


def test_every_sentence_and_every_note_is_a_passage(real_store: Store) -> None:
    passages = {
        row[0].removeprefix(SOURCE + "cohen-2010/")
        for row in rows(real_store, f"SELECT ?p {{ ?p <{SUR}isPassageOf> <{SOURCE}cohen-2010> }}")
    }
    assert passages == (
        {f"header/{line}" for line in range(1, HEADER_LINES + 1)}
        | {f"p{p}/s{s}" for p, count in SENTENCES.items() for s in range(1, count + 1)}
        | {f"n{note}" for note in range(1, NOTES + 1)}
    )


def test_the_document_yields_several_hundred_facts(real_store: Store) -> None:
    [(count,)] = rows(
        real_store,
        f"""SELECT (COUNT(*) AS ?n) {{ GRAPH ?passage {{ ?s ?p ?o }}
            FILTER(STRSTARTS(STR(?passage), "{SOURCE}cohen-2010/"))
            FILTER(!STRENDS(STR(?p), "#type") && !STRENDS(STR(?p), "#prefLabel")) }}""",
    )
    assert int(count) > 500


def test_no_sentence_is_empty(real_store: Store) -> None:
    silent = rows(
        real_store,
        f"""SELECT ?passage {{ ?passage <{SUR}isPassageOf> <{SOURCE}cohen-2010>
            FILTER NOT EXISTS {{ GRAPH ?passage {{ ?s ?p ?o }} }} }} ORDER BY ?passage""",
    )
    assert silent == []


def test_one_query_names_the_origin_of_every_statement(real_store: Store) -> None:
    """For each statement of the knowledge there is a passage, an axiom or a rule that makes it."""
    orphans = rows(
        real_store,
        f"""SELECT ?s ?p ?o {{ GRAPH <{KNOWLEDGE}> {{ ?s ?p ?o }}
            FILTER NOT EXISTS {{ GRAPH ?origin {{ ?s ?p ?o }} FILTER(
                STRSTARTS(STR(?origin), "{SOURCE}") || STRSTARTS(STR(?origin), "{AXIOM}")
                || STRSTARTS(STR(?origin), "{RULE}")) }} }}""",
    )
    assert orphans == []
    [(size,)] = rows(real_store, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{KNOWLEDGE}> {{ ?s ?p ?o }} }}")
    assert int(size) > 3000


def test_claims_and_rejected_statements_are_not_knowledge(real_store: Store) -> None:
    """What only a claim or a rejected graph holds is not held true, unless a rule comes to the same."""
    leaked = rows(
        real_store,
        f"""SELECT ?s ?p ?o ?g {{ GRAPH ?g {{ ?s ?p ?o }}
            FILTER(STRSTARTS(STR(?g), "https://w3id.org/surplace/claim/")
                || STRSTARTS(STR(?g), "https://w3id.org/surplace/graph/rejected/"))
            GRAPH <{KNOWLEDGE}> {{ ?s ?p ?o }}
            FILTER NOT EXISTS {{ GRAPH ?origin {{ ?s ?p ?o }}
                FILTER(STRSTARTS(STR(?origin), "{SOURCE}") || STRSTARTS(STR(?origin), "{RULE}")) }} }}""",
    )
    assert leaked == []
    refugee = NamedNode("https://w3id.org/surplace/vocab/status/refugee")
    population = NamedNode(ID + "population/north-koreans-in-china")
    lacks = NamedNode(SUR + "lacksStatus")
    assert not any(real_store.quads_for_pattern(population, lacks, refugee, NamedNode(KNOWLEDGE)))
    assert any(real_store.quads_for_pattern(population, lacks, refugee, None))


@pytest.mark.parametrize(
    ("subject", "predicate", "rejected"),
    [
        ("id/consent/1951-convention/CHN", "type", "ontology/Ratification"),
        (
            "id/reservation/1951-convention/CHN/icj",
            "affects",
            "id/instrument/1951-convention/article/38/on-the-court",
        ),
        ("id/exception/1951-convention/32/1/public-order", "isExceptionTo", "id/norm/1951-convention/33/1"),
        ("id/consent/cedaw/CHN", "isDepositedOn", "1983"),
        ("id/document/cedaw-c-chn-co-6", "hasSymbol", "CEDAW C/CHN/CO/6"),
        (
            "id/instrument/1951-convention",
            "excludesFromStatus",
            "vocab/person-category/dual-national-with-other-protection",
        ),
    ],
)
def test_a_rejected_statement_stays_in_its_sentence_only(
    real_store: Store, subject: str, predicate: str, rejected: str
) -> None:
    base = "https://w3id.org/surplace/"
    prop = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" if predicate == "type" else SUR + predicate
    graphs = {
        row[0]
        for row in rows(
            real_store,
            f"""SELECT ?g {{ GRAPH ?g {{ <{base}{subject}> <{prop}> ?o }}
                FILTER(STR(?o) = "{rejected}" || STR(?o) = "{base}{rejected}") }}""",
        )
    }
    assert KNOWLEDGE not in graphs
    assert any(graph.startswith(SOURCE) for graph in graphs), "the source's own words must be kept"
    assert any(graph.startswith(base + "graph/rejected/") for graph in graphs)


@each_text
def test_every_passage_is_found_in_the_text(source: str, text: Path, passages: int) -> None:
    result = CliRunner().invoke(main, ["verify-source", source, "--text", str(text)])
    assert result.exit_code == 0, result.output
    assert f"{passages} of {passages} passages found, {passages} of them unchanged." in result.output


@pytest.mark.skipif(not all(text.is_file() for text, _ in TEXTS.values()), reason="a text is not at hand")
def test_no_sentence_of_a_text_stands_in_the_project() -> None:
    copied = {run for text, _ in TEXTS.values() for run in runs(text.read_text(encoding="utf-8"))}
    assert len(copied) > 1300
    found = {
        f"{path.relative_to(PROJECT)}: … {' '.join(run)} …"
        for path in project_files()
        for run in runs(path.read_text(encoding="utf-8", errors="replace"))
        if run in copied
    }
    assert found == set()


def test_a_copied_sentence_would_be_noticed() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve thirteen"
    assert len(list(runs(text))) == 2
    assert list(runs(TITLES[0])) == []
