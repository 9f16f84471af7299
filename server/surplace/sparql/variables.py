"""Where the variables of a query have a value, and which it uses as SPARQL forbids beside its grammar.

Such variables are selected but not grouped, stand for all with groups (`SELECT *`), or are named by an AS
though they have a value already; and aggregates stand where there are no groups. Time is linear in the length
of the text, but for its depth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from surplace.sparql.fault import Fault
from surplace.sparql.following import AGGREGATES
from surplace.sparql.inspection import KEPT, tokens_of
from surplace.sparql.lexer import Token, tokens

NONE: Final = "none"
"""The variable that has no value on purpose, as in `IF(?known, ?day, ?none)`."""
_EXPRESSIVE: Final = "(\"'\\#"
"""Signs of expressions, texts and comments, in which a variable may stand that nothing gives."""
_TAKING: Final = ("MINUS", "EXISTS", "CONSTRUCT", "UNDEF")
"""Words with which a variable that stands in the pattern may have no value."""
_NAME: Final = re.compile(r"[?$](\w+)")
_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")
_AFTER_GROUPING: Final = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))
_CALLED: Final = ("word", "iri", "name")
"""What a bracket stands after that holds the arguments of a function."""


def find_misused(query: str, end: int) -> Fault | None:
    """Return what is wrong with a variable or an aggregate of a query whose brackets match; None if nothing.

    *end* is how far it was read, in characters from 0: a SELECT is judged if all of it was.
    """
    scopes = _Scopes(tokens(query), end)
    scopes.read()
    return scopes.faults[0] if scopes.faults else None


def visible_in(found: Sequence[Token]) -> frozenset[str]:
    """Return the variables to which the first group of a query may give a value, as it is seen outside."""
    scopes, place = _Scopes(found, 0), 0
    while place < len(found) and found[place].text != "{":
        place = scopes.after(place)
    return frozenset(scopes.group(place)) if place < len(found) else frozenset()


def never_given(found: Sequence[Token]) -> list[Token]:
    """Return the variables of a query whose brackets match to which nothing in it can give a value.

    Each stands where it is first wanted: in the template, among the columns, or in an expression. A variable
    of the template or of a column needs its value in the pattern, and not below a MINUS or EXISTS alone.
    """
    scopes = _Scopes(found, 0)
    shown = scopes.read()
    wanted: dict[str, Token] = {}
    for place, token in enumerate(found):
        given = shown if place in scopes.template else scopes.given
        if token.kind == "variable" and token.text[1:] not in given:
            wanted.setdefault(token.text[1:], token)
    for token in scopes.empty:
        wanted.setdefault(token.text[1:], token)
    return sorted(wanted.values(), key=lambda token: token.start)


def without_value(query: str) -> tuple[Token, ...]:
    """Return the variables of a query that was read to which nothing in it can give a value, but for NONE.

    A query of KEPT characters or more is not looked at: it would hold up the event loop.
    """
    return () if len(query) >= KEPT or _is_plain(query) else _without_value(query)


def _is_plain(query: str) -> bool:
    """Tell at a glance of most queries that each variable of theirs stands in the pattern, which gives it."""
    words = query.upper()
    if (
        any(sign in query for sign in _EXPRESSIVE)
        or any(word in words for word in _TAKING)
        or words.count("SELECT") > 1
    ):
        return False
    before, _, rest = query.partition("{")
    pattern, _, after = rest.rpartition("}")
    return {*_NAME.findall(before), *_NAME.findall(after)} <= set(_NAME.findall(pattern))


@lru_cache(maxsize=32)
def _without_value(query: str) -> tuple[Token, ...]:
    return tuple(token for token in never_given(tokens_of(query)) if token.text[1:] != NONE)


class _Scopes:
    """Walks through the groups and SELECTs of a query; *faults* come in the order in which these end."""

    def __init__(self, found: Sequence[Token], end: int) -> None:
        self.found, self.end = found, end
        self.faults: list[Fault] = []
        self.given: set[str] = set()
        """The variables to which some group or SELECT gives a value."""
        self.empty: list[Token] = []
        """The columns without a value in any row."""
        self.template = range(0)
        """The places of the template of a CONSTRUCT."""
        self._stops = _stops(found)

    def read(self) -> set[str]:
        """Look at the whole query; return the variables that its pattern or SELECT gives."""
        place, visible = 0, set[str]()
        while place < len(self.found):
            if self.found[place].is_word("SELECT"):
                return self._select(place, len(self.found))
            if self.found[place].text == "{" and self.found[place - 1].is_word("CONSTRUCT"):
                self.template = range(place, self.after(place))
            elif self.found[place].text == "{":
                visible = self.group(place)
            place = self.after(place)
        return visible

    def after(self, place: int) -> int:
        """Return the place after a token, or after all that is in a bracket which opens there."""
        return self._stops.get(place, place) + 1

    def group(self, start: int) -> set[str]:
        """Return the variables to which the group that opens at *start* may give a value."""
        stop, place = self._stops[start], start + 1
        if place < stop and self.found[place].is_word("SELECT"):
            return self._select(place, stop)
        visible: set[str] = set()
        while place < stop:
            token, before = self.found[place], self.found[place - 1]
            if token.text == "{":
                inner = self.group(place)
                visible |= inner if not (before.is_word("MINUS") or before.is_word("EXISTS")) else set()
                place = self.after(place)
            elif token.is_word("VALUES"):
                place = self._values(place, stop, visible)
            elif token.is_word("FILTER"):
                place = self._filter(place, stop)
            elif token.is_word("BIND") and place + 1 in self._stops:
                place = self._bind(place + 1, visible)
            else:
                if token.kind == "variable":
                    visible.add(token.text[1:])
                place += 1
        self.given |= visible
        return visible

    def _values(self, place: int, stop: int, visible: set[str]) -> int:
        """Add the variables of the VALUES at *place*; return the place after its data."""
        while place < stop and self.found[place].text != "{":
            if self.found[place].kind == "variable":
                visible.add(self.found[place].text[1:])
            place += 1
        return self.after(place)

    def _filter(self, place: int, stop: int) -> int:
        """Look at the expression of the FILTER at *place*; return the place after it, or its EXISTS."""
        while place < stop and self.found[place].text not in ("(", "{"):
            place += 1
        if place < stop and self.found[place].text == "(":
            self._expression(place, "FILTER")
            return self.after(place)
        return place

    def _bind(self, start: int, visible: set[str]) -> int:
        """Look at the BIND in the bracket at *start*, after *visible* variables; return the next place."""
        self._expression(start, "BIND")
        named = self.found[self._stops[start] - 1]
        if named.kind == "variable":
            if named.text[1:] in visible:
                self._note(named, _taken(named), named)
            visible.add(named.text[1:])
        return self.after(start)

    def _expression(self, start: int, where: str) -> None:
        """Look at the expression in the bracket that opens at *start*, in which no aggregate may be."""
        place = start
        while place < self._stops[start]:
            if self.found[place].text == "{":
                self.group(place)
                place = self.after(place)
                continue
            if self._is_aggregate(place):
                name = self.found[place].text
                sentence = f"{name} stands in SELECT, HAVING or ORDER BY, not in {where}: move it there."
                self._note(self.found[place], sentence, self.found[place])
            place += 1

    def _select(self, start: int, stop: int) -> set[str]:
        """Look at the SELECT from *start* to *stop*; return the variables that it gives."""
        found, opening = self.found, start
        while opening < stop and found[opening].text != "{":
            opening = self.after(opening)
        if opening >= stop:
            return set()
        visible, place = self.group(opening), self.after(opening)
        grouped, last = self._grouped(place, stop), found[stop - 1]
        cause = "GROUP BY" if grouped is not None else ""
        for number in (*range(start, opening), *range(place, stop)):
            if not cause and self._is_aggregate(number):
                cause, grouped = found[number].text, set()
        while place < stop:
            place = self._values(place, stop, visible) if found[place].is_word("VALUES") else place + 1
        self.given |= visible | (grouped or set())
        selected: set[str] = set()
        place = start + 1
        while place < opening:
            token = found[place]
            if token.text == "*":
                if cause:
                    self._note(token, _all_of(cause), last)
                return visible
            if token.text == "(":
                self._calculated(place, visible, grouped, selected, last)
            elif token.kind == "variable":
                name = token.text[1:]
                if name in selected:
                    self._note(token, f"{token.text} is selected already: leave it out here.", last)
                elif grouped is not None and name not in grouped:
                    self._note(token, _ungrouped(token), last)
                if name not in visible | (grouped or set()):
                    self.empty.append(token)
                selected.add(name)
            place = self.after(place)
        return selected

    def _calculated(
        self, start: int, visible: set[str], grouped: set[str] | None, selected: set[str], last: Token
    ) -> None:
        """Look at `(… AS ?name)` in a SELECT, whose bracket is at *start*; add the name to *selected*."""
        stop, place = self._stops[start], start + 1
        named = self.found[stop - 1]
        while grouped is not None and place < stop - 1:
            token = self.found[place]
            if token.kind == "variable" and token.text[1:] in selected - grouped:
                self._note(token, _calculated(token), last)
            elif token.kind == "variable" and token.text[1:] not in grouped:
                self._note(token, _ungrouped(token), last)
            if self._is_aggregate(place):
                place += 1
            elif token.text == "(":
                place += 1
                continue
            place = self.after(place)
        if named.kind == "variable":
            if named.text[1:] in selected | (visible if grouped is None else grouped):
                self._note(named, _taken(named), last)
            selected.add(named.text[1:])
            self.given.add(named.text[1:])

    def _grouped(self, place: int, stop: int) -> set[str] | None:
        """Return what GROUP BY names among the tokens from *place* to *stop*; None if it is not there."""
        while place < stop and not self.found[place].is_word("GROUP"):
            place = self.after(place)
        if place >= stop:
            return None
        grouped: set[str] = set()
        while place < stop and self.found[place].text.upper() not in _AFTER_GROUPING:
            token = self.found[place]
            named = self.found[self._stops[place] - 1] if token.text == "(" else token
            before = self.found[place - 1]
            if named.kind == "variable" and (before.is_word("BY") or before.kind not in _CALLED):
                grouped.add(named.text[1:])
            place = self.after(place)
        return grouped

    def _is_aggregate(self, place: int) -> bool:
        """Tell whether an aggregate is called at *place*."""
        token = self.found[place]
        return token.kind == "word" and token.text.upper() in AGGREGATES and place + 1 in self._stops

    def _note(self, token: Token, sentence: str, last: Token) -> None:
        """Note what is wrong with a token, if the query was read up to the *last* one that matters."""
        if last.end <= self.end:
            self.faults.append(Fault(token.start, token.text, sentence))


def _taken(named: Token) -> str:
    return f"{named.text} has a value already: name another variable after AS."


def _calculated(token: Token) -> str:
    return f"{token.text} is calculated in this SELECT, which has groups: write its expression again."


def _all_of(cause: str) -> str:
    return f"SELECT * cannot stand with {cause}: name what is grouped, and aggregates of the rest."


def _ungrouped(token: Token) -> str:
    name = token.text
    return f"{name} is not grouped: add it to GROUP BY, or select an aggregate of it: (SAMPLE({name}) AS …)."


def _stops(found: Sequence[Token]) -> dict[int, int]:
    """Return for each bracket that opens the place of the one that closes it, or the end of the query."""
    stops, opened = {}, []
    for place, token in enumerate(found):
        if token.text in _OPENING:
            stops[place] = len(found)
            opened.append(place)
        elif token.text in _CLOSING and opened:
            stops[opened.pop()] = place
    return stops
