"""The release stage: what is written is verified, switched in at once, and never half there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyoxigraph import NamedNode, Quad, Store

from conftest import World, kept_release
from surplace.build import storing
from surplace.build.pipeline import build
from surplace.build.release import write_release
from surplace.build.safe_writing import locked
from surplace.engine import release as finding
from surplace.engine.release import CURRENT, SUMS, find_release, is_sound
from surplace.errors import SurplaceError

DUMP = b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n<http://e/s> <http://e/p> <http://e/q> .\n"
DIGEST = hashlib.sha256(DUMP).hexdigest()


LEARNED = {"rules.json": b"{}\n"}


def current(out: Path) -> str:
    """Return what `current` points to."""
    return os.readlink(out / "current")


def test_a_release_has_dump_store_and_manifest(tmp_path: Path) -> None:
    folder = write_release(tmp_path, [DUMP[:54], DUMP[54:]], {"versions": 1}, LEARNED)
    assert folder == tmp_path / "releases" / DIGEST[:16]
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["dump.nq", "dumps", "manifest.json", "pages.txt", "rules.json", "store"]
    assert (folder / "dump.nq").read_bytes() == DUMP
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["release"], manifest["quads"], manifest["versions"]) == (DIGEST, 2, 1)
    assert (manifest["default_graph"], manifest["graphs"]) == (1, {"http://e/g": 1})
    assert manifest["learned"] == [
        {"name": "rules.json", "bytes": 3, "sha256": hashlib.sha256(b"{}\n").hexdigest()}
    ]
    assert len(Store.read_only(str(folder / "store"))) == 2
    assert current(tmp_path) == f"releases/{DIGEST[:16]}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "releases"]


def test_a_sound_release_is_used_again(tmp_path: Path) -> None:
    folder = write_release(tmp_path, [DUMP], {})
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert write_release(tmp_path, [DUMP], {}) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_new_manifest_is_put_beside_the_same_dump(tmp_path: Path) -> None:
    store = write_release(tmp_path, [DUMP], {"versions": 1}) / "store"
    before = store.stat().st_mtime_ns
    folder = write_release(tmp_path, [DUMP], {"versions": 2})
    assert json.loads((folder / "manifest.json").read_text())["versions"] == 2
    assert store.stat().st_mtime_ns == before


def damage_store(folder: Path) -> None:
    """Take the store of a release away."""
    for path in (folder / "store").iterdir():
        path.unlink()


@pytest.mark.parametrize("damage", ["dump", "rules", "store", "empty store", "other quad"])
def test_a_damaged_release_is_written_again_under_another_name(tmp_path: Path, damage: str) -> None:
    former = write_release(tmp_path, [DUMP], {}, LEARNED)
    if damage == "dump":
        (former / "dump.nq").write_bytes(DUMP[:-5])
    elif damage == "rules":
        (former / "rules.json").write_bytes(b"[]\n")
    elif damage == "other quad":
        store = Store(former / "store")
        store.remove(Quad(*[NamedNode(f"http://e/{name}") for name in "spq"]))
        store.add(Quad(*[NamedNode(f"http://e/{name}") for name in "spo"]))
        assert len(store) == 2
        store.flush()
        del store
    else:
        damage_store(former)
        if damage == "empty store":
            Store(former / "store").flush()
    folder = write_release(tmp_path, [DUMP], {}, LEARNED)
    assert folder.name == f"{former.name}-2"
    assert current(tmp_path) == f"releases/{folder.name}"
    assert (folder / "dump.nq").read_bytes() == DUMP
    assert (folder / "manifest.json").read_bytes() == (former / "manifest.json").read_bytes()
    assert len(Store.read_only(str(folder / "store"))) == 2
    assert find_release(tmp_path).name == former.name == DIGEST[:16]
    assert write_release(tmp_path, [DUMP], {}, LEARNED) == folder
    damage_store(folder)
    assert write_release(tmp_path, [DUMP], {}, LEARNED).name == f"{former.name}-3"


def test_a_release_that_seems_damaged_for_a_moment_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = write_release(tmp_path, [DUMP], {})
    (former / "store" / SUMS).unlink()  # so that it is read back
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in [former, *former.rglob("*")]}

    failures = iter(["IO error: While open a file for random read"])

    def read_only(path: str) -> Store:
        if failure := next(failures, None):
            raise OSError(failure)  # without a number, as RocksDB does it
        return Store.read_only(path)

    monkeypatch.setattr(finding, "Store", SimpleNamespace(read_only=read_only))
    folder = write_release(tmp_path, [DUMP], {})
    assert current(tmp_path) == f"releases/{folder.name}" == f"releases/{former.name}-2"
    assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in [former, *former.rglob("*")]} == before
    for path in (former, folder):
        assert is_sound(path, DIGEST, 2)


def test_a_store_is_read_back_where_its_files_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_release(tmp_path, [DUMP], {})
    opened: list[str] = []

    def read_only(path: str) -> Store:
        opened.append(path)
        return Store.read_only(path)

    monkeypatch.setattr(finding, "Store", SimpleNamespace(read_only=read_only))
    assert is_sound(folder, DIGEST, 2)
    assert not is_sound(folder, DIGEST, 3)
    assert opened == []
    Store(folder / "store").flush()  # whoever opens it to write in it changes files, and not what they hold
    assert is_sound(folder, DIGEST, 2)
    Store(folder / "store").clear()
    assert not is_sound(folder, DIGEST, 2)
    assert len(opened) == 2


class KilledError(BaseException):
    """Ends a build as a kill does: nothing is tidied up."""


def killed_before(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next build die before the change of the file system with that number."""
    steps = iter(range(step))

    def dying(change: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            if next(steps, None) is None:
                raise KilledError
            return change(*arguments, **options)

        return run

    for name in ("mkdir", "write_bytes", "rename", "replace", "symlink_to", "unlink"):
        monkeypatch.setattr(Path, name, dying(getattr(Path, name)))
    monkeypatch.setattr(shutil, "rmtree", dying(shutil.rmtree))


@pytest.mark.parametrize("damaged", [False, True])
def test_a_build_that_is_killed_anywhere_leaves_a_current_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: bool
) -> None:
    """Where the current one is damaged, it stays too: what can be read of it can still be read."""
    dump = DUMP if damaged else DUMP[:54]
    name = write_release(tmp_path / "former", [DUMP], {}).name
    if damaged:
        damage_store(tmp_path / "former/releases" / name)
    for step in range(100):
        out = shutil.copytree(tmp_path / "former", tmp_path / str(step), symlinks=True)
        former = out / "releases" / name
        kept = {path: path.read_bytes() for path in former.rglob("*") if path.is_file()}
        with monkeypatch.context() as patch:
            killed_before(step, patch)
            try:
                write_release(out, [dump], {})
            except KilledError:
                done = False
            else:
                done = True
        assert {path: path.read_bytes() for path in former.rglob("*") if path.is_file()} == kept
        found = find_release(out)
        if found.path != former:
            assert is_sound(found.path, hashlib.sha256(dump).hexdigest(), dump.count(b"\n"))
        if done:
            break
    assert done
    assert step > 5, "there are more places than that to be killed at"
    assert found.path != former


