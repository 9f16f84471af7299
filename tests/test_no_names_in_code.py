"""No rule and no code knows a state or a treaty: what is said of one is data. Examples may name some."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

import surplace
from surplace.namespaces import PREFIXES, RDF, SKOS, SUR
from surplace.resources import data_dir, ontology_dir
from test_rules import NAMES

CODE = Path(surplace.__file__).parent
TREATIES = {NamedNode(SUR + name) for name in ("Treaty", "Protocol")}
LABELS = {NamedNode(SKOS + name) for name in ("prefLabel", "altLabel")}
EXAMPLES = {"example", "epilog", "EXAMPLE", "EXAMPLES"}
"""The arguments and constants that hold an example."""
SUCH_AS = r"(?:such as|as in|as|or) (?:\w+:)?"
"""What introduces an example within a sentence."""


@cache
def named() -> re.Pattern[str]:
    """Return what finds the code of a state, the key of a treaty or what it is called, from the data."""
    quads = [
        quad
        for path in sorted(data_dir().rglob("*.trig"))
        for quad in parse(path.read_bytes(), format=RdfFormat.TRIG)
    ]
    codes = {quad.object.value for quad in quads if quad.predicate.value == SUR + "hasIsoCode"}
    kind = NamedNode(RDF + "type")
    treaties = {quad.subject for quad in quads if quad.predicate == kind and quad.object in TREATIES}
    keys = {treaty.value.removeprefix(PREFIXES["instrument"]) for treaty in treaties}
    called = {
        quad.object.value
        for quad in quads
        if quad.subject in treaties and quad.predicate in LABELS and isinstance(quad.object, Literal)
    }
    assert len(codes) >= 14
    assert len(keys) >= 7
    assert called
    names = sorted({re.escape(name) for name in codes | keys | called}, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])")


@pytest.mark.parametrize("rule", NAMES)
def test_a_rule_names_no_state_and_no_treaty(rule: str) -> None:
    """Its sources are named in the header of its file."""
    text = (ontology_dir() / "rules" / f"{rule}.rq").read_text(encoding="utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert named().findall(body) == []


def test_code_names_no_state_and_no_treaty_but_in_examples() -> None:
    found = {
        f"{path.relative_to(CODE)}, line {node.lineno}: {name}"
        for path in sorted(CODE.rglob("*.py"))
        for node in texts(ast.parse(path.read_text(encoding="utf-8")))
        for name in named().findall(re.sub(rf"{SUCH_AS}{named().pattern}", "", node.value))
    }
    assert found == set()


def test_pages_name_no_state_and_no_treaty() -> None:
    pages = [path for path in CODE.rglob("*") if path.suffix in (".html", ".js", ".css")]
    assert pages
    assert {path.name: hits for path in pages if (hits := named().findall(path.read_text("utf-8")))} == {}


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the texts of a module, but for docstrings and examples."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        given = {target.id for target in targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.keyword) and node.arg:
            given.add(node.arg)
        if given & EXAMPLES:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        yield from texts(node)
