"""Reads the triple patterns and property paths of a query."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, count
from typing import Final

from surplace.rules.algebra import Term, Triple
from surplace.rules.patterns import Path
from surplace.rules.reading.terms import TermReader, UnreadError

GROUP_PARTS: Final = {"BIND", "FILTER", "GRAPH", "MINUS", "OPTIONAL", "SERVICE", "VALUES"}
"""The keywords with which a part of a group begins that is no triple pattern."""


class TripleReader(TermReader):
    """Reads triple patterns."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._blank = count()

    def _triples(self) -> list[Triple]:
        """Read triple patterns, up to what is none."""
        found: list[Triple] = []
        while True:
            token = self._peek()
            if token.text in ("{", "}") or (token.kind == "word" and token.text.upper() in GROUP_PARTS):
                return found
            if not self._skip("."):
                subject = self._node(found)
                self._properties(subject, found)

    def _properties(self, subject: Term, found: list[Triple]) -> None:
        """Read the properties of a subject with their values."""
        while True:
            while self._skip(";"):
                pass
            token = self._peek()
            if token.text in (".", "{", "}", "]") or token.text.upper() in GROUP_PARTS:
                return
            predicate = self._variable() if token.kind == "variable" else self._path()
            found.append((subject, predicate, self._node(found)))
            while self._skip(","):
                found.append((subject, predicate, self._node(found)))
            if self._peek().text != ";":
                return

    def _node(self, found: list[Triple]) -> Term:
        """Read a subject or value; what is said of one in brackets goes to *found*."""
        if self._skip("["):
            blank = f"_:{next(self._blank)}"
            self._properties(blank, found)
            self._take("]")
            return blank
        if self._peek().text == "(":
            raise UnreadError("it has a list")
        return self._term()

    def _path(self) -> Path:
        """Read a property path."""
        return self._several("|", lambda: self._several("/", self._step))

    def _several(self, sign: str, read: Callable[[], Path]) -> Path:
        """Read what signs stand between."""
        parts = [read()]
        while self._skip(sign):
            parts.append(read())
        if len(parts) == 1:
            return parts[0]
        flat = (part[1:] if isinstance(part, tuple) and part[0] == sign else (part,) for part in parts)
        return sign, *chain.from_iterable(flat)

    def _step(self) -> Path:
        """Read a step of a path, and how often it is taken."""
        if self._skip("^"):
            return "^", self._step()
        if self._skip("!"):
            self._negated()
            return ("!",)
        if self._skip("("):
            step = self._path()
            self._take(")")
        else:
            step = self._term()
        sign = self._peek()
        return (self._next().text, step) if sign.kind == "other" and sign.text in "*+?" else step

    def _negated(self) -> None:
        """Read the properties of a negated set."""
        if self._skip("("):
            while not self._skip(")"):
                self._next()
        else:
            self._skip("^")
            self._next()
