"""The formats of answers: names, media types, file suffixes, and which kind of answer each can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["bindings", "boolean", "graph"]
"""What a query returns: SELECT bindings, ASK a boolean, CONSTRUCT and DESCRIBE a graph."""

KINDS: Final[tuple[Kind, ...]] = ("bindings", "boolean", "graph")


@dataclass(frozen=True)
class Format:
    """A format: *aliases* are further media types for it, *suffix* ends its files' names (else its own name).

    One that is not *negotiated* is sent only to those who ask for it by name, never for its media type.
    """

    name: str
    title: str
    media_type: str
    kinds: tuple[Kind, ...]
    aliases: tuple[str, ...] = ()
    text: bool = False
    suffix: str = ""
    negotiated: bool = True

    def __post_init__(self) -> None:
        """Let the name be the suffix where none is given."""
        object.__setattr__(self, "suffix", self.suffix or self.name)

    @property
    def content_type(self) -> str:
        """The Content-Type header of an answer in this format."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type


RESULTS: Final = (
    Format("json", "JSON", "application/sparql-results+json", ("bindings", "boolean"), ("application/json",)),
    Format(
        "xml",
        "XML",
        "application/sparql-results+xml",
        ("bindings", "boolean"),
        ("application/xml", "text/xml"),
    ),
    Format("csv", "CSV", "text/csv", ("bindings", "boolean"), text=True),
    Format("tsv", "TSV", "text/tab-separated-values", ("bindings", "boolean"), text=True),
    Format(
        "spreadsheet",
        "CSV for spreadsheets",
        "text/csv",
        ("bindings", "boolean"),
        text=True,
        suffix="csv",
        negotiated=False,
    ),
)
GRAPHS: Final = (
    Format("ttl", "Turtle", "text/turtle", ("graph",), ("application/x-turtle",), text=True),
    Format("nt", "N-Triples", "application/n-triples", ("graph",)),
    Format("rdf", "RDF/XML", "application/rdf+xml", ("graph",), ("application/xml",)),
    Format("jsonld", "JSON-LD", "application/ld+json", ("graph",), ("application/json",)),
)
FORMATS: Final[dict[str, Format]] = {item.name: item for item in (*RESULTS, *GRAPHS)}
"""Every format by name; the first of a kind is its default."""

NAMES: Final[dict[str, str]] = {
    **{name: name for name in FORMATS},
    "turtle": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
    "json-ld": "jsonld",
}
"""What `?format=` and `--format` understand, and the format it stands for."""


def formats_of(kind: Kind, *, named: bool = False) -> tuple[Format, ...]:
    """Return the formats that can carry an answer of that kind, the default first.

    With *named*, those are among them that a client gets only by asking for them by name.
    """
    return tuple(item for item in FORMATS.values() if kind in item.kinds and (named or item.negotiated))
