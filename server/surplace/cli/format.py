"""`surplace format`: Turtle and TriG in one form, with the comments that tell a reader where he is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import click
from pyoxigraph import NamedNode, Quad

from surplace import resources
from surplace.errors import SurplaceError
from surplace.rdf.turtle import SUFFIXES, Comments, read_text, write
from surplace.rdf.turtle_lexer import DIRECTIVES, lex
from surplace.sparql.csv import BOM

_LOST = (
    "{name}, line {line}: formatting would lose this comment, so put it above a subject, above a GRAPH line, "
    "or at the head of the file."
)


def formatted(text: str, suffix: str, name: str) -> str:
    """Return the text of a file with that suffix in the project's form; *name* is used in error messages."""
    quads = read_text(text, SUFFIXES[suffix], name)
    return write(quads, read_comments(text, name, _places(quads)))


def _places(quads: list[Quad]) -> set[tuple[str, str]]:
    """Return the graphs and subjects that are written, as keys of `Comments.before`."""
    graphs = (q.graph_name.value if isinstance(q.graph_name, NamedNode) else "" for q in quads)
    subjects = (q.subject.value if isinstance(q.subject, NamedNode) else "" for q in quads)
    places = set(zip(graphs, subjects, strict=True))
    return (places | {(graph, "") for graph, _ in places}) - {("", "")}


def read_comments(text: str, name: str, places: set[tuple[str, str]]) -> Comments:
    """Collect the comments of a valid file: its head, those above a graph or a subject, its tail.

    Raises SurplaceError for a comment above anything that is not one of *places*.
    """
    comments = Comments()
    prefixes = {"": ""}
    graph = ""
    first = True
    for paragraphs, tokens, line in _statements(text, name):
        word = tokens[0].lower() if tokens else ""
        if not tokens:
            comments.tail = _joined(paragraphs)
        elif word in DIRECTIVES:
            comments.head = _joined([comments.head, *paragraphs])
            names = tokens[1] if word.endswith("prefix") else ""
            prefixes[names] = tokens[2 if names else 1][1:-1]
        elif any(paragraphs):
            about = tokens[-2] if tokens[-1] == "{" else tokens[0]
            iri = _expand(about, prefixes)
            key = (iri, "") if tokens[-1] == "{" else (graph, iri)
            if not iri or key not in places:
                raise SurplaceError(_LOST.format(name=name, line=line))
            if first:  # what a blank line parts from the first statement is the head
                comments.head = _joined(paragraphs[:-1])
                paragraphs = paragraphs[-1:]
            comments.before.setdefault(key, []).extend(line for lines in paragraphs for line in lines)
        first = False
        if tokens and tokens[-1] in "{}":
            graph = _expand(tokens[-2], prefixes) if tokens[-1] == "{" and len(tokens) > 1 else ""
    return comments


def _statements(text: str, name: str) -> Iterator[tuple[list[list[str]], list[str], int]]:
    """Yield statements as tokens, each with the paragraphs of comments before it, and the line of these.

    The opening of a graph, its closing brace and the end of the file (no tokens) count as statements.
    Raises SurplaceError for a comment inside or behind a statement.
    """
    paragraphs: list[list[str]] = [[]]
    tokens: list[str] = []
    begins = 1
    for kind, part, line, alone in lex(text):
        if kind == "comment":
            if tokens or not alone:
                raise SurplaceError(_LOST.format(name=name, line=line))
            begins = line if not any(paragraphs) else begins
            paragraphs[-1].append(part)
        elif kind == "break":
            paragraphs.append([])
        else:
            tokens.append(part)
            if part in {".", "{", "}"} or (tokens[0].lower() in {"prefix", "base"} and part.startswith("<")):
                yield paragraphs, tokens, begins
                paragraphs, tokens = [[]], []
    yield paragraphs, tokens, begins


def _joined(paragraphs: list[list[str]]) -> list[str]:
    """Join paragraphs with a blank line between them."""
    return (
        "\n\n".join("\n".join(lines) for lines in paragraphs if lines).split("\n") if any(paragraphs) else []
    )


def _expand(token: str, prefixes: dict[str, str]) -> str:
    """Return the IRI that a token names, or "" if it names none; the prefix "" stands for the base."""
    if token.startswith("<"):
        return urljoin(prefixes[""], token[1:-1])
    prefix, colon, local = token.partition(":")
    return prefixes[prefix + colon] + local if prefix + colon in prefixes else ""


def files_below(paths: list[Path]) -> list[Path]:
    """List the Turtle and TriG files at or below *paths*, sorted."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file()}
        elif not path.exists():
            raise SurplaceError(f"{path} does not exist: name a file or folder of Turtle or TriG.")
        elif path.suffix not in SUFFIXES:
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
        after = formatted(before.removeprefix(BOM), path.suffix, str(path))
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
