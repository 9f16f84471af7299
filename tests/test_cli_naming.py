"""Names of states and treaties on the command line."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from pyoxigraph import RdfFormat, Store

from surplace.cli.naming import code_of, place_of
from surplace.engine.release import Release
from surplace.errors import SurplaceError
from surplace.namespaces import sparql_prologue

DATA = """
state:PRK a sur:State ; skos:prefLabel "Democratic People's Republic of Korea"@en ;
    skos:altLabel "North Korea"@en , "Korea"@en .
state:KOR a sur:State ; skos:prefLabel "Republic of Korea"@en ; skos:altLabel "South Korea"@en , "Korea"@en .
instrument:cat a sur:Treaty ; skos:prefLabel "Convention against Torture"@en ; skos:altLabel "CAT"@en .
"""


@pytest.fixture
def release(tmp_path: Path) -> Release:
    store = Store(str(tmp_path / "store"))
    store.load((sparql_prologue() + DATA).encode(), format=RdfFormat.TURTLE)
    store.flush()
    del store
    return cast(Release, SimpleNamespace(store=tmp_path / "store"))


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("State", "PRK", "PRK"),
        ("State", "prk", "PRK"),
        ("State", "north  korea", "PRK"),
        ("State", "Republic of Korea", "KOR"),
        ("State", "", ""),
        ("State", "Atlantis", "Atlantis"),
        ("State", "Convention against Torture", "Convention against Torture"),
        ("Treaty", "convention against torture", "cat"),
    ],
)
def test_a_name_that_only_one_thing_has_stands_for_its_code(
    release: Release, kind: str, text: str, code: str
) -> None:
    assert code_of(release, kind, text, "--origin") == code


def test_a_territory_comes_after_its_state(release: Release) -> None:
    assert place_of(release, "North Korea/rason", "--stay") == "PRK/rason"


def test_of_a_name_that_several_have_the_codes_are_told(release: Release) -> None:
    with pytest.raises(SurplaceError) as caught:
        code_of(release, "State", "Korea", "--origin")
    assert str(caught.value) == '"Korea" fits several values of "--origin": give one of PRK, KOR.'
