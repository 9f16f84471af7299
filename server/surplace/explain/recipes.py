"""Recipes: the CONSTRUCT queries of rules and axioms, asked backwards from a statement to its premises."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from surplace.build import axioms as of_axioms
from surplace.build.axioms import AxiomRule
from surplace.engine.release import AXIOMS, RULES, Release
from surplace.engine.table import Row
from surplace.explain.asking import Answers, Level, Question
from surplace.explain.paths import resolve, ways, written
from surplace.explain.statements import Statement
from surplace.namespaces import KNOWLEDGE, RULE, SKOS, SUR
from surplace.rdf.terms import Term, text_of
from surplace.rules import patterns
from surplace.rules.parsing import read_shape
from surplace.rules.patterns import ABSENT, AGGREGATED, REQUIRED, Pattern, Shape

_UNSAID: Final = {f"<{SKOS}prefLabel>"}
"""Properties that name things: what they say is no premise."""
_TEXTS: Final = Question((f"?graph <{SUR}hasQueryText> ?text",), ("graph",), 100)


@dataclass(frozen=True)
class Premise:
    """A statement that a conclusion rests on, and its graph where the rule names one."""

    statement: Statement
    graph: str | None


@dataclass(frozen=True)
class Derivation:
    """What led to a statement in one graph: premises, and properties of which nothing is recorded."""

    premises: tuple[Premise, ...]
    absent: tuple[str, ...]


class Recipes:
    """Knows the queries that fill graphs, and asks them backwards."""

    def __init__(self, release: Release | None, most: int) -> None:
        """Take queries from *release*, if it carries them; look at *most* solutions of a query at most."""
        self._most = most
        self._carried = _carried(*_files(release)) if release is not None else None
        self._read: dict[str, list[Shape]] = {}

    def derivation(
        self, graph: str, statement: Statement, said: Mapping[str, list[Term]]
    ) -> Generator[list[Level], Answers, Derivation | None]:
        """Find what led to a statement that stands in a graph of a rule or axiom; None if nothing does.

        *said* has what that graph says of the subject, by the property as N-Triples write it.
        """
        for shape in (yield from self._shapes(graph)):
            unified = list(_matches(shape, statement))
            bindings = [_completed(shape, known, statement, said) for known in unified]
            answers = yield [self._backwards(shape, known) for known in bindings]
            premises: dict[Premise, None] = {}
            for known, solutions in zip(bindings, answers, strict=True):
                for found in (yield from _premises(shape, solutions, self._most)):
                    # a branch that does not speak of what the statement speaks of did not lead to it
                    spoken = {term for premise in found for term in premise.statement.terms()}
                    if {term for name, term in known.items() if name not in shape.assigned} <= spoken:
                        premises |= dict.fromkeys(found)
            if premises:
                premises.pop(Premise(statement, None), None)
                return Derivation(tuple(premises), tuple(_absent(shape))) if premises else None
        return None

    def _shapes(self, graph: str) -> Generator[list[Level], Answers, list[Shape]]:
        """Find the queries that fill a graph; where no release carries them, their texts are read."""
        if self._carried is not None:
            return self._carried.get(graph, [])
        if graph not in self._read:
            (rows,) = yield [Level(_TEXTS, (NamedNode(graph),))]
            self._read[graph] = [
                _parsed(text, graph) for text in sorted(text_of(row["text"]) for row in rows)
            ]
        return self._read[graph]

    def _backwards(self, shape: Shape, bindings: Mapping[str, Term]) -> Level:
        """Ask for the solutions of the body of a query that fit *bindings*."""
        values = {_inside(name) if name in shape.assigned else name: t for name, t in bindings.items()}
        filters = "".join(
            f" FILTER(sameTerm(?{name}, ?{_inside(name)}))" for name in bindings if name in shape.assigned
        )
        question = Question((shape.where + filters,), tuple(values), self._most, shape.prefixes)
        return Level(question, tuple(values.values()))


def _inside(name: str) -> str:
    """Name the value that a variable must come to have."""
    return f"surplace_{name}"


def _files(release: Release) -> tuple[Path, tuple[str, ...]]:
    """Return the folder of a release and the hashes of what it carries."""
    return release.path, tuple(record["sha256"] for record in release.manifest.get("learned", ()))


@lru_cache(maxsize=2)
def _carried(folder: Path, hashes: tuple[str, ...]) -> Mapping[str, list[Shape]] | None:
    """Return the queries that a release carries, by the graphs that they fill; None if it carries none."""
    if not hashes:
        return None
    release = Release(folder, {}, folder)
    found = {RULE + name: [patterns.of_json(shape)] for name, shape in release.learned(RULES).items()}
    for axiom in of_axioms.of_json(release.learned(AXIOMS)).all:
        found[axiom.graph] = [_of_axiom(rule) for rule in axiom.rules]
    return found


def _of_axiom(rule: AxiomRule) -> Shape:
    """Return what a rule of an axiom says."""
    head, *body = (
        tuple(term if term.startswith("?") else f"<{term}>" for term in pattern)
        for pattern in (rule.head, *rule.body)
    )
    where = " ".join(f"{s} {p} {o} ." for s, p, o in body)
    read = tuple(Pattern(s, p, o, None, REQUIRED) for s, p, o in body)
    none = frozenset[patterns.Key]()
    return Shape((head,), read, (), frozenset(), none, none, none, {}, where)  # type: ignore[arg-type]


@lru_cache(maxsize=1024)
def _parsed(text: str, graph: str) -> Shape:
    """Read a query that an endpoint gives."""
    return read_shape(text, graph)


def _matches(shape: Shape, statement: Statement) -> Iterator[dict[str, Term]]:
    """Yield the bindings under which a triple of the template is the statement."""
    for triple in shape.template:
        bindings: dict[str, Term] = {}
        for pattern, term in zip(triple, statement.terms(), strict=True):
            if pattern.startswith("?"):
                if bindings.setdefault(pattern[1:], term) != term:
                    break
            elif pattern != str(term):
                break
        else:
            yield bindings


def _completed(
    shape: Shape, bindings: dict[str, Term], statement: Statement, said: Mapping[str, list[Term]]
) -> dict[str, Term]:
    """Add to *bindings* what else the graph says of the subject, where that is one thing only.

    A conclusion has an IRI of its own, which says nothing; its properties say what it is about.
    """
    about = [
        (predicate, value)
        for subject, predicate, value in shape.template
        if value.startswith("?") and _bound(subject, bindings) == statement.subject
    ]
    if len(about) < 2:
        return bindings
    named = [predicate for predicate, _ in about]
    single = {p: said[p][0] for p in named if len(said.get(p, ())) == 1 and named.count(p) == 1}
    return {**{value[1:]: single[predicate] for predicate, value in about if predicate in single}, **bindings}


def _premises(
    shape: Shape, solutions: list[Row], most: int
) -> Generator[list[Level], Answers, list[list[Premise]]]:
    """Find the statements that each solution was read from.

    What lies below an aggregate no solution shows; it is asked for with what the solution says.
    """
    direct = [
        pattern
        for pattern in shape.body
        if pattern.role not in (ABSENT, AGGREGATED) and pattern.predicate not in _UNSAID
    ]
    below = [_below(patterns, solution, most) for solution in solutions for patterns in shape.alternatives]
    walks = [walk for solution in solutions for pattern in direct if (walk := _walk(pattern, solution))]
    known = yield from _ask([*below, *walks])
    matched = [
        [
            (patterns, {**solution, **row})
            for patterns in shape.alternatives
            for row in known[_below(patterns, solution, most)]
        ]
        for solution in solutions
    ]
    more = [
        walk
        for found in matched
        for patterns, row in found
        for pattern in patterns
        if (walk := _walk(pattern, row))
    ]
    known |= yield from _ask(more)
    return [
        [
            premise
            for patterns, row in ((direct, solution), *found)
            for pattern in patterns
            for premise in _read(pattern, row, known)
        ]
        for solution, found in zip(solutions, matched, strict=True)
    ]


def _ask(asked: list[Level]) -> Generator[list[Level], Answers, dict[Level, list[Row]]]:
    """Ask what there is to ask, if anything."""
    return dict(zip(asked, (yield asked), strict=True)) if asked else {}


def _below(patterns: tuple[Pattern, ...], solution: Row, most: int) -> Level:
    """Ask for what patterns below an aggregate match, given a solution."""
    terms = [term for p in patterns for term in (p.subject, p.predicate, p.object, p.graph)]
    names = sorted({str(t)[1:] for t in terms if isinstance(t, str) and t.startswith("?")} & solution.keys())
    names = [name for name in names if not isinstance(solution[name], BlankNode)]
    where = " ".join(_where(pattern, names) for pattern in patterns)
    return Level(Question((where,), tuple(names), most), tuple(solution[name] for name in names))


def _walk(pattern: Pattern, solution: Row) -> Level | None:
    """Ask for the statements that a path walks; None for a property, or where it is not walked."""
    ends = _bound(pattern.subject, solution), _bound(pattern.object, solution)
    if isinstance(pattern.predicate, str) or ends[0] is None or ends[1] is None:
        return None
    return Level(ways(pattern.predicate), (ends[0], ends[1]))


def _read(pattern: Pattern, solution: Row, known: Mapping[Level, list[Row]]) -> Iterator[Premise]:
    """Yield the statements of a pattern in a solution; none of a branch or an option that was not taken."""
    start, end = _bound(pattern.subject, solution), _bound(pattern.object, solution)
    if start is None or end is None:
        return
    graph = _bound(pattern.graph, solution) if pattern.graph is not None else None
    place = graph.value if isinstance(graph, NamedNode) else None
    walk = _walk(pattern, solution)
    if walk is not None:
        walked = [Statement(row["s"], row["p"], row["o"]) for row in known[walk]]
        yield from (Premise(found, place) for found in resolve(start, pattern.predicate, end, walked))
        return
    predicate = _bound(str(pattern.predicate), solution)
    if predicate is not None:
        yield Premise(Statement(start, predicate, end), place)


def _absent(shape: Shape) -> Iterator[str]:
    """Yield the properties that the query asks not to be there, each once."""
    found = (p.predicate for p in shape.body if p.role == ABSENT and isinstance(p.predicate, str))
    yield from dict.fromkeys(predicate[1:-1] for predicate in found if predicate.startswith("<"))


def _bound(term: str, solution: Row) -> Term | None:
    """Return what a term of a pattern stands for in a solution; None for what has no value, or no name."""
    found = solution.get(term[1:]) if term.startswith("?") else _constant(term)
    return None if isinstance(found, BlankNode) else found


@cache
def _constant(text: str) -> Term:
    """Return the term that is written as in N-Triples."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    if text.startswith("_:"):
        return BlankNode(text[2:])
    (triple,) = parse(f"<a:a> <a:a> {text} .".encode(), format=RdfFormat.N_TRIPLES)
    literal: Literal = triple.object
    return literal


def _where(pattern: Pattern, given: list[str]) -> str:
    """Write a pattern for a query, in its graph; *given* are the variables that have values there."""
    triple = f"{pattern.subject} {written(pattern.predicate)} {pattern.object} ."
    if pattern.graph is None:
        return triple
    is_open = pattern.graph.startswith("?") and pattern.graph[1:] not in given
    guard = f" FILTER({pattern.graph} != <{KNOWLEDGE}>)" if is_open else ""
    return f"GRAPH {pattern.graph} {{ {triple} }}{guard}"
