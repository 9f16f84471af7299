"""What a folder holds is read or refused by name: nothing is left out unsaid, and nothing is waited for."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import World
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.catalogue import load_catalogue
from surplace.errors import SurplaceError
from surplace.folders import QUERY, TURTLE, files_below
from surplace.rules.rule import read_rules

UNREAD = "is not read: write it as Turtle (.ttl) or TriG (.trig), or take it out of the folder."
REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "p.trig": (os.mkfifo, "is a named pipe and no file: take it out of the folder."),
    "s.ttl": (
        lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
        "is a socket and no file: take it out of the folder.",
    ),
    "d.ttl": (
        lambda path: path.symlink_to("/dev/zero"),
        "is a device and no file: take it out of the folder.",
    ),
    "f.trig": (Path.mkdir, "is a folder and no file: name it without .trig."),
    "n.trig": (
        lambda path: path.symlink_to("gone.trig"),
        "is a link that leads to nothing: mend or remove it.",
    ),
    "l.trig": (
        lambda path: path.symlink_to(path.name),
        "is a link that leads to nothing: mend or remove it.",
    ),
    "more": (
        lambda path: path.symlink_to(path.parent),
        "is the same folder as mine{place}: remove the link to it.",
    ),
    "pipe": (os.mkfifo, "is a named pipe and no file: take it out of the folder."),
    "z.TRIG": (Path.touch, "is not read for its capital letters: call it z.trig."),
    "z.trg": (Path.touch, "is not read for its suffix: call it z.trig."),
    "z.ttll": (Path.touch, "is not read for its suffix: call it z.ttl."),
    "x.nt": (Path.touch, UNREAD),
    "y.nq": (Path.touch, UNREAD),
    "q.jsonld": (Path.touch, UNREAD),
    "owl.rdf": (Path.touch, UNREAD),
    "a.ttl.gz": (Path.touch, UNREAD),
    "a.TriG.txt": (Path.touch, UNREAD),
}


@pytest.mark.parametrize("place", ["", "reference/deeper/"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_would_not_be_read_is_refused_by_name(name: str, place: str, tmp_path: Path) -> None:
    make, message = REFUSED[name]
    (tmp_path / place).mkdir(parents=True, exist_ok=True)
    make(tmp_path / place / name)
    with pytest.raises(SurplaceError) as caught:
        files_below(tmp_path, "mine", TURTLE)
    assert str(caught.value) == f"mine/{place}{name} {message.replace('{place}', f'/{place}'.rstrip('/'))}"


def test_what_people_and_editors_leave_is_passed_over(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in ("b.ttl", "a/c.trig", "a.ttl", "a/README.md", "readme", "LICENSE", "LICENSE-DATA", "x.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    for name in (".DS_Store", ".x.ttl", "a.ttl~", "#a.ttl#", "a.ttl.bak", "a.ttl.orig", "notes.txt"):
        (tmp_path / name).touch()
    for name in ("table.csv", "letter.pdf", "settings.json", "Makefile"):
        (tmp_path / name).touch()
    (tmp_path / ".#a.ttl").symlink_to("me@here.1234")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/y.nq").touch()
    (tmp_path / "linked.ttl").symlink_to("a.ttl")
    (tmp_path / "linked").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    (tmp_path / "linked/d.trig").touch()
    names = ["mine/a/c.trig", "mine/a.ttl", "mine/b.ttl", "mine/linked/d.trig", "mine/linked.ttl"]
    assert [name for _, name in files_below(tmp_path, "mine", TURTLE)] == names


def test_queries_may_lie_among_other_things(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    for name in ("a.rq", "more/b.rq", "y.nq", "store"):
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "round").symlink_to(tmp_path)
    assert [name for _, name in files_below(tmp_path, "", QUERY, among_others=True)] == ["a.rq", "more/b.rq"]
    (tmp_path / "more/C.RQ").touch()
    with pytest.raises(
        SurplaceError, match=r"^more/C\.RQ is not read for its capital letters: call it C\.rq"
    ):
        files_below(tmp_path, "", QUERY, among_others=True)


def test_a_pipe_is_refused_wherever_a_folder_is_read(small_world: World) -> None:
    ontology, queries = small_world.inputs.ontology, small_world.inputs.queries
    extra = small_world.out / "extra"
    for folder in (ontology / "rules", extra):
        folder.mkdir(parents=True)
    readers: dict[Path, Callable[[], object]] = {
        small_world.inputs.data / "p.trig": lambda: read_sources([small_world.inputs.data]),
        extra / "p.trig": lambda: read_sources([small_world.inputs.data], [extra]),
        ontology / "modules/p.ttl": lambda: read_ontology(ontology, Origins()),
        ontology / "rules/p.rq": lambda: read_rules(ontology / "rules"),
        queries / "p.rq": lambda: load_catalogue(queries),
    }
    for path, read in readers.items():
        read()
        os.mkfifo(path)
        with pytest.raises(SurplaceError, match=rf"{path.name} is a named pipe and no file: take it out"):
            read()
        path.unlink()


@pytest.mark.parametrize("name", ["more.ttl", "modules/deeper/more.ttl", "rules/more.ttl", "shapes/more.rq"])
def test_a_file_of_the_ontology_lies_where_it_is_read(name: str, small_world: World) -> None:
    path = small_world.inputs.ontology / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with pytest.raises(SurplaceError) as caught:
        read_ontology(small_world.inputs.ontology, Origins())
    assert str(caught.value) == (
        f"ontology/{name} is not read there: put Turtle into modules, vocabularies or shapes, and a rule "
        "into rules."
    )
