"""Which format a client gets: the suffix of the address decides, then `format`, then the header Accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from surplace.http.accept import ACCEPT_LENGTH, preferred, read_accept
from surplace.http.problems import Problem
from surplace.rdf.formats import (
    FORMATS,
    OF_QUESTIONS,
    Format,
    Kind,
    content_type,
    formats_of,
    named,
    named_for,
)

HTML: Final = "text/html"
JSON: Final = "application/json"


@dataclass(frozen=True)
class Offer:
    """What a route can send: answers of these kinds, a page, or JSON of its own.

    *kind* is that of the answer where it is known among several: Accept then chooses among its formats alone.
    With *either*, one of the kinds is sent: that of the format that is asked for, else the first.
    """

    kinds: tuple[Kind, ...] = ()
    page: bool = False
    json: bool = False
    kind: Kind | None = None
    either: bool = False
    question: bool = False
    """Whether it is the answer to a question, which comes in more formats than that to a query."""

    def formats(self, kind: Kind, *, named: bool = False) -> tuple[Format, ...]:
        """Return the formats of a kind of answer; with *named*, those too that only a name asks for."""
        forms = formats_of(kind, named=named)
        if self.question and kind == self.kinds[0]:
            forms += tuple(form for form in OF_QUESTIONS if kind in form.kinds)
        return forms

    @property
    def names(self) -> list[str]:
        """The names of all formats on offer."""
        forms = [form.name for kind in self.kinds for form in self.formats(kind, named=True)]
        own = ["json"] if self.json else []
        return list(dict.fromkeys([*(["html"] if self.page else []), *own, *forms]))


@dataclass(frozen=True)
class ChosenFormat:
    """What is sent: a page, JSON of the route's own, or for each kind of answer the format and its type."""

    page: bool = False
    json: bool = False
    formats: Mapping[Kind, str] | None = None
    types: Mapping[Kind, str] | None = None

    def format(self, kind: Kind) -> str:
        """Return the name of the format for a kind of answer."""
        return (self.formats or {})[kind]

    def type_of(self, kind: Kind) -> str:
        """Return what the header Content-Type calls an answer of that kind."""
        return (self.types or {})[kind]

    @property
    def name(self) -> str:
        """What was chosen, in one word where it is one format."""
        if self.page or self.json:
            return "html" if self.page else "json"
        return "+".join(sorted(set((self.formats or {}).values())))

    @cached_property
    def key(self) -> str:
        """What tells this choice from others."""
        return (
            " ".join(f"{self.type_of(kind)}:{form}" for kind, form in (self.formats or {}).items())
            or self.name
        )


_PAGE: Final = ChosenFormat(page=True)
_JSON: Final = ChosenFormat(json=True)


def negotiate(offer: Offer, suffix: str, given: Sequence[tuple[str, str]], accept: str) -> ChosenFormat:
    """Decide what to send; *given* are `format` and the parameters that stand for it, with their values.

    Raises Problem: `format` for a name that is not offered, `not-acceptable` if nothing fits Accept.
    """
    if not (offer.kinds or offer.page or offer.json):
        return ChosenFormat()
    if suffix:
        return _by_name(offer, (("format", suffix),))
    asked = tuple((name, value) for name, value in given if value)
    if asked:
        return _by_name(offer, asked)
    if len(accept) > ACCEPT_LENGTH:
        raise Problem("bad-request", f"Accept has more than {ACCEPT_LENGTH} characters: name fewer types.")
    return _by_accept(offer, accept)


