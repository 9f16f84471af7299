"""Names in a query that the graph does not have, with the nearest that it has: why answers are empty."""

from __future__ import annotations

import re
import weakref
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from surplace.catalogue.nearest import nearest_name, split_name
from surplace.description.figures import of_default
from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Table
from surplace.namespaces import (
    BASE,
    GRAPH,
    ID,
    PREFIXES,
    SHAPE,
    SUR,
    VOCAB,
    XSD,
    compact,
    prefixed,
    sparql_prologue,
)
from surplace.sparql.fault import mended
from surplace.sparql.inspection import KEPT, tokens_of
from surplace.sparql.lexer import Token
from surplace.sparql.naming import NamedToken, names_in, prefixes_in

MOST: Final = 20
"""Names of a query that are looked up."""
DEFINED: Final = f"""{sparql_prologue()}SELECT DISTINCT ?item WHERE {{
    VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty skos:Concept }}
    ?item a ?kind
}}"""
"""Asks for all terms that are defined; those of others that are used are counted in the manifest."""
_ABSENCE: Final = re.compile(r"\b(?:MINUS|NOT\s+EXISTS|COUNT|SUM)\b", re.IGNORECASE)
_TERMS: Final[weakref.WeakKeyDictionary[Knowledge, frozenset[str]]] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class MissingName:
    """A name that nothing in the graph has: as it is written, and where, counted from 1 in characters.

    *nearest* is the IRI of the nearest name there is, and *instead* how the query would write it, with the
    line *paste* at its top; "" if none is near, or no line is needed.
    """

    written: str
    iri: str
    line: int
    column: int
    nearest: str
    instead: str
    paste: str

    @property
    def sentence(self) -> str:
        """What is wrong, and what to do."""
        if not self.nearest:
            return f"Nothing here is called {self.written}: {_where(self.iri)}."
        if compact(self.nearest) == self.written:  # another IRI stands behind the same prefix
            return f"Nothing here is called <{self.iri}>: did you mean <{self.nearest}>?"
        return f"Nothing here is called {self.written}: did you mean {compact(self.nearest)}?"

    def mended(self, query: str) -> str:
        """Return *query* with the nearest name in the place of this one, below the line that it needs."""
        return mended(query, self.line, self.column, self.written, instead=self.instead, paste=self.paste)


def rests_on_absence(query: str) -> bool:
    """Tell whether a name that the graph does not have may make rows of a query, or a number, too.

    A query of KEPT characters or more is not looked at: it would hold up the event loop.
    """
    return len(query) < KEPT and _ABSENCE.search(query) is not None


async def missing_names(knowledge: Knowledge, query: str, *, terms_only: bool = False) -> list[MissingName]:
    """Return the names in *query* that the graph does not have, in their order; for the loop of the engine.

    With *terms_only*, things are left out, whose neighbours take long to find: classes, properties and
    concepts are looked at. Raises EngineError.
    """
    names: dict[str, NamedToken] = {}
    found = tokens_of(query)
    declared = prefixes_in(found)
    for name in _asked_for(found):
        if not terms_only or _may_be_term(name.iri):
            names.setdefault(name.iri, name)
    if not names:
        return []
    terms = await _terms(knowledge)
    unsure = [iri for iri in names if iri not in terms][:MOST]
    if not unsure:
        return []
    without_id = {iri: ID + iri.removeprefix(BASE) for iri in unsure if iri.startswith(BASE)}
    there = _iris(await knowledge.select_in_loop(_existing([*unsure, *without_id.values()])))
    missing = []
    for iri in unsure:
        if iri not in there:
            nearest = nearest_name(iri, names[iri].token.text, terms)
            if without_id.get(iri) in there:
                nearest = without_id[iri]
            if not nearest and not _may_be_term(iri):
                nearest = nearest_name(iri, "", await _neighbours(knowledge, iri))
            missing.append(_described(query, names[iri], nearest, declared))
    return missing


