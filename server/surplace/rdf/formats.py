"""The one table of formats: names, media types, suffixes, which answers each carries, how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pyoxigraph import QueryResultsFormat, RdfFormat, Triple

from surplace.rdf.wellformed import flat, nameable

Kind: TypeAlias = Literal["bindings", "boolean", "graph"]
"""What a query returns: SELECT bindings, ASK a boolean, CONSTRUCT and DESCRIBE a graph."""

KINDS: Final[tuple[Kind, ...]] = ("bindings", "boolean", "graph")
W3C: Final = "http://www.w3.org/ns/formats/"
"""The namespace of the IRIs by which W3C calls formats."""

Check: TypeAlias = Callable[[Iterable[Triple]], Iterator[Triple]]
"""Yields triples or quads, and raises UnwritableError at one that the format cannot carry."""


@dataclass(frozen=True)
class Format:
    """A format: *aliases* are further media types, *names* further names, *suffix* ends its files' names.

    One that is not *negotiated* is sent only to those who ask for it by name, never for its media type.
    *iri* is what W3C calls it, empty where it has no such name. One of *rdf* and *results* is what the
    library calls it, None where it does not know it.
    """

    name: str
    title: str
    media_type: str
    kinds: tuple[Kind, ...]
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    suffix: str = ""
    negotiated: bool = True
    iri: str = ""
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    check: Check | None = None
    prefixed: bool = False
    """Whether it shortens names with prefixes."""
    is_xml: bool = False
    use: str = ""
    """What it is for, in a few words."""

    def __post_init__(self) -> None:
        """Let the name be the suffix where none is given."""
        object.__setattr__(self, "suffix", self.suffix or self.name)

    @property
    def content_type(self) -> str:
        """The Content-Type header of an answer in this format."""
        return content_type(self.media_type)


def content_type(media_type: str) -> str:
    """Return the Content-Type header for an answer that is called by this media type: all are UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


_ROWS: Final[tuple[Kind, ...]] = ("bindings", "boolean")

RESULTS: Final = (
    Format(
        "json",
        "JSON",
        "application/sparql-results+json",
        _ROWS,
        ("application/json",),
        iri=W3C + "SPARQL_Results_JSON",
        use="for SPARQL libraries",
        results=QueryResultsFormat.JSON,
    ),
    Format(
        "xml",
        "XML",
        "application/sparql-results+xml",
        _ROWS,
        ("application/xml", "text/xml"),
        iri=W3C + "SPARQL_Results_XML",
        results=QueryResultsFormat.XML,
        is_xml=True,
        use="for SPARQL libraries that read no JSON",
    ),
    Format(
        "csv",
        "CSV",
        "text/csv",
        _ROWS,
        iri=W3C + "SPARQL_Results_CSV",
        results=QueryResultsFormat.CSV,
        use="a table, for R, pandas and the like",
    ),
    Format(
        "tsv",
        "TSV",
        "text/tab-separated-values",
        _ROWS,
        iri=W3C + "SPARQL_Results_TSV",
        results=QueryResultsFormat.TSV,
        use="a table that keeps the type of each value",
    ),
    Format(
        "rows",
        "plain JSON",
        "application/vnd.surplace.rows+json",
        _ROWS,
        suffix="json",
        use="a bare list of rows, for programs",
    ),
    Format(
        "spreadsheet",
        "CSV for spreadsheets",
        "text/csv",
        _ROWS,
        suffix="csv",
        negotiated=False,
        use="no cell of it is taken for a formula",
    ),
)
GRAPHS: Final = (
    Format(
        "ttl",
        "Turtle",
        "text/turtle",
        ("graph",),
        ("application/turtle", "application/x-turtle", "text/n3", "text/rdf+n3", "application/n3"),
        ("turtle", "n3"),
        iri=W3C + "Turtle",
        rdf=RdfFormat.TURTLE,
        use="for people to read",
        prefixed=True,
    ),
    Format(
        "nt",
        "N-Triples",
        "application/n-triples",
        ("graph",),
        ("text/plain",),
        ("ntriples", "n-triples"),
        iri=W3C + "N-Triples",
        rdf=RdfFormat.N_TRIPLES,
        use="a statement a line",
    ),
    Format(
        "rdf",
        "RDF/XML",
        "application/rdf+xml",
        ("graph",),
        ("application/xml", "text/xml"),
        ("rdf+xml", "rdfxml", "xml"),
        iri=W3C + "RDF_XML",
        rdf=RdfFormat.RDF_XML,
        check=nameable,
        is_xml=True,
        use="for tools that read no Turtle",
    ),
    Format(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        ("graph",),
        ("application/x-json+ld", "application/json"),
        ("json-ld", "json"),
        iri=W3C + "JSON-LD",
        rdf=RdfFormat.JSON_LD,
        check=flat,
        use="JSON for programs",
    ),
)
DATASETS: Final = (
    Format(
        "trig",
        "TriG",
        "application/trig",
        ("graph",),
        ("application/x-trig",),
        iri=W3C + "TriG",
        rdf=RdfFormat.TRIG,
        prefixed=True,
    ),
    Format(
        "nq",
        "N-Quads",
        "application/n-quads",
        ("graph",),
        ("text/x-nquads",),
        ("nquads", "n-quads"),
        iri=W3C + "N-Quads",
        rdf=RdfFormat.N_QUADS,
    ),
)
"""Formats for datasets; a graph is the default graph in them."""
WORKBOOK: Final = Format(
    "xlsx",
    "Spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    KINDS,
    use="for Excel and LibreOffice, with the question and its summary",
)
"""What answers to questions come in besides: it says what it is an answer to, which no bare query knows."""
ANSWER: Final = Format(
    "answer",
    "plain JSON with its summary",
    "application/vnd.surplace.answer+json",
    ("bindings", "boolean"),
    suffix="json",
    use="for programs, with the sentence that sums it up",
)
"""The same for programs: an object with the sentence that sums the answer up, and the rows as plain JSON."""
OF_QUESTIONS: Final = (WORKBOOK, ANSWER)
FORMATS: Final[dict[str, Format]] = {item.name: item for item in (*RESULTS, *GRAPHS, *DATASETS)}
"""Every format by name; the first of a kind is its default."""

