"""The names of Surplace: the base IRI, the prefixes that every file uses, and the graphs of a release."""

from __future__ import annotations

import re
from typing import Final

BASE: Final = "https://w3id.org/surplace/"
HOME: Final = "w3id.org/surplace"
"""What an IRI of ours has in it, however it is misspelt."""

SUR: Final = BASE + "ontology/"
SHAPE: Final = BASE + "shape/"
SOURCE: Final = BASE + "source/"
CLAIM: Final = BASE + "claim/"
GRAPH: Final = BASE + "graph/"
REJECTED: Final = GRAPH + "rejected/"
AXIOM: Final = BASE + "axiom/"
RULE: Final = BASE + "rule/"
QUERY: Final = BASE + "query/"
RELEASE: Final = BASE + "release/"
ID: Final = BASE + "id/"
VOCAB: Final = BASE + "vocab/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
OA: Final = "http://www.w3.org/ns/oa#"
ORG: Final = "http://www.w3.org/ns/org#"
SH: Final = "http://www.w3.org/ns/shacl#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
VOID: Final = "http://rdfs.org/ns/void#"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
SCHEMA: Final = "https://schema.org/"
ELI: Final = "http://data.europa.eu/eli/ontology#"

PROVENANCE: Final = GRAPH + "provenance"
"""Sources, passages, digests, disagreements, open questions, and what the axiom graphs are."""
ONTOLOGY: Final = GRAPH + "ontology"
"""Modules and vocabularies."""
KNOWLEDGE: Final = GRAPH + "knowledge"
"""What the passages state, minus what is rejected, plus what follows."""
SHAPES: Final = GRAPH + "shapes"
ALIGNMENTS: Final = GRAPH + "alignments"
CATALOGUE: Final = GRAPH + "catalogue"
DESCRIPTION: Final = GRAPH + "description"
"""What the default graph holds by class and property, and the endpoint."""
RETIRED: Final = GRAPH + "retired"
"""Names that a release dropped, with what replaces them."""

ENTITIES: Final = {
    "state": "state",
    "organisation": "organisation",
    "jurisdiction": "jurisdiction",
    "body": "body",
    "organ": "organ",
    "institution": "institution",
    "person": "person",
    "event": "event",
    "membership": "membership",
    "population": "population",
    "measure": "measure",
    "circumstance": "circumstance",
    "ground": "ground",
    "recommendation": "recommendation",
    "reply": "reply",
    "document": "document",
    "instrument": "instrument",
    "norm": "norm",
    "exception": "exception",
    "consent": "consent",
    "signature": "signature",
    "denunciation": "denunciation",
    "derogation": "derogation",
    "reservation": "reservation",
    "declaration": "declaration",
    "disagreement": "disagreement",
    "question": "open-question",
    "citation": "citation",
    "count": "party-count",
    "group": "group",
    "law": "law",
    "statement": "statement",
    "participation": "participation",
    "standing": "provision-standing",
    "end-of-record": "end-of-record",
    "closed-reservation": "closed-reservation",
    "finding": "finding",
    "acceptance-of-jurisdiction": "acceptance-of-jurisdiction",
    "element-assessment": "element-assessment",
    "ground-assessment": "ground-assessment",
    "engaged-alternative": "engaged-alternative",
    "engaged-clause": "engaged-clause",
    "follow-up": "follow-up",
    "contradiction": "contradiction",
    "tension": "tension",
    "view": "view",
    "period": "period",
}
"""Prefix of each kind of entity, and the path below id/ that it stands for."""

SCHEMES: Final = (
    "convention-ground",
    "harm",
    "risk-factor",
    "legal-circumstance",
    "action",
    "person-category",
    "status",
    "motive",
    "exception-ground",
    "bearer",
    "verification",
    "certainty",
    "attitude",
    "authority",
    "rule-on-treaties",
    "source-kind",
    "verdict",
    "extent",
    "good",
    "standing-kind",
    "follow-up-outcome",
    "element-result",
    "ground-result",
    "theme",
)
"""The concept schemes: each is a prefix, and a path below vocab/."""

PREFIXES: Final[dict[str, str]] = {
    "sur": SUR,
    "shape": SHAPE,
    "source": SOURCE,
    "claim": CLAIM,
    "graph": GRAPH,
    "rejected": REJECTED,
    "axiom": AXIOM,
    "rule": RULE,
    "query": QUERY,
    **{prefix: f"{ID}{path}/" for prefix, path in ENTITIES.items()},
    **{scheme: f"{VOCAB}{scheme}/" for scheme in SCHEMES},
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "oa": OA,
    "org": ORG,
    "sh": SH,
    "foaf": FOAF,
    "schema": SCHEMA,
    "eli": ELI,
}

_PREFIX_OF: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_IRI = re.compile(r"(.*[/#])([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)", re.DOTALL)
_DIGITS = re.compile(r"([0-9]+)")


def prefixed(iri: str) -> tuple[str, str] | None:
    """Split *iri* into prefix and local name, if Turtle and SPARQL both take that local name as it is."""
    match = _IRI.fullmatch(iri)
    if match is None or match[1] not in _PREFIX_OF:
        return None
    return _PREFIX_OF[match[1]], match[2]


def compact(iri: str) -> str:
    """*iri* as people read it: `sur:State` where a prefix fits, else the path below the base, else whole."""
    parts = prefixed(iri)
    if parts is not None:
        return ":".join(parts)
    return iri.removeprefix(BASE)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key under which numbers inside a text count as numbers: `p2` comes before `p10`."""
    return tuple(
        (0, int(part), part) if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(text) if part
    )


def sparql_prologue() -> str:
    """Return the PREFIX lines for queries that Surplace writes itself."""
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


def last_segment(iri: str) -> str:
    """Return the last part of the path of an IRI, by which people know what it names."""
    return iri.rstrip("/").rpartition("/")[2]


def treaty_of(provision: str) -> str:
    """Return the IRI of the treaty that an article, or a part of one, is of; of nothing else, nothing."""
    treaty, _, article = provision.partition("/article/")
    return treaty if article else ""
