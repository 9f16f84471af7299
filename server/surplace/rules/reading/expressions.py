"""Reads the expressions of a query, as far as they ask for patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from surplace.rules.algebra import Exists, Expression, Node
from surplace.rules.reading.triples import TripleReader

_MODIFIERS: Final = {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}


class ExpressionReader(TripleReader):
    """Reads expressions."""

    def _group(self) -> Node:
        """Read a group in its braces."""
        raise NotImplementedError

    def _constraint(self) -> Expression:
        """Read what follows FILTER."""
        if self._peek().text == "(":
            return self._bracketed()
        if self._peek().is_word("NOT") or self._peek().is_word("EXISTS"):
            return Expression((self._exists(),))
        name = Expression(constant=self._next().text)  # of a function
        return Expression(tuple(_together([name, self._bracketed()])))

    def _assignment(self) -> tuple[str, Expression]:
        """Read an expression and the variable that it is given to, in brackets."""
        self._take("(")
        value = self._expression()
        self._next()
        variable = self._next().text[1:]
        self._take(")")
        return variable, value

    def _bracketed(self) -> Expression:
        self._take("(")
        value = self._expression()
        self._take(")")
        return value

    def _exists(self) -> Exists:
        negated = self._skip_word("NOT")
        self._next()
        return Exists(self._group(), not negated)

    def _expression(self) -> Expression:
        """Read an expression up to the bracket that closes what is around it, or to AS.

        Between && and ||, what stands alone is asked for as it is; beside anything else it is a part of
        something that is calculated.
        """
        asks: list[Exists] = []
        operand: list[Expression] = []
        operands = 1
        while not (self._peek().text in (")", "") or self._peek().is_word("AS")):
            token = self._peek()
            if token.text in ("&", "|"):
                self._next()
                self._take(token.text)
                asks += _together(operand)
                operand = []
                operands += 1
            elif token.text == "(":
                operand.append(self._bracketed())
            elif token.is_word("EXISTS") or (token.is_word("NOT") and self._peek(1).is_word("EXISTS")):
                operand.append(Expression((self._exists(),)))
            elif token.kind in ("iri", "name"):
                operand.append(Expression(constant=self._term()))
            else:
                operand.append(Expression())
                self._next()
        asks += _together(operand)
        constant = operand[0].constant if operands == len(operand) == 1 else ""
        return Expression(tuple(asks), constant)

    def _conditions(self) -> Iterator[tuple[str, Expression]]:
        """Read what follows GROUP BY, HAVING or ORDER BY, with the variables that are given values."""
        while True:
            token = self._peek()
            if token.text == "(":
                self._next()
                value = self._expression()
                yield (self._next().text[1:] if self._skip_word("AS") else ""), value
                self._take(")")
            elif token.kind in ("word", "name", "iri") and token.text.upper() not in _MODIFIERS:
                self._next()  # the name of a function, ASC or DESC
            elif token.kind == "variable":
                self._next()
            else:
                return


def _together(operand: Sequence[Expression]) -> Iterator[Exists]:
    """Yield what the parts of an operand ask for: as it is of one alone, else as part of a calculation."""
    for part in operand:
        for group, required in part.asks:
            yield Exists(group, required and len(operand) == 1)
