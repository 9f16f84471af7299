"""What the norms that hang on facts lack: the facts that alone would do, or without which nothing would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from surplace.suppose.grounds import Ground
from surplace.suppose.missing import MissingFact
from surplace.suppose.protection import Protection, ProtectiveNorm, order
from surplace.words.sentence import joined

_NAMED = 3
"""Facts of which any would do that are named; of more it is said how many there are."""
MORE = "more facts are given"


def lacking(protection: Protection, grounds: Sequence[Ground], asked: Sequence[MissingFact]) -> Protection:
    """Return the norms with what those lack that hang on facts, in the order in which an answer has them."""
    unknown = {ground.iri: [e for e in ground.elements if e.result == "unknown"] for ground in grounds}
    single = {iri: elements[0].says for iri, elements in unknown.items() if len(elements) == 1}
    told = [replace(norm, **_told(norm, single, asked)) if norm.hangs else norm for norm in protection.norms]
    return replace(protection, norms=tuple(sorted(told, key=order)))


def _told(norm: ProtectiveNorm, single: Mapping[str, str], asked: Sequence[MissingFact]) -> dict[str, Any]:
    """Say what a norm lacks, and whether it is near; *single* are the grounds with one element open, and what
    that says of a person.

    Where more are open, a fact that meets all of them is one way of many. A norm is *unraised* if it hangs on
    who the person is, as on being a child, and nothing given speaks of that.
    """
    enough = [fact for fact in asked if norm.iri in fact.opens]
    needed = [fact for fact in asked if norm.iri in fact.need]
    unraised = any(fact.is_unraised for fact in needed) or (
        bool(enough) and all(fact.is_unraised for fact in enough)
    )
    sure = bool(enough) and all(norm.iri in fact.secures for fact in enough)
    told = {"near": bool(enough), "sure": sure, "is_unraised": unraised}
    if not norm.grounds:
        return {**told, "lacks": norm.conditions[0] if norm.conditions else MORE}
    if len(enough) > _NAMED:
        said = {single[iri] for iri in norm.grounds if iri in single}
        one = f"the person {min(said)}" if len(said) == 1 and said != {""} else ""
        return {**told, "lacks": one or f"one of {len(enough)} facts asked for here is given"}
    words = joined([fact.words for fact in enough or needed], word="or" if enough else "and")
    others = f", or {MORE}" if enough and not single.keys() & set(norm.grounds) else ""
    return {**told, "lacks": f"the person {words}{others}" if words else MORE}
