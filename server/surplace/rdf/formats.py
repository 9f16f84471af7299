"""The formats of answers: names, media types, file suffixes, and which kind of answer each can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["bindings", "boolean", "graph"]
"""What a query returns: SELECT bindings, ASK a boolean, CONSTRUCT and DESCRIBE a graph."""

KINDS: Final[tuple[Kind, ...]] = ("bindings", "boolean", "graph")
W3C: Final = "http://www.w3.org/ns/formats/"
"""The namespace of the IRIs by which W3C calls formats."""


@dataclass(frozen=True)
class Format:
    """A format: *aliases* are further media types for it, *suffix* ends its files' names (else its own name).

    One that is not *negotiated* is sent only to those who ask for it by name, never for its media type.
    *iri* is what W3C calls it, empty where it has no such name.
    """

    name: str
    title: str
    media_type: str
    kinds: tuple[Kind, ...]
    aliases: tuple[str, ...] = ()
    text: bool = False
    suffix: str = ""
    negotiated: bool = True
    iri: str = ""

    def __post_init__(self) -> None:
        """Let the name be the suffix where none is given."""
        object.__setattr__(self, "suffix", self.suffix or self.name)

    @property
    def content_type(self) -> str:
        """The Content-Type header of an answer in this format."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type


_ROWS: Final[tuple[Kind, ...]] = ("bindings", "boolean")

RESULTS: Final = (
    Format(
        "json",
        "JSON",
        "application/sparql-results+json",
        _ROWS,
        ("application/json",),
        iri=W3C + "SPARQL_Results_JSON",
    ),
    Format(
        "xml",
        "XML",
        "application/sparql-results+xml",
        _ROWS,
        ("application/xml", "text/xml"),
        iri=W3C + "SPARQL_Results_XML",
    ),
    Format("csv", "CSV", "text/csv", _ROWS, text=True, iri=W3C + "SPARQL_Results_CSV"),
    Format("tsv", "TSV", "text/tab-separated-values", _ROWS, text=True, iri=W3C + "SPARQL_Results_TSV"),
    Format(
        "spreadsheet",
        "CSV for spreadsheets",
        "text/csv",
        _ROWS,
        text=True,
        suffix="csv",
        negotiated=False,
    ),
)
GRAPHS: Final = (
    Format(
        "ttl", "Turtle", "text/turtle", ("graph",), ("application/x-turtle",), text=True, iri=W3C + "Turtle"
    ),
    Format("nt", "N-Triples", "application/n-triples", ("graph",), iri=W3C + "N-Triples"),
    Format("rdf", "RDF/XML", "application/rdf+xml", ("graph",), ("application/xml",), iri=W3C + "RDF_XML"),
    Format(
        "jsonld", "JSON-LD", "application/ld+json", ("graph",), ("application/json",), iri=W3C + "JSON-LD"
    ),
)
DATASETS: Final = (
    Format("trig", "TriG", "application/trig", ("graph",), ("application/x-trig",), iri=W3C + "TriG"),
    Format("nq", "N-Quads", "application/n-quads", ("graph",), ("text/x-nquads",), iri=W3C + "N-Quads"),
)
"""Formats for datasets; a graph is the default graph in them."""
FORMATS: Final[dict[str, Format]] = {item.name: item for item in (*RESULTS, *GRAPHS, *DATASETS)}
"""Every format by name; the first of a kind is its default."""

NAMES: Final[dict[str, str]] = {
    **{name: name for name in FORMATS},
    "turtle": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
    "json-ld": "jsonld",
    "nquads": "nq",
    "n-quads": "nq",
}
"""What `?format=` and `--format` understand, and the format it stands for."""
OF_A_GRAPH: Final[dict[str, str]] = {"json": "jsonld", "xml": "rdf"}
"""What these stand for where a query turns out to return a graph: clients send them without knowing."""


def formats_of(kind: Kind, *, named: bool = False) -> tuple[Format, ...]:
    """Return the formats that can carry an answer of that kind, the default first.

    With *named*, those are among them that a client gets only by asking for them by name.
    """
    return tuple(item for item in FORMATS.values() if kind in item.kinds and (named or item.negotiated))


def formats_table() -> str:
    """Return the formats as a Markdown table."""
    rows = ["| name | format | media types | answers to | other names |", "|---|---|---|---|---|"]
    for item in FORMATS.values():
        types = ", ".join(f"`{name}`" for name in (item.media_type, *item.aliases))
        forms = "CONSTRUCT, DESCRIBE" if "graph" in item.kinds else "SELECT, ASK"
        others = ", ".join(f"`{name}`" for name, form in NAMES.items() if form == item.name != name)
        given = types if item.negotiated else f"{types}, by name only"
        rows.append(f"| `{item.name}` | {item.title} | {given} | {forms} | {others} |")
    return "\n".join(rows) + "\n"
