"""The controlled vocabularies that DCAT-AP takes values from, known by how the names of their terms begin."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from surplace.description.graph import DescriptionGraph, english
from surplace.namespaces import DCTERMS, SKOS
from surplace.rdf.formats import FORMATS

EU: Final = "http://publications.europa.eu/resource/authority/"
"""The authority tables of the Publications Office of the European Union."""
_ADMS: Final = "http://purl.org/adms/"
_ADMS_TITLES: Final = {"licencetype": "Licence type", "publishertype": "Publisher type"}
_FILE_TYPES: Final = {
    FORMATS[name].media_type: f"{EU}file-type/{code}"
    for name, code in {
        "nq": "RDF_N_QUADS",
        "nt": "RDF_N_TRIPLES",
        "trig": "RDF_TRIG",
        "ttl": "RDF_TURTLE",
    }.items()
}


def file_type_of(media_type: str) -> str:
    """Return the file type of the European Union for a media type that files of releases have."""
    return _FILE_TYPES[media_type]


def scheme_of(term: str) -> tuple[str, str] | None:
    """Return IRI and English title of the vocabulary that a term is in; None for what is no such term."""
    if term.startswith(EU):
        table, slash, _ = term.removeprefix(EU).partition("/")
        return (EU + table, table.replace("-", " ").capitalize()) if slash else None
    table, slash, _ = term.removeprefix(_ADMS).partition("/")
    if term.startswith(_ADMS) and slash and table in _ADMS_TITLES:
        return f"{_ADMS}{table}/1.0", _ADMS_TITLES[table]
    return None


def say_schemes(about: DescriptionGraph) -> None:
    """State of each term of such a vocabulary that is named which one it belongs to."""
    for triple in about.triples():
        term = triple.object.value if isinstance(triple.object, NamedNode) else ""
        found = scheme_of(term)
        if found is not None:
            scheme, title = found
            about.say(term, SKOS + "inScheme", scheme)
            about.is_a(scheme, SKOS + "ConceptScheme")
            about.say(scheme, DCTERMS + "title", english(title))
