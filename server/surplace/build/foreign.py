"""Reads RDF that others wrote, in a process that may die of it: nothing of it runs in this one.

Parsers are not made for enemies: a few kilobytes of brackets end the process that reads them. What comes back
is N-Quads of the library's own making, without triples inside triples, which is safe to read.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from surplace.engine.limits import Limits
from surplace.engine.worker import cap_memory
from surplace.errors import SurplaceError

File = tuple[Path, str]
"""A file, and its name in messages."""


def read(files: Sequence[File], limits: Limits) -> list[list[Quad]]:
    """Parse Turtle and TriG files; blank nodes get names that no other file has.

    Raises SurplaceError naming the file that is too large, takes too long, or cannot be read.
    """
    for path, name in files:
        try:
            size = path.stat().st_size
        except OSError:
            continue  # the process finds out, and says so
        if size > limits.import_size * 1024 * 1024:
            raise SurplaceError(
                f"{name} is larger than {limits.import_size} MiB: split it into smaller files."
            )
    task = {"memory": limits.import_memory, "files": [(str(path), name) for path, name in files]}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "surplace.build.foreign"],
            input=json.dumps(task).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.import_time,
            check=False,
        )
        output, ended = done.stdout, done.returncode != 0
    except subprocess.TimeoutExpired as error:
        output, ended = error.stdout or b"", True
    found = [_quads(frame) for frame in _frames(output)]
    if len(found) < len(files) or ended:
        name = files[min(len(found), len(files) - 1)][1]
        raise SurplaceError(
            f"{name} cannot be read within {limits.import_time:g} seconds and {limits.import_memory} MiB: "
            "it is too large or nested too deep, so split it or write it flat."
        )
    return found


def _frames(output: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield a head and a body for each file that was read to its end."""
    begin = 0
    while begin < len(output):
        body = output.find(b"\n", begin) + 1 or len(output)
        try:
            head = json.loads(output[begin:body])
        except ValueError:
            return
        begin = body + head["bytes"]
        if begin > len(output):
            return
        yield head, output[body:begin]


def _quads(frame: tuple[dict[str, Any], bytes]) -> list[Quad]:
    head, body = frame
    if "error" in head:
        raise SurplaceError(head["error"])
    return list(parse(body, format=RdfFormat.N_QUADS))


def main() -> None:
    """Read what standard input names, and write a frame for each file."""
    from surplace.rdf.turtle import read as parsed

    task = json.load(sys.stdin)
    cap_memory(task["memory"])
    for path, name in task["files"]:
        try:
            quads = parsed(Path(path), shown=name)
            if any(isinstance(quad.object, Triple) for quad in quads):
                raise SurplaceError(
                    f"{name} has a triple inside a triple: write it as a statement of its own."
                )
        except SurplaceError as error:
            _put({"error": str(error), "bytes": 0}, b"")
            return
        buffer = BytesIO()
        serialize(quads, buffer, format=RdfFormat.N_QUADS)
        _put({"bytes": buffer.tell()}, buffer.getvalue())


def _put(head: dict[str, Any], body: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