_CALLED: Final[dict[str, list[Format]]] = {}
"""The formats that a name or media type may mean, the likeliest first."""
for _format in (*FORMATS.values(), *OF_QUESTIONS):
    for _name in (_format.name, *_format.names, _format.media_type, *_format.aliases):
        _CALLED.setdefault(_name, []).append(_format)


def named(name: str) -> Format | None:
    """Return the format of a name, another name or a media type, in any case; None if there is none.

    Parameters of a media type do not count. Of several, with commas, the first that is known is meant:
    SPARQLWrapper sends `application/ld+json,application/x-json+ld`. `json`, `xml` and their media types are
    those of rows; `named_for` tells what they are of a graph.
    """
    return next(_meant(name), None)


def named_for(name: str, kind: Kind) -> Format | None:
    """Return the format that a name means for an answer of that kind; None if it cannot carry one."""
    return next((form for form in _meant(name) if kind in form.kinds), None)


def _meant(given: str) -> Iterator[Format]:
    for name in given.split(","):
        yield from _CALLED.get(name.partition(";")[0].strip().lower(), ())


def formats_of(kind: Kind, *, named: bool = False) -> tuple[Format, ...]:
    """Return the formats that can carry an answer of that kind, the default first.

    With *named*, those are among them that a client gets only by asking for them by name.
    """
    return tuple(item for item in FORMATS.values() if kind in item.kinds and (named or item.negotiated))


_FORMS: Final[dict[Kind, str]] = {"bindings": "SELECT", "boolean": "ASK", "graph": "CONSTRUCT, DESCRIBE"}


def formats_table() -> str:
    """Return the formats as a Markdown table."""
    rows = ["| name | format | media types | answers to | other names |", "|---|---|---|---|---|"]
    for item in FORMATS.values():
        types = ", ".join(f"`{name}`" for name in (item.media_type, *item.aliases))
        forms = ", ".join(_FORMS[kind] for kind in item.kinds)
        others = ", ".join(f"`{name}`" for name in item.names)
        given = types if item.negotiated else f"{types}, by name only"
        rows.append(f"| `{item.name}` | {item.title} | {given} | {forms} | {others} |")
    return "\n".join(rows) + "\n"
