"""Spreadsheets: every text stays text, days are days, and the same rows make the same bytes."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyoxigraph import Literal, NamedNode

from surplace.export.workbook import LONGEST, workbook
from surplace.namespaces import RDF, XSD

DAY = date(2026, 11, 27)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


def cells(*rows: dict[str, Any], labels: dict[str, str] | None = None) -> list[list[Any]]:
    """Write rows and read the cells of the sheet Answer, below its titles."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    book = load_workbook(io.BytesIO(workbook(columns, rows, labels or {}, (), DAY)))
    return [list(row) for row in book["Answer"].iter_rows(min_row=2)]


@given(st.lists(TEXTS | st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "http://x/", "_x0041_", "1e5"])))
def test_every_text_comes_back_as_text(texts: list[str]) -> None:
    found = cells(*({"x": Literal(text)} for text in ["begin", *texts]))
    assert [(cell.value, cell.data_type) for (cell,) in found[1:]] == [(text, "s") for text in texts]


def test_days_numbers_and_truth_are_what_they_are() -> None:
    def typed(text: str, kind: str) -> Any:
        ((cell,),) = cells({"x": Literal(text, datatype=NamedNode(XSD + kind))})
        return cell.value

    assert typed("2010-09-13", "date") == datetime(2010, 9, 13)
    assert [typed(text, "date") for text in ("1899-12-31", "1900-01-01", "2010-09-13Z", "-0044-03-15")] == [
        *("1899-12-31", "1900-01-01", "2010-09-13Z", "-0044-03-15")
    ]
    assert (typed("194", "integer"), typed("1.5", "decimal"), typed("true", "boolean")) == (194, 1.5, True)
    exact = ("12345678901234567890", "0.1234567890123456789", "NaN", "INF")
    assert [typed(text, "double") for text in exact] == list(exact)
    assert typed("2010", "gYear") == "2010"


def test_a_thing_is_its_label_and_leads_to_its_page() -> None:
    iri = "https://w3id.org/x"
    ((shown,),) = cells({"state": NamedNode(iri)}, labels={iri: "X since 2010-09-13"})
    assert (shown.value, shown.hyperlink.target) == ("X since 13 September 2010", iri)
    ((shown, general),) = cells(
        {"state": NamedNode("javascript:alert(1)"), "property": NamedNode(RDF + "type")}
    )
    assert (shown.hyperlink, general.value) == (None, "is a")


def test_names_and_days_for_programs_stand_on_a_sheet_of_their_own() -> None:
    row = {"state": NamedNode("urn:x"), "until": Literal("still so"), "before": Literal("2015-03-15")}
    book = load_workbook(io.BytesIO(workbook([*row], [row], {"urn:x": "X"}, (), DAY, ["before"])))
    assert [*book["Answer"].values] == [("state", "until"), ("X", "still so")]
    assert [*book["Addresses"].values] == [("state (IRI)", "before"), ("urn:x", "15 March 2015")]
    named = load_workbook(io.BytesIO(workbook([*row], [row], {}, (), DAY, ["before"], str.upper)))
    assert next(named["Answer"].values) == ("STATE", "UNTIL")
    without = load_workbook(io.BytesIO(workbook(["x"], [{"x": Literal("a")}], {}, (), DAY)))
    assert without.sheetnames == ["Answer", "About"]


def test_a_text_that_is_too_long_is_cut_and_marked() -> None:
    ((cell,),) = cells({"x": Literal("\U0001f600" * LONGEST)})
    assert cell.value.endswith("\U0001f600…")
    assert len(cell.value.encode("utf-16-le")) // 2 == LONGEST


def test_the_file_bears_the_day_of_the_release_and_the_same_rows_make_the_same_bytes() -> None:
    made = [workbook(["x"], [{"x": Literal("a")}], {}, [("Question", "=1")], DAY) for _ in range(2)]
    assert made[0] == made[1]
    book = load_workbook(io.BytesIO(made[0]))
    assert book.properties.created == book.properties.modified == datetime(2026, 11, 27)
    assert book["About"]["B1"].data_type == "s"