def test_what_a_killed_build_left_is_removed(tmp_path: Path) -> None:
    leftover = tmp_path / "releases" / ".unfinished-abc"
    leftover.mkdir(parents=True)
    (leftover / "dump.nq").write_text("half")
    folder = write_release(tmp_path, [DUMP], {})
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [folder.name]


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space on the disk"),
        (errno.EACCES, "choose another folder with --out, or change its permissions"),
        (errno.EIO, "check the disk, or choose another folder with --out"),
    ],
)
def test_a_refusing_disk_leaves_the_former_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str
) -> None:
    former = write_release(tmp_path, [DUMP], {})

    def refuse(self: Path, _: bytes) -> int:
        raise OSError(number, os.strerror(number), str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(SurplaceError) as caught:
            write_release(tmp_path, [DUMP[:54]], {})
    assert str(caught.value) == (
        f"The release cannot be written to {tmp_path} ({os.strerror(number)}): {remedy}; "
        "the former release stays in use."
    )
    assert current(tmp_path) == f"releases/{former.name}"
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [former.name]


def test_a_release_that_does_not_read_back_is_not_switched_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = write_release(tmp_path, [DUMP], {})
    monkeypatch.setattr(storing, "is_sound", lambda *_: False)
    with pytest.raises(SurplaceError, match="does not read back as it was written"):
        write_release(tmp_path, [DUMP[:54]], {})
    assert current(tmp_path) == f"releases/{former.name}"


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill each store in a process of its own, as that of a large dump."""
    monkeypatch.setattr(storing, "LARGE", 0)


@pytest.mark.usefixtures("apart")
def test_a_store_is_filled_in_a_process_of_its_own(tmp_path: Path) -> None:
    folder = write_release(tmp_path, [DUMP], {})
    assert is_sound(folder, DIGEST, 2)
    dump = tmp_path / "dump.nq"
    dump.write_bytes(DUMP)
    with storing.Storing(tmp_path, hashlib.sha256(b"").hexdigest()) as other:
        assert not other.is_sound(), "the dump is not that which was written"


@pytest.mark.usefixtures("apart")
def test_a_store_that_cannot_be_filled_is_said_to_be_refused(tmp_path: Path) -> None:
    (tmp_path / "dump.nq").write_bytes(DUMP)
    (tmp_path / "store").write_text("")
    with storing.Storing(tmp_path, DIGEST) as refused, pytest.raises(OSError, match="store"):
        refused.is_sound()


@pytest.mark.usefixtures("apart")
def test_a_process_that_is_lost_leaves_the_former_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = write_release(tmp_path, [DUMP], {})
    begin = storing.subprocess.Popen

    def lost(*arguments: Any, **options: Any) -> Any:
        process = begin(*arguments, **options)
        process.kill()
        return process

    monkeypatch.setattr(storing.subprocess, "Popen", lost)
    with pytest.raises(SurplaceError, match=r"\(the process that fills the store was lost\): check the disk"):
        write_release(tmp_path, [DUMP[:54]], {})
    assert current(tmp_path) == f"releases/{former.name}"
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [former.name]


def test_the_place_may_not_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with (
        pytest.raises(SurplaceError, match=r"\(File exists\): choose another folder with --out; the former"),
        locked(tmp_path / "out"),
    ):
        pass


def test_two_builds_do_not_interleave(small_world: World) -> None:
    with (
        locked(small_world.out),
        pytest.raises(SurplaceError, match=r"Another build is writing to .*: wait until it has ended\."),
    ):
        build(small_world.inputs, small_world.out)
    build(small_world.inputs, small_world.out)


def test_the_same_inputs_give_the_same_bytes(another_world: Callable[[], World]) -> None:
    folders = [build(world.inputs, world.out).folder for world in (another_world(), another_world())]
    one, other = (folder for folder in folders if folder)
    assert one != other
    for name in ("dump.nq", "manifest.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_a_release_is_called_by_its_hash_whatever_its_folder_is_called(small_world: World) -> None:
    former = build(small_world.inputs, small_world.out)
    assert former.folder
    damage_store(former.folder)
    report = build(small_world.inputs, small_world.out)
    assert report.folder
    assert report.folder.name == f"{former.folder.name}-2"
    assert report.release == former.release == find_release(small_world.out).name
    for name in ("dump.nq", "manifest.json"):
        assert (report.folder / name).read_bytes() == (former.folder / name).read_bytes()


def test_the_manifest_counts_what_the_store_holds(small_world: World) -> None:
    folder = build(small_world.inputs, small_world.out).folder
    assert folder
    manifest = json.loads((folder / "manifest.json").read_text())
    store = Store.read_only(str(folder / "store"))
    assert manifest["quads"] == len(store) == (folder / "dump.nq").read_bytes().count(b"\n")
    assert manifest["default_graph"] == len(list(store.query("SELECT ?s { ?s ?p ?o }")))
    for graph, count in manifest["graphs"].items():
        assert count == len(list(store.query(f"SELECT ?s {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")))
    assert manifest["default_graph"] + sum(manifest["graphs"].values()) == manifest["quads"]
    assert manifest["release"] == hashlib.sha256((folder / "dump.nq").read_bytes()).hexdigest()
    assert manifest["sources"] == [
        {
            "iri": f"https://w3id.org/surplace/source/{name}",
            "label": label,
            "kind": None,
            "horizon": horizon,
            "published": None,
            "passages": passages,
        }
        for name, label, horizon, passages in [
            ("article", "Article", None, 2),
            ("surplace", "Surplace", None, 1),
            ("untc", "Depositary", "2015-03-14", 2),
        ]
    ]


def test_shapes_terms_and_knowledge_are_graphs_of_their_own(small_world: World) -> None:
    folder = build(small_world.inputs, small_world.out).folder
    assert folder
    graphs = json.loads((folder / "manifest.json").read_text())["graphs"]
    base = "https://w3id.org/surplace/"
    assert {base + f"graph/{name}" for name in ("knowledge", "ontology", "provenance", "shapes")} <= set(
        graphs
    )
    assert {base + "claim/envoy", base + "graph/rejected/act", base + "source/article/p1/s1"} <= set(graphs)


def test_a_release_to_test_is_made_for_one_run_where_pytest_keeps_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    config = cast(pytest.Config, SimpleNamespace())  # as with -p no:cacheprovider
    folder = kept_release(
        config, tmp_path_factory, "kept", [], lambda path: (path / CURRENT).mkdir(parents=True)
    )
    assert (folder / CURRENT).is_dir()
    assert folder.is_relative_to(tmp_path_factory.getbasetemp())
