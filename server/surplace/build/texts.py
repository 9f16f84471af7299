"""Texts of rules, questions, checks and constraints: what they name is defined, what they use has a value.

In data, a name that nothing defines is found by what is said with it. In a text it is found by nothing: the
rule concludes less, and the question answers no.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from surplace import folders
from surplace.build.names import unknown
from surplace.build.report import Violation
from surplace.build.sources import other_prefix
from surplace.build.standards import NOT_THERE, is_misnamed, names_beside
from surplace.catalogue.records import ENDPOINT
from surplace.description.stated import DATASET
from surplace.engine.query_errors import no_service
from surplace.engine.syntax import unreadable
from surplace.namespaces import (
    ALIGNMENTS,
    AXIOM,
    BASE,
    CATALOGUE,
    CLAIM,
    DESCRIPTION,
    HOME,
    ID,
    KNOWLEDGE,
    ONTOLOGY,
    OWL,
    PREFIXES,
    PROVENANCE,
    QUERY,
    REJECTED,
    RETIRED,
    SHAPE,
    SHAPES,
    SOURCE,
    VOCAB,
    sparql_prologue,
)
from surplace.rules.rule import Rule, rule_files
from surplace.sparql.fault import place_of
from surplace.sparql.lexer import Token, after_prologue, tokens
from surplace.sparql.naming import names_in
from surplace.sparql.variables import NONE, never_given

_GIVEN: Final = frozenset(("this", NONE))
"""Variables that need no value in a text: the thing that a constraint is asked of, and that one."""
_GRAPHS: Final = (PROVENANCE, ONTOLOGY, KNOWLEDGE, SHAPES, ALIGNMENTS, CATALOGUE, DESCRIPTION, RETIRED)
_NAMESPACES: Final = frozenset((*PREFIXES.values(), BASE, ID, VOCAB))
_OPEN: Final = (ID, SOURCE, CLAIM, AXIOM, QUERY, SHAPE)
"""Where names begin that are no terms: they are said by data, or follow."""
_ADDRESSES: Final = frozenset((DATASET, ENDPOINT))
_EMBEDDED: Final = re.compile(r'\bsh:(?:select|ask|construct)\s+"""(.*?)"""', re.DOTALL)


@dataclass(frozen=True)
class QueryText:
    """A query that stands in a file, whose places count from *offset* in it."""

    name: str
    """Of the file, in messages."""
    whole: str
    offset: int
    found: Sequence[Token]
    asks: bool = False
    """Whether it is a question or check: the grammar of others is judged where they are read or compiled."""

    def fault(self, place: int, sentence: str) -> Violation:
        """Make the violation of a place, counted in characters of the query."""
        where = f"{self.name}, line {self.line(place)}"
        return Violation("violation", "texts", "", self.name, f"{where}: {sentence}")

    def line(self, place: int) -> int:
        """Return the line of the file in which a place is, counted in characters of the query."""
        return place_of(self.whole, self.offset + place)[0]


def read_texts(ontology: Path, queries: Path) -> list[QueryText]:
    """Return the texts of rules and constraints, of questions and checks, in the order of their files."""
    return [*_rules(ontology), *_constraints(ontology), *_asking(queries)]


def text_faults(texts: Iterable[QueryText], terms: Iterable[Quad], rules: Iterable[Rule]) -> list[Violation]:
    """Return what is wrong with texts, in their order.

    *terms* are the quads that define what may be named, *rules* those among the texts, which were read.
    """
    known = {*_GRAPHS, *(rule.iri for rule in rules)}
    for quad in terms:
        known |= {node.value for node in (quad.subject,) if isinstance(node, NamedNode)}
        if quad.predicate.value == OWL + "versionIRI" and isinstance(quad.object, NamedNode):
            known.add(quad.object.value)
    faults: list[Violation] = []
    for text in texts:
        fault = _of_grammar(text) if text.asks else None
        faults += [fault] if fault else _of_text(text, known)
    return faults


def _rules(ontology: Path) -> Iterator[QueryText]:
    """Yield the texts of the rules."""
    for path, name in rule_files(ontology / "rules"):
        whole = path.read_text(encoding="utf-8-sig")
        yield QueryText(name, whole, 0, tokens(whole))


def _constraints(ontology: Path) -> Iterator[QueryText]:
    """Yield the queries that stand in shapes.

    Their prefixes are declared elsewhere, and taken to be those of the project.
    """
    prologue = sparql_prologue()
    for path in sorted((ontology / "shapes").glob("*.ttl")):
        whole = path.read_text(encoding="utf-8-sig")
        name = f"{ontology.resolve().name}/shapes/{path.name}"
        for match in _EMBEDDED.finditer(whole):
            yield QueryText(name, whole, match.start(1) - len(prologue), tokens(prologue + match[1]))


def _asking(folder: Path) -> Iterator[QueryText]:
    """Yield the texts of questions and checks that are UTF-8; others are refused where they are read."""
    shown = folder.resolve().name
    found = folders.files_below(folder, shown, folders.QUERY, among_others=True) if folder.is_dir() else []
    for path, name in found:
        try:
            whole = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            continue
        yield QueryText(name, whole, 0, tokens(whole), asks=True)


def _of_grammar(text: QueryText) -> Violation | None:
    """Return why a query cannot be read."""
    if "SERVICE" in text.whole.upper():  # the engine would ask the other endpoint
        for token in text.found:
            if token.is_word("SERVICE"):
                return text.fault(token.start, str(no_service()))
    error = unreadable(text.whole)
    if error is None:
        return None
    return Violation("violation", "texts", "", text.name, error.in_file(text.name))


def _of_text(text: QueryText, known: Set[str]) -> Iterator[Violation]:
    """Yield a violation for each prefix, name and variable of a query that is wrong, at its first place."""
    wrong = set[str]()
    for label, iri in _prefixes(text.found):
        if label in PREFIXES and iri.text[1:-1] != PREFIXES[label]:
            wrong.add(label)
            yield text.fault(
                iri.start,
                other_prefix(label, iri.text[1:-1]),
            )
    told = set[str]()
    for name in names_in(text.found):
        if name.iri in told or name.token.text.partition(":")[0] in wrong or _is_sound(name.iri, known):
            continue
        told.add(name.iri)
        beside = names_beside(name.iri)
        sentence = unknown(name.iri, name.token.text, *((beside, NOT_THERE) if beside else (known,)))
        yield text.fault(name.token.start, sentence)
    for token in never_given(text.found):
        if token.text[1:] not in _GIVEN:
            yield text.fault(
                token.start,
                f"nothing gives {token.text} a value: correct its name, or call it ?{NONE} if none is meant.",
            )


def _prefixes(found: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """Yield the prefixes that a query declares, without their colons, with what they stand for."""
    prologue = found[: after_prologue(found)]
    for place, token in enumerate(prologue[:-2]):
        if token.is_word("PREFIX"):
            yield prologue[place + 1].text.removesuffix(":"), prologue[place + 2]


def _is_sound(iri: str, known: Collection[str]) -> bool:
    """Tell whether an IRI may be a name: a term, graph or rule of ours, a standard's, or anything else."""
    if not iri.startswith(BASE):
        return HOME not in iri and not is_misnamed(iri)
    if iri in known or iri in _NAMESPACES or iri.startswith(REJECTED):
        return True
    return iri.startswith(_OPEN) or iri.partition("#")[0] in _ADDRESSES
