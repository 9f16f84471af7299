"""Names that the graph does not have, and the line for a prefix of ours: on pages and for programs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from service import Service, serving
from surplace.catalogue import load_catalogue
from surplace.catalogue.nearest import nearest_name
from surplace.cli import main
from surplace.engine.blocking import open_blocking
from surplace.engine.limits import Limits
from surplace.engine.missing import MissingName
from surplace.engine.query_errors import UnavailableError
from surplace.engine.release import find_release
from surplace.resources import queries_dir
from surplace.routes import sparql
from surplace.routes.app import create_app

SUR = "PREFIX sur: <https://w3id.org/surplace/ontology/>"
SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
ONTOLOGY = "https://w3id.org/surplace/ontology/"


@pytest.fixture(scope="module")
def service(release: Path) -> Iterator[Service]:
    with serving("--release", str(release)) as running:
        yield running


CASES = [
    (f"{SUR} SELECT ?a {{ ?a a sur:Stat }}", ["sur:Stat: did you mean sur:State?"]),
    (f"{SUR} ASK {{ ?a a sur:state }}", ["sur:state: did you mean sur:State?"]),
    (f"{SUR} SELECT ?a {{ ?a sur:prefLabel ?b }}", ["sur:prefLabel: did you mean skos:prefLabel?"]),
    (f"{SKOS} SELECT ?a {{ ?a skos:prefLable/skos:x ?b }}", [
        "skos:prefLable: did you mean skos:prefLabel?",
        "skos:x: the ontology lists the names that there are.",
    ]),
    ("SELECT ?b { <id/state/RUS> ?a ?b }", ["<id/state/RUS>: look for it by a name in the search."]),
    ("SELECT ?b { <state/RUR> ?a ?b }", ["<state/RUR>: did you mean state:RUR?"]),
    ("SELECT ?b { GRAPH graph:knowlege { ?a ?c ?b } }", ["graph:knowlege: did you mean graph:knowledge?"]),
    ("ASK { GRAPH graph:qqq { ?a ?c ?b } }", ["graph:qqq: the list of graphs has those that there are."]),
    ("PREFIX sur: <https://w3id.org/surplace/ontology#> SELECT ?a { ?a a sur:State }", [
        f"<{ONTOLOGY[:-1]}#State>: did you mean <{ONTOLOGY}State>?"
    ]),
    (f"{SUR} SELECT ?a {{ ?a sur:asksFor 'x'^^sur:Stat }}", []),
    (f"{SUR} CONSTRUCT {{ ?a <http://example.org/new> ?b }} {{ ?a sur:asksFor ?b . ?b sur:asksFor ?a }}", []),
    (f"{SUR} SELECT ?a {{ ?a a sur:State ; sur:asksFor ?b }}", []),
    (f"{SUR} SELECT ?a {{ {{ ?a a sur:State }} UNION {{ ?a a sur:Stat }} }}", []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "said"), CASES)
def test_an_empty_answer_names_what_there_is_not(service: Service, query: str, said: list[str]) -> None:
    page = html.unescape(service.get("/sparql", "text/html", query=query).text)
    assert [line for line in said if f"Nothing here is called {line}" not in page] == []
    assert page.count("data-message=") == len(said)
    assert not said or page.index("data-message=") < page.index('id="ask"')
    assert not said or "No rows" not in page


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "rows", "spreadsheet"])
def test_a_program_is_told_in_a_header(service: Service, form: str) -> None:
    asked = service.get("/sparql", query=f"{SUR} SELECT ?a {{ ?a a sur:Stat ; sur:qqq ?b }}", format=form)
    assert asked.headers["Surplace-Missing-Names"] == (
        f'<{ONTOLOGY}Stat>; nearest="{ONTOLOGY}State", <{ONTOLOGY}qqq>'
    )
    found = service.get("/sparql", query=f"{SUR} SELECT ?a {{ ?a a sur:State OPTIONAL {{ ?a sur:qqq ?b }} }}")
    assert found.headers["Surplace-Missing-Names"] is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT ?x { ?a ?b ?c } LIMIT 1", "?x"),
        ("SELECT ?a $é { ?a ?b ?c FILTER(BOUND(?d) || true) } LIMIT 1", "?%C3%A9, ?d"),
        ("CONSTRUCT { ?a ?b ?d } WHERE { ?a ?b ?c } LIMIT 1", "?d"),
        ("SELECT ?a ?none { ?a ?b ?c } LIMIT 1", None),
        ("DESCRIBE ?a { ?a ?b ?c } LIMIT 1", None),
        ("CONSTRUCT WHERE { ?a ?b ?c } LIMIT 1", None),
    ],
)
def test_a_variable_without_a_value_is_named(service: Service, query: str, names: str | None) -> None:
    assert service.get("/sparql", query=query).headers["Surplace-Unbound-Variables"] == names
    page = html.unescape(service.get("/sparql", "text/html", query=query).text)
    assert ("Nothing in the query gives" in page) == (names is not None)


def test_the_command_line_names_a_variable_without_a_value(release: Path, tmp_path: Path) -> None:
    path = tmp_path / "asked.rq"
    path.write_text("SELECT ?a\n  ?x { ?a ?b ?c } LIMIT 1", encoding="utf-8")
    said = (
        CliRunner().invoke(main, ["sparql", str(path), "--release", str(release), "--format", "csv"]).stderr
    )
    assert (
        said == "surplace: line 2, column 3: nothing gives ?x a value: correct its name, or leave it out.\n"
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?a a sur:Stat }", True),
        ("SELECT ?a { ?a a sur:State FILTER NOT EXISTS { ?a a sur:Stat } }", True),
        ("SELECT ?a { ?a a sur:State MINUS { ?a a sur:Stat } }", True),
        ("SELECT (COUNT(*) AS ?n) { ?a a sur:State }", False),
    ],
)
def test_a_name_whose_absence_decides_is_named(service: Service, query: str, named: bool) -> None:
    asked = service.get("/sparql", query=f"{SUR} {query}", format="csv")
    nearest = f'<{ONTOLOGY}Stat>; nearest="{ONTOLOGY}State"' if named else None
    assert asked.headers["Surplace-Missing-Names"] == nearest
    page = html.unescape(service.get("/sparql", "text/html", query=f"{SUR} {query}").text)
    assert ("sur:Stat: did you mean sur:State?" in page) == named
    assert ("As it is written, this is the answer;" in page) == named
    assert "<caption" in page


def test_a_header_lists_no_name_that_is_too_long_for_it(service: Service) -> None:
    long = f"{ONTOLOGY}{'q' * 3000}"
    asked = service.get("/sparql", query=f"{SUR} SELECT ?a {{ ?a a <{long}> ; sur:qqq ?b }}", format="csv")
    assert asked.headers["Surplace-Missing-Names"] == f"<{ONTOLOGY}qqq>"
    alone = service.get("/sparql", query=f"SELECT ?a {{ ?a a <{long}> }}", format="csv")
    assert alone.headers["Surplace-Missing-Names"] is None


@pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "jsonld", "trig", "nq"])
def test_a_graph_that_is_empty_says_so_too(service: Service, form: str) -> None:
    asked = service.get("/sparql", query=f"{SUR} DESCRIBE ?a {{ ?a a sur:Stat }}", format=form)
    assert asked.headers["Surplace-Missing-Names"] == f'<{ONTOLOGY}Stat>; nearest="{ONTOLOGY}State"'


@pytest.mark.parametrize(
    ("name", "known", "nearest"),
    [
        ("source/sea-report/p1/s9", ["source/cohen-2010/p2/s9", "source/sea-report/p1/s1"], ""),
        ("source/sea-report/p1/S9", ["source/cohen-2010/p2/s9", "source/sea-report/p1/s9"], "p1/s9"),
        ("id/instrument/cat/article/3", ["id/instrument/crc/article/3"], ""),
        ("state/CHN", ["id/state/CHN", "id/state/CHE"], "id/state/CHN"),
        ("id/document/cat-c-chn-co-4", ["id/other/cat-c-chn-co-4"], "id/other/cat-c-chn-co-4"),
    ],
)
def test_a_number_elsewhere_is_no_other_spelling(name: str, known: list[str], nearest: str) -> None:
    base = "https://w3id.org/surplace/"
    found = nearest_name(base + name, name, [base + each for each in known])
    assert found.endswith(nearest)
    assert bool(found) == bool(nearest)


def test_an_undeclared_prefix_of_ours_comes_with_its_line(service: Service) -> None:
    query = "SELECT ?a {\n  ?a a sur:Stat }"
    problem = service.get("/sparql", query=query).json()
    assert isinstance(problem, dict)
    assert (problem["paste"], problem["line"], problem["column"]) == (SUR, 2, 8)
    assert problem["detail"].endswith(f"add a line {SUR} at the top.")
    page = html.unescape(service.get("/sparql", "text/html", query=query).text)
    assert "<code>  ?a a <mark>sur:Stat</mark> }</code>" in page
    told = re.findall(r"<p>(?:<strong>[^<]*</strong>)?([^<]*(?:called|stands for)[^<]*)</p>", page)
    assert told == [
        " Line 2, column 8: Nothing here is called sur:Stat: did you mean sur:State?",
        "The line that says what “sur:” stands for is missing, too.",
    ]
    assert page.count('class="problem') == 1
    mended = f"{SUR}\nSELECT ?a {{\n  ?a a sur:State }}"
    assert [asked_by(words, page) for words in ("Write sur:State", "Add the line")] == [[mended], []]
    page = html.unescape(service.get("/sparql", "text/html", query=query.replace("Stat", "State")).text)
    assert f"is not declared: add a line {SUR} at the top." in page
    assert asked_by("Add the line", page) == [mended]
    other = service.get("/sparql", query="SELECT ?a { ?a a foo:Stat }").json()
    assert isinstance(other, dict)
    assert "paste" not in other


def test_an_answer_stays_where_its_names_cannot_be_looked_up(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object, **__: object) -> list[MissingName]:
        raise UnavailableError("All are busy: try again.")

    monkeypatch.setattr(sparql, "missing_names", busy)
    engine = open_blocking(find_release(release), Limits(workers=1))
    app = create_app(engine, load_catalogue(queries_dir()))
    try:
        asked = {"query": "SELECT (COUNT(*) AS ?n) { }", "format": "csv"}
        answer = app.test_client().get("/sparql", query_string=asked)
        assert (answer.status_code, answer.data) == (200, b"n\r\n1\r\n")
    finally:
        app.dispatcher.views.threads.close()
        engine.close()


def asked_by(words: str, page: str) -> list[str]:
    """Return the queries of the links that are called so, and run."""
    found = re.findall(rf'<a href="/sparql\?query=([^"]*)">{re.escape(words)}, and run</a>', page)
    return [unquote(query) for query in found]


OPEN = (
    (f"{SUR}\nSELECT ?a {{ ?a a sur:State", "}"),
    (f"{SUR}\nSELECT ?a {{ {{ ?a a sur:State FILTER(?a != 1", ")}}"),
    (f"{SUR}\nSELECT ?a {{ ?a a sur:State # who", "}"),
    ("SELECT ?a { ?a ?b", ""),
)
"""Queries in which a bracket is open, with what closes it at the end; "" where more is amiss."""


@pytest.mark.parametrize(("query", "append"), OPEN)
def test_what_is_open_at_the_end_comes_with_what_closes_it(service: Service, query: str, append: str) -> None:
    problem = service.get("/sparql", query=query).json()
    assert isinstance(problem, dict)
    assert problem.get("append", "") == append
    page = html.unescape(service.get("/sparql", "text/html", query=query).text)
    mended = f"{query}\n{append}"
    assert asked_by(f"Write {append} at the end", page) == ([mended] if append else [])
    assert not append or service.get("/sparql", query=mended).status == 200


def test_a_query_leads_to_what_its_classes_are_and_to_their_instances(service: Service) -> None:
    def led(query: str) -> list[str]:
        page = service.get("/sparql", "text/html", query=query).text
        return re.findall(
            r'<a href="([^"]*)">[^<]*: what it is</a> · <a class="instances" href="([^"#]*)', page
        )

    state = ("/ontology/State", "/ontology/State")
    assert led(f"{SUR} SELECT ?a {{ ?a a sur:State, sur:State ; sur:asksFor ?b }}") == [state]
    assert led(f"{SUR} SELECT ?a {{ ?a a sur:Stat }}") == [state]
    assert led("SELECT ?a { ?a a sur:Stat }") == [state]
    assert led(f"{SUR} SELECT ?a {{ ?a a sur:State") == [state]
    assert led(f"{SUR} SELECT ?a {{ ?a sur:asksFor ?b }}") == []


@pytest.mark.parametrize("form", [(), ("--format", "csv"), ("--format", "json")])
def test_the_command_line_says_it_on_standard_error(release: Path, form: tuple[str, ...]) -> None:
    arguments = ["sparql", "-", "--release", str(release), *form]
    result = CliRunner().invoke(main, arguments, input=f"{SUR}\nSELECT ?a {{ ?a a sur:Stat }}")
    assert (result.exit_code, result.stderr) == (
        0,
        "surplace: line 2, column 18: Nothing here is called sur:Stat: did you mean sur:State?\n",
    )
    result = CliRunner().invoke(main, arguments, input=f"{SUR}\nSELECT ?a {{ ?a a sur:State }}")
    assert (result.exit_code, result.stderr) == (0, "")
