"""From a text to a source that builds: `passages`, `verify-source --write`, `names`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import TEXT, World, sha256
from surplace import resources
from surplace.cli import main

NEWS = "The Aland News\n\n1. It was said.[1] So be it.\n\n[1] Overheard.\n"


@pytest.fixture
def folder(small_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A text beside a folder for more data, with the small world as the project's own."""
    monkeypatch.setattr(resources, "data_dir", lambda: small_world.inputs.data)
    monkeypatch.setattr(resources, "ontology_dir", lambda: small_world.inputs.ontology)
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(arguments))


DRAFT = ("passages", "news.txt", "--source", "news-2001", "--label", "News", "--published", "2001-02")


@pytest.mark.usefixtures("folder")
def test_the_records_of_a_text() -> None:
    printed = run(*DRAFT).output
    assert printed.partition("GRAPH")[2].startswith(
        """ graph:provenance {
    source:news-2001
        a sur:Source ;
        skos:prefLabel "News"@en ;
        sur:hasHorizon "2001-02-28"^^xsd:date ;
        sur:hasPassagesDigest \""""
    )
    assert (
        f"""
    <source/news-2001/p1/s1>
        a sur:TextPassage ;
        skos:prefLabel "News, paragraph 1, sentence 1"@en ;
        sur:beginsWith "1. It was said.[1]" ;
        sur:endsWith "1. It was said.[1]" ;
        sur:hasDigest "{sha256("1. It was said.[1]")}" ;
        sur:hasOrder 2 ;
        sur:hasParagraphNumber 1 ;
        sur:hasSentenceNumber 1 ;
        sur:isPassageOf source:news-2001 ;
        sur:refersToNote <source/news-2001/n1> ;
    .
"""
        in printed
    )


def test_digests_that_are_wanting_are_written_as_they_were(folder: Path) -> None:
    assert run(*DRAFT, "--into", "more").exit_code == 0
    path = folder / "more/documents/news-2001-passages.trig"
    made = path.read_bytes()
    again = ("verify-source", "news-2001", "--text", "news.txt", "--with", "more")
    assert run("format", "--check", str(path)).exit_code == 0
    assert run(*again).output == "4 of 4 passages found, 4 of them unchanged.\n"

    digest = sha256("So be it.")
    path.write_bytes(made.replace(digest.encode(), b"0" * 64))
    result = run(*again)
    assert result.exit_code == 1
    assert f"source/news-2001/p1/s2 has no digest yet: its text gives {digest}; let --write record it." in (
        result.output
    )
    assert "changed" not in result.stderr
    result = run(*again, "--write")
    assert result.output.splitlines() == [
        "4 of 4 passages found, 4 of them unchanged.",
        "Digests recorded in more/documents/news-2001-passages.trig",
    ]
    assert path.read_bytes() == made
    assert run(*again, "--write").output == "4 of 4 passages found, 4 of them unchanged.\n"


def test_nothing_is_written_while_a_passage_is_missing(folder: Path) -> None:
    run(*DRAFT, "--into", "more")
    path = folder / "more/documents/news-2001-passages.trig"
    before = path.read_bytes()
    (folder / "news.txt").write_text(NEWS.replace("So be it.", "Amen."), encoding="utf-8")
    result = run("verify-source", "news-2001", "--text", "news.txt", "--with", "more", "--write")
    assert result.exit_code == 1
    assert "source/news-2001/p1/s2 is missing" in result.stderr
    assert "Nothing was written: mend the above first." in result.stderr
    assert path.read_bytes() == before


def test_the_skeleton_has_a_graph_for_each_passage_and_is_kept(folder: Path) -> None:
    run(*DRAFT, "--into", "more")
    path = folder / "more/documents/news-2001.trig"
    text = path.read_text(encoding="utf-8")
    assert text.count("GRAPH <source/news-2001/") == 4
    assert "document:news-2001\n        a sur:Document ;" in text
    path.write_text("# mine\n", encoding="utf-8")
    run(*DRAFT, "--into", "more")
    assert path.read_text(encoding="utf-8") == "# mine\n"


