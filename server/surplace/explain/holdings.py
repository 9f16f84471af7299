"""Where statements stand: which graphs hold them, and what else those of rules say of the same things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from typing import Final

from pyoxigraph import BlankNode

from surplace.engine.table import Row
from surplace.explain.asking import Answers, Level, Question
from surplace.explain.statements import Statement
from surplace.namespaces import KNOWLEDGE, RULE, SUR
from surplace.rdf.terms import RDF_TYPE, Term, text_of

_MOST: Final = 5000
"""Rows that an answer about one statement or thing may have."""
_DEFAULT: Final = ""
_HELD: Final = Question(("?s ?p ?o", "GRAPH ?graph { ?s ?p ?o }"), ("s", "p", "o"), _MOST)
_HELD_OF_A_BLANK: Final = Question(
    tuple(f"{group} FILTER(isBlank(?o))" for group in _HELD.groups), ("s", "p"), _MOST
)
_SAID: Final = Question(
    (f'GRAPH ?graph {{ ?s ?p ?o . ?s ?property ?value }} FILTER(STRSTARTS(STR(?graph), "{RULE}"))',),
    ("s", "p", "o"),
    _MOST,
)
_CONCLUDED: Final = Question(
    (f"GRAPH ?rule {{ ?s <{SUR}follows> ?rule }} GRAPH ?graph {{ ?s ?property ?value }}",), ("s",), _MOST
)


class Holdings:
    """What was found of the statements and things that were looked up."""

    def __init__(self) -> None:
        self._graphs: dict[Statement, set[str]] = {}
        self._conclusions: dict[Term, Statement | None] = {}
        self._said: dict[tuple[str, Term], dict[str, dict[Term, None]]] = defaultdict(
            lambda: defaultdict(dict)
        )

    def graphs(self, statement: Statement) -> list[str]:
        """Return the named graphs that hold a statement, sorted; graph/knowledge repeats them."""
        return sorted(self._graphs[statement] - {_DEFAULT, KNOWLEDGE})

    def holds(self, statement: Statement, graph: str | None) -> bool:
        """Tell whether a statement is in a named graph, or in the knowledge."""
        return (graph or _DEFAULT) in self._graphs[statement]

    def conclusion(self, thing: Term) -> Statement | None:
        """Return the statement that a rule concludes a thing, if one does: that it is of its class."""
        return self._conclusions.get(thing)

    def said(self, graph: str, thing: Term) -> Mapping[str, list[Term]]:
        """Return what the graph of a rule says of a thing: values by property, as N-Triples write it."""
        return {name: list(values) for name, values in self._said[graph, thing].items()}

    def look_up(
        self, statements: Iterable[Statement], things: Iterable[Term] = ()
    ) -> Generator[list[Level], Answers, None]:
        """Look up *statements*, and whether rules conclude *things*, as far as they are not known."""
        asked: list[tuple[Level, Statement | Term]] = []
        for statement in statements:
            if statement not in self._graphs and isinstance(statement.object, BlankNode):
                asked.append((Level(_HELD_OF_A_BLANK, statement.terms()[:2]), statement))
            elif statement not in self._graphs:
                asked += [(Level(question, statement.terms()), statement) for question in (_HELD, _SAID)]
        asked += [(Level(_CONCLUDED, (thing,)), thing) for thing in things if thing not in self._conclusions]
        if not asked:
            return
        answers = yield [question for question, _ in asked]
        for (_, about), rows in zip(asked, answers, strict=True):
            if isinstance(about, Statement):
                graphs = {text_of(row["graph"]) if "graph" in row else _DEFAULT for row in rows}
                self._graphs.setdefault(about, set()).update(graphs)
                self._note(about.subject, rows)
            else:
                self._conclude(about, rows)

    def _conclude(self, thing: Term, rows: list[Row]) -> None:
        """Note what is said of a thing, and that it is a conclusion, if it is one."""
        self._note(thing, rows)
        classes = [r["value"] for r in rows if r["rule"] == r["graph"] and r["property"] == RDF_TYPE]
        self._conclusions[thing] = None
        if classes:
            found = Statement(thing, RDF_TYPE, min(classes, key=text_of))
            self._conclusions[thing] = found
            said = [r for r in rows if (r["property"], r["value"]) == (RDF_TYPE, found.object)]
            self._graphs[found] = {_DEFAULT, *(text_of(row["graph"]) for row in said)}

    def _note(self, thing: Term, rows: list[Row]) -> None:
        for row in rows:
            if "property" in row:
                self._said[text_of(row["graph"]), thing][str(row["property"])][row["value"]] = None
