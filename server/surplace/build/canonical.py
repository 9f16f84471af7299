"""The canonical dump of a store, sorted N-Quads with blank nodes named by RDFC-1.0, as a stream.

No more of it is in memory than a piece: as an object, a quad takes ten times as much as its line.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from surplace.build.sources import graph_of

PIECE: Final = 8 * 1024 * 1024
"""Bytes of lines that are sorted in memory at once."""
BLOCK: Final = 1024 * 1024
"""Bytes of each sorted piece that are merged at once."""
PARSED: Final = 1000
"""Lines that are parsed at once."""
_BLANK: Final = b"_:"


def canonical_dump(store: Store, folder: Path) -> Iterator[bytes]:
    """Yield the quads of *store* as N-Quads, sorted, with blank nodes named by RDFC-1.0.

    Each item is some lines, in the order of their bytes. In UTF-8 that is the order of code points. Pieces
    are sorted into files without names in *folder* and merged: a `sort` of the system may be missing, or
    follow another order.
    """
    with ExitStack() as files:

        def sorted_file(lines: Iterable[bytes]) -> IO[bytes]:
            file = files.enter_context(TemporaryFile(dir=folder))
            file.writelines(sorted(lines))
            file.seek(0)
            return file

        whole = files.enter_context(TemporaryFile(dir=folder))
        store.dump(whole, RdfFormat.N_QUADS)
        del store  # the caller may have let go of it too
        whole.seek(0)
        blank: list[bytes] = []
        pieces: list[IO[bytes]] = []
        while lines := whole.readlines(PIECE):
            blank += (line for line in lines if _BLANK in line)
            pieces.append(sorted_file(line for line in lines if _BLANK not in line))
        yield from _merged([*pieces, sorted_file(_renamed(blank))])


def _renamed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Name the blank nodes by RDFC-1.0; a line that only has their sign in a text stays as it is.

    Lines without blank nodes have no part in how blank nodes are called.
    """
    dataset = Dataset(parse(b"".join(lines), format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return (f"{quad} .\n".encode() for quad in dataset)


def _merged(files: Sequence[IO[bytes]]) -> Iterator[bytes]:
    """Yield the lines of sorted files, sorted, some at a time: line by line takes ten times as long."""
    waiting: list[list[bytes]] = [[] for _ in files]
    while True:
        waiting = [lines or file.readlines(BLOCK) for lines, file in zip(waiting, files, strict=True)]
        if not any(waiting):
            return
        last = min(lines[-1] for lines in waiting if lines)  # what is still in the files comes after it
        ends = [bisect_right(lines, last) for lines in waiting]
        yield b"".join(sorted(chain.from_iterable(w[:end] for w, end in zip(waiting, ends, strict=True))))
        waiting = [lines[end:] for lines, end in zip(waiting, ends, strict=True)]


def write_dump(path: Path, pieces: Iterable[bytes]) -> str:
    """Write a dump that comes in pieces; return its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def quads_of(dump: Path) -> Iterator[Quad]:
    """Yield the quads of a dump in their order: those of a subject together, and so those of a triple."""
    # it comes from the library itself, which has looked at each name
    return parse(path=dump, format=RdfFormat.N_QUADS, lenient=True)


class ByGraph:
    """The quads of a dump, graph by graph."""

    def __init__(self, dump: Path) -> None:
        self.dump = dump
        self._begins: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        with dump.open("rb") as file:
            begin = 0
            for line, quad in zip(file, quads_of(dump), strict=True):
                self._begins[graph_of(quad)].append(begin)
                begin += len(line)

    def sizes(self) -> dict[str, int]:
        """Return the number of quads in each graph, by its IRI, sorted; "" is the default graph."""
        return {graph: len(self._begins[graph]) for graph in sorted(self._begins)}

    def quads(self, graph: str) -> Iterator[Quad]:
        """Yield the quads of a graph, in their order."""
        begins = iter(self._begins.get(graph, ()))
        with self.dump.open("rb") as file:
            while some := [file.readline() for begin in islice(begins, PARSED) if file.seek(begin) == begin]:
                yield from parse(b"".join(some), format=RdfFormat.N_QUADS, lenient=True)
