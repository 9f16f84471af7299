"""What is disputed of a thing: of itself, of what it rests on, and of what names it.

A disagreement is about the things of which it rejects something; where it rejects nothing, about those of
which two of its passages state something; and about what the preferred passage has in the place of what is
rejected. A conclusion is disputed with its premises, and where all that is rejected of a thing is its matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import SOURCE, SUR, VOCAB
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import rows_of, text, values
from surplace.web.kinds.rejecting import Disagreement, Rejected, disagreements
from surplace.web.kinds.stating import Against, opposed
from surplace.words.order import legal_key

_ORDER: Final = ("itself", "premise", "names")
_NEAR: Final = """
    {{ ?this sur:usesPremise+ ?thing BIND("premise" AS ?as) }}
    UNION {{ ?this a sur:Conclusion ; ?about ?thing FILTER(isIRI(?thing)) BIND("matter" AS ?as) }}
    UNION {{ ?this a sur:Conclusion ; ?about ?whole . {objects} ?thing sur:isPartOf ?whole .
      ?whole a sur:Provision BIND("matter" AS ?as) }}
    UNION {{ {subjects} GRAPH ?passage {{ ?thing ?names ?this FILTER(?names != rdf:type) }}
      ?passage sur:isPassageOf ?source BIND("names" AS ?as) }}
    UNION {{ {subjects} ?thing sur:isExceptionTo/^sur:imposes ?this BIND("names" AS ?as) }}
    UNION {{ {either} ?thing sur:isPartOf|^sur:imposes ?this BIND("names" AS ?as) }}
"""


@dataclass(frozen=True)
class Point:
    """A disagreement that bears on a thing; *via* is the thing that it is about, where that is another."""

    name: Cell
    reason: str
    how: str
    """`itself`, `premise` or `names`."""
    via: Cell | None
    rejected: tuple[Rejected, ...]
    """What it rejects of the thing."""
    settles: bool
    """Whether it rejects anything at all."""


@dataclass(frozen=True)
class Disputed:
    """The disagreements that bear on a thing, and the claims that oppose it or what it rests on."""

    iri: str
    points: tuple[Point, ...] = ()
    against: tuple[Against, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is disputed."""
        return bool(self.points or self.against)


def disputed(iri: str, knowledge: Knowledge, against: Sequence[Against] | None = None) -> Disputed:
    """Return what is disputed of a thing: of itself, of what it rests on, then of what names it.

    *against* is what opposes it, where that was asked. The disagreements that a passage is between are no
    matter of this.
    """
    known = {} if iri.startswith(SOURCE) else disagreements(knowledge)
    near = _near(iri, known.values(), knowledge)
    found = [(how, via, one) for one in known.values() for how, via in _bearing(iri, one, near)]
    found.sort(key=lambda item: (_ORDER.index(item[0]), not item[2].rejected, legal_key(item[2].name.text)))
    labels = knowledge.labels(via for _, via, _ in found if via)
    if against is None:
        others = opposed({iri, *near.get("premise", ())}, knowledge)
        against = [one for name in sorted(others, key=lambda name: name != iri) for one in others[name]]
    return Disputed(
        iri,
        tuple(
            Point(
                one.name,
                one.reason,
                how,
                cell(NamedNode(via), labels) if via else None,
                tuple(said for said in one.rejected if iri in (said.thing, said.value)),
                bool(one.rejected),
            )
            for how, via, one in found
        ),
        tuple(against),
    )


def _near(iri: str, all_: Iterable[Disagreement], knowledge: Knowledge) -> dict[str, set[str]]:
    """Return what is near a thing: premises, what a conclusion is about, what disputed things name it."""
    subjects = {thing for one in all_ for thing in one.things}
    objects = {value for one in all_ for those in one.objects().values() for value in those}
    if not subjects:
        return {}
    pattern = _NEAR.format(
        subjects=values("thing", subjects),
        objects=values("thing", objects),
        either=values("thing", subjects | objects),
    )
    found: dict[str, set[str]] = {}
    for row in rows_of(knowledge, pattern, "as", "thing", this=iri):
        found.setdefault(text(row, "as"), set()).add(text(row, "thing"))
    return found


def _bearing(iri: str, about: Disagreement, near: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Return how a disagreement bears on a thing, and through which other, if through one; or nothing."""
    of_it = [one for one in about.rejected if iri == one.value]
    if iri in about.things or (of_it and not iri.startswith((SUR, VOCAB))):
        return [("itself", "")]
    # not a term is disputed, but what is said with it
    if wrong := [one.thing for one in of_it if not one.alike]:
        return [("names", wrong[0])]
    premises, names = near.get("premise", set()), near.get("names", set())
    reach = premises | near.get("matter", set())
    matter = [value for those in about.objects().values() if those <= reach for value in those]
    if through := sorted(about.things & premises):
        return [("premise", through[0])]
    if matter:
        return [("premise", matter[0] if len(matter) == 1 else "")]
    every = about.things.union(*about.objects().values())
    return [("names", through) for through in sorted(every & names)[:1]]
