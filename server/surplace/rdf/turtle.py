"""Turtle and TriG: reading with errors that say where, and writing in the one form that the project uses.

The form is rdflib's `longturtle` (one statement a line, `;` at the end of each, the full stop on a line of
its own), with names shortened by the project's prefixes and its base, and numbers inside names sorted as
numbers. Nothing depends on the order of the input, so a change of the data is a change of those lines only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    parse,
)

from surplace.errors import SurplaceError, not_utf8
from surplace.namespaces import BASE, PREFIXES, RDF, XSD, natural_key, prefixed
from surplace.rdf.faults import remedied
from surplace.rdf.formats import FORMATS, Format
from surplace.rdf.terms import RDF_TYPE, Term

SUFFIXES = {f".{form.suffix}": form for form in (FORMATS["ttl"], FORMATS["trig"])}
"""The formats that ontology/ and data/ are written in, by file name suffix."""

INDENT = "    "
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_PLAIN = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_RELATIVE = re.compile(r"[a-z][a-z-]*(?:[/#][^:]*)?")
"""What may stand for a name below the base: nothing that could be read as a scheme, or leads out of it."""
_ESCAPES = str.maketrans({"\\": "\\\\", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_POSITION = re.compile(r"^Parser error (?:at|between) line .*?: ", re.DOTALL)


def read(path: Path, *, shown: str | None = None) -> list[Quad]:
    """Parse a Turtle or TriG file into quads; blank nodes get names that no other file has.

    *shown* is the name of the file in error messages. Raises SurplaceError with line and column.
    """
    name = shown or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(name, error) from None
    except OSError as error:
        raise SurplaceError(
            f"{name} cannot be read ({error.strerror}): check the path and the permissions."
        ) from None
    return read_text(text, SUFFIXES[path.suffix], name)


def read_text(text: str, form: Format, name: str) -> list[Quad]:
    """Parse Turtle or TriG; *name* is the name of the file in error messages."""
    try:
        return list(parse(text, format=form.rdf, rename_blank_nodes=True))
    except SyntaxError as error:
        reason = _POSITION.sub("", error.msg or "").replace("\n", " ").strip().rstrip(".")
        raise SurplaceError(
            f"{name}, line {error.lineno}, column {error.offset}: {remedied(reason)}"
        ) from None


@dataclass
class Comments:
    """The comment lines of a file that formatting keeps, each list being whole lines with their `#`."""

    head: list[str] = field(default_factory=list)
    before: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Lines before the block of a graph (graph, "") or of a subject (graph or "", subject)."""
    tail: list[str] = field(default_factory=list)


def write(quads: Iterable[Quad], comments: Comments | None = None) -> str:
    """Write *quads*: the default graph as plain Turtle, then one block a named graph."""
    comments = comments or Comments()
    dataset = Dataset(quads)
    # the names of blank nodes that cannot be written in place must not depend on the run
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in dataset:
        graphs["" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value].append(quad)
    places: dict[Term, set[str]] = defaultdict(set)
    for graph, members in graphs.items():
        for quad in members:
            places[quad.subject].add(graph)
            places[quad.object].add(graph)
    shared = {node for node, found in places.items() if len(found) > 1}
    used: set[str] = set()
    blocks: list[str] = []
    for graph in sorted(graphs, key=natural_key):
        writer = _GraphWriter(graphs[graph], used, shared, depth=1 if graph else 0)
        statements = []
        for subject, lines in writer.subjects():
            notes = [writer.margin + line for line in comments.before.get((graph, subject), [])]
            statements.append("\n".join([*notes, *lines]))
        if not graph:
            blocks += statements
            continue
        notes = comments.before.get((graph, ""), [])
        block = "\n".join([*notes, f"GRAPH {writer.name(graph)} {{", *statements, "}"])
        # a comment opens a paragraph; graphs without one follow each other closely
        if not notes and blocks and blocks[-1].endswith("\n}"):
            blocks[-1] += "\n" + block
        else:
            blocks.append(block)
    base = [f"BASE <{BASE}>"] if "" in used else []
    prologue = base + [f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in sorted(used - {""})]
    parts = ["\n".join(comments.head), "\n".join(prologue), *blocks, "\n".join(comments.tail)]
    return "\n\n".join(part for part in parts if part) + "\n" if any(parts) else ""


def literal(node: Literal, name: Callable[[str], str]) -> str:
    """Write a literal: numbers and booleans bare, a text of several lines in long quotes.

    *name* writes the IRI of the datatype.
    """
    datatype = node.datatype.value
    if datatype in _PLAIN and _PLAIN[datatype].fullmatch(node.value):
        return node.value
    text = node.value.translate(_ESCAPES)
    if "\n" in text:
        text = text.replace('"""', '\\"\\"\\"')
        text = text[:-1] + '\\"' if text.endswith('"') else text
        text = f'"""{text}"""'
    else:
        text = '"' + text.replace('"', '\\"') + '"'
    if node.language:
        return f"{text}@{node.language}" + (f"--{node.direction}" if node.direction else "")
    return text if datatype == XSD + "string" else f"{text}^^{name(datatype)}"


