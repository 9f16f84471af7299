"""What the norms that hang on facts lack: the facts that alone would do, or without which nothing would."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from surplace.suppose.grounds import Ground
from surplace.suppose.missing import MissingFact
from surplace.suppose.protection import Protection, ProtectiveNorm, order
from surplace.words.sentence import joined

_NAMED = 2
"""Facts of which any would do that are named; of more it is said that one is enough."""
ONE_FACT, MORE = "one more fact is given", "more facts are given"


def lacking(protection: Protection, grounds: Sequence[Ground], asked: Sequence[MissingFact]) -> Protection:
    """Return the norms with what those lack that hang on facts, in the order in which an answer has them."""
    single = {ground.iri for ground in grounds if sum(e.result == "unknown" for e in ground.elements) == 1}
    told = [replace(norm, **_told(norm, single, asked)) if norm.hangs else norm for norm in protection.norms]
    return replace(protection, norms=tuple(sorted(told, key=order)))


def _told(norm: ProtectiveNorm, single: AbstractSet[str], asked: Sequence[MissingFact]) -> dict[str, Any]:
    """Say what a norm lacks, and whether it is near; *single* are the grounds with one element open.

    Where more are open, one fact that meets all of them is one way of many.
    """
    enough = [fact.words for fact in asked if norm.iri in fact.opens]
    needed = [fact.words for fact in asked if norm.iri in fact.need]
    if not norm.grounds:
        return {"lacks": norm.conditions[0] if norm.conditions else MORE, "near": bool(enough)}
    if len(enough) > _NAMED or (enough and not single & set(norm.grounds)):
        return {"lacks": ONE_FACT, "near": True}
    words = joined(enough, word="or") if enough else joined(needed)
    return {"lacks": f"the person {words}" if words else MORE, "near": bool(enough)}
