"""Reads the worlds in small on which checks, rules and shapes are tested, and the cases that change them.

A file is YAML. `world` is TriG as it would stand in the store, all in order; `cases` are changes of it, each
with a name that says what it means, the statements that it takes away (`remove`) and puts there (`add`), and
what comes of it, under keys of its own for each kind of file:

    world: |
      consent:a sur:isDepositedOn "1982-09-24"^^xsd:date .
      instrument:accord sur:isAdoptedOn "1951-07-28"^^xsd:date .
    cases:
    - case: A consent is deposited before the treaty was adopted
      remove: consent:a sur:isDepositedOn "1982-09-24"^^xsd:date .
      add: consent:a sur:isDepositedOn "1915-09-24"^^xsd:date .
      violation: …

A file may have several such worlds, each below a name. The prefixes of the project are known, and the base is
https://w3id.org/surplace/: `<source/essay/p1/s1>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Quad, RdfFormat, Store, parse

from surplace.namespaces import BASE, sparql_prologue

PROLOGUE = f"BASE <{BASE}> {' '.join(sparql_prologue().split())} "


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Reads every scalar as text and refuses a key that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping; of two values for one key the first would be lost."""
        keys = [key.value for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        assert twice is None, (
            f"{node.start_mark.name}, line {node.start_mark.line + 1}: {twice} is given twice"
        )
        return dict(super().construct_mapping(node, deep=deep))


@dataclass(frozen=True)
class Change:
    """A change of a world: *where* names file and case, *outcome* is what its other keys hold."""

    name: str
    where: str
    remove: frozenset[Quad]
    add: frozenset[Quad]
    outcome: Mapping[str, Any]


@dataclass(frozen=True)
class Fixture:
    """The quads of a file, its cases, and what its other keys hold."""

    where: str
    quads: frozenset[Quad]
    cases: tuple[Change, ...]
    outcome: Mapping[str, Any]

    def after(self, *cases: Change) -> frozenset[Quad]:
        """Return the quads as they are after the change of each of *cases*."""
        for case in cases:
            absent, present = case.remove - self.quads, case.add & self.quads
            assert not absent, f"{case.where} removes what is not there: {shown(absent)}"
            assert not present, f"{case.where} adds what is there already: {shown(present)}"
        removed = {quad for case in cases for quad in case.remove}
        return (self.quads - removed) | {quad for case in cases for quad in case.add}


def read_world(path: Path, of_world: tuple[str, ...], of_case: tuple[str, ...]) -> Fixture:
    """Read a file; the tuples are the keys that a world and a case may have besides their own."""
    return _world(_loaded(path), of_world, of_case, f"{path.parent.name}/{path.name}")


def read_worlds(path: Path, of_world: tuple[str, ...], of_case: tuple[str, ...]) -> dict[str, Fixture]:
    """Read a file that has several worlds, each below its name."""
    return {
        name: _world(fields, of_world, of_case, f"{path.parent.name}/{path.name}, {name}")
        for name, fields in _loaded(path).items()
    }


class Worlds(dict[str, Fixture]):
    """Worlds by name; of one that is missing it says where it is to be written, and where that is told."""

    def __init__(self, worlds: Mapping[str, Fixture], path: str, told: str) -> None:
        super().__init__(worlds)
        self.path, self.told = path, told

    def __missing__(self, name: str) -> Fixture:
        """Fail; raises AssertionError."""
        raise AssertionError(f"{name} has no world: write {self.path.format(name)}, as {self.told} says")


def _loaded(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return dict(yaml.load(file, Loader=_Loader))


def _world(fields: Any, of_world: tuple[str, ...], of_case: tuple[str, ...], where: str) -> Fixture:
    _known(fields, ("world", "cases", *of_world), where)
    cases = []
    for given in fields["cases"]:
        name = given["case"]
        place = f"{where}, “{name}”:"
        _known(given, ("case", "remove", "add", *of_case), place)
        removed, added = (frozenset(read_quads(given.get(key, ""), place)) for key in ("remove", "add"))
        assert removed or added, f"{place} changes nothing"
        cases.append(Change(name, place, removed, added, _rest(given, of_case)))
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), f"{where} has two cases of one name"
    return Fixture(
        where, frozenset(read_quads(fields["world"], where)), tuple(cases), _rest(fields, of_world)
    )


def read_quads(text: str, where: str) -> Iterator[Quad]:
    """Parse TriG without prefixes; an error names *where*, and the line in the text."""
    try:
        yield from parse(PROLOGUE + text, format=RdfFormat.TRIG)
    except SyntaxError as error:
        raise AssertionError(f"{where} line {error.lineno} of the TriG cannot be read: {error.msg}") from None


def shown(items: Iterable[object]) -> str:
    """Write quads or triples on a line each."""
    return "\n".join(sorted(str(item) for item in items))


def compare(where: str, found: list[str], expected: list[str]) -> None:
    """Fail unless both are the same; the message names *where* and marks what is missing (-) and new (+)."""
    assert found == expected, "\n".join([where, *ndiff(expected, found)])


def _known(fields: object, keys: tuple[str, ...], where: str) -> None:
    assert isinstance(fields, dict), f"{where} has no keys"
    unknown = set(fields) - set(keys)
    assert not unknown, f"{where} has an unknown key {', '.join(unknown)}: use {', '.join(keys)}"


def _rest(fields: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: fields[key] for key in keys if key in fields}


def stored(quads: Iterable[Quad]) -> Store:
    """Load quads into a store."""
    store = Store()
    store.bulk_extend(quads)
    return store
