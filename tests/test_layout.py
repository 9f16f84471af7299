"""The layout of the package: no import leads in a circle, and a class name means one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "server/surplace"


@cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax of every module by its name below the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(name: str, *, typing: bool) -> set[str]:
    """Return the modules that a module imports, those inside functions included.

    Without *typing* those are left out that only a type checker follows.
    """
    only_typed = {
        id(inner)
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.ImportFrom) and (typing or id(node) not in only_typed):
            base = (node.module or "").removeprefix("surplace").removeprefix(".")
            if (node.module or "").startswith("surplace"):
                inner = (f"{base}.{alias.name}".lstrip(".") for alias in node.names)
                found |= {module if module in modules() else base for module in inner}
    return found - {name}


def circles(edges: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Yield a path that leads back to its beginning, if there is one."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> Iterator[list[str]]:
        if name in path:
            yield [*path[path.index(name) :], name]
        elif name not in done:
            for other in sorted(edges.get(name, ())):
                yield from walk(other, [*path, name])
            done.add(name)

    for name in sorted(edges):
        yield from walk(name, [])


def room(name: str) -> str:
    """Return the folder that a module lies in, or the module itself."""
    return name.partition(".")[0]


def test_no_module_imports_itself_by_others() -> None:
    assert list(circles({name: imports(name, typing=False) for name in modules()})) == []


def test_no_room_needs_itself_by_others() -> None:
    rooms: dict[str, set[str]] = defaultdict(set)
    for name in modules():
        rooms[room(name)] |= {room(other) for other in imports(name, typing=True)} - {room(name)}
    assert list(circles(rooms)) == []


def test_a_circle_is_found() -> None:
    assert list(circles({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == [["b", "c", "b"]]


def test_a_class_name_means_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name, module in modules().items():
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
