"""The whole build: data broken by hand stop it with one sentence, and what is served does not change."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from pyoxigraph import DefaultGraph, Store

from conftest import World, sentences
from surplace.build.pipeline import build
from surplace.errors import SurplaceError
from surplace.namespaces import CATALOGUE, DESCRIPTION, KNOWLEDGE, ONTOLOGY, PROVENANCE, SHAPES

Breaking = Callable[[World], None]


def in_article(old: str, new: str) -> Breaking:
    """Replace text in the document of the small world."""
    return lambda world: world.change("documents/article.trig", old, new)


def in_treaties(old: str, new: str) -> Breaking:
    """Replace text in the treaties of the small world."""
    return lambda world: world.change("reference/treaties.trig", old, new)


BROKEN: list[tuple[str, Breaking, list[str]]] = [
    (
        "a wrong type of date",
        in_treaties('"1982-09-24"^^xsd:date', '"1982"^^xsd:gYear'),
        ["data/reference/treaties.trig, line ", "id/consent/accord/AAA", "write it as"],
    ),
    (
        "a claim without speaker",
        in_article(" ; sur:isClaimedBy person:envoy", ""),
        ["data/documents/article.trig, line ", "claim:envoy", "name who says it with sur:isClaimedBy"],
    ),
    (
        "a reservation to a provision of another treaty",
        in_treaties(
            "sur:excludes <https://w3id.org/surplace/id/instrument/accord/article/1>",
            "sur:excludes <https://w3id.org/surplace/id/instrument/pact/article/1>",
        ),
        ["data/reference/treaties.trig, line ", "id/reservation/accord/AAA/1", "let the reservation name"],
    ),
    (
        "a passage with a changed digest",
        in_article(
            'sur:endsWith "“twice”.[1]" ; sur:hasDigest "', 'sur:endsWith "“twice”.[1]" ; sur:hasDigest "0'
        ),
        [
            "data/documents/article.trig, line ",
            "source:article",
            "check the passages with `surplace verify-source`",
        ],
    ),
    (
        "a syntax error",
        in_article("sur:hasOrder 2 ;", "sur:hasOrder 2"),
        ["data/documents/article.trig, line ", ", column ", "a ; or . is missing before this"],
    ),
    (
        "a kind of consent that the depositary does not record",
        lambda world: (world.inputs.data / "disagreements.trig").unlink(),
        [
            "data/documents/article.trig, line ",
            "; data/reference/treaties.trig, line ",
            "id/consent/accord/AAA",
            "sur:Disagreement",
        ],
    ),
]


@pytest.mark.parametrize(("name", "breaking", "parts"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_broken_data_stop_the_build(
    small_world: World, name: str, breaking: Breaking, parts: list[str]
) -> None:
    former = build(small_world.inputs, small_world.out)
    breaking(small_world)
    with pytest.raises(SurplaceError) as caught:
        build(small_world.inputs, small_world.out)
    (sentence,) = sentences(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    for part in parts:
        assert part in sentence, name
    assert os.readlink(small_world.out / "current") == f"releases/{former.release}"
    assert len(list((small_world.out / "releases").iterdir())) == 1


def test_several_faults_are_several_sentences(small_world: World) -> None:
    in_treaties('"1982-09-24"^^xsd:date', '"1982"^^xsd:gYear')(small_world)
    in_article(" ; sur:isClaimedBy person:envoy", "")(small_world)
    with pytest.raises(SurplaceError) as caught:
        build(small_world.inputs, small_world.out)
    assert len(sentences(caught.value)) == 2


def test_mended_data_are_switched_in(small_world: World) -> None:
    former = build(small_world.inputs, small_world.out)
    in_treaties("1982-09-24", "1982-09-25")(small_world)
    report = build(small_world.inputs, small_world.out)
    assert report.release != former.release
    assert os.readlink(small_world.out / "current") == f"releases/{report.release}"
    assert former.folder
    assert former.folder.is_dir()  # whoever reads it still can


def test_the_default_graph_is_what_surplace_vouches_for(small_world: World) -> None:
    folder = build(small_world.inputs, small_world.out).folder
    store = Store.read_only(str(folder / "store"))  # type: ignore[operator]
    graphs: dict[str, set[str]] = {}
    for quad in store:
        name = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
        graphs.setdefault(name, set()).add(f"{quad.subject} {quad.predicate} {quad.object}")
    named = {
        triple
        for name in (KNOWLEDGE, ONTOLOGY, PROVENANCE, CATALOGUE, DESCRIPTION)
        for triple in graphs[name]
    }
    axioms = {triple for name in graphs if "/axiom/" in name for triple in graphs[name]}
    assert graphs[""] == named | axioms
    assert not graphs[""] & graphs["https://w3id.org/surplace/claim/envoy"]
    assert not graphs[""] & graphs["https://w3id.org/surplace/graph/rejected/act"]
    assert not graphs[""] & graphs[SHAPES]


def test_the_report_counts_and_times_each_stage(small_world: World) -> None:
    stages: list[str] = []
    report = build(small_world.inputs, small_world.out, stages.append)
    assert (
        stages == list(report.seconds) == ["sources", "closure", "findings", "dump", "validation", "release"]
    )
    assert report.counts["passages"] == 5
    assert report.counts["quads"] > report.counts["default graph"] > report.counts["asserted"] > 0
    assert report.counts["derived"] > 0


SHIPPED_BREAKS = {
    "what is read": [
        (
            "a passage with a changed digest",
            "documents/cohen-2010-passages.trig",
            r'sur:hasDigest "[0-9a-f]{8}',
            'sur:hasDigest "00000000',
            "source:cohen-2010",
        ),
    ],
    "what is parsed": [
        (
            "a syntax error",
            "documents/cohen-2010.trig",
            r"sur:isReportedBy person:roberta-cohen ;",
            "sur: ;;",
            ", line ",
        ),
    ],
    "what is validated": [
        (
            "a wrong type of date",
            "reference/depositary/1951-convention.trig",
            r'(consent/1951-convention/CHN>\n(?:.*\n)*?\s+sur:isDepositedOn) "1982-09-24"\^\^xsd:date',
            r'\1 "24 September 1982"',
            "id/consent/1951-convention/CHN",
        ),
        (
            "a claim without speaker",
            "documents/cohen-2010.trig",
            r"(claim:snakehead-connotation\n(?:.*\n)*?)\s+sur:isClaimedBy .*;\n",
            r"\1\n",
            "claim:snakehead-connotation",
        ),
        (
            "a reservation on another instrument's article",
            "reference/depositary/1967-protocol.trig",
            r"sur:excludes <id/instrument/1967-protocol/article/IV>",
            "sur:excludes <id/instrument/1951-convention/article/38>",
            "id/reservation/1967-protocol/CHN/1",
        ),
    ],
}
"""Faults by the stage that finds them: all that one stage finds are told at once."""


@pytest.mark.parametrize("stage", SHIPPED_BREAKS)
def test_the_shipped_data_broken_by_hand_stop_the_build(shipped_copy: World, stage: str) -> None:
    for name, file, pattern, replacement, _ in SHIPPED_BREAKS[stage]:
        path = shipped_copy.inputs.data / file
        text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
        assert count == 1, name
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SurplaceError) as caught:
        build(shipped_copy.inputs, shipped_copy.out)
    found = sentences(caught.value)
    assert all(sentence.endswith(".") for sentence in found)
    for name, file, *_, subject in SHIPPED_BREAKS[stage]:
        assert any(f"data/{file}" in sentence and subject in sentence for sentence in found), name
    assert not (shipped_copy.out / "current").exists()
