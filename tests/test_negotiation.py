"""Which format a client gets at each address: by suffix, by `format`, by the headers of real clients.

What must come stands in tables below `tests/negotiation`, written by hand from the rule: the suffix goes
before `format`, and that before Accept; of types with the same quality the one that is named more narrowly
comes, then the one that stands first in the table of formats; data go before a page. `routes.tsv` says which
column of the other tables an address has. A cell is a format, the code of a problem, or 404 or 406;
`types.tsv` has the media types by which a format may be called.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from service import make_release, serving
from surplace.catalogue import load_catalogue
from surplace.engine.blocking import Blocking, open_blocking
from surplace.engine.limits import Limits
from surplace.engine.release import find_release
from surplace.http import accept, call, negotiation
from surplace.http.dispatch import Dispatcher
from surplace.http.message import HttpRequest, HttpResponse
from surplace.rdf.formats import FORMATS, OF_QUESTIONS
from surplace.resources import queries_dir
from surplace.routes.app import create_app
from surplace.routes.table import ROUTES

Row = Mapping[str, str]

TABLES = Path(__file__).parent / "negotiation"
MORE = """
GRAPH <https://w3id.org/surplace/source/surplace/treaties> {
    instrument:accord a sur:Treaty ; skos:prefLabel "Accord"@en .
}
GRAPH <https://w3id.org/surplace/graph/ontology> { <https://w3id.org/surplace/ontology> a owl:Ontology . }
"""
FORM = {"content-type": "application/x-www-form-urlencoded"}
DESCRIPTION = b"nonsense=perhaps"
"""A person that is described wrongly: what is tested is the format, and nothing is to be computed."""
PLACES = (("/id/state/RUR", "name", "graph"), ("/queries/who-claims-what", "question", "question"))
"""Where clients are let in over HTTP: the address, its column, and what its answer is."""
PROBLEMS = {"not-acceptable": "406", "not-found": "404"}
MARK = b"\xef\xbb\xbf"
"""What a file for spreadsheets begins with."""


def table(name: str) -> list[Row]:
    """Read a table."""
    with (TABLES / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


ADDRESSES, ASKED, SUFFIXES, CLIENTS = map(table, ("routes", "formats", "suffixes", "clients"))
TYPES = {row["media type"]: row for row in table("types")}


def form_of(media_type: str, begin: bytes, answer: str) -> str:
    """Return the name of the format of an answer of some kind: whoever wants XML gets it under that name."""
    return "spreadsheet" if begin.startswith(MARK) else TYPES[media_type.partition(";")[0]][answer]


def outcome(response: HttpResponse, answer: str) -> str:
    """Return what came, as a cell of the tables has it."""
    if response.status == 303:
        file = str(response.header("Location")).rpartition("/")[2]
        return file.rpartition(".")[2] if "." in file else "html"
    shown = response.problem == "parameter" and response.content_type.startswith("text/html")
    if response.problem and not shown:
        return PROBLEMS.get(response.problem, response.problem)
    return form_of(response.content_type, response.read()[:3], answer)


@dataclass(frozen=True)
class Asked:
    """Asks the service in this process."""

    engine: Blocking
    dispatcher: Dispatcher

    def __call__(self, row: Row, suffix: str, given: str | None, accept: str) -> str:
        """Return what comes at an address, with a suffix, with `format` if it is given, with a header."""
        path, _, query = row["address"].partition("?")
        path = path.replace("RELEASE", str(self.engine.release["release"])[:16])  # type: ignore[index]
        named = urlencode({"format": given}) if given is not None else ""
        query = "&".join(part for part in (query, named) if part)
        headers = {} if accept == "(none)" else {"accept": accept}
        body = b""
        if row["method"] == "POST":
            headers, body = {**headers, **FORM}, DESCRIPTION if path == "/person" else b""
        request = HttpRequest(row["method"], path + suffix, query, headers, body)
        return outcome(self.engine.run(self.dispatcher.respond(request)), row["answer"])


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), MORE)


@pytest.fixture(scope="module")
def asked(release: Path) -> Iterator[Asked]:
    engine = open_blocking(find_release(release), Limits(workers=1))
    app = create_app(engine, load_catalogue(queries_dir()))
    yield Asked(engine, app.dispatcher)
    app.dispatcher.views.threads.close()
    engine.close()


def faults_of_formats(asked: Asked, addresses: Sequence[Row]) -> list[str]:
    """Ask for every name of a format, against a header that asks for others; return what comes wrongly."""
    found = []
    for row in addresses:
        for item in ASKED:
            empty = item["format"] == "(empty)"
            accept = "*/*" if empty else "application/n-quads, application/sparql-results+xml;q=0.9"
            came = asked(row, "", "" if empty else item["format"], accept)
            if came != item[row["formats"]]:
                found.append(f"{row['address']} format={item['format']}: {came}, not {item[row['formats']]}")
    return found


def faults_of_suffixes(asked: Asked, addresses: Sequence[Row]) -> list[str]:
    """Ask with every suffix, against a name and a header that ask for others; return what comes wrongly."""
    found = []
    for row in addresses:
        for item in SUFFIXES:
            suffix, other = item["suffix"], "html" if item["suffix"] != "html" else "json"
            came = asked(row, f".{suffix}", other, "application/n-triples, text/csv;q=0.9")
            if came != item[row["suffixes"]]:
                found.append(f"{row['address']} .{suffix}: {came}, not {item[row['suffixes']]}")
    return found


def faults_of_clients(asked: Asked, addresses: Sequence[Row]) -> list[str]:
    """Ask as every client does; return what comes wrongly."""
    found = []
    for row in addresses:
        for item in CLIENTS:
            came = asked(row, "", None, item["Accept"])
            if came != item[row["clients"]]:
                found.append(f"{row['address']} {item['client']}: {came}, not {item[row['clients']]}")
    return found


def test_every_route_that_has_formats_is_in_the_table() -> None:
    expected = {name for name, route in ROUTES.items() if route.offer != negotiation.Offer()} - {"openapi"}
    wanted = expected - {row["route"] for row in ADDRESSES}
    assert not wanted, f"give {min(wanted)} a line in tests/negotiation/routes.tsv"
    assert {row["route"] for row in ADDRESSES} == expected


@pytest.mark.parametrize("wrong", [{"page": None}, {"offer": negotiation.Offer(json=True)}])
def test_a_page_that_is_not_on_offer_is_refused_when_it_is_declared(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"The route claims has page= without Offer\(page=True\)"):
        replace(ROUTES["claims"], **wrong)


def test_every_name_and_media_type_is_in_the_table() -> None:
    names = {
        name
        for form in (*FORMATS.values(), *OF_QUESTIONS)
        for name in (form.name, *form.names, form.media_type, *form.aliases)
    }
    assert names <= {row["format"] for row in ASKED}
    assert {name for name in names if "/" not in name} <= {row["suffix"] for row in SUFFIXES}


@pytest.mark.parametrize("faults", [faults_of_formats, faults_of_suffixes, faults_of_clients])
def test_the_table_holds(asked: Asked, faults: Callable[[Asked, Sequence[Row]], list[str]]) -> None:
    assert faults(asked, ADDRESSES) == []


def page_first(offers: Sequence[str], ranges: Mapping[str, float]) -> str | None:
    """Prefer a page wherever one is acceptable."""
    best = preferred(offers, ranges)
    return "text/html" if best and "text/html" in offers and preferred(["text/html"], ranges) else best


def broadest(offer: str, ranges: Mapping[str, float]) -> tuple[float, int]:
    """Take the quality of the best range that a type is in, however broad."""
    names = (offer, offer.partition("/")[0] + "/*", "*/*")
    return max(ranges.get(name, 0.0) for name in names), 0


def format_first(offer: Any, suffix: str, given: Any, accept: str) -> Any:
    """Let `format` go before the suffix."""
    return negotiate(offer, "" if given else suffix, given, accept)


def accept_first(offer: Any, suffix: str, given: Any, accept: str) -> Any:
    """Let the header go before `format`."""
    return negotiate(offer, suffix, () if accept else given, accept)


preferred, negotiate = accept.preferred, negotiation.negotiate
WRONG: Mapping[str, tuple[Any, str, Any]] = {
    "a page before data": (negotiation, "preferred", page_first),
    "q=.5 is no number": (accept, "_NUMBER", re.compile(r"[01](?:\.[0-9]*)?")),
    "broad ranges count as narrow ones": (accept, "_liking", broadest),
    "format before the suffix": (call, "negotiate", format_first),
    "Accept before format": (call, "negotiate", accept_first),
}


def forget(asked: Asked) -> None:
    """Let go of what was decided before."""
    negotiation._by_accept.cache_clear()
    negotiation._by_name.cache_clear()
    asked.dispatcher._calls.clear()


@pytest.mark.parametrize("wrong", WRONG)
def test_no_other_rule_fits_the_table(asked: Asked, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = [row for row in ADDRESSES if row["route"] in ("name", "question")]
    tables = (faults_of_formats, faults_of_suffixes, faults_of_clients)
    forget(asked)
    assert not any(faults(asked, addresses) for faults in tables)
    monkeypatch.setattr(*WRONG[wrong])
    forget(asked)
    try:
        assert any(faults(asked, addresses) for faults in tables)
    finally:
        forget(asked)


def test_the_table_holds_over_http(release: Path) -> None:
    with serving("--release", str(release), environment={"SURPLACE_WORKERS": "1"}) as service:
        for client in CLIENTS[::5]:
            headers = {} if client["Accept"] == "(none)" else {"Accept": client["Accept"]}
            for path, column, answer in PLACES:
                response = service.request("GET", path, headers=headers)
                came = (
                    str(response.status)
                    if response.status != 200
                    else form_of(response.headers["Content-Type"], response.body[:3], answer)
                )
                assert came == client[column], (client["client"], path)
