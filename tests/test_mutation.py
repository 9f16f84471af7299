"""Mutants have one fault each, and what no test finds is listed below a reason."""

from __future__ import annotations

import os
import signal

import pytest

import test_rules
import test_shapes
from mutation import survivors
from mutation.editing import mutants
from mutation.judging import Judge
from two_engines import questions

QUERY = """SELECT DISTINCT ?a WHERE {
    VALUES ?kind { <urn:k> <urn:l> }
    ?a a <urn:C> ; <urn:p>/<urn:q>* ?kind .
    OPTIONAL { GRAPH ?g { ?a <urn:r> ?b } }
    { ?a <urn:s> 1 } UNION { ?a <urn:t>|<urn:u> "x"@en, ?b }
    FILTER(?b < 3)
    FILTER NOT EXISTS { ?b <urn:v> ?c . }
}"""


def test_a_mutant_lacks_one_thing_or_has_another() -> None:
    assert [(mutant.kind, mutant.line, mutant.lost) for mutant in mutants(QUERY)] == [
        ("pattern", 3, "?a a <urn:C> ."),
        ("pattern", 3, "?a <urn:p>/<urn:q>* ?kind ."),
        ("path", 3, "* of <urn:p>/<urn:q>*"),
        ("optional", 4, "OPTIONAL { GRAPH ?g { ?a <urn:r> ?b } }"),
        ("graph", 4, "GRAPH ?g { ?a <urn:r> ?b }"),
        ("pattern", 4, "?a <urn:r> ?b ."),
        ("branch", 5, "{ ?a <urn:s> 1 }"),
        ("branch", 5, '{ ?a <urn:t>|<urn:u> "x"@en, ?b }'),
        ("pattern", 5, "?a <urn:s> 1 ."),
        ("pattern", 5, '?a <urn:t>|<urn:u> "x"@en .'),
        ("pattern", 5, "?a <urn:t>|<urn:u> ?b ."),
        ("alternative", 5, "<urn:t>| of <urn:t>|<urn:u>"),
        ("alternative", 5, "|<urn:u> of <urn:t>|<urn:u>"),
        ("filter", 6, "FILTER(?b < 3)"),
        ("not-exists", 7, "FILTER NOT EXISTS { ?b <urn:v> ?c . }"),
        ("pattern", 7, "?b <urn:v> ?c ."),
        ("distinct", 1, "SELECT DISTINCT ?a WHERE {"),
        ("item", 2, "<urn:k> in VALUES ?kind { <urn:k> <urn:l> }"),
        ("item", 2, "<urn:l> in VALUES ?kind { <urn:k> <urn:l> }"),
        ("constant", 3, "<urn:C> in ?a a <urn:C> ; <urn:p>/<urn:q>* ?kind ."),
        ("compared", 6, "< in FILTER(?b < 3)"),
    ]


def test_the_values_of_a_parameter_are_no_fault() -> None:
    assert not [mutant for mutant in mutants(QUERY, ["kind"]) if mutant.kind == "item"]


def test_what_ends_or_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mutation.judging.SECONDS", 0.2)
    answers = [
        lambda: False,
        lambda: os.kill(os.getpid(), signal.SIGKILL),
        lambda: True,
        lambda: any(iter(int, 1)),  # without end
        lambda: False,
    ]
    made = list(mutants(QUERY))[: len(answers)]
    judge = Judge("a", made, lambda number: bool(answers[number]()))
    assert judge.survivors() == [made[0], made[4]]


def test_what_is_listed_as_not_found_is_of_what_there_is() -> None:
    there = {"rules": test_rules.NAMES, "questions": questions().queries, "shapes": test_shapes.worlds()}
    for part, names in there.items():
        for reason, listed in survivors.read(part).items():
            assert set(listed) <= set(names), f"{part}, {reason}"
