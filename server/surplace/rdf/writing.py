"""The one writer of RDF: the same items in the same order are always the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import chain, islice
from typing import IO, Final, TypeAlias, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from surplace.namespaces import PREFIXES, prefixed
from surplace.rdf.formats import Format
from surplace.rdf.jsonld import write_jsonld
from surplace.rdf.terms import RDF_TYPE
from surplace.rdf.wellformed import WellFormed

LOOKED_AT: Final = 2000
"""Items of a stream that are looked at before it is written, to see which prefixes it needs."""

Item: TypeAlias = Triple | Quad
_PREDICATE: Final = 1


def write_graph(
    items: Iterable[Item], form: Format, sink: IO[bytes], prefixes: Mapping[str, str] | None = None
) -> None:
    """Write triples, or quads in a format that has graphs, as they come.

    Names are shortened with *prefixes*, or else with those of Surplace that are used, all of them where
    there are many items. Raises UnwritableError for what the format cannot carry; part of it may have been
    written by then.
    """
    if form.is_xml:
        sink = cast("IO[bytes]", WellFormed(sink))
    items = iter(items)
    if form.prefixed:
        if prefixes is None:
            first = list(islice(items, LOOKED_AT))
            prefixes = used_prefixes(first) if len(first) < LOOKED_AT else PREFIXES
            items = chain(first, items)
        # the library puts them in the order of their namespaces, and leaves them out of an empty graph
        lines = (f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(prefixes))
        sink.write("".join(lines).encode("ascii"))
        sink = cast("IO[bytes]", _WithoutPrefixes(sink))
    if form.check is not None:
        items = form.check(cast("Iterable[Triple]", items))
    if form.rdf == RdfFormat.JSON_LD:
        write_jsonld(cast("Iterable[Triple]", items), sink)
        return
    serialize(
        cast("Iterable[Triple]", items),
        sink,
        format=form.rdf,
        prefixes=dict(prefixes or {}) if form.prefixed else None,
    )


def graph_bytes(items: Iterable[Item], form: Format, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Write triples or quads as `write_graph` does, with the prefixes that are used."""
    if form.prefixed and prefixes is None:
        items = list(items)
        prefixes = used_prefixes(items)
    sink = BytesIO()
    write_graph(items, form, sink, prefixes)
    return sink.getvalue()


def used_prefixes(items: Sequence[Item]) -> dict[str, str]:
    """Return the prefixes of Surplace that shorten a name in *items*."""
    names = {
        node.value
        for item in items
        for place, node in enumerate(item)
        if isinstance(node, NamedNode) and (place != _PREDICATE or node != RDF_TYPE)  # which is written `a`
    }
    names |= {
        item.object.datatype.value
        for item in items
        if isinstance(item.object, Literal) and not item.object.language
    }
    return {parts[0]: PREFIXES[parts[0]] for parts in map(prefixed, names) if parts is not None}


class _WithoutPrefixes:
    """Passes Turtle or TriG on without the prefix lines at its beginning."""

    def __init__(self, sink: IO[bytes]) -> None:
        self.sink = sink
        self.line = b""
        self.begun = False

    def write(self, data: bytes) -> int:
        if self.begun:
            return self.sink.write(data)
        *lines, self.line = (self.line + data).splitlines(keepends=True) or [b""]
        if self.line.endswith(b"\n"):
            lines, self.line = [*lines, self.line], b""
        for number, line in enumerate(lines):
            if not line.startswith(b"@prefix "):
                self.begun = True
                self.sink.write(b"".join([*lines[number:], self.line]))
                break
        return len(data)

    def flush(self) -> None:
        """Hand on a last line without an end."""
        if not self.begun and self.line:
            self.sink.write(self.line)
