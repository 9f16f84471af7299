"""Answers that are cut: whole rows, parseable, marked; and one that just fits is left alone."""

from __future__ import annotations

import csv
import io
import json
from typing import IO, NamedTuple, cast
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from surplace.engine.answer import Answer
from surplace.namespaces import XSD
from surplace.rdf.formats import FORMATS, Kind
from surplace.sparql.emptiness import is_empty
from surplace.sparql.results import write
from surplace.sparql.rows import plain
from surplace.sparql.truncation import Cut, Rows

NASTY = st.text(alphabet='\\"},{<>/result\r\n\t,[]&a:', max_size=30)
JSON = ("json", "rows")
FORMS = ("json", "xml", "csv", "tsv", "rows", "spreadsheet")


class Written(NamedTuple):
    """An answer, the rows that it was cut to, and what it is without limits."""

    body: bytes
    cut: int | None
    whole: bytes


def rows_of(values: list[str]) -> Store:
    store = Store()
    for number, value in enumerate(values):
        store.add(Quad(NamedNode(f"urn:{number:03}"), NamedNode("urn:p"), Literal(value)))
    return store


def written(store: Store, form: str, step: int, most_rows: int, most_bytes: int) -> Written:
    """Write all rows in pieces of *step* bytes, as a worker does."""
    query = "SELECT ?o ?nothing WHERE { ?s ?p ?o } ORDER BY ?s"
    whole = io.BytesIO()
    write(store.query(query), form, cast("IO[bytes]", whole))
    data = whole.getvalue()
    answer = Answer("bindings", FORMATS[form], 10**9)
    rows = Rows(form, most_rows, most_bytes)
    cut: Cut | None = None
    for start in range(0, len(data), step):
        answer.write(data[start : start + step])
        cut = rows.look(data[start : start + step])
        if cut is not None:
            break
    cut = cut or rows.finish()
    if cut is not None:
        answer.shorten(cut)
    size = answer.size
    body = answer.read()
    assert len(body) == size
    return Written(body, answer.cut, data)


def parsed(form: str, data: bytes) -> tuple[list[object], bool]:
    """Read an answer back: its rows, and whether it is marked as cut."""
    if form == "rows":  # which have no place for a mark
        return json.loads(data), False
    if form == "json":
        document = json.loads(data)
        return document["results"]["bindings"], document["head"].get("link") == ["/problems#cut"]
    if form == "xml":
        space = "{http://www.w3.org/2005/sparql-results#}"
        root = ElementTree.fromstring(data)
        found = [ElementTree.tostring(item) for item in root.iter(f"{space}result")]
        links = root.findall(f"{space}head/{space}link")
        return list(found), [item.get("href") for item in links] == ["/problems#cut"]
    if form == "tsv":
        lines = data.decode().split("\n")[1:-1]
    else:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]
    marked = bool(lines) and "CUT: the answer has more than these" in str(lines[-1])
    return list(lines[:-1] if marked else lines), marked


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(NASTY, min_size=1, max_size=12),
    form=st.sampled_from(FORMS),
    step=st.integers(1, 40) | st.just(65536),
    most=st.integers(1, 14),
)
def test_an_answer_is_cut_after_exactly_so_many_rows(
    values: list[str], form: str, step: int, most: int
) -> None:
    answer = written(rows_of(values), form, step, most, 10**9)
    rows, marked = parsed(form, answer.whole)
    assert not marked
    assert len(rows) == len(values)
    found, cut = parsed(form, answer.body)
    assert found == rows[:most]
    assert (answer.cut is not None) == (len(values) > most)
    assert cut == (answer.cut is not None and form != "rows")
    assert answer.cut is not None or answer.body == answer.whole


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(NASTY, min_size=2, max_size=12),
    form=st.sampled_from(FORMS),
    step=st.integers(1, 40) | st.just(65536),
    share=st.floats(0.1, 1.0),
)
def test_an_answer_is_cut_at_the_last_row_that_fits(
    values: list[str], form: str, step: int, share: float
) -> None:
    store = rows_of(values)
    whole = written(store, form, 65536, 10**6, 10**9).whole
    most = int(len(whole) * share)
    answer = written(store, form, step, 10**6, most)
    rows, _ = parsed(form, whole)
    if len(whole) <= most:
        assert answer.cut is None
        assert answer.body == whole
        return
    ends = ends_of_rows(values, form)
    # that JSON goes on after a row is known two bytes later, so a row that just fits may be left out
    late = 2 if form in JSON else 0
    assert sum(end + late <= most for end in ends) <= (answer.cut or 0) <= sum(end <= most for end in ends)
    if answer.cut is not None:
        found, cut = parsed(form, answer.body)
        assert cut == (form != "rows")
        assert found == rows[: answer.cut]


def ends_of_rows(values: list[str], form: str) -> list[int]:
    """Return how many bytes an answer has up to the end of each row, after which it may be cut."""
    tail = {"json": b"]}}", "rows": b"]", "xml": b"</results></sparql>"}.get(form, b"")
    ends = []
    for number in range(1, len(values) + 1):
        whole = written(rows_of(values[:number]), form, 65536, 10**6, 10**9).whole
        assert whole.endswith(tail)
        ends.append(len(whole) - len(tail))
    # what ends a row in JSON is the next one: the last is never the last that fits
    return ends[:-1] if form in JSON else ends


@pytest.mark.parametrize("form", FORMS)
def test_rows_without_anything_bound_are_counted(form: str) -> None:
    data = io.BytesIO()
    write(Store().query("SELECT ?x { VALUES ?y { 1 2 3 4 5 } }"), form, cast("IO[bytes]", data))
    rows = Rows(form, 3, 10**9)
    cut = rows.look(data.getvalue()) or rows.finish()
    assert cut is not None
    assert cut.rows == 3
    assert Rows(form, 5, 10**9).look(data.getvalue()) is None


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("007", "integer", 7),
        ("-0", "integer", 0),
        ("+12345678901234567890", "unsignedLong", 12345678901234567890),
        ("1.50", "decimal", 1.5),
        (".5", "decimal", 0.5),
        ("-5.", "decimal", -5),
        ("1E3", "double", 1000.0),
        ("INF", "double", "INF"),
        ("NaN", "float", "NaN"),
        ("+-1", "integer", "+-1"),
        (".", "decimal", "."),
        ("1", "boolean", True),
        ("false", "boolean", False),
        ("maybe", "boolean", "maybe"),
        ("2006", "gYear", "2006"),
        ("12", "string", "12"),
        ('a"\\é', "string", 'a"\\é'),
    ],
)
def test_plain_json_has_numbers_and_booleans(text: str, datatype: str, expected: object) -> None:
    found = json.loads(plain(text, XSD + datatype))
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(("form", "kind"), [("ttl", "graph"), ("json", "bindings"), ("rows", "bindings")])
def test_an_answer_that_cannot_be_read_is_not_empty(form: str, kind: Kind) -> None:
    assert not is_empty(kind, FORMATS[form], b'<urn:a> "a"')
