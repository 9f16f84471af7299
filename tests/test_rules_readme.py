"""ontology/rules/README.md lists every rule as its header describes it, with its source in words."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from surplace.namespaces import RULE, SKOS
from surplace.resources import data_dir, ontology_dir
from surplace.rules.rule import Rule
from two_engines import project_rules

FOLDER = ontology_dir() / "rules"
README = FOLDER / "README.md"
ELSEWHERE = {
    "https://legal.un.org/ilc/texts/instruments/english/conventions/3_2_1978.pdf": (
        "Vienna Convention on Succession of States in respect of Treaties"
    ),
    "https://legal.un.org/ilc/texts/instruments/english/draft_articles/9_6_2001.pdf": (
        "ILC Articles on State Responsibility"
    ),
    "https://legal.un.org/ilc/texts/instruments/english/draft_articles/9_11_2011.pdf": (
        "ILC Articles on the Responsibility of International Organizations"
    ),
    "https://www.icj-cij.org/statute": "Statute of the International Court of Justice",
    "https://www.w3.org/TR/xmlschema11-2/": "XML Schema 1.1, Part 2: Datatypes",
}
"""What documents are called that the data do not describe."""


def labels() -> dict[str, str]:
    """Return the labels that the data give to things."""
    return {
        quad.subject.value: quad.object.value
        for path in data_dir().rglob("*.trig")
        for quad in parse(path.read_bytes(), format=RdfFormat.TRIG)
        if quad.predicate.value == SKOS + "prefLabel" and isinstance(quad.subject, NamedNode)
    }


def table(rules: list[Rule], names: dict[str, str]) -> list[str]:
    """Write the table of rules from their headers."""
    rows = ["| stratum | rule | what it concludes | source |", "|---|---|---|---|"]
    for rule in rules:
        for source in rule.sources:
            if source not in names:
                raise SystemExit(
                    f"{rule.name}.rq: {source} has no label: record the provision in data/, or name another."
                )
        sources = "; ".join(names[source] for source in rule.sources)
        rows.append(f"| {rule.stratum} | [{rule.name}]({rule.name}.rq) | {rule.summary} | {sources} |")
    return rows


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return project_rules()


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_a_rule_whose_source_is_not_in_the_data_is_named(rules: list[Rule]) -> None:
    source = rules[0].sources[0]
    names = {name: label for name, label in (labels() | ELSEWHERE).items() if name != source}
    with pytest.raises(SystemExit, match=f"^{rules[0].name}.rq: {source} has no label: record the provision"):
        table(rules, names)


def test_the_documents_named_here_are_sources_of_rules(rules: list[Rule]) -> None:
    assert set(ELSEWHERE) <= {source for rule in rules for source in rule.sources}


def test_links_lead_to_files(readme: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert links
    assert [link for link in links if not (FOLDER / link).exists()] == []


def test_a_rule_says_what_it_concludes_in_one_sentence(rules: list[Rule]) -> None:
    for rule in rules:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name), rule.name
        assert rule.summary[0].isupper(), rule.name
        assert not rule.summary.endswith("."), rule.name
        assert not rule.description or rule.description.endswith("."), rule.name
        assert "|" not in rule.summary, rule.name


def test_the_readme_names_the_keys_and_the_graph_of_a_rule(readme: str) -> None:
    for key in ("summary", "description", "source", "stratum"):
        assert f"`{key}`" in readme
    assert f"`{RULE}" in readme
