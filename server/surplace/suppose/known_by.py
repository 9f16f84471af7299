"""What could be concluded on a day: the rules run on what had been published by then.

A source with a later day of publication is left out. A depositary's register is kept day by day, so that its
entries count from the day of the act that they record, and its record ends on the day at the latest. Texts of
instruments, and sources whose day of publication is not recorded, count as known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from surplace.build.sources import graph_of
from surplace.engine.release import Release
from surplace.namespaces import CLAIM, PROVENANCE, SOURCE, SUR, VOCAB, XSD
from surplace.parallel import uncollected
from surplace.suppose.comparison import ChangedConclusion, compare
from surplace.suppose.dataset import AssertedRelease, concluded, fact, given

_END = re.compile(r"; before [0-9]{4}-[0-9]{2}-[0-9]{2}")
_EVENTS = {SUR + name for name in ("isDepositedOn", "isSignedOn", "isNotifiedOn", "isWithdrawnOn")}
_REGISTER = NamedNode(VOCAB + "source-kind/depositary-record")


@uncollected()
def known_by(release: Release, day: date) -> list[ChangedConclusion]:
    """Return how the conclusions on what was known by *day* differ from those of the release.

    That a conclusion is drawn for days up to *day* only, where the release goes further, is no difference.
    """
    known = given(release)
    left_out, horizons = _unknown(known, day)
    found = compare(known.conclusions, concluded(known, horizons, left_out))
    return [item for item in found if _END.sub("", item.before) != _END.sub("", item.after)]


def _unknown(known: AssertedRelease, day: date) -> tuple[Callable[[Quad], bool], list[Quad]]:
    """Return what to leave out, and the horizons of registers that then end on the day."""
    values: dict[tuple[str, str], str] = {}
    registers = set()
    for quad in known.quads:
        if graph_of(quad) == PROVENANCE and isinstance(quad.subject, NamedNode):
            values[quad.subject.value, quad.predicate.value] = str(getattr(quad.object, "value", ""))
            if quad.object == _REGISTER:
                registers.add(quad.subject.value)
    text = day.isoformat()
    late = {
        source
        for (source, predicate), value in values.items()
        if predicate == SUR + "isPublishedOn" and value > text[: len(value)] and source not in registers
    }
    passages = {
        passage for (passage, p), source in values.items() if p == SUR + "isPassageOf" and source in late
    }
    later = {
        graph_of(quad)
        for quad in known.quads
        if quad.predicate.value in _EVENTS
        and values.get((graph_of(quad), SUR + "isPassageOf")) in registers
        and isinstance(quad.object, Literal)
        and quad.object.value > text[: len(quad.object.value)]
    }
    shortened = {r for r in registers if values.get((r, SUR + "hasHorizon"), "") > text}
    horizon = NamedNode(SUR + "hasHorizon")
    claims = {
        graph
        for graph in {graph_of(quad) for quad in known.quads}
        if graph.startswith(CLAIM)
        and not any(
            isinstance(quad.subject, NamedNode) and quad.subject.value == graph
            for quad in known.quads
            if graph_of(quad).startswith(SOURCE) and graph_of(quad) not in passages
        )
    }

    def left_out(quad: Quad) -> bool:
        graph = graph_of(quad)
        if graph in passages or graph in claims:
            return True
        if graph in later and quad.predicate.value in _EVENTS:
            return isinstance(quad.object, Literal) and quad.object.value > text
        subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
        return quad.predicate == horizon and subject in shortened

    ends = Literal(text, datatype=NamedNode(XSD + "date"))
    return left_out, [fact(register, SUR + "hasHorizon", ends, PROVENANCE) for register in sorted(shortened)]
