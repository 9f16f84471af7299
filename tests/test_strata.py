"""What rules read and write, which may lie in which stratum, and how they run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple

from surplace.engine.limits import Limits
from surplace.errors import SurplaceError
from surplace.namespaces import PREFIXES, SUR, compact, sparql_prologue
from surplace.rules.parsing import read_shape
from surplace.rules.patterns import ABSENT, AGGREGATED, OPTIONAL, REQUIRED, Key, Shape
from surplace.rules.rule import Rule, read_rules
from surplace.rules.running import _at_once, run_rules
from surplace.rules.strata import check_strata, dependencies, groups, leading_to
from two_engines import project_rules


def shape(where: str, template: str = "?x sur:isNoted true .") -> Shape:
    """Read the shape of a CONSTRUCT query."""
    return read_shape(f"{sparql_prologue()}CONSTRUCT {{ {template} }} WHERE {{ {where} }}", "rules/a-rule.rq")


def rule(name: str, stratum: int, template: str, where: str) -> Rule:
    """Make a rule."""
    text = f"{sparql_prologue()}CONSTRUCT {{ {template} }} WHERE {{ {where} }}"
    return Rule(name, "Summary", "", (), stratum, text, read_shape(text, f"rules/{name}.rq"))


def keys(found: frozenset[Key]) -> dict[str, set[str]]:
    """Write keys short, with the classes that each asks of its subject."""
    short: dict[str, set[str]] = {}
    for key in found:
        short.setdefault(compact(key.name), set()).update(compact(kind) for kind in key.kinds)
    return short


def roles(where: str) -> dict[str, str]:
    """Return the role of each property that a body reads."""
    return {compact(str(pattern.predicate).strip("<>")): pattern.role for pattern in shape(where).body}


@pytest.mark.parametrize(
    ("where", "role"),
    [
        ("?x sur:reads ?y .", REQUIRED),
        ("{ ?x sur:reads ?y . } UNION { ?x sur:meets ?y . }", REQUIRED),
        ("?x sur:meets ?y . FILTER EXISTS { ?y sur:reads ?z . }", REQUIRED),
        (
            "?x sur:meets ?y . FILTER(NOT EXISTS { ?x sur:signs ?z . } || EXISTS { ?y sur:reads ?z . })",
            REQUIRED,
        ),
        ("?x sur:meets ?y . OPTIONAL { ?x sur:reads ?z . }", OPTIONAL),
        ("?x sur:meets ?y . OPTIONAL { ?x sur:signs ?z . OPTIONAL { ?x sur:reads ?u . } }", OPTIONAL),
        ("?x sur:meets ?y . FILTER NOT EXISTS { ?x sur:reads ?z . }", ABSENT),
        ("?x sur:meets ?y . FILTER(NOT EXISTS { ?x sur:reads ?z . })", ABSENT),
        ("?x sur:meets ?y . FILTER(?y > 1 || NOT EXISTS { ?x sur:reads ?z . })", ABSENT),
        ("?x sur:meets ?y . OPTIONAL { ?x sur:signs ?z . FILTER NOT EXISTS { ?z sur:reads ?u . } }", ABSENT),
        ("?x sur:meets ?y . FILTER NOT EXISTS { ?x sur:signs ?z . OPTIONAL { ?z sur:reads ?u . } }", ABSENT),
        (
            "?x sur:meets ?y . FILTER NOT EXISTS { ?x sur:a ?z . FILTER NOT EXISTS { ?z sur:reads ?u . } }",
            ABSENT,
        ),
        ("?x sur:meets ?y . MINUS { ?x sur:reads ?z . }", ABSENT),
        ("?x sur:meets ?y . FILTER(!EXISTS { ?x sur:reads ?z . })", ABSENT),
        ("?x sur:meets ?y . FILTER(IF(EXISTS { ?x sur:reads ?z . }, false, true))", ABSENT),
        ("?x sur:meets ?y . BIND(EXISTS { ?x sur:reads ?z . } AS ?known)", ABSENT),
        ("{ SELECT ?x (MAX(?y) AS ?last) WHERE { ?x sur:reads ?y . } GROUP BY ?x }", AGGREGATED),
        ("{ SELECT (COUNT(*) AS ?number) WHERE { ?x sur:reads ?y . } } ?x sur:meets ?u .", AGGREGATED),
        ("{ SELECT ?x WHERE { ?x sur:reads ?y . } ORDER BY ?x LIMIT 1 }", AGGREGATED),
        ("{ SELECT DISTINCT ?x WHERE { ?x sur:reads ?y . } }", REQUIRED),
    ],
)
def test_what_a_pattern_is_for(where: str, role: str) -> None:
    assert roles(where)["sur:reads"] == role
    negative = role != REQUIRED
    assert ("sur:reads" in keys(shape(where).reads(negative=True))) == negative
    assert ("sur:reads" in keys(shape(where).reads(negative=False))) != negative


def test_a_named_graph_is_not_the_knowledge() -> None:
    found = shape("GRAPH ?passage { ?x sur:reads ?y . } ?passage sur:isPassageOf ?source .")
    assert keys(found.reads()) == {"sur:isPassageOf": set()}
    assert [pattern.graph for pattern in found.body if pattern.graph] == ["?passage"]


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("sur:a/sur:b", {"sur:a", "sur:b"}),
        ("sur:a/sur:b*", {"sur:a", "sur:b"}),
        ("^sur:a", {"sur:a"}),
        ("(sur:a|^sur:b)+/sur:c?", {"sur:a", "sur:b", "sur:c"}),
        ("!sur:a", {"*"}),
        ("!(sur:a|^sur:b)", {"*"}),
        ("rdf:type/rdfs:subClassOf*", {"rdf:type", "rdfs:subClassOf"}),
    ],
)
def test_a_path_reads_each_of_its_properties(path: str, read: set[str]) -> None:
    assert keys(shape(f"?x {path} ?y .").reads()) == {name: set() for name in read}


@pytest.mark.parametrize(
    ("where", "read"),
    [
        ("?x a sur:Norm .", {"sur:Norm": set()}),
        ("?x a ?anything .", {"*": set()}),
        ("?x ?property ?y .", {"*": set()}),
        ("VALUES ?c { sur:Norm sur:Act } ?x a ?c .", {"sur:Norm": set(), "sur:Act": set()}),
        ("VALUES ?c { sur:Norm UNDEF } ?x a ?c .", {"*": set()}),
        ("BIND(sur:Norm AS ?c) ?x a ?c .", {"sur:Norm": set()}),
        ("?y sur:names ?c . ?x a ?c .", {"sur:names": set(), "*": set()}),
        ("VALUES ?p { sur:reads sur:meets } ?x ?p ?y .", {"sur:reads": set(), "sur:meets": set()}),
        ("?x a sur:Norm ; sur:reads ?y .", {"sur:Norm": set(), "sur:reads": {"sur:Norm"}}),
        ("?x skos:prefLabel ?label .", {}),
    ],
)
def test_what_a_body_reads(where: str, read: dict[str, set[str]]) -> None:
    assert keys(shape(where).reads()) == read


@pytest.mark.parametrize(
    ("where", "kinds"),
    [
        ("?x a sur:Norm . OPTIONAL { ?x sur:reads ?y . }", {"sur:Norm"}),
        ("?x a sur:Norm . FILTER NOT EXISTS { ?x sur:reads ?y . }", {"sur:Norm"}),
        ("{ ?x a sur:Norm . } UNION { ?x a sur:Act . } ?x sur:reads ?y .", {"sur:Norm", "sur:Act"}),
        ("VALUES ?c { sur:Norm sur:Act } ?x a ?c . ?x sur:reads ?y .", {"sur:Norm", "sur:Act"}),
        ("{ SELECT ?x WHERE { ?x a sur:Norm . } } ?x sur:reads ?y .", {"sur:Norm"}),
        ("?x a sur:Norm . { SELECT ?x ?y WHERE { ?x sur:reads ?y . } }", {"sur:Norm"}),
        (
            "VALUES ?c { sur:Norm sur:Act } ?x a ?c . { SELECT ?x ?y WHERE { ?x sur:reads ?y . } }",
            {"sur:Norm", "sur:Act"},
        ),
        # a variable of the same name is another one inside, unless it is shared
        ("?x a ?c . { SELECT ?x ?y WHERE { VALUES ?c { sur:Norm } ?x sur:reads ?y . } }", set()),
        # where nothing says of which class a thing is, it may be of any
        ("{ ?x a sur:Norm . } UNION { ?x sur:meets ?z . } ?x sur:reads ?y .", set()),
        ("?x sur:reads ?y . OPTIONAL { ?x a sur:Norm . }", set()),
        ("?x sur:reads ?y . FILTER NOT EXISTS { ?x a sur:Norm . }", set()),
        ("?x sur:reads ?y . MINUS { ?x a sur:Norm . }", set()),
        ("?x sur:reads ?y . FILTER(?y = 1 || EXISTS { ?x a sur:Norm . })", set()),
        ("GRAPH ?passage { ?x a sur:Norm . } ?x sur:reads ?y .", set()),
        ("{ SELECT ?z WHERE { ?x a sur:Norm ; sur:meets ?z . } } ?x sur:reads ?z .", set()),
        ("{ VALUES ?c { sur:Norm } ?z a ?c . } UNION { ?x a ?c ; sur:reads ?y . }", {"*"}),
    ],
)
def test_a_property_is_read_of_things_of_the_classes_that_every_answer_gives_them(
    where: str, kinds: set[str]
) -> None:
    assert keys(shape(where).reads())["sur:reads"] == kinds


BODIES = {
    'GRAPH ?g { ?x sur:reads "a \\"b\\""@en , 1.50 , true , -2, 3. }': {
        ("?x", "sur:reads", '"a \\"b\\""@en', "?g", REQUIRED),
        ("?x", "sur:reads", '"1.50"^^xsd:decimal', "?g", REQUIRED),
        ("?x", "sur:reads", '"true"^^xsd:boolean', "?g", REQUIRED),
        ("?x", "sur:reads", '"-2"^^xsd:integer', "?g", REQUIRED),
        ("?x", "sur:reads", '"3"^^xsd:integer', "?g", REQUIRED),
    },
    "?x sur:reads [ a sur:Norm ; sur:meets ?y ] .": {
        ("?x", "sur:reads", "_:0", None, REQUIRED),
        ("_:0", "rdf:type", "sur:Norm", None, REQUIRED),
        ("_:0", "sur:meets", "?y", None, REQUIRED),
    },
    'VALUES (?x ?y) { (sur:a "2001-01-01"^^xsd:date) (UNDEF 1) } ?x sur:reads ?y; .': {
        ("?x", "sur:reads", "?y", None, REQUIRED)
    },
    # a full stop, a sign or a bracket in a text or a comment is none
    'FILTER(CONTAINS(?y, ") }") && ?y IN (1, 2)) # }\n { ?x sur:reads ?y } .': {
        ("?x", "sur:reads", "?y", None, REQUIRED)
    },
    "FILTER(!(EXISTS { ?x sur:reads ?y }) && (EXISTS { ?x sur:meets ?y } || ?z))": {
        ("?x", "sur:reads", "?y", None, ABSENT),
        ("?x", "sur:meets", "?y", None, REQUIRED),
    },
    "FILTER COALESCE(EXISTS { ?x sur:reads ?y }, ?x) OPTIONAL { FILTER EXISTS { ?x sur:meets ?y } }": {
        ("?x", "sur:reads", "?y", None, ABSENT),
        ("?x", "sur:meets", "?y", None, ABSENT),
    },
    "{ SELECT ?z { ?x sur:reads ?y } GROUP BY (STR(?x) AS ?z) HAVING (MAX(?y) > 1) ORDER BY DESC(?z) }": {
        ("?x", "sur:reads", "?y", None, AGGREGATED)
    },
    "{ { SELECT ?x { ?x sur:reads ?y } OFFSET 1 } } UNION { ?x sur:meets ?y } UNION { ?x sur:signs ?y }": {
        ("?x", "sur:reads", "?y", None, AGGREGATED),
        ("?x", "sur:meets", "?y", None, REQUIRED),
        ("?x", "sur:signs", "?y", None, REQUIRED),
    },
}


@pytest.mark.parametrize("where", BODIES)
def test_what_stands_where(where: str) -> None:
    where_it_stands = {
        (pattern.subject, pattern.predicate, pattern.object, pattern.graph, pattern.role)
        for pattern in shape(where).body
    }
    assert where_it_stands == {
        (subject, full(predicate), full(value), graph, role)
        for subject, predicate, value, graph, role in BODIES[where]
    }


def full(term: str) -> str:
    """Write a term as N-Triples do."""
    return re.sub(r"(?<![\w\"])(sur|rdf|xsd):(\w+)", lambda match: f"<{PREFIXES[match[1]]}{match[2]}>", term)


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("a/sur:b*", ("/", "rdf:type", ("*", "sur:b"))),
        ("sur:a/(sur:b/^sur:c)|sur:d", ("|", ("/", "sur:a", "sur:b", ("^", "sur:c")), "sur:d")),
        ("(sur:a|^sur:b)+/sur:c?", ("/", ("+", ("|", "sur:a", ("^", "sur:b"))), ("?", "sur:c"))),
        ("sur:a/!(sur:b|^sur:c)", ("/", "sur:a", ("!",))),
    ],
)
def test_a_path_is_read_as_it_is_bracketed(path: str, read: Any) -> None:
    def short(path: Any) -> Any:
        return compact(path.strip("<>")) if isinstance(path, str) else (path[0], *map(short, path[1:]))

    (pattern,) = shape(f"?x {path} ?y .").body
    assert short(pattern.predicate) == read


def test_what_lies_below_an_aggregate_is_found_way_by_way() -> None:
    found = shape(
        "{ SELECT ?x (COUNT(?y) AS ?n)"
        "  { ?x sur:a/sur:b ?y { ?x sur:c ?z } UNION { ?x sur:d ?z } } GROUP BY ?x }"
    )
    assert [[compact(str(part.predicate).strip("<>")) for part in way] for way in found.alternatives] == [
        ["sur:a", "sur:b", "sur:c"],
        ["sur:a", "sur:b", "sur:d"],
    ]
    assert found.assigned == {"n"}, "what is found below an aggregate is given no value by it"


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("?x sur:reads (1 2) .", "it has a list"),
        ("SERVICE <e:e> { ?x sur:reads ?y }", "it has a SERVICE"),
        ("{" * 101 + "}" * 101, "its parts lie more than 100 deep in each other"),
        ("FILTER(" + "!" * 100_000 + "?x)", "its parts lie more than 100 deep in each other"),
        ("{" * 100_000, "its parts lie more than 100 deep in each other"),
    ],
)
def test_what_no_rule_may_ask_is_refused(where: str, reason: str) -> None:
    with pytest.raises(SurplaceError) as caught:
        shape(where)
    assert str(caught.value) == f"rules/a-rule.rq cannot be read ({reason}): correct the rule."


def test_a_rule_has_no_base() -> None:
    with pytest.raises(SurplaceError, match=r"^rules/a-rule\.rq cannot be read \(it has a BASE\): correct"):
        read_shape("BASE <http://e/> CONSTRUCT { ?x <b> ?y } WHERE { ?x <a> ?y }", "rules/a-rule.rq")


MINT = 'BIND(IRI(CONCAT(STR(?x), "/1")) AS ?new)'


@pytest.mark.parametrize(
    ("template", "where", "written"),
    [
        (
            "?new a sur:Norm ; sur:reads ?x ; skos:prefLabel ?label .",
            f"?x sur:meets ?label . {MINT}",
            {"sur:Norm": set(), "rdf:type": set(), "sur:reads": {"sur:Norm"}, "sur:follows": {"sur:Norm"}},
        ),
        (
            "?new a ?c ; sur:reads ?x .",
            f"{{ ?x a sur:A . BIND(sur:Norm AS ?c) }} UNION {{ ?x a sur:B . BIND(sur:Act AS ?c) }} {MINT}",
            {
                "sur:Norm": set(),
                "sur:Act": set(),
                "rdf:type": set(),
                "sur:reads": {"sur:Norm", "sur:Act"},
                "sur:follows": {"sur:Norm", "sur:Act"},
            },
        ),
        # a thing that is there already may be of other classes too
        (
            "?x a sur:Norm ; sur:reads ?y .",
            "?x sur:meets ?y .",
            {"sur:Norm": set(), "rdf:type": set(), "sur:reads": set(), "sur:follows": set()},
        ),
        ("?x sur:reads ?y .", "?x sur:meets ?y .", {"sur:reads": set()}),
    ],
)
def test_what_a_template_concludes(template: str, where: str, written: dict[str, set[str]]) -> None:
    assert keys(shape(where, template).concludes()) == written


def test_keys_meet_if_a_triple_may_be_both() -> None:
    norm, act = (frozenset({SUR + name}) for name in ("Norm", "Act"))
    reads = Key(SUR + "reads", norm)
    assert reads.meets(Key(SUR + "reads", norm | act))
    assert reads.meets(Key(SUR + "reads", frozenset()))
    assert reads.meets(Key("*", frozenset()))
    assert reads.meets(Key(SUR + "reads", frozenset({"*"})))
    assert not reads.meets(Key(SUR + "reads", act))
    assert not reads.meets(Key(SUR + "meets", norm))


A_TO_B = ("?x sur:b true .", "?x sur:a true .")
B_TO_C = ("?x sur:c true .", "?x sur:b true .")
C_TO_B = ("?x sur:b true .", "?x sur:c true .")
NOT_B_TO_C = ("?x sur:c true .", "?x sur:a true . FILTER NOT EXISTS { ?x sur:b true . }")


def test_a_circle_without_negation_may_lie_in_one_stratum() -> None:
    check_strata([rule("one", 1, *A_TO_B), rule("two", 1, *B_TO_C), rule("three", 1, *C_TO_B)])


def test_a_rule_may_read_itself() -> None:
    check_strata([rule("chain", 1, "?x sur:b ?z .", "?x sur:b ?y . ?y sur:b ?z .")])


def test_a_negation_of_what_a_lower_stratum_concludes_is_fine() -> None:
    check_strata([rule("one", 1, *A_TO_B), rule("two", 2, *NOT_B_TO_C)])


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (
            [rule("one", 2, *A_TO_B), rule("two", 1, *B_TO_C)],
            "ontology/rules/two.rq: the rule two reads what one concludes (b), so its stratum must be at "
            "least 2: it is 1, and that of ontology/rules/one.rq is 2.",
        ),
        (
            [rule("one", 1, *A_TO_B), rule("two", 1, *NOT_B_TO_C)],
            "ontology/rules/two.rq: the rule two reads under a negation what one concludes (b), so its "
            "stratum must be at least 2: it is 1, and that of ontology/rules/one.rq is 1.",
        ),
        (
            [rule("one", 1, *A_TO_B), rule("two", 2, *NOT_B_TO_C), rule("three", 3, *C_TO_B)],
            "The rules two → three → two run in a circle through a negation (two reads what three must not "
            "conclude): let one of them read something else.",
        ),
        (
            [rule("self", 1, "?x sur:b true .", "?x sur:a true . FILTER NOT EXISTS { ?x sur:b true . }")],
            "The rules self → self run in a circle through a negation (self reads what self must not "
            "conclude): let one of them read something else.",
        ),
    ],
)
def test_rules_that_are_not_stratified_are_refused(rules: list[Rule], sentence: str) -> None:
    with pytest.raises(SurplaceError) as caught:
        check_strata(rules)
    assert str(caught.value) == sentence


def test_a_circle_names_only_the_rules_that_run_in_it() -> None:
    others = [rule(f"other-{n}", 1, f"?x sur:other{n} true .", "?x sur:b true .") for n in range(3)]
    circle = [rule("two", 1, *NOT_B_TO_C), rule("three", 1, *C_TO_B)]
    with pytest.raises(SurplaceError, match=r"^The rules two → three → two run"):
        check_strata([*others, *circle])


def test_what_an_axiom_makes_of_a_conclusion_counts_as_concluded() -> None:
    writer = rule("writer", 1, "?new a sur:Accession .", f"?x sur:a true . {MINT}")
    reader = rule("reader", 1, "?x sur:c true .", "?x sur:a true . FILTER NOT EXISTS { ?y a sur:Act . }")
    check_strata([writer, reader])
    with pytest.raises(SurplaceError, match="reader reads under a negation what writer concludes"):
        check_strata([writer, reader], {SUR + "Accession": frozenset({SUR + "Act"})})


def test_the_rules_of_the_project_depend_on_each_other_as_their_strata_say() -> None:
    rules = project_rules()
    check_strata(rules)
    found = {(item.reader.name, item.writer.name): item.negative for item in dependencies(rules)}
    assert ("party", "entry-into-force-for-a-state") in found
    assert found[("unknown-entry-into-force", "entry-into-force-for-a-state")]
    assert ("provision-that-binds", "party") in found
    assert {rule.stratum for rule in rules} == set(range(1, 1 + max(rule.stratum for rule in rules)))


def world(trig: str) -> Store:
    """Load a world."""
    store = Store()
    store.load((sparql_prologue() + trig).encode(), format=RdfFormat.TRIG)
    return store


def held(store: Store, name: str) -> set[str]:
    """Return the triples that a rule concluded, short."""
    quads = store.quads_for_pattern(None, None, None, NamedNode(PREFIXES["rule"] + name))
    return {
        " ".join(compact(term.value) for term in quad.triple if isinstance(term, NamedNode | Literal))
        for quad in quads
    }


CHAIN = rule("chain", 1, "?x sur:leadsTo ?z .", "?x sur:leadsTo ?y . ?y sur:leadsTo ?z .")
FOLLOWING = {SUR + "b": frozenset({SUR + "axiomatic"})}
LINE = "".join(f"event:{n} sur:leadsTo event:{n + 1} .\n" for n in range(6))


def test_rules_that_lead_to_a_term_are_found_by_what_they_read_and_conclude() -> None:
    rules = [
        rule("feeds", 1, "?x sur:isMarkedBy ?y .", "?x sur:hasMotive ?y ."),
        rule("elsewhere", 1, "?x sur:isCitedAs ?y .", "?x sur:hasMotive ?y ."),
        rule("concludes", 2, "?x a sur:MetElement .", "?y sur:isMarkedBy ?x ."),
        rule("says-more", 3, "?x sur:hasCaveat ?y .", "?x a sur:MetElement ; sur:hasEvidence ?y ."),
        rule("of-another", 3, "?x sur:hasCaveat ?y .", "?x a sur:Finding ; sur:hasEvidence ?y ."),
        rule("reads", 3, "?x sur:isCitedAs ?y .", "?y a sur:MetElement ; sur:hasEvidence ?x ."),
    ]
    implied = {SUR + "MetElement": frozenset((SUR + "ElementAssessment",))}
    found = leading_to(rules, {SUR + "ElementAssessment"}, implied)
    assert [each.name for each in found] == ["feeds", "concludes", "says-more"]


def test_rules_of_a_stratum_run_until_nothing_new_comes() -> None:
    store = world(LINE)
    assert run_rules(store, [CHAIN]) == {"chain": 15}
    assert "event:0 sur:leadsTo event:6" in held(store, "chain")


def test_rules_that_feed_each_other_reach_their_fixpoint() -> None:
    there = rule("there", 1, "?y sur:c true .", "?x sur:b true ; sur:leadsTo ?y .")
    back = rule("back", 1, "?x sur:b true .", "?x sur:c true .")
    store = world(LINE + "event:0 sur:b true .")
    run_rules(store, [back, there])
    assert held(store, "back") == {f"event:{n} sur:b true" for n in range(1, 7)}


def test_a_higher_stratum_sees_all_that_a_lower_one_concludes() -> None:
    where = "?x sur:leadsTo ?y . FILTER NOT EXISTS { ?x sur:leadsTo event:6 . }"
    end = rule("end", 2, "?x sur:isNoted true .", where)
    store = world(LINE)
    assert run_rules(store, [CHAIN, end])["end"] == 0


def test_axioms_follow_before_a_rule_that_reads_what_they_give() -> None:
    store = world("event:a sur:a true .")
    given: list[set[str]] = []

    def close(new: list[Triple]) -> None:
        given.append({triple.predicate.value for triple in new})
        if SUR + "b" in given[-1]:
            store.update(f"{sparql_prologue()} INSERT DATA {{ event:a sur:axiomatic true . }}")

    after = rule("after", 1, "?x sur:c true .", "?x sur:axiomatic true .")
    run_rules(store, [after, rule("one", 1, *A_TO_B)], close, {SUR + "b": frozenset({SUR + "axiomatic"})})
    assert given == [{SUR + "b"}, {SUR + "c"}]
    assert held(store, "after") == {"event:a sur:c true"}


def test_axioms_follow_first_though_rules_between_need_none() -> None:
    store = world(LINE + "event:a sur:a true .")

    def close(new: list[Triple]) -> None:
        if SUR + "b" in {triple.predicate.value for triple in new}:
            store.update(f"{sparql_prologue()} INSERT DATA {{ event:a sur:axiomatic true . }}")

    between = rule("d", 1, "?x sur:d true .", "?x sur:a true .")
    after = rule("e", 1, "?x sur:c true .", "?x sur:axiomatic true .")
    rules = [rule("b", 1, *A_TO_B), CHAIN, between, after]
    assert [len(run) for run in _at_once(groups(rules, FOLLOWING))] == [1, 1, 1, 1]
    run_rules(store, rules, close, FOLLOWING)
    assert held(store, "e") == {"event:a sur:c true"}


def test_rules_that_read_nothing_of_each_other_are_asked_at_once() -> None:
    rules = [rule(name, 1, f"?x sur:{name} true .", "?x sur:a true .") for name in ("one", "three", "two")]
    reader = rule("reader", 1, "?x sur:c true .", "?x sur:two true .")
    above = rule("above", 2, "?x sur:d true .", "?x sur:a true .")
    runs = [
        [one.name for group in run for one in group.rules]
        for run in _at_once(groups([*rules, reader, above]))
    ]
    assert runs == [["one", "three", "two"], ["reader"], ["above"]]


def test_a_rule_runs_after_those_that_it_reads_from_and_only_those_of_a_circle_together() -> None:
    there = rule("there", 1, "?y sur:c true .", "?x sur:b true ; sur:leadsTo ?y .")
    back = rule("back", 1, "?x sur:b true .", "?x sur:c true .")
    last = rule("last", 1, "?x sur:d true .", "?x sur:c true .")
    found = groups([last, back, CHAIN, there])
    assert [[item.name for item in group.rules] for group in found] == [
        ["chain"],
        ["back", "there"],
        ["last"],
    ]
    assert [group.feeds_itself for group in found] == [True, True, False]
    assert [sorted(group.reads) for group in found] == [[], ["chain"], ["there"]]


def test_what_is_concluded_stands_in_the_graph_of_its_rule_and_says_so() -> None:
    store = world("event:a sur:a true .")
    minting = rule("minting", 1, "?new a sur:Conclusion ; sur:concludes ?x .", f"?x sur:a true . {MINT}")
    run_rules(store, [minting])
    new = "id/event/a/1"
    assert held(store, "minting") == {
        f"{new} rdf:type sur:Conclusion",
        f"{new} sur:concludes event:a",
        f"{new} sur:follows rule:minting",
    }
    assert store.query(f"ASK {{ <https://w3id.org/surplace/{new}> <{SUR}follows> ?rule }}")


def test_what_is_known_already_follows_again_where_a_rule_concludes_it() -> None:
    """So a reader sees that a statement of a passage follows from others, too."""
    store = world("event:a sur:a true ; sur:b true .")
    assert run_rules(store, [rule("one", 1, *A_TO_B)]) == {"one": 1}


def test_a_triple_without_a_subject_is_left_out() -> None:
    store = world('event:a sur:a true ; sur:hasNumber "1" .')
    literal = rule("literal", 1, "?n sur:b true .", "?x sur:hasNumber ?n .")
    unbound = rule("unbound", 1, "?x sur:b ?n .", "?x sur:a true . OPTIONAL { ?x sur:hasMotive ?n . }")
    assert run_rules(store, [literal, unbound]) == {"literal": 0, "unbound": 0}


def test_a_long_way_is_no_endless_one() -> None:
    step = rule("step", 1, "?y sur:b true .", "?x sur:b true ; sur:leadsTo ?y .")
    store = world(LINE + "event:0 sur:b true .")
    assert run_rules(store, [step], limits=Limits(rule_rounds=1)) == {"step": 6}


def test_a_rule_that_the_engine_refuses_is_named() -> None:
    text = f"{sparql_prologue()}CONSTRUCT {{ ?x sur:b ?y . }} WHERE {{ ?x sur:a ?y . }}"
    refused = Rule("refused", "Summary", "", (), 1, text + " GROUP", read_shape(text, "rules/refused.rq"))
    with pytest.raises(SurplaceError) as caught:
        run_rules(world(""), [refused])
    assert re.fullmatch(
        r"ontology/rules/refused\.rq cannot be run \(.+\): correct the rule\.", str(caught.value)
    )
    assert "\n" not in str(caught.value)


HEADER = "#+ summary: A rule\n#+ source: instrument:vclt\n#+ stratum: 1\n"
QUERY = "CONSTRUCT { ?x ?p ?y . }\nWHERE { ?x ?p ?y . }\n"


def read(folder: Path, text: str) -> list[Rule]:
    """Read a folder with one rule."""
    (folder / "a-rule.rq").write_text(text, encoding="utf-8")
    return read_rules(folder)


def test_a_rule_is_read_with_its_header(tmp_path: Path) -> None:
    header = HEADER.replace("vclt\n", "vclt https://legal.un.org/a.pdf\n") + "#+ description: More.\n"
    (found,) = read(tmp_path, header + QUERY)
    assert (found.name, found.summary, found.description, found.stratum) == ("a-rule", "A rule", "More.", 1)
    assert found.sources == ("https://w3id.org/surplace/id/instrument/vclt", "https://legal.un.org/a.pdf")
    assert found.iri == "https://w3id.org/surplace/rule/a-rule"
    assert found.text == QUERY


def test_rules_come_in_the_order_of_strata_and_names(tmp_path: Path) -> None:
    for name, stratum in (("b", 1), ("c", 10), ("a", 2), ("a-1", 1)):
        text = HEADER.replace("stratum: 1", f"stratum: {stratum}") + QUERY
        (tmp_path / f"{name}.rq").write_text(text, encoding="utf-8")
    (tmp_path / "README.md").write_text("Not a rule.", encoding="utf-8")
    assert [(found.stratum, found.name) for found in read_rules(tmp_path)] == [
        (1, "a-1"),
        (1, "b"),
        (2, "a"),
        (10, "c"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            HEADER + "CONSTRUCT { ?x ?p ?y . }\nWHERE { ?x ?p . }\n",
            r"ontology/rules/a-rule\.rq, line 5, column 15: .+\.",
        ),
        (
            HEADER + "CONSTRUCT { ?x un:known ?y . }\nWHERE { ?x ?p ?y . }\n",
            r"ontology/rules/a-rule\.rq, line 4, column 16: the prefix of \"un:known\" is not declared: .+\.",
        ),
        (
            HEADER + "SELECT ?x WHERE { ?x ?p ?y . }\n",
            r"ontology/rules/a-rule\.rq is not a CONSTRUCT query: a rule constructs what it concludes\.",
        ),
        (
            HEADER + "CONSTRUCT { ?x ?p [] . }\nWHERE { ?x ?p ?y . }\n",
            r"ontology/rules/a-rule\.rq constructs a blank node: give what it concludes an IRI from keys\.",
        ),
        (
            HEADER + "CONSTRUCT { _:b ?p ?y . }\nWHERE { ?x ?p ?y . }\n",
            r"ontology/rules/a-rule\.rq constructs a blank node: give what it concludes an IRI from keys\.",
        ),
        (
            HEADER.replace("stratum: 1", "stratum: -1") + QUERY,
            r'ontology/rules/a-rule\.rq: the stratum is "-1": write a whole number, 1 for the first\.',
        ),
        (
            HEADER.replace("stratum: 1", "stratum: 0") + QUERY,
            r'ontology/rules/a-rule\.rq: the stratum is "0": write a whole number, 1 for the first\.',
        ),
        (
            HEADER.replace("source: instrument:vclt", "source: treaty:vclt") + QUERY,
            r'ontology/rules/a-rule\.rq: the source "treaty:vclt" is no IRI: write instrument:… or a .+\.',
        ),
        (
            HEADER.replace("#+ source: instrument:vclt\n", "") + QUERY,
            r"ontology/rules/a-rule\.rq: the source in the header is missing or not text: .+\.",
        ),
        (
            HEADER.replace("A rule", "A rule: of thumb") + QUERY,
            r"ontology/rules/a-rule\.rq, line 1: the header is not YAML \(.+\): correct the #\+ lines; .+\.",
        ),
        (QUERY, r"ontology/rules/a-rule\.rq: the stratum in the header is missing or not text: .+\."),
    ],
)
def test_a_faulty_file_is_refused_with_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SurplaceError) as caught:
        read(tmp_path, text)
    assert re.fullmatch(sentence, str(caught.value)), str(caught.value)
