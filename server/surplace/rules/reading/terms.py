"""Reads the terms of a query, which the engine has accepted, from its tokens."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pyoxigraph import RdfFormat, parse

from surplace.namespaces import RDF
from surplace.rules.algebra import Term
from surplace.sparql.lexer import Token, tokens

DEPTH: Final = 100
"""How deep brackets and signs may lie in each other: much deeper, a text ends the process that reads it."""
_TYPE: Final = f"<{RDF}type>"
_ESCAPED: Final = re.compile(r"\\(.)")
_END: Final = Token("end", "", 0, 0)


class UnreadError(ValueError):
    """A query is not read; the text says why, without a full stop."""


class TermReader:
    """Reads tokens from the first to the last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self.prefixes: dict[str, str] = {}
        self._prologue()
        self._check()

    def _prologue(self) -> None:
        """Read the prefixes."""
        while self._skip_word("PREFIX"):
            name = self._next().text
            self.prefixes[name[:-1]] = self._next().text[1:-1]
        if self._peek().is_word("BASE"):
            raise UnreadError("it has a BASE")

    def _check(self) -> None:
        """Raise UnreadError for a prefix that is not declared, or parts that lie too deep."""
        depth = signs = 0
        for before, token in pairwise((_END, *self._tokens[self._at :])):
            prefix = token.text.partition(":")[0]
            if token.kind == "name" and prefix not in self.prefixes and before.text != "_":
                raise UnreadError(f"the prefix {prefix}: is not declared")
            depth += (token.text in ("{", "(", "[")) - (token.text in ("}", ")", "]"))
            signs = signs + 1 if token.text in ("!", "+", "-") else 0
            if depth + signs > DEPTH:
                raise UnreadError(f"its parts lie more than {DEPTH} deep in each other")

    def _variable(self) -> Term:
        return f"?{self._next().text[1:]}"

    def _term(self) -> Term:
        """Read a term as it is written in N-Triples."""
        token = self._peek()
        match token.kind:
            case "variable":
                return self._variable()
            case "iri":
                return self._next().text
            case "name":
                return self._name(self._next().text)
            case "word" if token.text == "a":
                self._next()
                return _TYPE
            case "word" if token.text == "_":
                self._next()
                return f"_{self._next().text}"
        return _canonical(self._literal())

    def _name(self, text: str) -> Term:
        prefix, _, local = text.partition(":")
        return f"<{self.prefixes[prefix]}{_ESCAPED.sub(lambda match: match[1], local)}>"

    def _literal(self) -> str:
        """Read a literal as Turtle writes it, with the IRI of its datatype."""
        token = self._next()
        if token.text in ("+", "-"):
            return token.text + self._next().text
        if token.kind == "number":
            return token.text.removesuffix(".")
        if token.kind != "string":
            if token.kind == "word" and token.text.lower() in ("true", "false"):
                return token.text.lower()
            raise UnreadError(f"“{token.text}” stands in the place of a term")
        if self._peek().kind == "tag":
            return token.text + self._next().text
        if self._skip("^"):
            self._take("^")
            return f"{token.text}^^{self._term()}"
        return token.text

    def _peek(self, ahead: int = 0) -> Token:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else _END

    def _next(self) -> Token:
        token = self._peek()
        if token is _END:
            raise UnreadError("it ends too early")
        self._at += 1
        return token

    def _skip(self, text: str) -> bool:
        """Go on if the next token is this sign."""
        found = self._peek().text == text and self._peek().kind == "other"
        self._at += found
        return found

    def _skip_word(self, word: str) -> bool:
        found = self._peek().is_word(word)
        self._at += found
        return found

    def _take(self, text: str) -> None:
        if not self._skip(text):
            raise UnreadError(f"“{self._peek().text}” stands in the place of “{text}”")


@lru_cache(maxsize=1024)
def _canonical(literal: str) -> Term:
    """Write a literal as N-Triples does."""
    triple = next(iter(parse(f"<a:a> <a:a> {literal} .", format=RdfFormat.TURTLE)))
    return str(triple.object)
