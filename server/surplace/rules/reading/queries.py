"""Reads a CONSTRUCT query that the engine has accepted.

The engine judges the grammar; what is left to find is which pattern stands where. A parser of all of SPARQL
in Python takes thirty times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from surplace.rules.algebra import (
    Aggregate,
    Construct,
    Expression,
    Extend,
    Filter,
    Graph,
    LeftJoin,
    Limited,
    Minus,
    Node,
    Project,
    Term,
    Triple,
    Triples,
    Union,
    Values,
    joined,
)
from surplace.rules.reading.expressions import ExpressionReader
from surplace.rules.reading.terms import UnreadError
from surplace.rules.reading.triples import GROUP_PARTS

_AGGREGATES: Final = {"AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"}


class QueryReader(ExpressionReader):
    """Reads a query."""

    def construct(self) -> Construct | None:
        """Return the query; None if it is of another form. Raises UnreadError for what no rule may ask."""
        if not self._skip_word("CONSTRUCT"):
            return None
        template: tuple[Triple, ...] | None = None
        if self._peek().text == "{":
            template = tuple(self._braced_triples())
        self._skip_dataset()
        self._skip_word("WHERE")
        start = self._peek().end
        body = self._group()
        where = self._text[start : self._tokens[self._at - 1].start]
        if template is None:
            template = body.triples if isinstance(body, Triples) else ()
        return Construct(template, self._modified(body), where)

    def _skip_dataset(self) -> None:
        while self._skip_word("FROM"):
            self._skip_word("NAMED")
            self._next()

    def _braced_triples(self) -> list[Triple]:
        self._take("{")
        found = self._triples()
        self._take("}")
        return found

    def _group(self) -> Node:
        """Read a group in its braces."""
        self._take("{")
        if self._peek().is_word("SELECT"):
            node = self._select()
            self._take("}")
            return node
        node = Triples()
        tests: list[Expression] = []
        while not self._skip("}"):
            word = self._peek().text.upper() if self._peek().kind == "word" else self._peek().text
            if word == "FILTER":
                self._next()
                tests.append(self._constraint())
            elif word == "{":
                node = joined(node, self._united())
            elif word in GROUP_PARTS:
                self._next()
                node = self._with(node, word)
            elif word != ".":
                node = joined(node, Triples(tuple(self._triples())))
            else:
                self._next()
        return Filter(node, tuple(tests)) if tests else node

    def _with(self, node: Node, word: str) -> Node:
        """Add to a node what stands after a keyword."""
        match word:
            case "OPTIONAL":
                other = self._group()
                if isinstance(other, Filter):
                    asks = tuple(ask for test in other.tests for ask in test.asks)
                    return LeftJoin(node, other.inner, Expression(asks))
                return LeftJoin(node, other, Expression())
            case "MINUS":
                return Minus(node, self._group())
            case "GRAPH":
                name = self._term()
                return joined(node, Graph(self._group(), name))
            case "BIND":
                variable, value = self._assignment()
                return Extend(node, variable, value)
            case "VALUES":
                return joined(node, self._values())
        raise UnreadError(f"it has a {word}")

    def _united(self) -> Node:
        """Read a group and those that stand beside it as alternatives."""
        node = self._group()
        while self._skip_word("UNION"):
            node = Union(node, self._group())
        return node

    def _values(self) -> Values:
        """Read what follows VALUES."""
        several = self._skip("(")
        names = []
        while self._peek().kind == "variable":
            names.append(self._next().text[1:])
        if several:
            self._take(")")
        self._take("{")
        rows: list[list[Term | None]] = []
        while not self._skip("}"):
            if several:
                self._take("(")
            rows.append([None if self._skip_word("UNDEF") else self._term() for _ in names])
            if several:
                self._take(")")
        return Values({name: tuple(row[place] for row in rows) for place, name in enumerate(names)})

    def _select(self) -> Node:
        """Read a subquery."""
        self._next()
        while self._skip_word("DISTINCT") or self._skip_word("REDUCED"):
            pass
        start = self._at
        names, made = [], []
        while not (self._peek().text == "{" or self._peek().is_word("WHERE")):
            if self._peek().text == "(":
                made.append(self._assignment())
                names.append(made[-1][0])
            else:
                names.append(self._next().text[1:])
        aggregated = self._aggregates(start)
        self._skip_word("WHERE")
        shown = None if "" in names else frozenset(f"?{name}" for name in names)
        return self._modified(self._group(), shown, made, aggregated=aggregated)

    def _aggregates(self, start: int) -> bool:
        """Tell whether something is counted or compared in what was read since."""
        read = self._tokens[start : self._at]
        return any(token.kind == "word" and token.text.upper() in _AGGREGATES for token in read)

    def _modified(
        self,
        node: Node,
        shown: frozenset[Term] | None = None,
        made: Sequence[tuple[str, Expression]] = (),
        *,
        aggregated: bool = False,
    ) -> Node:
        """Add to the group of a query what follows it, what the query calculates, and what it shows."""
        cut, tests = False, []
        while self._peek().kind == "word":
            start, word = self._at, self._next().text.upper()
            if word == "VALUES":
                node = joined(node, self._values())
            elif word in ("LIMIT", "OFFSET"):
                self._next()
                cut = True
            else:
                self._skip_word("BY")
                for variable, value in self._conditions():
                    if variable:
                        node = Extend(node, variable, value)
                    elif word == "HAVING":
                        tests.append(value)
                aggregated = aggregated or word in ("GROUP", "HAVING") or self._aggregates(start)
        if aggregated:
            node = Aggregate(node)
        if tests:
            node = Filter(node, tuple(tests))
        for variable, value in made:
            node = Extend(node, variable, value)
        node = Project(node, shown)
        return Limited(node) if cut else node
