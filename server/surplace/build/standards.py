"""The vocabularies of the standards, which are closed: a name there that they do not have is misspelt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from surplace.namespaces import RDF

NOT_THERE: Final = "no name of its vocabulary: correct it"
"""What is said of a name that a standard does not have."""
_MEMBER: Final = re.compile(re.escape(RDF) + "_[1-9][0-9]*")
_SPACE: Final = re.compile(r".*[/#]", re.DOTALL)


@cache
def standard_names() -> Mapping[str, frozenset[str]]:
    """Return the names of each vocabulary by its namespace."""
    # a moment to load, and only a build asks
    from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SH, SKOS, XSD

    spaces = (DCTERMS, OWL, PROV, RDF, RDFS, SH, SKOS, XSD)
    return {
        # what is a word of Python is kept apart there
        str(space): frozenset((*map(str, dir(space)), *(f"{space}{name}" for name in space._extras)))
        for space in spaces
    }


def names_beside(iri: str) -> frozenset[str]:
    """Return the names of the vocabulary of *iri*; none for one that is no standard's, or its namespace."""
    space = _SPACE.match(iri)
    return standard_names().get(space[0], frozenset()) if space and space[0] != iri else frozenset()


def is_misnamed(iri: str) -> bool:
    """Tell whether *iri* is in the vocabulary of a standard, which does not have it."""
    names = names_beside(iri)
    return bool(names) and iri not in names and not _MEMBER.fullmatch(iri)
