"""`surplace query` and `surplace sparql`: answers at the terminal, and errors in one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib

from service import make_release
from surplace.catalogue import load_catalogue
from surplace.namespaces import BASE, RDF
from surplace.resources import queries_dir

ASKED = "which-un-body-asked-which-state-for-what"
STALE = (
    f"surplace: The release was not built with {ASKED} as asked here, and may lack what is asked for: "
    "run surplace build.\n"
)


def surplace(*arguments: str, given: str | None = None, width: int = 100) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "surplace", *arguments],
        env={**os.environ, "COLUMNS": str(width), "SURPLACE_DEADLINE": "5"},
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_question_answers_as_csv(release: Path) -> None:
    done = surplace("query", ASKED, "-p", "state=RUR", "--format", "csv", "--release", str(release))
    header, row = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert header.startswith("body,bodyLabel,state,")
    assert row.startswith(
        f"{BASE}id/body/committee,Committee on Invented Matters,{BASE}id/state/RUR,Ruritania,"
    )


def test_a_release_that_was_built_with_another_question_says_so(tmp_path: Path) -> None:
    query = load_catalogue(queries_dir())[ASKED]
    built = "GRAPH graph:catalogue {{ query:" + ASKED + ' schema:version "{}" }}'
    for version, said in ((query.version, ""), ("0123456789abcdef", STALE)):
        folder = make_release(tmp_path / version, built.format(version))
        done = surplace("query", ASKED, "-p", "state=RUR", "--format", "csv", "--release", str(folder))
        assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, said, 2)


def test_a_table_shows_labels_with_short_names_and_fits_its_width(release: Path) -> None:
    query = f"SELECT ?state ?code {{ ?state a <{BASE}ontology/State> ; <{BASE}ontology/hasIsoCode> ?code }}"
    done = surplace("sparql", "-", "--release", str(release), given=query, width=60)
    assert done.returncode == 0
    assert "Ruritania" in done.stdout
    assert "state:RUR" in done.stdout
    assert "3 rows" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 60


def test_pipes_get_utf_8_in_every_locale(release: Path, tmp_path: Path) -> None:
    text = "SELECT ?x (\"Ruritània\" AS ?y) { VALUES ?x { 'Ŝ' } }"
    path = tmp_path / "asked.rq"
    path.write_text(f"\ufeff{text}", encoding="utf-8")  # as programs on Windows begin a file
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "surplace", "sparql", str(path), "--release", str(release)],
        env={**os.environ, **locale},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert all(word in done.stdout.decode("utf-8") for word in ("Ruritània", "Ŝ", "━"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_and_a_missing_input_end_it_with_a_sentence(release: Path) -> None:
    for command, sentence in (
        (["--help"], "The output cannot be used (No space left on device): make room there, or name"),
        (["sparql", "-", "--release", str(release)], "Line 1, column 1: there is no query here"),
    ):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                ["sh", "-c", 'exec "$0" -m surplace "$@" <&-', sys.executable, *command],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert done.stderr.startswith(f"surplace: {sentence}")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_what_is_closed_is_not_written_to(release: Path, closed: str) -> None:
    for form in ("csv", "table"):
        asked = ["query", ASKED, "-p", "state=RUR", "--format", form, "--release", str(release)]
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "surplace", *asked],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr, bool(done.stdout)) == (0, "", closed == "2>&-")


def test_a_row_that_is_too_wide_becomes_a_list(release: Path) -> None:
    done = surplace("query", ASKED, "-p", "state=RUR", "--release", str(release), width=80)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    start = next(number for number, line in enumerate(lines) if line.startswith("1 ─"))
    assert " ".join(lines[:start]) == (
        "The Committee on Invented Matters made one request of Ruritania; no reply is on record. "
    )
    assert lines[start + 1 : start + 3] == ["body Committee on Invented Matters", "body:committee"]
    assert "documentParagraph 7" in lines
    assert "passage An invented report, paragraph 2, sentence 3" in lines
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_graph_is_turtle_and_a_yes_is_yes(release: Path) -> None:
    done = surplace("query", "recommendations-as-rdf", "--release", str(release))
    assert len(rdflib.Graph().parse(data=done.stdout, format="turtle")) == 11
    assert surplace("sparql", "-", "--release", str(release), given="ASK {}").stdout == "yes\n"
    rows = surplace("sparql", "-", "--format", "json", "--release", str(release), given="SELECT (1 AS ?n) {}")
    assert json.loads(rows.stdout)["results"]["bindings"][0]["n"]["value"] == "1"


@pytest.mark.parametrize("form", [(), ("--format", "ttl"), ("--format", "nt")])
def test_a_graph_that_is_no_rdf_is_refused_in_a_sentence(release: Path, form: tuple[str, ...]) -> None:
    query = f'CONSTRUCT {{ <urn:a> <urn:p> "a"^^<{RDF}langString> }} {{}}'
    done = surplace("sparql", "-", *form, "--release", str(release), given=query)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"surplace: The query cannot be evaluated (RDF has no text of type <{RDF}langString> without a "
        f'language: "a"^^<{RDF}langString>): change that part of it.\n'
    )


def test_a_query_may_be_a_file_and_repeat_a_parameter(release: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(
        "#+ summary: Mine\n#+ params: {text: {type: string, description: A text}}\n"
        "#+ columns: {text: string}\n"
        'SELECT ?text { VALUES ?text { "x" } }\n',
        encoding="utf-8",
    )
    done = surplace(
        "query", str(file), "-p", "text=a=b", "-p", "text=[red]", "--format", "csv", "--release", str(release)
    )
    assert done.stdout.splitlines() == ["text", "a=b", "[red]"]
    table = surplace("query", str(file), "-p", "text=[red]\x1b[2J", "--release", str(release))
    assert "[red]\ufffd[2J" in table.stdout


def test_without_a_name_the_questions_are_listed() -> None:
    done = surplace("query")
    lines = dict(line.split("\t") for line in done.stdout.splitlines())
    assert len(lines) >= 15
    assert lines[ASKED].startswith("Which UN body asked which state for what")


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["query", "who-claims"], None, 'There is no query "who-claims": did you mean who-claims-what'),
        (
            ["query", ASKED, "-p", "colour=red"],
            None,
            f'{ASKED} has no parameter "colour": it takes state, body.',
        ),
        (
            ["query", ASKED, "-p", "state=Ruritanya"],
            None,
            '"Ruritanya" is not a value for "state": did you mean Ruritania (RUR)? Allowed are ',
        ),
        (
            ["query", ASKED, "-p", "state"],
            None,
            '"state" lacks a name or a value: write NAME=VALUE.',
        ),
        (
            ["query", ASKED, "--format", "ttl"],
            None,
            "This query returns rows, which comes as json, xml, csv, tsv",
        ),
        (["query", "nowhere.rq"], None, "nowhere.rq cannot be read (No such file or directory)"),
        (
            ["sparql", "-"],
            "SELECT * {\n ?s ?p foo:x }",
            'Line 2, column 8: the prefix of "foo:x" is not declared',
        ),
    ],
)
def test_an_error_is_one_sentence_with_a_remedy(
    release: Path, arguments: list[str], given: str | None, message: str
) -> None:
    done = surplace(*arguments, "--release", str(release), given=given)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"surplace: {message}")
    assert done.stderr.count("\n") == 1


def test_without_a_release_it_says_to_build(tmp_path: Path) -> None:
    done = surplace("query", ASKED, "--release", str(tmp_path))
    assert done.returncode == 1
    assert "run surplace build first" in done.stderr


@pytest.mark.parametrize("command", ["query", "sparql", "serve"])
def test_help_has_an_example(command: str) -> None:
    done = surplace(command, "--help")
    assert done.returncode == 0
    assert "Example: " in done.stdout
