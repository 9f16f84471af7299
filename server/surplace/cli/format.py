"""`surplace format`: Turtle and TriG in one form, with the comments that tell a reader where he is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from surplace import resources
from surplace.errors import SurplaceError
from surplace.turtle import FORMATS, Comments, read_text, write

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
       |"(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
    |(?P<space>\s+)
    |(?P<word>[^\s<>"'\#;,\[\](){}]+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_LOST = (
    "{name}, line {line}: formatting would lose this comment, so put it above a subject, above a GRAPH line, "
    "or at the head of the file."
)


def formatted(text: str, suffix: str, name: str) -> str:
    """Return the text of a file with that suffix in the project's form; *name* is used in error messages."""
    quads = read_text(text, FORMATS[suffix], name)
    return write(quads, read_comments(text, name))


def read_comments(text: str, name: str) -> Comments:
    """Collect the comments of a valid file: its head, those above a graph or a subject, its tail."""
    comments = Comments()
    prefixes: dict[str, str] = {}
    graph = ""
    waiting: list[str] = []  # comment lines whose statement has not come yet
    previous: list[str] = []  # the tokens of the statement so far
    opened = False  # whether a statement has begun in this file

    tokens = list(_tokens(text))
    for position, (kind, part, line, alone) in enumerate(tokens):
        if kind == "comment":
            if not alone or (previous and waiting is not None):
                raise SurplaceError(_LOST.format(name=name, line=line))
            waiting.append(part)
            continue
        if kind == "break":
            if not opened and waiting:  # a blank line ends the head
                comments.head += [*waiting, ""]
                waiting = []
            continue
        word = part.lower()
        if not previous and part == "}":
            if waiting:
                raise SurplaceError(_LOST.format(name=name, line=line - 1))
            graph = ""
            continue
        if not previous and word in {"prefix", "@prefix", "base", "@base"}:
            comments.head += waiting
            waiting = []
        elif not previous and waiting:
            key = _key(tokens, position, graph, prefixes)
            if key is None:
                raise SurplaceError(_LOST.format(name=name, line=line - 1))
            comments.before.setdefault(key, []).extend(waiting)
            waiting = []
        opened = True
        previous.append(part)
        first = previous[0].lower()
        if first in {"prefix", "@prefix"} and kind == "iri":
            prefixes[previous[1]] = part[1:-1]
        if part == "{":
            graph = _expand(previous[-2], prefixes) if len(previous) > 1 else ""
        ends = (first in {"prefix", "base"} and kind == "iri") or part in {".", "{"}
        if ends and not (first.startswith("@") and kind == "iri"):
            previous = []
        elif part == "}":  # the last statement of a graph may lack its full stop
            previous, graph = [], ""
    comments.tail = waiting
    while comments.head and not comments.head[-1]:
        comments.head.pop()
    return comments


def _tokens(text: str) -> Iterator[tuple[str, str, int, bool]]:
    """Yield kind, part, line, and whether nothing stands before it on its line; "break" is a blank line."""
    line = 1
    alone = True
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup or "", match[0]
        if kind == "space":
            if part.count("\n") > 1:
                yield "break", "", line, True
            alone = alone or "\n" in part
        elif kind == "word" and len(part) > 1 and part.endswith("."):
            yield kind, part.rstrip("."), line, alone
            yield "sign", ".", line, False
            alone = False
        else:
            yield kind, part, line, alone
            alone = False
        line += part.count("\n")


def _key(
    tokens: list[tuple[str, str, int, bool]], position: int, graph: str, prefixes: dict[str, str]
) -> tuple[str, str] | None:
    """Say what the statement that begins at *position* is about, as a key of `Comments.before`."""
    following = [
        part for kind, part, _, _ in tokens[position : position + 6] if kind not in {"comment", "break"}
    ]
    if following[0].lower() == "graph":
        return _expand(following[1], prefixes), ""
    name = _expand(following[0], prefixes)
    if not name:
        return None
    return (name, "") if following[1:2] == ["{"] else (graph, name)


def _expand(part: str, prefixes: dict[str, str]) -> str:
    """Return the IRI that a token names, or "" if it names none."""
    if part.startswith("<"):
        return part[1:-1]
    prefix, colon, local = part.partition(":")
    return prefixes.get(f"{prefix}:", "") + local if colon and f"{prefix}:" in prefixes else ""


def files_below(paths: list[Path]) -> list[Path]:
    """List the Turtle and TriG files at or below *paths*, sorted."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {file for file in path.rglob("*") if file.suffix in FORMATS and file.is_file()}
        elif not path.exists():
            raise SurplaceError(f"{path} does not exist: name a file or folder of Turtle or TriG.")
        elif path.suffix not in FORMATS:
            raise SurplaceError(f"{path} is neither Turtle (.ttl) nor TriG (.trig): leave it out.")
        else:
            found.add(path)
    return sorted(found)


@click.command(epilog="Example: surplace format data/documents/cohen-2010.trig")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", is_flag=True, help="Change nothing; list the files that would change, and exit with 1."
)
def command(paths: tuple[Path, ...], check: bool) -> None:
    """Put Turtle and TriG at or below PATHS (default: ontology and data) into the project's form."""
    changed = 0
    for path in files_below(list(paths) or [resources.ontology_dir(), resources.data_dir()]):
        try:
            before = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise SurplaceError(f"{path} is not UTF-8: save the file as UTF-8.") from None
        after = formatted(before, path.suffix, str(path))
        if after == before:
            continue
        changed += 1
        if check:
            click.echo(f"{path} is not formatted: run `surplace format {path}`.")
        else:
            path.write_text(after, encoding="utf-8", newline="\n")
            click.echo(f"Formatted {path}")
    if check and changed:
        raise SystemExit(1)
