"""The files that harvesters take: the release as N-Quads and TriG, parts of it by themselves, its pages."""

from __future__ import annotations

import gzip
import io
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import NamedNode, Triple

from surplace.build.canonical import ByGraph, quads_of
from surplace.build.ontology import as_one_ontology
from surplace.engine.release import measured
from surplace.namespaces import BASE, KNOWLEDGE, ONTOLOGY, PREFIXES, RETIRED
from surplace.rdf.formats import FORMATS, Format
from surplace.rdf.writing import write_graph

PAGES: Final = "pages.txt"
"""The names that have pages, one a line, without the base."""
ZIPPED: Final = ".gz"
LEVEL: Final = 6
"""How hard gzip tries: more takes three times as long for a twentieth of the size."""
PRESSED: Final = 1024 * 1024
"""Bytes that gzip is given at once."""

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
    Dump(
        "surplace-ontology.ttl",
        "The ontology with its vocabularies, as one owl:Ontology, in Turtle",
        FORMATS["ttl"],
        ONTOLOGY,
    ),
)


def write_dumps(folder: Path, graphs: ByGraph) -> list[dict[str, Any]]:
    """Write the files that hold what a dump holds; return the record of each.

    A record has name, title, media type, whether it is gzipped and of the whole, statements, bytes, SHA-256.
    """
    folder.mkdir()
    sizes = graphs.sizes()
    records = []
    for item in DUMPS:
        with _opened(folder / item.name) as sink:
            if item.graph:
                write_graph(_triples(item.graph, graphs), item.form, sink, PREFIXES)
            elif item.form.name == "nq":
                with graphs.dump.open("rb") as lines:
                    shutil.copyfileobj(lines, sink)
            else:
                by_graph = (quad for graph in sizes for quad in graphs.quads(graph))
                write_graph(by_graph, item.form, sink, PREFIXES)
        records.append(
            {
                "name": item.name,
                "title": item.title,
                "media_type": item.form.media_type,
                "gzip": item.name.endswith(ZIPPED),
                "whole": not item.graph,
                "statements": _statements(item.graph, graphs),
                **measured(folder / item.name),
            }
        )
    return records


def _triples(graph: str, graphs: ByGraph) -> Iterator[Triple]:
    """Yield what the file of a graph holds: of the ontology, one that a tool can open by itself."""
    triples = (quad.triple for quad in graphs.quads(graph))
    return as_one_ontology(triples) if graph == ONTOLOGY else triples


def _statements(graph: str, graphs: ByGraph) -> int:
    """Count what the file of a graph, or of all, holds."""
    if graph == ONTOLOGY:
        return sum(1 for _ in _triples(graph, graphs))
    return graphs.sizes().get(graph, 0) if graph else sum(graphs.sizes().values())


def write_pages(folder: Path, graphs: ByGraph) -> dict[str, Any]:
    """Write the names that are described or are graphs, and that have pages; return the record.

    Names that were dropped have none: their addresses say so.
    """
    subjects = {subject for subject, _ in groupby(quads_of(graphs.dump), attrgetter("subject"))}
    subjects -= {quad.subject for quad in graphs.quads(RETIRED)}
    iris = {subject.value for subject in subjects if isinstance(subject, NamedNode)} | set(graphs.sizes())
    names = {match[1] for match in map(_PAGE.fullmatch, iris) if match}
    (folder / PAGES).write_bytes("".join(f"{name}\n" for name in sorted(names)).encode())
    return {"name": PAGES, "count": len(names), **measured(folder / PAGES)}


@contextmanager
def zipped(path: Path) -> Iterator[IO[bytes]]:
    """Open a gzip file for writing, whose bytes depend on the data alone.

    It has no time and no name in it, and is pressed in pieces of one size, however it is written.
    """
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as pressed,
        io.BufferedWriter(pressed, PRESSED) as sink,
    ):
        yield sink


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    return zipped(path) if path.name.endswith(ZIPPED) else path.open("wb")
