"""Writes JSON-LD with names shortened by a context that stands in the document itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import IO, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from surplace.namespaces import PREFIXES, RDF, XSD
from surplace.rdf.terms import Term

_TYPE: Final = RDF + "type"
_NAMESPACES: Final = sorted(
    ((namespace, prefix) for prefix, namespace in PREFIXES.items()), key=lambda pair: -len(pair[0])
)
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers that JSON and JSON-LD take as they are, whatever reads them."""


def write_jsonld(triples: Iterable[Triple], sink: IO[bytes]) -> None:
    """Write triples as they come: a node object for each run of triples of one subject."""
    sink.write(f'{{"@context":{_json(PREFIXES)},"@graph":['.encode())
    separator = b"\n"
    for subject, about in groupby(triples, key=lambda triple: triple.subject):
        sink.write(separator + _json(_node(subject, list(about))).encode())
        separator = b",\n"
    sink.write(b"\n]}\n")


def _node(subject: Term, about: list[Triple]) -> dict[str, Any]:
    """Return what is said of a subject as a node object."""
    hidden = set(_read_as_prefixes(about))
    node: dict[str, Any] = {"@context": dict.fromkeys(sorted(hidden))} if hidden else {}
    short = _written if hidden else _short
    node["@id"] = _named(subject, short)
    for triple in about:
        value = triple.object
        if triple.predicate.value == _TYPE and isinstance(value, NamedNode | BlankNode):
            node.setdefault("@type", []).append(_named(value, short))
        else:
            node.setdefault(short(triple.predicate.value), []).append(_value(value, short))
    return node


def _value(term: Term, short: Any) -> Any:
    """Return an object: a string, a number, a truth value, or an object that says more."""
    if not isinstance(term, Literal):
        return {"@id": _named(term, short)}
    if term.language:
        direction = {"@direction": str(term.direction)} if term.direction else {}
        return {"@value": term.value, "@language": term.language, **direction}
    datatype = term.datatype.value
    if datatype == XSD + "string":
        return term.value
    if datatype == XSD + "boolean" and term.value in ("true", "false"):
        return term.value == "true"
    if datatype == XSD + "integer" and _INTEGER.fullmatch(term.value):
        return int(term.value)
    return {"@value": term.value, "@type": short(datatype)}


def _named(term: Term, short: Any) -> str:
    return str(short(term.value)) if isinstance(term, NamedNode) else str(term)


@lru_cache(maxsize=4096)
def _short(iri: str) -> str:
    """Return an IRI as the context shortens it."""
    for namespace, prefix in _NAMESPACES:
        rest = iri[len(namespace) :]
        if rest and not rest.startswith("//") and iri.startswith(namespace):
            return f"{prefix}:{rest}"
    return iri


def _written(iri: str) -> str:
    """Return an IRI whole."""
    return iri


def _read_as_prefixes(about: Iterable[Triple]) -> Iterator[str]:
    """Yield the schemes of IRIs that a reader would take for a prefix of the context, such as `claim:x`."""
    for triple in about:
        datatype = triple.object.datatype if isinstance(triple.object, Literal) else None
        for term in (triple.subject, triple.predicate, triple.object, datatype):
            if isinstance(term, NamedNode):
                scheme = term.value.partition(":")[0]
                if scheme in PREFIXES:
                    yield scheme


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
