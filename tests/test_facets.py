"""What the rows of a long answer say how often."""

from __future__ import annotations

from pyoxigraph import NamedNode

from surplace.catalogue import load_catalogue
from surplace.catalogue.asked import ask
from surplace.resources import queries_dir
from surplace.web.facets import LONG, facets_of

QUERY = load_catalogue(queries_dir())["which-conduct-conflicts-with-which-provision"]
A, B = NamedNode("urn:a"), NamedNode("urn:b")
ROWS = [{"verdict": A if number % 3 else B, "finding": NamedNode(f"urn:{number}")} for number in range(LONG)]
FREQUENT, RARE = sum(row["verdict"] == A for row in ROWS), sum(row["verdict"] == B for row in ROWS)


def test_values_are_counted_and_lead_to_their_rows_where_the_question_can_ask_for_them() -> None:
    (facet,) = facets_of(ask(QUERY, {}), ROWS, {"urn:a": "the first"})
    path = f"/queries/{QUERY.name}?verdict=urn:"
    assert (facet.title, facet.values) == (
        "verdict",
        (("the first", FREQUENT, f"{path}a"), ("urn:b", RARE, f"{path}b")),
    )


def test_a_value_that_was_chosen_leads_nowhere_and_a_short_answer_has_no_counts() -> None:
    (facet,) = facets_of(ask(QUERY, {"verdict": "urn:a"}), ROWS, {})
    assert [href for _, _, href in facet.values] == ["", ""]
    assert facets_of(ask(QUERY, {}), ROWS[1:], {}) == ()
