"""Rows as plain JSON: a list of objects, the values of which are numbers, booleans, texts or null.

What ASK returns is true or false. It says less than SPARQL's own JSON: neither language nor type, nor whether
a text is an IRI. It is for programs that want a table with named columns, and nothing of RDF.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, Final

from pyoxigraph import BlankNode, Literal, QueryBoolean, QuerySolutions

from surplace.namespaces import XSD
from surplace.rdf.terms import Term, text_of

PIECE: Final = 128
"""Rows that are handed on at once."""
_WHOLE: Final = frozenset(
    XSD + name
    for name in (
        *("integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_FRACTION: Final = frozenset((XSD + "decimal", XSD + "double", XSD + "float"))
_NUMBER: Final = re.compile(r"(?:\+|(-))?(?=\.?[0-9])0*([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")
_BOOLEAN: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}


def write_rows(results: QuerySolutions | QueryBoolean, sink: IO[bytes]) -> None:
    """Write what a SELECT or ASK query returned."""
    if isinstance(results, QueryBoolean):
        sink.write(b"true" if results else b"false")
        return
    names = [variable.value for variable in results.variables]
    write(names, ([None if term is None else _told(term) for term in row] for row in results), sink)


def write_rows_of_json(found: Mapping[str, Any], sink: IO[bytes]) -> None:
    """Write SPARQL 1.1 Query Results JSON that has been read; raises KeyError and the like if it is none."""
    if "boolean" in found:
        sink.write(b"true" if found["boolean"] else b"false")
        return
    names = [str(name) for name in found["head"]["vars"]]
    bindings = found["results"]["bindings"]
    write(names, ([_retold(row[name]) if name in row else None for name in names] for row in bindings), sink)


def write(names: Sequence[str], rows: Iterable[Sequence[tuple[str, str] | None]], sink: IO[bytes]) -> None:
    """Write rows of texts with their datatypes, the latter empty for what is no literal."""
    keys = [f"{json.dumps(name, ensure_ascii=False)}:" for name in names]
    text, held = "[", 0
    for row in rows:
        cells = (
            key + ("null" if cell is None else plain(*cell)) for key, cell in zip(keys, row, strict=True)
        )
        text += f"{{{','.join(cells)}}},"
        held += 1
        if held == PIECE:
            sink.write(text[:-1].encode())
            text, held = ",", 0
    sink.write((text.removesuffix(",") + "]").encode())


def plain(text: str, datatype: str) -> str:
    """Return a value as JSON: a number or boolean where it is one and JSON can tell it, else a text."""
    if datatype == XSD + "boolean" and text in _BOOLEAN:
        return _BOOLEAN[text]
    if datatype in _WHOLE or datatype in _FRACTION:
        match = _NUMBER.fullmatch(text)
        if match is not None:
            sign, whole, fraction, exponent = match.groups(default="")
            point = f".{fraction}" if fraction else ""
            return f"{sign}{whole or '0'}{point}" + (f"e{exponent}" if exponent else "")
    return json.dumps(text, ensure_ascii=False)


def _told(term: Term) -> tuple[str, str]:
    if isinstance(term, Literal):
        return term.value, term.datatype.value
    return (str(term) if isinstance(term, BlankNode) else text_of(term)), ""


def _retold(term: Mapping[str, Any]) -> tuple[str, str]:
    if term["type"] == "bnode":
        return f"_:{term['value']}", ""
    value = term["value"]
    return value if isinstance(value, str) else json.dumps(value), str(term.get("datatype", ""))