class _GraphWriter:
    """Writes the triples of one graph, and adds the prefixes that it needs to *used*, "" for the base.

    Blank nodes that are *shared* with other graphs are written with labels.
    """

    def __init__(self, quads: list[Quad], used: set[str], shared: set[Term], depth: int) -> None:
        self.used = used
        self.shared = shared
        self.depth = depth
        self.margin = INDENT * depth
        self.about: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self.parents: dict[Term, list[Term]] = defaultdict(list)
        for quad in quads:
            self.about[quad.subject][quad.predicate].append(quad.object)
            self.parents[quad.object].append(quad.subject)
        self.nested = {node for node in tuple(self.parents) if self._may_nest(node)}

    def _may_nest(self, node: Term) -> bool:
        """Tell whether a blank node can be written where it is used: once, and not inside itself."""
        if not isinstance(node, BlankNode) or node in self.shared or len(self.parents[node]) != 1:
            return False
        seen: set[Term] = {node}
        current = self.parents[node][0]
        while isinstance(current, BlankNode) and current not in seen and len(self.parents[current]) == 1:
            seen.add(current)
            current = self.parents[current][0]
        return current not in seen

    def name(self, iri: str) -> str:
        """Return the shortest form of an IRI, and note its prefix, or that it stands below the base."""
        parts = prefixed(iri)
        if parts is None:
            relative = iri.removeprefix(BASE)
            if relative == iri or not _RELATIVE.fullmatch(relative) or "/." in relative:
                return str(NamedNode(iri))
            self.used.add("")
            return f"<{relative}>"
        self.used.add(parts[0])
        return ":".join(parts)

    def subjects(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each subject (its IRI, or "" for a blank node) with the lines that say what is said of it."""
        for node in sorted((node for node in self.about if node not in self.nested), key=self._order):
            unnamed = isinstance(node, BlankNode) and not (self.parents.get(node) or node in self.shared)
            first = self.margin + ("[]" if unnamed else self.term(node, self.depth))
            statements = self._statements(node, self.depth + 1)
            yield (
                node.value if isinstance(node, NamedNode) else "",
                [first, *statements, f"{self.margin}."],
            )

    def _statements(self, subject: Term, depth: int) -> list[str]:
        """Write what is said of one subject: the type first, the other predicates sorted."""
        lines = []
        predicates = self.about[subject]
        for predicate in sorted(predicates, key=lambda p: (p != RDF_TYPE, natural_key(p.value))):
            verb = INDENT * depth + ("a" if predicate == RDF_TYPE else self.name(predicate.value))
            objects = sorted(predicates[predicate], key=self._order)
            if len(objects) == 1:
                lines.append(f"{verb} {self.term(objects[0], depth)} ;")
            else:
                terms = [f"{INDENT * (depth + 1)}{self.term(node, depth + 1)}" for node in objects]
                lines.append(verb + "\n" + " ,\n".join(terms) + " ;")
        return lines

    def term(self, node: Term, depth: int) -> str:
        """Write one term; blank nodes that are used once are written in place."""
        if isinstance(node, NamedNode):
            return "()" if node == _NIL else self.name(node.value)
        if isinstance(node, Literal):
            return literal(node, self.name)
        if not isinstance(node, BlankNode):
            raise SurplaceError("A triple stands inside another triple: write it as a statement of its own.")
        if node not in self.nested:
            return str(node)
        items = self._list(node)
        inner, outer = INDENT * (depth + 1), INDENT * depth
        if items is not None:
            return "(\n" + "".join(f"{inner}{self.term(item, depth + 1)}\n" for item in items) + f"{outer})"
        statements = self._statements(node, depth + 1) if node in self.about else []
        return "\n".join(["[", *statements, f"{outer}]"])

    def _list(self, node: Term) -> list[Term] | None:
        """Return the members if *node* is a well-formed RDF list, else None."""
        items: list[Term] = []
        while node != _NIL:
            about = self.about.get(node, {})
            if node not in self.nested or set(about) != {_FIRST, _REST}:
                return None
            if len(about[_FIRST]) != 1 or len(about[_REST]) != 1:
                return None
            items.append(about[_FIRST][0])
            node = about[_REST][0]
        return items

    def _order(self, node: Term) -> tuple[int, tuple[tuple[int, int, str], ...]]:
        """Sort names before literals before blank nodes, and blank nodes by what is said of them."""
        if isinstance(node, NamedNode):
            return 0, natural_key(node.value)
        if isinstance(node, Literal):
            return 1, natural_key(str(node))
        return 2, natural_key(self.term(node, 0))
