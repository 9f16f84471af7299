"""The drawing of an answer: boxes from left to right, the same each time, as many as there is room for."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

from surplace.engine.table import Table
from surplace.web.drawing import BOXES, LINES, GraphDrawing, draw, of_rows, of_triples

EX = "http://example.org/"


class Unlabelled:
    """Stands for a graph that has no labels."""

    def labels(self, _iris: object) -> dict[str, str]:
        return {}


def drawn(triples: list[tuple[str, str, str | int]]) -> GraphDrawing:
    found = draw(of_triples(_triple(*triple) for triple in triples), Unlabelled())  # type: ignore[arg-type]
    assert found is not None
    return found


def _triple(subject: str, name: str, value: str | int) -> Triple:
    term = NamedNode(EX + value) if isinstance(value, str) else Literal(value)
    return Triple(NamedNode(EX + subject), NamedNode(EX + name), term)


def test_a_thing_stands_to_the_right_of_what_leads_to_it() -> None:
    triples = [("a", "p", "b"), ("b", "p", "c"), ("b", "q", 7), ("c", "p", "a"), ("x", "p", "x")]
    drawing = drawn(triples)
    lines = {thing.lines[0].text.removeprefix(EX): thing for thing in drawing.things}
    assert [line.text.replace(EX, "") for line in lines["b"].lines] == ["b", "p → c", "q 7"]
    assert lines["b"].x < lines["c"].x < lines["a"].x or lines["a"].x < lines["b"].x < lines["c"].x
    assert len(drawing.arrows) == 4
    assert drawing == drawn(triples)
    assert all(thing.x + thing.width <= drawing.width for thing in drawing.things)
    assert all(thing.y + thing.height <= drawing.height for thing in drawing.things)


def test_boxes_do_not_overlap_and_are_counted_where_there_is_no_room() -> None:
    drawing = drawn([(f"s{number}", "p", f"o{number % 7}") for number in range(2 * BOXES)])
    assert (len(drawing.things), drawing.left_out) == (BOXES, BOXES + 7)
    by_column: dict[float, list[float]] = {}
    for thing in drawing.things:
        assert thing.y >= by_column.setdefault(thing.x, [0.0])[-1]
        by_column[thing.x].append(thing.y + thing.height)
    many = drawn([("s", "p", number) for number in range(LINES + 5)])
    assert [line.text for line in many.things[0].lines][-1] == "and 5 more"
    one_more = drawn([("s", "p", number) for number in range(LINES + 1)])
    assert [line.text for line in one_more.things[0].lines][-1].endswith(str(LINES))


def test_rows_are_drawn_by_their_first_column_if_it_holds_things() -> None:
    row = {"a": NamedNode(EX + "a"), "bigNumber": Literal(1)}
    assert of_rows(Table(("a", "bigNumber"), [row])) == [(row["a"], "big number", row["bigNumber"])]
    assert of_rows(Table(("bigNumber", "a"), [row])) == []
    assert of_rows(Table(("a",), [row])) == []
    assert draw([], Unlabelled()) is None  # type: ignore[arg-type]