async def _terms(knowledge: Knowledge) -> frozenset[str]:
    """Return the classes, properties and concepts of a release, looked up once; of an endpoint, each time."""
    known = _TERMS.get(knowledge)
    if known is None:
        classes, properties = of_default(knowledge.engine.release)
        known = frozenset(_iris(await knowledge.select_in_loop(DEFINED)) | classes.keys() | properties.keys())
        if knowledge.engine.release is not None:
            _TERMS[knowledge] = known
    return known


def _asked_for(found: Sequence[Token]) -> list[NamedToken]:
    """Return the names that must be in the graph to be found: no types of data, functions or template."""
    signs = [token.text for token in found]
    template = range(0)
    for position, token in enumerate(found):
        if token.is_word("CONSTRUCT") and signs[position + 1 : position + 2] == ["{"]:
            template = range(position, signs.index("}", position) if "}" in signs[position:] else len(signs))
    return [
        name
        for name in names_in(found)
        if name.position not in template
        and not name.iri.startswith(XSD)
        and signs[max(name.position - 2, 0) : name.position] != ["^", "^"]
        and signs[name.position + 1 : name.position + 2] != ["("]
    ]


def _may_be_term(iri: str) -> bool:
    """Tell whether an IRI is a term by its name: ours in three namespaces, all that others define."""
    return not iri.startswith(BASE) or iri.startswith((SUR, VOCAB, SHAPE))


def _iris(table: Table) -> set[str]:
    return {row["item"].value for row in table.rows if isinstance(row["item"], NamedNode)}


def _existing(iris: Iterable[str]) -> str:
    """Ask which of some IRIs stand anywhere: in the default graph, in a named one, or as the name of one."""
    values = " ".join(str(NamedNode(iri)) for iri in iris)
    places = ("?item ?p ?o", "?s ?item ?o", "?s ?p ?item")
    anywhere = [f"EXISTS {{ {place} }} || EXISTS {{ GRAPH ?g {{ {place} }} }}" for place in places]
    return (
        f"SELECT ?item {{ VALUES ?item {{ {values} }} "
        f"FILTER({' || '.join(anywhere)} || EXISTS {{ GRAPH ?item {{ ?s ?p ?o }} }}) }}"
    )


async def _neighbours(knowledge: Knowledge, iri: str) -> set[str]:
    """Ask for the things and graphs of the kind that the path of an IRI says, if it is a path of ours."""
    namespace, _ = split_name(iri)
    if namespace not in PREFIXES.values():
        return set()
    query = f'SELECT DISTINCT ?item {{ ?item a ?class FILTER(STRSTARTS(STR(?item), "{namespace}")) }}'
    graphs = (knowledge.engine.release or {}).get("graphs", ())
    return _iris(await knowledge.select_in_loop(query)).union(
        graph for graph in graphs if graph.startswith(namespace)
    )


def _where(iri: str) -> str:
    """Say where the names are that there are of its kind."""
    if iri.startswith(GRAPH):
        return "the list of graphs has those that there are"
    if iri.startswith(BASE) and not _may_be_term(iri):
        return "look for it by a name in the search"
    return "the ontology lists the names that there are"


def _described(query: str, name: NamedToken, nearest: str, declared: Collection[str]) -> MissingName:
    before = query[: name.token.start]
    short = prefixed(nearest)
    prefix = short[0] if short is not None else ""
    paste = f"PREFIX {prefix}: <{PREFIXES[prefix]}>" if prefix and prefix not in declared else ""
    means_another = short is not None and ":".join(short) == name.token.text
    return MissingName(
        written=name.token.text,
        iri=name.iri,
        line=before.count("\n") + 1,
        column=name.token.start - before.rfind("\n"),
        nearest=nearest,
        instead=":".join(short) if short and not means_another else f"<{nearest}>" if nearest else "",
        paste=paste,
    )