def test_records_in_which_more_is_said_are_kept(folder: Path) -> None:
    assert run(*DRAFT, "--into", "more").output.startswith(
        "One line of the header, two sentences, one note.\n"
    )
    path = folder / "more/documents/news-2001-passages.trig"
    assert run(*DRAFT, "--into", "more").exit_code == 0  # the same again
    mine = path.read_text(encoding="utf-8").replace(
        "sur:hasOrder 2", 'sur:statesNoFact "why"@en ; sur:hasOrder 2'
    )
    path.write_text(mine, encoding="utf-8")
    result = run(*DRAFT, "--into", "more")
    assert result.exit_code == 1
    assert "news-2001-passages.trig is there, and not what would be written: to cut" in result.stderr
    assert path.read_text(encoding="utf-8") == mine


@pytest.mark.parametrize(
    ("typed", "published", "horizon"),
    [
        ("2000", '"2000"^^xsd:gYear', "2000-12-31"),
        ("2000-02", '"2000-02"^^xsd:gYearMonth', "2000-02-29"),
        ("2000-02-03", '"2000-02-03"^^xsd:date', "2000-02-03"),
        ("3 February 2000", '"2000-02-03"^^xsd:date', "2000-02-03"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_day_of_publication_is_read_as_every_day_is(typed: str, published: str, horizon: str) -> None:
    printed = run(*DRAFT, "--published", typed).output
    assert f"sur:isPublishedOn {published} ;" in printed
    assert f'sur:hasHorizon "{horizon}"^^xsd:date ;' in printed


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--source", "News 1"), '"News 1" cannot name a source: use small letters, figures and hyphens'),
        (("--published", "2001-02-30"), '"2001-02-30" is no date: write 2016-03-08, 2016-03 or 2016'),
        (("--published", "2001-13"), '"2001-13" is no date: write'),
        (("--published", "0000"), '"0000" is no date: write'),
        (("--published", "٢٠١٠"), '"٢٠١٠" is no date: write'),
        (("--published", "２０１０-01-01"), '"２０１０-01-01" is no date: write'),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_wrong_option_is_refused(options: tuple[str, str], expected: str) -> None:
    result = run(*DRAFT, *options)
    assert result.exit_code == 1
    assert expected in result.stderr


def test_a_kind_of_source_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    result = run("passages", str(tmp_path / "news.txt"), "--source", "news", "--kind", "document-of-a-body")
    assert result.exit_code == 1
    told = '"document-of-a-body" is no kind of source: did you mean document-of-the-body'
    assert result.stderr.startswith(f"surplace: {told}")


def test_the_small_article_lacks_nothing(folder: Path) -> None:
    (folder / "text").write_text(TEXT, encoding="utf-8")
    assert run("verify-source", "article", "--text", "text").exit_code == 0


def test_names_are_listed_by_class_with_those_below_it_and_by_prefix() -> None:
    measures = json.loads(run("names", "measure", "--json").output)
    by_name = {item["name"]: item for item in measures}
    assert by_name["measure:china-does-not-screen"] == {
        "name": "measure:china-does-not-screen",
        "iri": "https://w3id.org/surplace/id/measure/china-does-not-screen",
        "label": "Chinese officials do not screen North Koreans for their reasons",
        "kind": "omission",
        "definition": "omission by group:chinese-officials; does action:screening-for-motives; "
        "towards population:north-koreans-in-china; seen 2010-09-13",
    }
    assert {item["kind"] for item in measures} >= {"omission", "practice", "refusal"}
    assert (
        "action:screening  screening\n    first examination of who among those arriving may need protection\n"
        in run("names", "actions").output
    )
    bodies = run("names", "body").output
    assert "body:committee-against-torture  Committee against Torture\n    treaty body\n" in bodies


def test_words_narrow_the_names_and_properties_say_what_they_join() -> None:
    assert run("names", "action", "forced", "ceasing").output == (
        "action:ceasing-forced-return  ceasing forced return\n"
        "    ending a practice of sending people back against their will\n"
    )
    assert run("names", "property", "benefit", "kept").output == (
        "sur:isDenied  is denied\n"
        "    sur:Population → sur:Action: is kept from having the benefit of the action, "
        "in the view of the speaker\n"
    )
    nothing = run("names", "class", "snakehead")
    assert nothing.stderr == "No class has snakehead in its name or definition.\n"


def test_an_unknown_kind_names_the_nearest() -> None:
    result = run("names", "actoin")
    assert result.exit_code == 1
    assert result.stderr.startswith('surplace: "actoin" is not a kind of name: did you mean action')
