"""What the library's XML lacks to be well-formed: characters and names that XML has not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO, Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from surplace.namespaces import RDF
from surplace.rdf.terms import RDF_TYPE

# what XML 1.0 excludes, as UTF-8; and CR, which a parser would read as LF
_EXCLUDED: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\r")
_INSTEAD: Final = "\ufffd".encode()
_CR: Final = b"&#13;"

_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LOCAL: Final = re.compile(f"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_START}]*$")
_RESERVED: Final = frozenset(
    RDF + name
    for name in [
        "RDF",
        "ID",
        "Description",
        "about",
        "aboutEach",
        "aboutEachPrefix",
        "bagID",
        "datatype",
        "li",
        "nodeID",
        "parseType",
        "resource",
    ]
)


_OF_XML: Final = ("http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace")
"""The namespaces that XML keeps for itself: no prefix may be bound to them."""


class UnwritableError(ValueError):
    """An answer that the format cannot carry; the message is one sentence with the remedy."""


class WellFormed:
    """Passes XML on with U+FFFD for characters that XML cannot contain, and with carriage returns escaped.

    Only the text of literals can hold them: no IRI, name or tag does.
    """

    def __init__(self, sink: IO[bytes]) -> None:
        self.sink = sink
        self.rest = b""

    def write(self, data: bytes) -> int:
        given = self.rest + data
        # U+FFFE and U+FFFF have three bytes, of which the last may come later
        kept = 2 if given.endswith(b"\xef\xbf") else 1 if given.endswith(b"\xef") else 0
        self.rest = given[len(given) - kept :]
        self.sink.write(_EXCLUDED.sub(_replacement, given[: len(given) - kept]))
        return len(data)

    def flush(self) -> None:
        """Hand the request on: a document ends with its last tag, so nothing is kept by then."""
        self.sink.flush()


def _replacement(match: re.Match[bytes]) -> bytes:
    return _CR if match[0] == b"\r" else _INSTEAD


def nameable(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield *triples*; raises UnwritableError at one with a name that RDF/XML has no element for.

    The library makes elements of predicates and of classes.
    """
    known: set[NamedNode] = set()
    for triple in triples:
        for node in _elements(triple):
            if node not in known:
                taken = node.value in _RESERVED or node.value.startswith(_OF_XML)
                if taken or not _LOCAL.search(node.value):
                    raise UnwritableError(
                        f"RDF/XML has no element for {node}, a predicate or class of this answer: "
                        "ask for Turtle or N-Triples."
                    )
                known.add(node)
        yield triple


def _elements(triple: Triple | Quad) -> Iterator[NamedNode]:
    """Yield the predicate, the class if it states one, and those of a triple inside."""
    yield triple.predicate
    node: NamedNode | BlankNode | object = triple.object
    if isinstance(node, Triple):
        yield from _elements(node)
    elif triple.predicate == RDF_TYPE and isinstance(node, NamedNode):
        yield node


def flat(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield *triples*; raises UnwritableError at one that contains a triple, which JSON-LD 1.1 cannot."""
    for triple in triples:
        if isinstance(triple.object, Triple):
            raise UnwritableError(
                "JSON-LD has no form for a triple inside a triple: ask for Turtle or N-Triples."
            )
        yield triple
