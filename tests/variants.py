"""Worlds that follow from the world of a rule: one fact less, a term in the place of another, a step more.

What they are to show stands in the file of the rule, beside its world:

- `beside`: facts that may be missing without any difference; each other one is needed. A name alone is short
  for all that the world says of it.
- `unless`, of a case: facts without each of which something that the case loses would follow again.
- `alike`: lists of terms, each of which does in the place of another: the same follows, with the other.
- `further`: pairs of properties; what the first leads to is reached as well over a step of the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from surplace.namespaces import BASE, PREFIXES, RDF, prefixed
from worlds import Change, Fixture, read_quads

KEYS = ("beside", "alike", "further")
Facts = frozenset[Quad]


def one_less(world: Fixture) -> Iterator[tuple[Quad, Facts]]:
    """Yield each fact of a world, and the world without it."""
    for quad in world.quads:
        yield quad, world.quads - {quad}


def beside(world: Fixture) -> set[Quad]:
    """Return the facts that a file calls beside the point."""
    found: set[Quad] = set()
    for number, text in enumerate(world.outcome.get("beside", ())):
        place = f"{world.where} beside, item {number + 1}:"
        if text.endswith((".", "}")):
            found |= set(read_quads(text, place))
        else:
            subject = term(text)
            found |= {quad for quad in world.quads if quad.subject == subject}
    return found


def needed(case: Change) -> Iterator[Quad]:
    """Yield the facts that a case needs to lose anything."""
    for number, text in enumerate(case.outcome.get("unless", ())):
        yield from read_quads(text, f"{case.where} unless, item {number + 1}:")


def exchanges(world: Fixture) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield each term that the world has of a list of `alike`, with each other of the list."""
    for terms in world.outcome.get("alike", ()):
        listed = [term(item) for item in terms]
        for old in listed:
            if any(old in (quad.predicate, quad.object) for quad in world.quads):
                yield from ((old, new) for new in listed if new != old)


def exchanged(facts: Facts, old: NamedNode, new: NamedNode) -> Facts:
    """Put a term in the place of another, wherever that is a property or what is said."""
    return frozenset(
        Quad(
            quad.subject,
            new if quad.predicate == old else quad.predicate,
            new if quad.object == old else quad.object,
            quad.graph_name,
        )
        for quad in facts
    )


def exchanged_conclusions(found: frozenset[Triple], old: NamedNode, new: NamedNode) -> frozenset[Triple]:
    """Put a term in the place of another in what is concluded."""
    facts = exchanged(frozenset(Quad(*triple, DefaultGraph()) for triple in found), old, new)
    return frozenset(quad.triple for quad in facts)


def steps(world: Fixture) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield the pairs of `further`."""
    for first, second in world.outcome.get("further", ()):
        yield term(first), term(second)


def stretched(facts: Facts, first: NamedNode, second: NamedNode) -> Facts:
    """Let each fact by *first* lead to something new, and from there *second* to what it led to."""
    found: set[Quad] = set()
    for quad in facts:
        if quad.predicate == first and isinstance(quad.object, NamedNode):
            between = NamedNode(quad.object.value + "/step")
            found |= {
                Quad(quad.subject, first, between, quad.graph_name),
                Quad(between, second, quad.object, quad.graph_name),
            }
        else:
            found.add(quad)
    return frozenset(found)


def term(text: str) -> NamedNode:
    """Return the term that a file names with a prefix of the project, or as <…>."""
    if text == "a":
        return NamedNode(RDF + "type")
    if text.startswith("<"):
        return NamedNode(BASE + text[1:-1])
    prefix, _, local = text.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def written(facts: Iterable[Quad]) -> list[str]:
    """Write facts so that a difference can be read, and be copied into a file."""
    return sorted(_fact(quad) for quad in facts)


def _fact(quad: Quad) -> str:
    text = " ".join(_term(item) for item in (quad.subject, quad.predicate, quad.object)) + " ."
    return (
        text if isinstance(quad.graph_name, DefaultGraph) else f"GRAPH {_term(quad.graph_name)} {{ {text} }}"
    )


def _term(item: object) -> str:
    if isinstance(item, NamedNode):
        short = prefixed(item.value)
        return ":".join(short) if short else f"<{item.value.removeprefix(BASE)}>"
    return str(item)
