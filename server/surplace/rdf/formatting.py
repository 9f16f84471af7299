"""The form of a Turtle or TriG file, with the comments that tell a reader where he is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode, Quad

from surplace.errors import SurplaceError
from surplace.rdf.places import expanded
from surplace.rdf.turtle import SUFFIXES, Comments, read_text, write
from surplace.rdf.turtle_lexer import DIRECTIVES, lex

Change = Callable[[list[Quad]], list[Quad]]
"""What makes of the quads of a file those that it is to hold."""

_LOST = (
    "{name}, line {line}: formatting would lose this comment, so put it above a subject, above a GRAPH line, "
    "or at the head of the file."
)


def formatted(text: str, suffix: str, name: str, change: Change = list) -> str:
    """Return the text of a file with that suffix in the project's form, its quads changed by *change*.

    *name* is used in error messages. Raises SurplaceError for a text that is not valid, and for a comment
    that would be lost.
    """
    quads = read_text(text, SUFFIXES[suffix], name)
    return write(change(quads), read_comments(text, name, _places(quads)))


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
    opened = ""
    for paragraphs, tokens, line in _statements(text, name):
        word = tokens[0].lower() if tokens else ""
        if word == "}" and opened:
            raise SurplaceError(
                f"{name}: formatting would lose the empty graph {opened}: write what its passage states, "
                "or remove it."
            )
        opened = tokens[-2] if len(tokens) > 1 and tokens[-1] == "{" else ""
        if not tokens:
            comments.tail = _joined(paragraphs)
        elif word in DIRECTIVES:
            comments.head = _joined([comments.head, *paragraphs])
            names = tokens[1] if word.endswith("prefix") else ""
            prefixes[names] = tokens[2 if names else 1][1:-1]
        elif any(paragraphs):
            about = tokens[-2] if tokens[-1] == "{" else tokens[0]
            iri = expanded(about, prefixes)
            key = (iri, "") if tokens[-1] == "{" else (graph, iri)
            if not iri or key not in places:
                raise SurplaceError(_LOST.format(name=name, line=line))
            if first:  # what a blank line parts from the first statement is the head
                comments.head = _joined(paragraphs[:-1])
                paragraphs = paragraphs[-1:]
            comments.before.setdefault(key, []).extend(line for lines in paragraphs for line in lines)
        first = False
        if tokens and tokens[-1] in "{}":
            graph = expanded(tokens[-2], prefixes) if tokens[-1] == "{" and len(tokens) > 1 else ""
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
