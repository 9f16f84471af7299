"""The findings stage: what rules conclude over the small world, where it stands, and what stops the build."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, QueryTriples, Store

from conftest import World, sentences
from surplace.build.closure import select
from surplace.build.pipeline import Inputs, build
from surplace.build.report import BuildStopped
from surplace.errors import SurplaceError
from surplace.namespaces import (
    CATALOGUE,
    DESCRIPTION,
    KNOWLEDGE,
    ONTOLOGY,
    PROVENANCE,
    RULE,
    SUR,
    sparql_prologue,
)
from two_engines import project_rules

MODULE = """
sur:Conclusion a owl:Class ; skos:prefLabel "conclusion"@en .
sur:Standing a owl:Class ; rdfs:subClassOf sur:Conclusion ; skos:prefLabel "standing"@en .
sur:Participation a owl:Class ; rdfs:subClassOf sur:Standing ; skos:prefLabel "participation"@en .
sur:Denunciation a owl:Class ; skos:prefLabel "denunciation"@en .
sur:isStandingOf a owl:ObjectProperty ; skos:prefLabel "is the standing of"@en .
sur:isStandingTo a owl:ObjectProperty ; skos:prefLabel "is the standing to"@en .
sur:usesPremise a owl:ObjectProperty ; skos:prefLabel "uses the premise"@en .
sur:isOutside a owl:ObjectProperty ; skos:prefLabel "is outside"@en .
sur:hasLeft a owl:ObjectProperty ; skos:prefLabel "has left"@en .
sur:concernsTreaty a owl:ObjectProperty ; skos:prefLabel "concerns the treaty"@en .
sur:givesReason a owl:DatatypeProperty ; skos:prefLabel "gives the reason"@en .
sur:isCounted a owl:ObjectProperty ; skos:prefLabel "is counted"@en .
"""

# Reads what only an axiom says: that an accession is a consent to be bound.
PARTY = """#+ summary: A state that consents to a treaty takes part in it
#+ description: Small, and only for this test.
#+ source: instrument:accord https://legal.un.org/a.pdf
#+ stratum: 1
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sur: <https://w3id.org/surplace/ontology/>
CONSTRUCT {
    ?participation a sur:Participation ;
        skos:prefLabel ?label ;
        sur:isStandingOf ?state ;
        sur:isStandingTo ?treaty ;
        sur:usesPremise ?consent .
}
WHERE {
    ?consent a sur:ConsentToBeBound ;
        sur:isGivenBy ?state ;
        sur:isGivenTo ?treaty .
    ?state skos:prefLabel ?name .
    BIND(STRLANG(CONCAT(?name, ": party"), "en") AS ?label)
    BIND(IRI(REPLACE(STR(?consent), "/id/consent/", "/id/participation/")) AS ?participation)
}
"""

# Reads under a negation what only an axiom adds to a conclusion: that a participation is a standing.
OUTSIDER = """#+ summary: A state without a standing towards a treaty is outside it
#+ source: instrument:accord
#+ stratum: 2
PREFIX sur: <https://w3id.org/surplace/ontology/>
CONSTRUCT { ?state sur:isOutside ?treaty . }
WHERE {
    ?state a sur:State .
    ?treaty a sur:Treaty .
    FILTER NOT EXISTS {
        ?standing a sur:Standing ;
            sur:isStandingOf ?state ;
            sur:isStandingTo ?treaty .
    }
}
"""

IDLE = """#+ summary: Whoever denounces a treaty has left it
#+ source: instrument:accord
#+ stratum: 1
PREFIX sur: <https://w3id.org/surplace/ontology/>
CONSTRUCT { ?state sur:hasLeft ?treaty . }
WHERE { ?denunciation a sur:Denunciation ; sur:isDoneBy ?state ; sur:concernsTreaty ?treaty . }
"""

PARTICIPATION = "<https://w3id.org/surplace/id/participation/accord/AAA>"


def write_rules(world: World, **texts: str) -> None:
    """Give a world rules, and the classes that they use."""
    module = world.inputs.ontology / "modules/standings.ttl"
    module.write_text(sparql_prologue() + MODULE, encoding="utf-8")
    for name, text in texts.items():
        path = world.inputs.ontology / "rules" / f"{name}.rq"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def concluding(small_world: World) -> World:
    """Provide a small world with three rules, one of which finds nothing to conclude."""
    write_rules(small_world, party=PARTY, outsider=OUTSIDER, idle=IDLE)
    return small_world


def built(world: World) -> Store:
    """Build a release and open its store."""
    folder = build(world.inputs, world.out).folder
    assert folder
    return Store.read_only(str(folder / "store"))


def graphs_of(store: Store, triple: str) -> set[str]:
    """Return the named graphs that hold a triple, with prefixes allowed; "" is the default graph."""
    named = select(store, f"{sparql_prologue()}SELECT ?g {{ GRAPH ?g {{ {triple} }} }}")
    held = bool(store.query(f"{sparql_prologue()}ASK {{ {triple} }}"))
    return {row["g"].value for row in named} | ({""} if held else set())


def test_what_a_rule_concludes_stands_in_its_graph_and_is_known(concluding: World) -> None:
    store = built(concluding)
    places = {RULE + "party", KNOWLEDGE, ""}
    assert graphs_of(store, f"{PARTICIPATION} sur:isStandingOf state:AAA") == places
    assert graphs_of(store, f'{PARTICIPATION} skos:prefLabel "Aland: party"@en') == places
    assert graphs_of(store, f"{PARTICIPATION} sur:follows <{RULE}party>") == places


def test_axioms_follow_between_the_strata(concluding: World) -> None:
    store = built(concluding)
    axiom = "https://w3id.org/surplace/axiom/participation-sub-class-of-standing"
    assert graphs_of(store, f"{PARTICIPATION} a sur:Standing") == {axiom, KNOWLEDGE, ""}
    assert graphs_of(store, "state:BBB sur:isOutside instrument:accord") == {RULE + "outsider", KNOWLEDGE, ""}
    assert graphs_of(store, "state:AAA sur:isOutside instrument:pact") == {RULE + "outsider", KNOWLEDGE, ""}
    assert graphs_of(store, "state:AAA sur:isOutside instrument:accord") == set()


def test_the_axiom_that_a_conclusion_brings_into_use_is_described(concluding: World) -> None:
    store = built(concluding)
    described = "axiom:participation-sub-class-of-standing a sur:InferenceGraph"
    assert graphs_of(store, described) == {PROVENANCE, ""}


def test_each_rule_is_described_even_if_it_concludes_nothing(concluding: World) -> None:
    store = built(concluding)
    for name, text in (("party", PARTY), ("outsider", OUTSIDER), ("idle", IDLE)):
        rows = select(
            store,
            f"{sparql_prologue()}SELECT ?query ?stratum {{ GRAPH graph:provenance {{ <{RULE + name}> "
            "a sur:Rule ; sur:hasQueryText ?query ; sur:hasStratum ?stratum ; skos:prefLabel ?label ; "
            "dcterms:source instrument:accord } }",
        )
        ((query, stratum),) = [(row["query"].value, row["stratum"].value) for row in rows]
        assert query == "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#+"))
        assert stratum == ("2" if name == "outsider" else "1")
    note = f'<{RULE}party> skos:note "Small, and only for this test."@en'
    assert graphs_of(store, note) == {PROVENANCE, ""}
    assert graphs_of(store, f"<{RULE}party> dcterms:source <https://legal.un.org/a.pdf>") == {PROVENANCE, ""}
    assert not list(store.quads_for_pattern(None, None, None, NamedNode(RULE + "idle")))


def test_the_default_graph_holds_what_rules_and_axioms_add(concluding: World) -> None:
    graphs: dict[str, set[str]] = {}
    for quad in built(concluding):
        name = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
        graphs.setdefault(name, set()).add(f"{quad.subject} {quad.predicate} {quad.object}")
    rules = {triple for name in graphs if name.startswith(RULE) for triple in graphs[name]}
    axioms = {triple for name in graphs if "/axiom/" in name for triple in graphs[name]}
    assert rules
    assert rules <= graphs[KNOWLEDGE]
    described = graphs[PROVENANCE] | graphs[CATALOGUE] | graphs[DESCRIPTION]
    assert graphs[""] == graphs[KNOWLEDGE] | graphs[ONTOLOGY] | described | axioms


def test_report_and_manifest_count_what_is_concluded(concluding: World) -> None:
    report = build(concluding.inputs, concluding.out)
    # six statements of one participation and three outsiders
    assert (report.counts["rules"], report.counts["concluded"]) == (3, 9)
    assert report.folder
    manifest = json.loads((report.folder / "manifest.json").read_text())
    graphs = {name: count for name, count in manifest["graphs"].items() if name.startswith(RULE)}
    assert graphs == {RULE + "party": 6, RULE + "outsider": 3}


def test_without_rules_nothing_is_concluded(small_world: World) -> None:
    counts = build(small_world.inputs, small_world.out).counts
    assert (counts["rules"], counts["concluded"]) == (0, 0)


FILES = ("axioms.json", "dump.nq", "manifest.json", "rules.json")


def test_the_same_rules_give_the_same_bytes(another_world: Callable[[], World]) -> None:
    releases = []
    for texts in ({"party": PARTY, "outsider": OUTSIDER}, {"outsider": OUTSIDER, "party": PARTY}):
        world = another_world()
        write_rules(world, **texts)
        folder = build(world.inputs, world.out).folder
        assert folder
        releases.append([(folder / name).read_bytes() for name in FILES])
    assert releases[0] == releases[1]


def test_the_order_in_which_axioms_and_rules_take_turns_does_not_matter(small_world: World) -> None:
    """A rule may read in its own stratum what an axiom adds to what another concludes."""
    again = IDLE.replace("a sur:Denunciation ; sur:isDoneBy ?state ; sur:concernsTreaty", "a sur:Standing ; ")
    again = again.replace("a sur:Standing ;  ?treaty", "a sur:Standing ; sur:isStandingTo ?treaty")
    again = again.replace("CONSTRUCT { ?state sur:hasLeft", "CONSTRUCT { ?denunciation sur:isCounted")
    write_rules(small_world, party=PARTY, again=again)
    store = built(small_world)
    assert graphs_of(store, f"{PARTICIPATION} sur:isCounted instrument:accord") == {
        RULE + "again",
        KNOWLEDGE,
        "",
    }


SHAPE = """
shape:ParticipationShape a sh:NodeShape ; sh:targetClass sur:Participation ;
    sh:property shape:ParticipationReason .
