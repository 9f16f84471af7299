"""What a build learns from the files of the ontology is learned once, and a release carries it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Quad

from conftest import World
from surplace.build import axioms as of_axioms
from surplace.build import entailment, learned
from surplace.build.axioms import Axioms
from surplace.build.learned import Learned
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.engine.release import AXIOMS, RULES, Release
from surplace.errors import SurplaceError
from surplace.rules import patterns
from surplace.rules.patterns import Shape
from surplace.suppose.dataset import given
from two_engines import project_rules

RULE = """#+ summary: A rule
#+ source: instrument:vclt
#+ stratum: 1
CONSTRUCT { ?x <e:b> true } WHERE { ?x <e:a> true }
"""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Provide a list that says how often the axioms are read with the library that takes long, and rules."""
    times: list[str] = []
    axioms_of, shape_of = entailment.read_axioms, learned.read_shape

    def read_axioms(terms: list[Quad]) -> Axioms:
        times.append("axioms")
        return axioms_of(terms)

    def read_shape(text: str, name: str) -> Shape:
        times.append(name)
        return shape_of(text, name)

    monkeypatch.setattr(entailment, "read_axioms", read_axioms)
    monkeypatch.setattr(learned, "read_shape", read_shape)
    return times


def learn(world: World, rule: str = RULE) -> dict[str, bytes]:
    """Learn a rule, and the axioms of the small world, as a build does; return the files of the release."""
    knowing = Learned(world.out)
    folder = world.out.parent / "rules"
    folder.mkdir(exist_ok=True)
    (folder / "a-rule.rq").write_text(rule)
    knowing.rules(folder)
    knowing.axioms(world.inputs.ontology, read_ontology(world.inputs.ontology, Origins()).terms)
    knowing.keep(world.out)
    return knowing.files()


def test_what_did_not_change_is_not_learned_again(small_world: World, read: list[str]) -> None:
    first = learn(small_world)
    assert list(json.loads(first[RULES])) == ["a-rule"]
    assert len(json.loads(first[AXIOMS])["all"]) > 10
    assert learn(small_world) == first
    assert read == ["ontology/rules/a-rule.rq", "axioms"]
    file = small_world.inputs.ontology / "vocabularies/status.ttl"
    file.write_text(file.read_text().replace('"refugee"', '"fugitive"'))
    learn(small_world)
    assert read == ["ontology/rules/a-rule.rq", "axioms", "axioms"]
    other = learn(small_world, RULE.replace("e:b", "e:c"))
    assert read == ["ontology/rules/a-rule.rq", "axioms", "axioms", "ontology/rules/a-rule.rq"]
    assert other[RULES] == first[RULES].replace(b"e:b", b"e:c")


@pytest.mark.parametrize("damage", ["", "[]", '{"a": 1}', "{"])
def test_what_cannot_be_read_is_learned_again(small_world: World, read: list[str], damage: str) -> None:
    first = learn(small_world)
    for name in (AXIOMS, RULES):
        (small_world.out / "learned" / name).write_text(damage)
    assert learn(small_world) == first
    assert read == ["ontology/rules/a-rule.rq", "axioms"] * 2


def test_shapes_and_axioms_are_read_back_as_they_were_written(small_world: World) -> None:
    for rule in project_rules():
        assert patterns.of_json(json.loads(json.dumps(patterns.to_json(rule.shape)))) == rule.shape
    terms = read_ontology(small_world.inputs.ontology, Origins()).terms
    axioms = entailment.read_axioms(terms)
    assert len(axioms.all) > 10
    assert len(axioms.disjoint) == 2
    assert of_axioms.of_json(json.loads(json.dumps(of_axioms.to_json(axioms)))) == axioms


ANSWERS = """
import sys
import surplace.serve.web
from surplace.cli import main
for arguments in (["assess", "--origin", "PRK"], ["explain", sys.argv[2]]):
    main([*arguments, "--release", sys.argv[1]], standalone_mode=False)
assert not {"rdflib", "owlrl", "pyshacl"} & sys.modules.keys()
"""
FINDING = "id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1"


def test_who_answers_closes_no_ontology(project_release: Path) -> None:
    command = [sys.executable, "-c", ANSWERS, str(project_release), FINDING]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert (ended.stderr, ended.returncode) == ("", 0)
    assert "by the rule:" in ended.stdout


def test_a_release_of_before_says_that_it_must_be_built_again(tmp_path: Path) -> None:
    with pytest.raises(SurplaceError, match=r"has no rules\.json that can be read: build it again\.$"):
        given(Release(tmp_path, {}, tmp_path))
