"""Norms in words: who must, must not or may do what towards whom, on which terms, but for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import VOCAB
from surplace.web.cells import Cell, local_path
from surplace.web.kinds.asking import cells_of, rows_of, shown, text
from surplace.words.english import a, as_read_by, is_doing, joined, the

_NORMS: Final = """
    OPTIONAL { ?norm skos:prefLabel ?normLabel }
    OPTIONAL { VALUES (?class ?kind) { (sur:Prohibition "prohibition") (sur:Obligation "obligation")
        (sur:Permission "permission") } ?norm a ?class }
    OPTIONAL { ?norm sur:isBorneBy ?bearer . ?bearer skos:prefLabel ?bearerLabel }
    OPTIONAL { ?norm sur:concernsAction ?action . ?action skos:prefLabel ?actionLabel
               OPTIONAL { ?action skos:definition ?means } }
    OPTIONAL { ?norm sur:protects|sur:concernsPopulation ?towards . ?towards skos:prefLabel ?towardsLabel }
    OPTIONAL { ?norm sur:appliesIf ?condition } OPTIONAL { ?norm sur:hasRiskThreshold ?danger }
    OPTIONAL { ?norm sur:isAbsolute ?absolute }
    OPTIONAL { ?exception sur:isExceptionTo ?norm ; skos:prefLabel ?exceptionLabel }
    OPTIONAL { ?norm sur:restsOnReading ?reading . ?reading skos:prefLabel ?readingLabel
               OPTIONAL { ?reading sur:isSpokenBy ?reader . ?reader skos:prefLabel ?readerLabel } }
"""
_COLUMNS: Final = (
    *("normLabel", "norm", "kind", "bearer", "bearerLabel", "action", "actionLabel", "means"),
    *("towards", "towardsLabel", "condition", "danger", "absolute", "exception", "exceptionLabel"),
    *("reading", "readingLabel", "reader", "readerLabel"),
)
_DETAILS: Final = (
    *(("who bears it", "bearer"), ("what", "action"), ("towards", "towards"), ("if", "condition")),
    *(("except", "exception"), ("by a reading of", "reading")),
)
"""Parts of a norm, by what they are called and the column that has them."""
_VERBS: Final = {"prohibition": "forbids", "permission": "allows"}
"""What a law does to an action; an obligation makes a duty of it."""


def _asking(verb: str | None, named: str, who: str) -> str:
    """Say what is done to an action: `forbids torture by a state`, `forbids a state from invoking law`."""
    if verb == "forbids" and is_doing(named):
        return f"forbids {who} from {named}"
    return f"{verb} {named} by {who}" if verb else f"makes {named} a duty of {who}"


@dataclass(frozen=True)
class Norm:
    """A norm in words: what is to be done or not, by whom, towards whom, on which terms, but for what."""

    iri: str
    name: Cell
    kind: str
    """`prohibition`, `obligation`, `permission`, or nothing."""
    details: tuple[tuple[str, tuple[Cell, ...]], ...]
    absolute: bool
    readers: tuple[Cell, ...] = ()
    """Those whose reading of a provision it is, where it is one."""
    danger: str = ""
    """The degree of danger from which on it holds, if it asks for one; that is one of its terms."""

    def of(self, title: str) -> tuple[Cell, ...]:
        """Return the parts of it that are called so."""
        return next((cells for name, cells in self.details if name == title), ())

    def in_words(self, law: str) -> str:
        """Say what *law* asks of whom, towards whom and on which terms, and whose reading that is."""
        who = joined(_one(cell) for cell in self.of("who bears it")) or "somebody"
        towards = joined(_one(cell) for cell in self.of("towards"))
        verb, what = _VERBS.get(self.kind), [cell.text for cell in self.of("what")]
        danger = self.danger if verb and what else ""
        terms = "; ".join(cell.text for cell in self.of("if") if cell.text != danger)
        read = as_read_by([cell.text for cell in self.readers])
        source = f"{law}{read}{',' if read else ''}"
        # what is to be done, or not, is named by a noun
        named = joined(what, word="or" if verb else "and") or self.name.text
        if danger:
            said = f"{source} {verb} {who} the {named} of {towards or 'anyone'} if {danger}"
        else:
            said = f"{source} {_asking(verb, named, who)}{f', towards {towards}' if towards else ''}"
        return f"{said}{f'; terms: {terms}' if terms else ''}"


def _one(cell: Cell) -> str:
    """Name one of a kind, which has an article, or somebody who has a name."""
    if not (cell.href or "").startswith(local_path(VOCAB) or VOCAB) or cell.text == "anyone":
        return the(cell.text)
    return a(cell.text)


def norms_of(pattern: str, iri: str, knowledge: Knowledge) -> list[Norm]:
    """Return the norms that a pattern on `?this` binds to `?norm`."""
    by: dict[str, list[Row]] = {}
    for row in rows_of(knowledge, pattern + _NORMS, *_COLUMNS, this=iri):
        by.setdefault(text(row, "norm"), []).append(row)
    return [_norm(rows) for rows in by.values()]


def _norm(rows: Sequence[Row]) -> Norm:
    name = shown(rows[0], "norm")
    assert name is not None  # noqa: S101 (the pattern binds it)
    means = {text(row, "actionLabel"): text(row, "means") for row in rows}
    return Norm(
        text(rows[0], "norm"),
        name,
        text(rows[0], "kind"),
        tuple(
            (title, tuple(replace(one, about=means.get(one.text, "")) for one in cells))
            for title, column in _DETAILS
            if (cells := cells_of(rows, column))
        ),
        text(rows[0], "absolute") == "true",
        cells_of(rows, "reader"),
        text(rows[0], "danger"),
    )
