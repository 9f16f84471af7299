"""Reads the parts of a SPARQL query that a mutant may lack: patterns, groups, lists, expressions.

This is no parser of SPARQL: it takes apart what the engine has accepted, and knows only what the project's
queries are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from surplace.sparql.lexer import Token, tokens

BRACKETS = {"(": ")", "{": "}", "[": "]"}


@dataclass(frozen=True)
class Statement:
    """One triple pattern: three pieces of the text, each from its first to behind its last character."""

    subject: tuple[int, int]
    verb: tuple[int, int]
    object: tuple[int, int]


@dataclass
class Part:
    """A part of a WHERE clause, which stands in the text from *start* to *end*.

    *kind* is `triples`, `filter`, `optional`, `minus`, `graph`, `union`, `branch`, `values`, `bind`, `group`
    or `select`; *inner* are the parts in its braces, and *statements* those of `triples`.
    """

    kind: str
    start: int
    end: int
    inner: list[Part] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def walk(self) -> Iterator[Part]:
        """Yield this part and all within it."""
        yield self
        for part in self.inner:
            yield from part.walk()


class Reader:
    """Reads a query from its first WHERE clause on; *found* are its tokens."""

    def __init__(self, text: str) -> None:
        """Split *text*, a query without the header of its file, into tokens."""
        self.text = text
        self.found = tokens(text)
        self.at = 0

    def where(self) -> Part:
        """Return the WHERE clause of the query."""
        while not (self.found[self.at].is_word("WHERE") and self.found[self.at + 1].text == "{"):
            self.at += 1
        self.at += 1
        return self.group("group")

    def group(self, kind: str, start: int | None = None) -> Part:
        """Read `{ … }`, which begins here; the part begins at *start*, or here."""
        part = Part(kind, self._here() if start is None else start, 0)
        self.at += 1
        if self.found[self.at].is_word("SELECT"):
            part.inner.append(self._select())
        while self.found[self.at].text != "}":
            if self.found[self.at].text == ".":
                self.at += 1
            else:
                part.inner.append(self._part())
        self.at += 1
        part.end = self._behind()
        return part

    def _select(self) -> Part:
        """Read a SELECT in braces up to the closing one; its modifiers belong to it."""
        part = Part("select", self._here(), 0)
        while self.found[self.at].text != "{":
            self.at += 1
        part.inner.append(self.group("group"))
        while self.found[self.at].text != "}":
            self.at += 1
        part.end = self._behind()
        return part

    def _part(self) -> Part:
        """Read the next part of a group."""
        token, start = self.found[self.at], self._here()
        word = token.text.upper() if token.kind == "word" else ""
        if token.text == "{":
            return self._union()
        if word in ("OPTIONAL", "MINUS", "GRAPH"):
            self.at += 2 if word == "GRAPH" else 1
            return self.group(word.lower(), start)
        if word in ("FILTER", "BIND"):
            self.at += 1
            part = Part(word.lower(), start, 0)
            while self.found[self.at].text not in BRACKETS:
                self.at += 1
            self._bracket(part)
            part.end = self._behind()
            return part
        if word == "VALUES":
            while self.found[self.at].text != "{":
                self.at += 1
            self._bracket(None)
            return Part("values", start, self._behind())
        return self._triples()

    def _union(self) -> Part:
        part = Part("union", self._here(), 0, [self.group("branch")])
        while self.found[self.at].is_word("UNION"):
            self.at += 1
            part.inner.append(self.group("branch"))
        part.end = self._behind()
        if len(part.inner) == 1:
            part.kind = part.inner[0].kind = "group"
        return part

    def _bracket(self, part: Part | None) -> None:
        """Read what is in brackets, which begins here; groups in an expression become parts of *part*."""
        opening = self.found[self.at].text
        if opening == "{" and part is not None:
            part.inner.append(self.group("exists"))
            return
        self.at += 1
        while self.found[self.at].text != BRACKETS[opening]:
            if self.found[self.at].text in BRACKETS:
                self._bracket(part)
            else:
                self.at += 1
        self.at += 1

    def _triples(self) -> Part:
        """Read patterns up to a full stop or what is no pattern."""
        part = Part("triples", self._here(), 0)
        subject = self._term()
        while True:
            verb = self._verb()
            while True:
                part.statements.append(Statement(subject, verb, self._term()))
                if self.found[self.at].text != ",":
                    break
                self.at += 1
            while self.found[self.at].text == ";":
                self.at += 1
            if self.found[self.at].text in ".}" or self._keyword(self.found[self.at]):
                break
        self.at += self.found[self.at].text == "."
        part.end = self._behind()
        return part

    def _keyword(self, token: Token) -> bool:
        return token.kind == "word" and token.text.upper() in (
            *("OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES", "UNION"),
        )

    def _term(self) -> tuple[int, int]:
        start = self._here()
        token = self.found[self.at]
        if token.text in BRACKETS:
            self._bracket(None)
        else:
            self.at += 1
            if token.kind == "string" and self.found[self.at].kind == "tag":
                self.at += 1
            elif token.kind == "string" and self.found[self.at].text == "^":
                self.at += 3
        return start, self._behind()

    def _verb(self) -> tuple[int, int]:
        """Read a verb: a path ends where a second term follows a first without `/` or `|`."""
        start, joined = self._here(), True
        while joined:
            while self.found[self.at].text in "^!":
                self.at += 1
            if self.found[self.at].text == "(":
                self._bracket(None)
            else:
                self.at += 1
            while self.found[self.at].text in ("*", "+", "?"):
                self.at += 1
            joined = self.found[self.at].text in ("/", "|")
            self.at += joined
        return start, self._behind()

    def _here(self) -> int:
        return self.found[self.at].start

    def _behind(self) -> int:
        return self.found[self.at - 1].end
