"""Writes what an endpoint answered in the format that is wanted, where it has another of the same sort."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import IO, Final, cast

from pyoxigraph import parse, parse_query_results

from surplace.engine.answer import Answer
from surplace.engine.query_errors import UnwritableAnswerError
from surplace.rdf.formats import FORMATS, Format, Kind
from surplace.rdf.wellformed import UnwritableError
from surplace.rdf.writing import write_graph
from surplace.sparql.csv import guard
from surplace.sparql.results import write
from surplace.sparql.rows import write_rows_of_json

ASKED_AS: Final = {"spreadsheet": "csv", "rows": "json", "trig": "ttl", "nq": "nt"}
"""The format that is asked for where one is wanted that few endpoints have; the latter two are it already."""
READ: Final[Mapping[Kind, tuple[str, ...]]] = {
    "bindings": ("json", "xml", "tsv"),
    "boolean": ("json", "xml"),
    "graph": ("nt", "ttl", "rdf"),
}
"""The formats that are taken instead, and translated."""
LONGEST_WHOLE: Final = 16 * 1024 * 1024
"""Bytes of an answer that is held as a whole to be written anew."""
LONGEST_ROW: Final = 4 * 1024 * 1024
"""Bytes of a row of CSV that is written anew, about; a cell may have 131,072 characters."""
DEEPEST: Final = 64
"""Triples that may stand inside one another: the library reads them by recursion."""
_TRIPLES: Final = re.compile(rb"<<|>>")


def acceptable(wanted: Format, kind: Kind) -> list[Format]:
    """Return the formats in which an endpoint may answer, that which is best first."""
    best = FORMATS[ASKED_AS.get(wanted.name, wanted.name)]
    return [best, *(FORMATS[name] for name in READ[kind] if name != best.name)]


def translated(plain: Answer, wanted: Format) -> Answer:
    """Return an answer in the format that is wanted; raises UnwritableAnswerError.

    The answer is let go of if another is returned.
    """
    if plain.format.name == wanted.name or (wanted.name, plain.format.name) in (
        ("trig", "ttl"),
        ("nq", "nt"),
    ):
        plain.format = wanted
        return plain
    answer = Answer(plain.kind, wanted, plain.most)
    answer.cut = plain.cut
    try:
        if (plain.format.name, wanted.name) == ("csv", "spreadsheet"):
            guard(_rows(plain), cast("IO[bytes]", answer))
        else:
            answer.write(_written(plain, wanted))
    except (UnwritableError, SyntaxError, csv.Error, *_OF_JSON) as error:
        answer.close()
        raise UnwritableAnswerError(
            f"The answer cannot be written as {wanted.title} ({error}): "
            f"ask for {plain.format.name}, or for less."
        ) from None
    except BaseException:
        answer.close()
        raise
    finally:
        plain.close()
    return answer


_OF_JSON: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def _written(plain: Answer, wanted: Format) -> bytes:
    """Write an answer anew, of which all is held; raises what data cause that are none of the format."""
    given, sink = plain.format, BytesIO()
    if plain.size > LONGEST_WHOLE:
        raise ValueError(f"it has more than {LONGEST_WHOLE} bytes")
    data = b"".join(plain)
    if (given.name, wanted.name) == ("json", "rows"):
        write_rows_of_json(json.loads(data), sink)
    elif given.results is not None:
        write(parse_query_results(data, format=given.results), wanted.name, sink)
    else:
        _must_be_flat(data)
        write_graph((quad.triple for quad in parse(data, format=given.rdf)), wanted, sink)
    return sink.getvalue()


def _must_be_flat(data: bytes) -> None:
    """Refuse RDF with more triples inside one another than can be read; raises ValueError."""
    depth = 0
    for sign in _TRIPLES.finditer(data):
        depth = depth + 1 if sign[0] == b"<<" else max(0, depth - 1)
        if depth > DEEPEST:
            raise ValueError(f"it has more than {DEEPEST} triples inside one another")


def _rows(pieces: Iterable[bytes]) -> Iterator[list[str]]:
    """Read CSV without holding more than a row; raises csv.Error if a row or a cell is too long."""
    held = 0

    def lines() -> Iterator[str]:
        nonlocal held
        rest = b""
        for piece in pieces:
            if held + len(rest) > LONGEST_ROW:
                raise csv.Error(f"a row has more than {LONGEST_ROW} bytes")
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                held += len(line) + 1
                yield (line + b"\n").decode("utf-8", "replace")
        if rest:
            yield rest.decode("utf-8", "replace")

    for row in csv.reader(lines()):
        held = 0
        yield row
