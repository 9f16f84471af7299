"""Work that goes on several threads gives the results of work that does not."""

from __future__ import annotations

import gc
import threading
from itertools import count

import pytest
from pyoxigraph import NamedNode, Quad, Store

from surplace.parallel import in_order


def test_results_come_in_the_order_of_the_items() -> None:
    assert in_order(lambda number: number * 2, range(50)) == list(range(0, 100, 2))
    assert in_order(str, []) == []
    assert in_order(str, [1]) == ["1"]


def test_two_items_are_worked_at_together() -> None:
    both = threading.Barrier(2, timeout=10)
    assert sorted(in_order(lambda _: both.wait(), range(2))) == [0, 1]


def test_the_first_that_fails_is_raised() -> None:
    def work(number: int) -> int:
        if number % 10 == 7:
            raise ValueError(number)
        return number

    for _ in range(10):
        with pytest.raises(ValueError, match=r"^7$"):
            in_order(work, range(50))


def test_what_fails_lets_go_of_an_answer_in_the_thread_that_asked() -> None:
    name = NamedNode("https://example.org/a")
    store, both, number = Store(), threading.Barrier(2, timeout=10), count()
    store.add(Quad(name, name, name))

    def work(_: int) -> None:
        quads = store.quads_for_pattern(None, None, None, None)
        both.wait()
        raise ValueError(next(quads), next(number))

    with pytest.raises(ValueError, match="a"):
        in_order(work, range(2))
    gc.collect()  # a warning that an answer is dropped on another thread would be an error


def test_what_this_thread_leaves_is_not_collected_in_another() -> None:
    ended: list[int] = []

    class Left:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            ended.append(threading.get_ident())

    def work(item: int) -> int:
        return len([[item] for _ in range(20_000)])

    for _ in range(100):
        Left()
    assert in_order(work, range(40)) == [20_000] * 40
    assert gc.isenabled()
    gc.collect()
    assert set(ended) == {threading.get_ident()}
