"""A question as it was asked: with which values, at which address, and what RDF says of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode

from surplace.answering.sentence import Summing
from surplace.catalogue.query import Query
from surplace.catalogue.values import Choices, Term
from surplace.namespaces import BASE, PROV, QUERY, RELEASE, SCHEMA, last_segment
from surplace.rdf.terms import RDF_TYPE, Statement
from surplace.sparql.inspection import Inspection

_NO_NAME: Final = re.compile(r"[^A-Za-z0-9.-]+")
"""What a part of a file name may not have."""
_SENTENCES: Final = 4
"""How many sentences stand above an answer at most, one for each value: they go in a header of HTTP, too."""
_LONGEST_NAME: Final = 200
"""Characters that a file name may have, so that a suffix and a number still fit."""


@dataclass(frozen=True)
class BoundQuestion:
    """A query and the terms of all its parameters, the defaults where none were given."""

    query: Query
    terms: Mapping[str, tuple[Term, ...]]
    text: str
    """The query with the values that were given."""

    @property
    def summing(self) -> Summing | None:
        """What the sentence above the answer is made of; None where there is none.

        There is none in some files, nor of more than `_SENTENCES` combinations of values that are told apart.
        """
        query = self.query
        several = [name for name, terms in self.terms.items() if len(terms) > 1 and name not in query.columns]
        apart = query.told_apart(self.terms)
        sentences = prod(len(self.terms[name]) for name in several)
        # where the template speaks of no column, no row needs to be told from another
        untold = bool(query.summed) and len(apart) < len(several)
        if not query.answer or sentences > _SENTENCES or untold:
            return None
        return Summing(query.name, query.answer, query.summed, self.terms, apart)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the answer: those of the query, and the parameters that have several values."""
        return *self.query.columns, *self.query.told_apart(self.terms)

    @property
    def apart(self) -> Query:
        """The query as its answer is laid out: the rows of each value that is told apart stand together."""
        query, told = self.query, self.query.told_apart(self.terms)
        if not told:
            return query
        return replace(
            query,
            by=(*told, *query.by),
            columns={**query.columns, **{name: query.told[name] for name in told}},
            layout=replace(query.layout, order=(*told, *query.layout.order)),
        )

    @property
    def seen(self) -> Inspection | None:
        """What is to be seen of the text: as of the file, since a value is a term and hides nothing.

        With a backslash in a value engines may differ on where it ends; then the text is to be looked at.
        """
        given = "".join(str(term) for terms in self.terms.values() for term in terms)
        return None if "\\" in given else self.query.inspection

    @property
    def path(self) -> str:
        """The canonical address of the answer, below the base: all values in full, in one order.

        A parameter that may have any value is left out.
        """
        values = [
            (name, "" if term is None else term.value)
            for name, terms in self.terms.items()
            if not (None in terms and terms == self.query.params[name].defaults)
            for term in sorted(terms, key=str)
        ]
        path = f"queries/{quote(self.query.name)}"
        return f"{path}?{urlencode(values, safe=':/', quote_via=quote)}" if values else path

    @property
    def file_name(self) -> str:
        """The name of a file with the answer, without a suffix: the question, and the end of each value.

        Two answers to a question can be kept side by side.
        """
        values = [term.value for terms in self.terms.values() for term in terms if term is not None]
        ends = [_NO_NAME.sub("-", last_segment(value)) for value in values]
        return "-".join([self.query.name, *filter(None, ends)])[:_LONGEST_NAME]

    def path_at(self, release: str) -> str:
        """The address of the answer of that release and no other; of any where *release* is empty."""
        if not release:
            return self.path
        return f"{self.path}{'&' if '?' in self.path else '?'}{urlencode({'release': release})}"

    def stating(self, release: str) -> str:
        """Return the text, which states with a graph where it comes from; *release* is empty if not known."""
        return self.query.layout.stating(self.text, self._statements(release))

    def _statements(self, release: str) -> Iterator[Statement]:
        """Yield what PROV-O says of the answer: from which release, by which query, with which values.

        There is no time in it: the same question to the same release has the same answer, byte for byte.
        """
        answer = NamedNode(BASE + self.path)
        asking = NamedNode(f"{answer.value}#{release or 'asking'}")
        query = NamedNode(self.query.iri)
        yield answer, RDF_TYPE, NamedNode(PROV + "Entity")
        yield answer, NamedNode(PROV + "wasGeneratedBy"), asking
        yield asking, RDF_TYPE, NamedNode(PROV + "Activity")
        yield asking, NamedNode(PROV + "used"), query
        if release:
            yield answer, NamedNode(PROV + "wasDerivedFrom"), NamedNode(RELEASE + release)
            yield asking, NamedNode(PROV + "used"), NamedNode(RELEASE + release)
        for name, terms in self.terms.items():
            for term in terms:
                if term is not None:
                    yield asking, NamedNode(parameter_path(self.query, name)), term
        yield query, NamedNode(SCHEMA + "version"), Literal(self.query.version)


def ask(
    query: Query, values: Mapping[str, str | Sequence[str]], choices: Choices | None = None
) -> BoundQuestion:
    """Ask *query* with *values*, as `Query.bind` takes them; raises ParameterError."""
    given = query.terms(values, choices)
    terms = {name: given.get(name, parameter.defaults) for name, parameter in query.params.items()}
    return BoundQuestion(query, terms, query.bind_terms(given))


def parameter_path(query: Query, name: str) -> str:
    """Return the IRI of the property that gives an asking of *query* the value of a parameter.

    Its last part is the name of the variable, as SHACL wants it of the path of a parameter.
    """
    return f"{QUERY}{query.name}/{name}"
