"""Everything that is concluded is explained, down to passages and records, with nothing left out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from conftest import World, run
from surplace.articles import wording_digest
from surplace.build.pipeline import build
from surplace.engine.release import Release, find_release
from surplace.engine.table import Table
from surplace.errors import SurplaceError
from surplace.explain.explanation import explain_thing, walk
from surplace.explain.statements import Statement, to_iri, to_object, to_predicate
from surplace.explain.tree import Explainer
from surplace.namespaces import PROV, RDF, RULE, SUR, XSD

BASE = "https://w3id.org/surplace/"
RETURN = BASE + "id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1"
FOLLOWS = NamedNode(SUR + "follows")
MOST_QUERIES = 30
ACCESSION = BASE + "id/consent/accord/AAA"

RULE_TEXT = """#+ summary: Whoever accedes is in
#+ source: https://example.org/law
#+ stratum: 1
PREFIX sur: <https://w3id.org/surplace/ontology/>
CONSTRUCT { ?entry a sur:Act ; sur:isDoneBy ?state } WHERE {
    ?consent a sur:Accession ; sur:isGivenBy ?state .
    FILTER NOT EXISTS { ?consent sur:isQuestionedBy ?anyone . }
    BIND(IRI(CONCAT(STR(?consent), "/in")) AS ?entry)
}
"""


class Direct:
    """Answers from a store in this process, as Knowledge does from an engine, and counts the queries."""

    def __init__(self, store: Store, folder: Release | None = None) -> None:
        self.store, self.folder, self.asked = store, folder, 0

    def select(self, query: str) -> Table:
        self.asked += 1
        answer = self.store.query(query)
        names = tuple(variable.value for variable in answer.variables)  # type: ignore[union-attr]
        rows = [
            {name: term for name, term in zip(names, row, strict=True) if term is not None}
            for row in answer  # type: ignore[union-attr]
        ]
        return Table(names, rows)

    def labels(self, iris: set[str]) -> dict[str, str]:
        self.asked += 1
        return {iri: iri for iri in iris}


ARTICLE = f"""
GRAPH <https://w3id.org/surplace/source/text-accord/article/2> {{
    <https://w3id.org/surplace/id/instrument/accord/article/2> sur:isPartOf instrument:accord .
}}
GRAPH graph:provenance {{
    source:text-accord a sur:Source ; skos:prefLabel "Text of the Accord"@en ;
        sur:isCopyOf instrument:accord .
    <https://w3id.org/surplace/source/text-accord/article/2> a sur:ProvisionPassage ;
        sur:isPassageOf source:text-accord ; sur:hasLocator "Article 2" ;
        sur:hasDigest "{wording_digest("Envoys knock first.")}" .
}}
"""


def conclusions(store: Store) -> Iterator[Statement]:
    """Yield, for each conclusion of a rule, one of the classes that it gives: it gives them all at once."""
    kind = NamedNode(RDF + "type")
    for quad in store.quads_for_pattern(None, FOLLOWS, None, None):
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(RULE):
            typed = store.quads_for_pattern(quad.subject, kind, None, quad.graph_name)
            yield Statement(quad.subject, kind, min((of.object for of in typed), key=str))


def test_nothing_that_is_concluded_is_unexplained(real_store: Store, project_release: Path) -> None:
    # the release knows the shapes of the rules, which take seconds to parse
    explainer = Explainer(Direct(real_store, find_release(project_release)))  # type: ignore[arg-type]
    found = list(conclusions(real_store))
    assert len({statement.subject for statement in found}) > 500
    assert [str(node.statement) for node in explainer.explain(*found) if not node.is_explained] == []


def test_an_explanation_takes_few_queries_whatever_is_concluded(project_release: Path) -> None:
    release = find_release(project_release)
    store = Store.read_only(str(release.store))
    by_rule = {quad.graph_name: quad.subject for quad in store.quads_for_pattern(None, FOLLOWS, None, None)}
    concluded = {thing for graph, thing in by_rule.items() if str(graph).startswith(f"<{RULE}")}
    assert len(concluded) > 20
    asked = {}
    for thing in {NamedNode(RETURN), *concluded}:
        direct = Direct(store, release)
        assert explain_thing(thing, direct).trees  # type: ignore[arg-type]
        asked[thing] = direct.asked
    assert {thing: number for thing, number in asked.items() if number > MOST_QUERIES} == {}
    assert max(asked.values()) > 10


def test_the_return_of_north_koreans_is_led_back_to_sentence_record_and_article(real_store: Store) -> None:
    explanation = explain_thing(NamedNode(RETURN), Direct(real_store))  # type: ignore[arg-type]
    leaves = {o.graph.removeprefix(BASE) for node in walk(explanation.trees) for o in node.origins}
    assert leaves >= {
        "source/cohen-2010/p4/s8",
        "source/untc/V-2/CHN",
        "source/untc/V-5/CHN",
        "source/text-1951-convention/article/33/1",
        "source/text-1951-convention/article/43/2",
        "source/text-1967-protocol/article/I/1",
        "rule/entry-into-force-for-a-state",
        "rule/people-who-may-qualify",
    }
    facts = {(title, getattr(term, "value", "")) for title, term in explanation.facts}
    assert ("verdict", BASE + "vocab/verdict/conflict") in facts
    assert ("agrees with", BASE + "claim/return-violates-convention-high-commissioner") in facts
    assert "corroborated by" not in dict(facts), "the passage that says so states the conduct, too"


@pytest.fixture
def release(small_world: World) -> Path:
    """Build the small world with one rule."""
    folder = small_world.inputs.ontology / "rules"
    folder.mkdir()
    module = small_world.inputs.ontology / "modules/all.ttl"
    defined = "sur:isQuestionedBy a owl:ObjectProperty .\n"
    module.write_text(module.read_text(encoding="utf-8") + defined, encoding="utf-8")
    (folder / "whoever-accedes.rq").write_text(RULE_TEXT, encoding="utf-8")
    (small_world.inputs.queries / "checks/data/treaty-without-party.rq").unlink()
    small_world.add("reference/accord.trig", ARTICLE)
    build(small_world.inputs, small_world.out)
    return small_world.out


def test_a_conclusion_as_a_tree(release: Path) -> None:
    code, output = run("explain", ACCESSION + "/in", "--release", release)
    assert code == 0
    assert output == (
        "id/consent/accord/AAA/in\n"
        "• id/consent/accord/AAA/in is act\n"
        "    by the rule: Whoever accedes is in\n"
        "    and nothing recorded speaks against it (sur:isQuestionedBy)\n"
        "  • id/consent/accord/AAA is accession\n"
        "      stated in source/untc/I-1/AAA\n"
        "  • id/consent/accord/AAA is given by Aland\n"
        "      stated in source/article/p1/s1\n"
        "      stated in source/untc/I-1/AAA\n"
    )


def test_a_statement_that_an_axiom_adds(release: Path) -> None:
    code, output = run("explain", ACCESSION, "sur:isDoneBy", "state:AAA", "--release", release)
    assert code == 0
    assert "by the axiom: If x is given by y, then x is done by y" in output
    assert "  • id/consent/accord/AAA is given by Aland" in output


def test_sentences_are_quoted_where_the_text_is_at_hand(release: Path, tmp_path: Path) -> None:
    text = tmp_path / "article.txt"
    text.write_text("Aland   ratified\nthe Accord.  Its envoy said so “twice”.[1]\n", encoding="utf-8")
    code, output = run("explain", ACCESSION + "/in", "--text", text, "--release", release)
    assert code == 0
    assert "      stated in source/article/p1/s1\n      “Aland ratified the Accord.”\n" in output
    text.write_text("Something else.", encoding="utf-8")
    code, output = run("explain", ACCESSION + "/in", "--text", text, "--release", release)
    assert (code, output.count("\n")) == (1, 1)
    assert "holds no passage of any source" in output


def test_articles_are_quoted_from_the_copy_that_is_named_after_the_treaty(
    release: Path, tmp_path: Path
) -> None:
    statement = ("id/instrument/accord/article/2", "sur:isPartOf", "instrument:accord")
    copy = tmp_path / "accord.txt"
    copy.write_text("Article 2\nEnvoys knock first.\n", encoding="utf-8")
    _, output = run("explain", *statement, "--text", copy, "--release", release)
    assert output.endswith(
        "    stated in source/text-accord/article/2\n"
        "    “Envoys knock first.” "
        "(as the copy at hand has it; its digest agrees with the copy that was read)\n"
    )
    copy.write_text("Article 2\nEnvoys knock twice.\n", encoding="utf-8")
    _, output = run("explain", *statement, "--text", copy, "--format", "json", "--release", release)
    (origin,) = json.loads(output)["nodes"][0]["origins"]
    assert (origin["quote"], origin["quoteNote"]) == (
        "Envoys knock twice.",
        "as the copy at hand has it, which differs from the copy that was read",
    )
    copy.write_text("Envoys knock first.\n", encoding="utf-8")
    _, output = run("explain", *statement, "--text", copy, "--release", release)
    assert output == (
        "surplace: accord.txt has no article: put each under a heading of its own, such as “Article 1”.\n"
    )


def test_an_explanation_as_json_and_as_prov(release: Path) -> None:
    _, output = run("explain", ACCESSION + "/in", "--format", "json", "--release", release)
    report = json.loads(output)
    nodes = report["nodes"]
    (top,) = (nodes[number] for number in report["trees"])
    assert [origin["kind"] for origin in top["origins"]] == ["rule"]
    assert {nodes[number]["origins"][0]["kind"] for number in top["premises"]} == {"passage"}
    _, turtle = run("explain", ACCESSION + "/in", "--format", "ttl", "--release", release)
    triples = list(parse(turtle.encode(), format=RdfFormat.TURTLE))
    entity = (
        f"{BASE}statement/"
        + hashlib.sha256(f"<{ACCESSION}/in> <{RDF}type> <{SUR}Act>".encode()).hexdigest()[:32]
    )
    derived = {
        t.object
        for t in triples
        if t.subject == NamedNode(entity) and t.predicate.value == PROV + "wasDerivedFrom"
    }
    assert len(derived) == 2
    sources = {
        t.object for t in triples if t.subject in derived and t.predicate.value == PROV + "hadPrimarySource"
    }
    assert NamedNode(BASE + "source/untc/I-1/AAA") in sources


def test_what_is_cut_says_so(release: Path) -> None:
    _, output = run("explain", ACCESSION + "/in", "--width", "1", "--release", release)
    assert "… cut here: one more premise\n" in output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["state:XYZ"], "Nothing is said of state:XYZ"),
        (["state:AAA", "sur:isDoneBy"], "A statement has three parts"),
        (["state:AAA", "sur:isDoneBy", "state:BBB"], "No graph holds"),
        (["state:AAA", "sur:isDoneBy", '"1'], "is not a literal"),
        (["state:AAA", "sur:isDoneBy", '"1" , <<( <a:a> <a:a> 1 )>>'], "is not a literal"),
        (["state:AAA", "sur:isDoneBy", "<<( <a:a> <a:a> 1 )>>"], "is not an IRI"),
        (["state:AAA", "sur:isDoneBy", '"' + "x" * 2000 + '"'], "has 2002 characters: write at most 2000"),
        (["http://a b"], "is not an IRI"),
    ],
)
def test_what_cannot_be_explained(arguments: list[str], words: str, release: Path) -> None:
    code, output = run("explain", *arguments, "--release", release)
    assert code == 1
    assert output.startswith("surplace: ")
    assert words in output
    assert output.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("state:AAA", f"<{BASE}id/state/AAA>"),
        ("<https://example.org/x>", "<https://example.org/x>"),
        ("'it''", None),
        ("'it\\'s'", '"it\'s"'),
        ('"a\\nb\\u0041"@en', '"a\\nbA"@en'),
        ('"1982-12-23"^^xsd:date', f'"1982-12-23"^^<{XSD}date>'),
        (f'"1982-12-23"^^<{XSD}date>', f'"1982-12-23"^^<{XSD}date>'),
        ("-12", f'"-12"^^<{XSD}integer>'),
        ("1.50", f'"1.50"^^<{XSD}decimal>'),
        ("true", f'"true"^^<{XSD}boolean>'),
        ('"x"@e n', None),
        ('"x"^^<a b>', None),
        ('"x"^^foo:bar', None),
        ('"""x"""', None),
        ('"x\ny"', None),
        ('"x" . <a:a> <a:a> "y"', None),
        ('"x", [ <a:a> 1 ]', None),
        ('"x\udcff"', None),
        ('"x" , ' + "<<(<a:a> <a:a> " * 50 + "1" + ")>>" * 50, None),
        ('"x" , ' + "<<(<a:a> <a:a> " * 25_000 + "1" + ")>>" * 25_000, None),
    ],
)
def test_an_object_is_an_iri_or_one_literal(text: str, term: str | None) -> None:
    if term is not None:
        assert str(to_object(text)) == term
        return
    with pytest.raises(SurplaceError) as caught:
        to_object(text)
    message = str(caught.value)
    assert "\n" not in message
    assert "is not a literal: write it as in" in message or "write at most 2000" in message


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("a", f"{RDF}type"),
        ("rdf:type", f"{RDF}type"),
        (f"<{RDF}type>", f"{RDF}type"),
        ("<ontology/isGivenBy>", f"{SUR}isGivenBy"),
    ],
)
def test_a_predicate_is_read_as_turtle_has_it(text: str, iri: str) -> None:
    assert to_predicate(text).value == iri
    assert text == "a" or to_iri(text).value == iri
