"""Work that goes on several threads gives the results of work that does not."""

from __future__ import annotations

import threading

import pytest

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
