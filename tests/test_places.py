"""A fault is shown with the line on which the file speaks of its subject."""

from __future__ import annotations

import pytest

from surplace.rdf.places import line_of

TEXT = """BASE <http://e/>
PREFIX a: <http://a/>
@prefix : <http://n/> .

# a:here is only mentioned
GRAPH <p/1> {
    a:one :says a:two , "a:three . } GRAPH a:three {" ;
        :next 1.5 .
    a:two
        :says a:one
    .
}
GRAPH a:graph { <p/2> :says [ :by a:three ] . :three :says 1 }
"""


@pytest.mark.parametrize(
    ("iri", "line"),
    [
        ("http://e/p/1", 6),
        ("http://a/one", 7),
        ("http://a/two", 9),
        ("http://a/graph", 13),
        ("http://e/p/2", 13),
        ("http://n/three", 13),
        ("http://a/three", 13),
        ("http://n/next", 8),
        ("http://a/here", None),
    ],
)
def test_the_line_of_a_subject_or_graph(iri: str, line: int | None) -> None:
    assert line_of(TEXT, iri) == line
