"""Citations keep the rules of their formats, whatever stands in a title."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surplace.export.citation import FORMATS, Citation, latex, line
from surplace.export.edition import Edition
from surplace.export.report import report_address

EDITION = Edition(
    "0123456789abcdef", date(2026, 11, 27), "urn:licence", "The authors", "The house", "A graph"
)
TEXTS = st.text(
    st.sampled_from('ab {}\\%$&#^_~@"\n\r\x0b\u2028é–') | st.characters(exclude_categories=["Cs"])
)
MEANT = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "$&#_%"},
}
COMMAND = re.compile("|".join(map(re.escape, MEANT)))
CSL = {
    "id",
    "type",
    "title",
    "author",
    "container-title",
    "publisher",
    "version",
    "abstract",
    "language",
    "URL",
}
"""Members that the schema of CSL 1.0.2 has, among them all that are used but the day."""


def written(form: str, title: str = "A title", edition: Edition = EDITION) -> str:
    """Cite something with that title."""
    cited = Citation("finding/a_b", title, "https://w3id.org/x?a=1&release=0", edition, f"{title} Indeed.")
    return FORMATS[form].write(cited)


def field(entry: str, name: str) -> str:
    """Return the value of a field of BibTeX, found as BibTeX finds it: by counting braces."""
    start = entry.index(f"\n  {name} = {{") + len(name) + 7
    depth = 1
    for place in range(start, len(entry)):
        depth += {"{": 1, "}": -1}.get(entry[place], 0)
        if not depth:
            return entry[start:place]
    raise AssertionError("the field does not end")


@given(TEXTS)
def test_latex_means_the_text_and_its_braces_are_balanced(text: str) -> None:
    found = latex(text)
    assert COMMAND.sub(lambda match: MEANT[match[0]], found) == line(text)
    assert not re.search(r"[$&#_%~^\\{}]", COMMAND.sub("", found))


@given(TEXTS)
def test_an_entry_of_bibtex_has_its_fields_whatever_the_title(text: str) -> None:
    entry = written("bibtex", text or "x")
    assert entry.startswith("@misc{surplace-finding-a-b-01234567,\n")
    assert field(entry, "title") == f"{{{latex(text or 'x')}}}"
    assert (field(entry, "author"), field(entry, "year")) == ("{The authors}", "2026")
    assert field(entry, "version") == "0123456789abcdef"
    assert field(entry, "url") == "https://w3id.org/x?a=1&release=0"
    assert "  month = nov," in entry
    assert entry.count("{") == entry.count("}")


@given(TEXTS)
def test_a_record_of_ris_has_a_line_a_tag(text: str) -> None:
    lines = written("ris", text).split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - DATA", ["ER  - ", ""])
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\x00-\x1f\x85\u2028\u2029]*", one) for one in lines[:-1])
    tags = [one[:2] for one in lines[:-1]]
    assert len(tags) == len(set(tags))
    assert {"PY  - 2026", "DA  - 2026/11/27/", "ET  - Release 0123456789abcdef"} <= set(lines)


@given(TEXTS)
def test_csl_is_one_item_of_members_that_the_schema_has(text: str) -> None:
    (item,) = json.loads(written("csl", text))
    assert item.keys() <= CSL | {"issued"}
    assert item["issued"] == {"date-parts": [[2026, 11, 27]]}
    assert (item["type"], item["version"]) == ("dataset", EDITION.release)


def test_the_text_has_all_that_a_note_needs() -> None:
    assert written("text") == (
        "The authors (2026). “A title”. A graph, release 0123456789abcdef, 27 November 2026. "
        "https://w3id.org/x?a=1&release=0\n"
    )


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_not_known_is_left_out(form: str) -> None:
    found = written(form, edition=Edition())
    assert "None" not in found
    assert not re.search(r"(?i)release [^0]|version|year|issued|PY  -|ET  -", found)


def reported(contact: str, title: str = "A & B\n#1") -> str:
    """Return where a report is written already."""
    edition = replace(EDITION, contact=contact)
    return report_address(Citation("finding/x", title, "https://w3id.org/x", edition))


@pytest.mark.parametrize(
    ("contact", "begins", "title", "body"),
    [
        ("mailto:a@example.org", "mailto:a@example.org", "subject", "body"),
        ("https://github.com/a/b/", "https://github.com/a/b/issues/new", "title", "body"),
    ],
)
def test_a_report_has_name_release_and_address(contact: str, begins: str, title: str, body: str) -> None:
    address, _, fields = reported(contact).partition("?")
    assert address == begins
    found = parse_qs(fields, strict_parsing=True)
    assert found[title] == ["This is wrong: A & B #1"]
    lines = found[body][0].splitlines()
    assert lines[:3] == [
        "What it is about: A & B #1",
        "Release: 0123456789abcdef",
        "Address: https://w3id.org/x",
    ]


@pytest.mark.parametrize(
    "contact", ["", "https://w3id.org/surplace/", "javascript:alert(1)", "https://github.com/a"]
)
def test_a_contact_that_takes_no_report_gets_none(contact: str) -> None:
    assert reported(contact) == ""