@lru_cache(maxsize=256)
def _by_name(offer: Offer, given: tuple[tuple[str, str], ...]) -> ChosenFormat:
    """Read names of formats, which must be of one mind: clients send a name and its media types together."""
    chosen: ChosenFormat | None = None
    forms: dict[Kind, Format] = {}
    for name, value in given:
        page_or_json, found = _named(offer, value)
        if page_or_json or found:
            differs = any(forms.get(kind, form) != form for kind, form in found.items())
            if differs or (chosen is not None and page_or_json != chosen) or (forms and page_or_json):
                raise Problem(
                    "parameter",
                    f'"{name}" is "{value[:80]}", and another format is named besides: name one.',
                    parameter=name,
                )
            chosen = page_or_json
            forms |= found
    if chosen is None and not forms:
        allowed, shown = offer.names, ", ".join(value for _, value in given)[:80]
        raise Problem(
            "format", f'"{shown}" is not a format here: use one of {", ".join(allowed)}.', allowed=allowed
        )
    return chosen or _choice(offer, {kind: (form, form.content_type) for kind, form in forms.items()})


def _named(offer: Offer, value: str) -> tuple[ChosenFormat | None, dict[Kind, Format]]:
    """Return what a value stands for; of a list of media types, the first that is offered."""
    for name in value.lower().split(","):
        # a plus that is not encoded comes as a blank
        name = name.partition(";")[0].strip().replace(" ", "+")
        if offer.page and name in ("html", HTML):
            return _PAGE, {}
        if offer.json and name in ("json", JSON):
            return _JSON, {}
        forms = {
            kind: form
            for kind in offer.kinds
            if (form := named_for(name, kind)) and form in offer.formats(kind, named=True)
        }
        if forms:
            return None, forms
    return None, {}


def _choice(offer: Offer, forms: Mapping[Kind, tuple[Format, str]]) -> ChosenFormat:
    if offer.either:
        forms = dict(list(forms.items())[:1])
    return ChosenFormat(
        formats={kind: form.name for kind, (form, _) in forms.items()},
        types={kind: content_type for kind, (_, content_type) in forms.items()},
    )


@lru_cache(maxsize=256)
def _by_accept(offer: Offer, accept: str) -> ChosenFormat:
    """Choose by Accept: data before a page, which has to be asked for."""
    ranges = read_accept(accept)
    kinds = (offer.kind,) if offer.kind else offer.kinds
    by_kind = {kind: _media_types(offer, kind) for kind in kinds}
    types = [JSON] if offer.json else []
    types += [media for names in by_kind.values() for media in names if media not in types]
    offered = [*types, *([HTML] if offer.page else [])]
    best = preferred(offered, ranges)
    if best is None:
        raise not_acceptable(offer)
    if best == HTML:
        return _PAGE
    if offer.json and best == JSON:
        return _JSON
    if offer.either:
        by_kind = {kind: names for kind, names in by_kind.items() if best in names}
    chosen = {kind: media for kind, names in by_kind.items() if (media := preferred(list(names), ranges))}
    return _choice(
        offer, {kind: (by_kind[kind][media], content_type(media)) for kind, media in chosen.items()}
    )


def _media_types(offer: Offer, kind: Kind) -> dict[str, Format]:
    """Map media types to formats, those of other names after all of the first ones."""
    forms = offer.formats(kind)
    first = {form.media_type: form for form in forms}
    return {**first, **{media: form for form in forms for media in form.aliases if media not in first}}


def not_acceptable(offer: Offer) -> Problem:
    """Return the problem that lists what is offered instead."""
    types = [JSON] if offer.json else []
    kinds = (offer.kind,) if offer.kind else offer.kinds
    types += [form.media_type for kind in kinds for form in offer.formats(kind)]
    types = list(dict.fromkeys([*types, *([HTML] if offer.page else [])]))
    return Problem(
        "not-acceptable",
        f"None of the media types in Accept is offered: ask for one of {', '.join(types)}.",
        offered=types,
    )


def suffix_of(path: str) -> tuple[str, str]:
    """Split the name of a format off the end of a path; the second part is empty if there is none."""
    stem, dot, suffix = path.rpartition(".")
    if dot and (suffix == "html" or suffix in FORMATS or named(suffix) is not None) and "/" not in suffix:
        return stem, suffix
    return path, ""
