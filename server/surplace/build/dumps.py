"""The files that harvesters take: the release as N-Quads and TriG, parts of it by themselves, its pages."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad

from surplace.build.sources import graph_of
from surplace.engine.release import measured
from surplace.namespaces import BASE, KNOWLEDGE, ONTOLOGY, PREFIXES, RETIRED
from surplace.rdf.formats import FORMATS, Format
from surplace.rdf.writing import graph_bytes

PAGES: Final = "pages.txt"
"""The names that have pages, one a line, without the base."""
ZIPPED: Final = ".gz"
LEVEL: Final = 6
"""How hard gzip tries: more takes three times as long for a twentieth of the size."""

_PAGE = re.compile(
    re.escape(BASE) + r"((?:id|source|claim|graph|axiom|rule|vocab|shape|ontology)(?:/[^?#]+)?)"
)


@dataclass(frozen=True)
class Dump:
    """A file to be written: its name, what it holds, and the graph whose triples those are if not all."""

    name: str
    title: str
    form: Format
    graph: str = ""


DUMPS: Final = (
    Dump("surplace.nq.gz", "The whole release: every graph, in N-Quads", FORMATS["nq"]),
    Dump("surplace.trig.gz", "The whole release: every graph, in TriG", FORMATS["trig"]),
    Dump("surplace-knowledge.nt.gz", "The knowledge alone, in N-Triples", FORMATS["nt"], KNOWLEDGE),
    Dump("surplace-knowledge.ttl.gz", "The knowledge alone, in Turtle", FORMATS["ttl"], KNOWLEDGE),
    Dump("surplace-ontology.ttl", "The ontology with its vocabularies, in Turtle", FORMATS["ttl"], ONTOLOGY),
)


def write_dumps(folder: Path, dump: bytes, quads: Sequence[Quad]) -> list[dict[str, Any]]:
    """Write the files that hold what *dump*, canonical N-Quads of *quads*, holds; return the record of each.

    A record has name, title, media type, whether it is gzipped and of the whole, statements, bytes, SHA-256.
    """
    folder.mkdir()
    records = []
    for item in DUMPS:
        if item.graph:
            graph = NamedNode(item.graph)
            triples = [quad.triple for quad in quads if quad.graph_name == graph]
            number, data = len(triples), graph_bytes(triples, item.form, PREFIXES)
        elif item.form.name == "nq":
            number, data = len(quads), dump
        else:
            by_graph = sorted(quads, key=graph_of)
            number, data = len(quads), graph_bytes(by_graph, item.form, PREFIXES)
        _store(folder / item.name, data)
        records.append(
            {
                "name": item.name,
                "title": item.title,
                "media_type": item.form.media_type,
                "gzip": item.name.endswith(ZIPPED),
                "whole": not item.graph,
                "statements": number,
                **measured(folder / item.name),
            }
        )
    return records


def write_pages(folder: Path, quads: Sequence[Quad]) -> dict[str, Any]:
    """Write the names that are described or are graphs, and that have pages; return the record.

    Names that were dropped have none: their addresses say so.
    """
    nodes = {node for quad in quads for node in (quad.subject, quad.graph_name)}
    nodes -= {quad.subject for quad in quads if graph_of(quad) == RETIRED}
    found = (_PAGE.fullmatch(node.value) for node in nodes if isinstance(node, NamedNode))
    names = {match[1] for match in found if match}
    (folder / PAGES).write_bytes("".join(f"{name}\n" for name in sorted(names)).encode())
    return {"name": PAGES, "count": len(names), **measured(folder / PAGES)}


def write_zipped(path: Path, data: bytes) -> None:
    """Write a gzip file whose bytes depend on *data* alone: it has no time and no name in it."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as zipped:
        zipped.write(data)


def _store(path: Path, data: bytes) -> None:
    if path.name.endswith(ZIPPED):
        write_zipped(path, data)
    else:
        path.write_bytes(data)
