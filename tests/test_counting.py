"""The benchmark of the length of a path counts what is called, in every thread, and nothing else."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

sys.path.append(str(Path(__file__).parent / "benchmarks"))

from counting import Counting

MODULE = """
import json

def outer():
    return inner() + inner()

def inner():
    return len(json.dumps({}))

def numbers():
    yield 1
    yield 2
"""


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    """Provide a module that lies below the folder in which calls are counted."""
    file = tmp_path / "package" / "called.py"
    file.parent.mkdir()
    file.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("called", file)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Counting]:
    """Provide a count of this thread and of those that begin in the test."""
    former = sys.getprofile()
    found = Counting(tmp_path / "package")
    found.install()
    yield found
    found.uninstall()
    sys.setprofile(former)


def test_calls_of_all_threads_are_counted_while_it_lasts(module: ModuleType, counting: Counting) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(module.outer).result()
        with counting.during() as calls:
            module.outer()
            pool.submit(module.outer).result()
            assert list(module.numbers()) == [1, 2]
        pool.submit(module.outer).result()
    assert calls.functions == {
        ("called.py", "outer"): 2,
        ("called.py", "inner"): 4,
        ("called.py", "numbers"): 3,
    }
    assert calls.calls == 9
    assert calls.modules() == {"called.py": 9}


def test_nothing_is_left_of_a_former_count(module: ModuleType, counting: Counting) -> None:
    with counting.during():
        module.outer()
    with counting.during() as calls:
        module.inner()
    assert calls.functions == {("called.py", "inner"): 1}
