"""Names of treaties in short, and of provisions with their treaty, each treaty once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from surplace.words.english import joined, the

_SPOKEN: Final = re.compile(r"(?:[B-DF-HJ-NP-TV-Z]?[AEIOU]){2,}[B-DF-HJ-NP-TV-Z]?")
"""Letters that are read as a word, such as CEDAW, which takes no article."""
_ARTICLE: Final = "Article "
_COMMA: Final = re.compile(r", (?![^()]*\))")
"""A comma outside brackets."""


def divided(provision: str) -> tuple[str, str]:
    """Part the label of a provision into its treaty and the rest, which is empty where it names the whole."""
    whole, *rest = _COMMA.split(provision, maxsplit=1)
    return whole, "".join(rest)


def treaty(label: str) -> str:
    """Name a treaty in short: it is what the label of a provision begins with, without what it relates to."""
    name = divided(label)[0].partition(" relating to ")[0]
    return name if _SPOKEN.fullmatch(name) else f"the {name}"


def in_full(provision: str, treaty_: str) -> str:
    """Call a provision by the whole name of its treaty, of which its own name has the beginning."""
    head, part = divided(provision)
    return f"{treaty_}, {part}" if part and treaty_.startswith(f"{head} ") else provision


def relating(provision: str, treaty_: str) -> str:
    """Name a provision with what its treaty relates to, in brackets, if the name of the treaty says it."""
    head, part = divided(provision)
    about = treaty_.removeprefix(f"{head} relating to ")
    return f"{head} ({about.removeprefix('the ')}), {part}" if part and about != treaty_ else provision


def treaties(provisions: Iterable[str], most: int) -> str:
    """List treaties in short, each once."""
    return joined(dict.fromkeys(map(treaty, provisions)), most)


def in_short(provision: str) -> str:
    """Name a provision, or a whole law, in a sentence: `Article 33(1) of the 1951 Convention`."""
    part = divided(provision)[1]
    return f"{part} of {treaty(provision)}" if part else the(provision)


def short(provisions: Iterable[str], most: int) -> str:
    """List provisions without their treaty, which the sentence names elsewhere."""
    return joined([divided(provision)[1] or provision for provision in provisions], most)


def cite(provisions: Iterable[str], most: int, word: str = "and") -> str:
    """List provisions with their treaty, each treaty once: `Articles 3 and 4 of the X`."""
    cited = [
        f"{_articles(parts, most, word)} of {treaty(whole)}" if all(parts) else treaty(whole)
        for whole, parts in _by_treaty(provisions).items()
    ]
    return joined(cited, most, word)


def cited_under(provisions: Iterable[str], most: int, doing: str) -> str:
    """Say under which treaty somebody did it to which provisions: `under the X he reserved Article 3`.

    *doing* is said once.
    """
    cited = [
        f"under {treaty(whole)} {'' if number else f'{doing} '}{_articles(parts, most, 'and')}"
        for number, (whole, parts) in enumerate(_by_treaty(provisions).items())
    ]
    return ", ".join(cited)


def _by_treaty(provisions: Iterable[str]) -> dict[str, list[str]]:
    of: dict[str, list[str]] = {}
    for provision in provisions:
        whole, part = divided(provision)
        of.setdefault(whole, []).append(part)
    return of


def _articles(parts: Sequence[str], most: int, word: str) -> str:
    """Join provisions of one treaty: `Articles 20 and 30(1)`, with *Article* once where all begin so."""
    if len(parts) < 2 or not all(part.startswith(_ARTICLE) for part in parts):
        return joined(parts, most, word)
    return f"Articles {joined([part.removeprefix(_ARTICLE) for part in parts], most, word)}"
