"""What the long texts of all lines say, to be said once above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from surplace.web.cells import Cell
from surplace.words.english import NO_INITIAL

_SENTENCE_END: Final = re.compile(rf"(?<=[^\W_][.]){NO_INITIAL} (?=[A-Z“]|\d{{4}} [A-Z])")


def in_common(column: Sequence[Cell | None]) -> tuple[Cell | None, list[Cell | None]]:
    """Return what all cells of a column of texts say, and the rest of each; nothing where that is nothing.

    Of lists, that is the texts which all have; of single texts, the sentences with which all begin.
    """
    cells = [found for found in column if found is not None]
    if len(cells) < max(2, len(column)) or not all(_is_text(found) for found in cells):
        return None, list(column)
    if any(found.parts for found in cells):
        parts = [found.parts or (found,) for found in cells]
        common = [one for one in parts[0] if all(one in others for others in parts)]
        rest = [[one for one in those if one not in common] for those in parts]
    else:
        sentences = [
            [replace(found, text=text) for text in _SENTENCE_END.split(found.text)] for found in cells
        ]
        number = 0
        while all(len(those) > number and those[number] == sentences[0][number] for those in sentences):
            number += 1
        common, rest = sentences[0][:number], [those[number:] for those in sentences]
        common, rest = _whole(common), [_whole(those) for those in rest]
    return listed(common), [listed(those) for those in rest]


def listed(cells: Sequence[Cell]) -> Cell | None:
    """Put cells together as a list; one alone stays as it is."""
    if len(cells) < 2:
        return cells[0] if cells else None
    return Cell("; ".join(one.text for one in cells), parts=tuple(cells))


def _whole(sentences: Sequence[Cell]) -> list[Cell]:
    return [replace(sentences[0], text=" ".join(one.text for one in sentences))] if sentences else []


def _is_text(found: Cell) -> bool:
    return all(one.kind == "text" and one.href is None for one in found.parts or (found,))