shape:ParticipationReason a sh:PropertyShape ; sh:path sur:givesReason ; sh:minCount 1 ;
    sh:message "A participation says what it rests on: give sur:givesReason a text." .
"""
"""A shape that what the rule on parties concludes does not meet."""


def with_party(old: str, new: str) -> str:
    """Change the rule on parties in one place."""
    assert PARTY.count(old) == 1
    return PARTY.replace(old, new)


FAULTY: list[tuple[str, dict[str, str], list[str]]] = [
    (
        "not SPARQL",
        {"party": with_party("WHERE {", "WHERE {{")},
        ["ontology/rules/party.rq, line ", ", column "],
    ),
    (
        "no CONSTRUCT",
        {"party": PARTY.split("CONSTRUCT")[0] + "ASK { ?s ?p ?o }"},
        ["rules/party.rq is not a CONSTRUCT query"],
    ),
    ("no stratum", {"party": with_party("#+ stratum: 1\n", "")}, ["rules/party.rq", "stratum", "missing"]),
    (
        "a stratum in words",
        {"party": with_party("stratum: 1", "stratum: first")},
        ['rules/party.rq: the stratum is "first": write a whole number'],
    ),
    (
        "a source in words",
        {"party": with_party("source: instrument:accord", "source: Accord")},
        ['rules/party.rq: the source "Accord" is no IRI'],
    ),
    (
        "an unknown key",
        {"party": with_party("#+ stratum: 1", "#+ stratum: 1\n#+ level: 2")},
        ['rules/party.rq: the header has an unknown key "level"'],
    ),
    (
        "a blank node",
        {"party": with_party("sur:usesPremise ?consent .", "sur:usesPremise [] .")},
        ["rules/party.rq constructs a blank node"],
    ),
    (
        "a stratum too low for what it must not read yet",
        {"party": PARTY, "outsider": OUTSIDER.replace("stratum: 2", "stratum: 1")},
        ["the rule outsider reads under a negation what party concludes", "must be at least 2: it is 1"],
    ),
    (
        "a circle through a negation",
        {"outsider": OUTSIDER.replace("?standing a sur:Standing ;", "?state sur:isOutside ?other ;")},
        ["outsider → outsider run in a circle through a negation"],
    ),
    (
        "a rule without end",
        {
            "party": with_party(
                'BIND(IRI(REPLACE(STR(?consent), "/id/consent/", "/id/participation/")) AS ?participation)',
                'BIND(IRI(CONCAT(STR(?consent), "/1")) AS ?participation)',
            )
            .replace("?participation a sur:Participation ;", "?participation a sur:ConsentToBeBound ;")
            .replace("sur:isStandingOf", "sur:isGivenBy")
            .replace("sur:isStandingTo", "sur:isGivenTo")
        },
        ["The rule party does not come to an end"],
    ),
    (
        "a conclusion that cannot be",
        {"outsider": OUTSIDER.replace("?state sur:isOutside ?treaty", "?state a sur:Act")},
        [
            "ontology/rules/outsider.rq",
            "“Aland” (state:AAA) cannot be in two classes that exclude each other",
            "“act” (sur:Act) by rule:outsider",
        ],
    ),
    (
        "a conclusion that a shape refuses",
        {"party": PARTY, "shape": ""},
        [
            "ontology/rules/party.rq: “Aland: party” (id/participation/accord/AAA): A participation says "
            "what it rests on"
        ],
    ),
]


@pytest.mark.parametrize(("texts", "parts"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
def test_a_faulty_rule_stops_the_build_and_the_release_stays(
    small_world: World, texts: dict[str, str], parts: list[str]
) -> None:
    former = build(small_world.inputs, small_world.out)
    write_rules(small_world, **{name: text for name, text in texts.items() if text})
    if "shape" in texts:
        shapes = small_world.inputs.ontology / "shapes/all.ttl"
        shapes.write_text(shapes.read_text(encoding="utf-8") + SHAPE, encoding="utf-8")
    with pytest.raises(SurplaceError) as caught:
        build(small_world.inputs, small_world.out)
    sentence = sentences(caught.value)[0]
    assert "\n" not in sentence
    assert sentence.endswith(".")
    for part in parts:
        assert part in sentence
    assert os.readlink(small_world.out / "current") == f"releases/{former.release}"


def test_a_source_of_a_rule_that_is_none_is_found_in_the_rule(small_world: World, shipped: Inputs) -> None:
    check = "checks/data/thing-without-a-class.rq"
    shutil.copy(shipped.queries / check, small_world.inputs.queries / check)
    write_rules(small_world, party=with_party("source: instrument:accord", "source: instrument:acord"))
    with pytest.raises(BuildStopped) as caught:
        build(small_world.inputs, small_world.out)
    told = [item.message for item in caught.value.violations if item.subject.endswith("/acord")]
    line = next(n for n, text in enumerate(PARTY.splitlines(), 1) if "source: instrument:accord" in text)
    start = f"ontology/rules/party.rq, line {line}: instrument:acord is spoken of"
    assert [message.startswith(start) for message in told] == [True]


def test_a_rule_that_is_not_utf_8_is_named(small_world: World) -> None:
    write_rules(small_world, party=PARTY)
    path: Path = small_world.inputs.ontology / "rules/party.rq"
    path.write_bytes(path.read_bytes().replace(b"Small,", b"Sm\xe9ll,"))
    with pytest.raises(
        SurplaceError, match=r"rules/party\.rq, line \d+, is not UTF-8 \(byte \d+\): save it as UTF-8"
    ):
        build(small_world.inputs, small_world.out)


def test_the_rules_of_the_project_conclude_the_same_of_the_finished_knowledge(real_store: Store) -> None:
    """Nothing came too late for a rule, and nothing that a rule took to be absent has come after all."""
    for rule in project_rules():
        answer = real_store.query(rule.text)
        assert isinstance(answer, QueryTriples)
        held = real_store.quads_for_pattern(None, None, None, NamedNode(rule.iri))
        follows = NamedNode(SUR + "follows")
        assert set(answer) == {quad.triple for quad in held if quad.predicate != follows}, rule.name
