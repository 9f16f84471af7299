"""DCAT-AP 3.0.1 in SHACL, made from the table `fixtures/dcat-ap.csv`.

The least, the most and the kind of value of a row restate the 290 property shapes that SEMIC publishes for
3.0.1 (https://github.com/SEMICeu/DCAT-AP, releases/3.0.1/shacl/dcat-ap-SHACL.ttl). Only *day* asks for more
than they do, which is any literal: it is the four datatypes of the base shapes of the draft of 3.0.1
(releases/3.0.1-draft/html/shacl). What is wished for and the vocabularies are those of 3.0.0
(releases/3.0.0/html/shacl).

A row has a class, a property (or two with `|`, of which one is enough), the least number of values, the least
that is wished for, the greatest, what a value must be, the vocabulary that it must be in, and the one it had
better be in.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from pyshacl import validate
from rdflib import SH, Graph

TABLE: Final = Path(__file__).parent / "fixtures" / "dcat-ap.csv"
PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "prov": "http://www.w3.org/ns/prov#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
KINDS: Final = {
    "literal": "sh:nodeKind sh:Literal",
    "day": "sh:or ("
    + " ".join(f"[ sh:datatype xsd:{name} ]" for name in ("date", "dateTime", "gYear", "gYearMonth"))
    + ")",
    "thing": "sh:nodeKind sh:BlankNodeOrIRI",
}
EU: Final = "http://publications.europa.eu/resource/authority/"
ADMS: Final = "http://purl.org/adms/"
BEGINNINGS: Final = {
    "geonames": "https://sws.geonames.org/",
    "iana": "https?://www.iana.org/assignments/media-types/",
    "spdx": "https?://spdx.org/rdf/terms",
}


def shapes() -> Graph:
    """Write the table in SHACL: what is wished for has the severity of a warning."""
    text = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    with TABLE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            names = row["property"].split("|")
            path = f"[ sh:alternativePath ({' '.join(names)}) ]" if len(names) > 1 else names[0]
            musts = [_number("min", row["least"]), _number("max", row["most"]), _value(row["value"])]
            musts += [_vocabulary(row["in"])]
            wishes = [_number("min", row["wished"]), _vocabulary(row["better in"])]
            for severity, limits in (("Violation", musts), ("Warning", wishes)):
                for limit in filter(None, limits):
                    text += (
                        f"[] a sh:NodeShape ; sh:targetClass {row['class']} ; "
                        f"sh:property [ sh:path {path} ; sh:severity sh:{severity} ; {limit} ] .\n"
                    )
    return Graph().parse(data=text, format="turtle")


def faults(about: Graph, against: Graph) -> tuple[set[str], set[str]]:
    """Return what *about* breaks, and what it lacks of what is wished for: thing, property, and a value."""
    _, report, _ = validate(about, shacl_graph=against)
    found: dict[object, set[str]] = {SH.Violation: set(), SH.Warning: set()}
    for result in report.objects(None, SH.result):
        parts = (report.value(result, name) for name in (SH.focusNode, SH.resultPath, SH.value))
        named = " ".join(str(part) for part in parts if part is not None)
        found[report.value(result, SH.resultSeverity)].add(named)
    return found[SH.Violation], found[SH.Warning]


def _number(which: str, number: str) -> str:
    return f"sh:{which}Count {number}" if number else ""


def _value(kind: str) -> str:
    if not kind or kind in KINDS:
        return KINDS.get(kind, "")
    return f"sh:{'datatype' if kind.startswith('xsd:') else 'class'} {kind}"


def _vocabulary(name: str) -> str:
    """Say that a value is in a vocabulary; *itself* says that its address alone tells."""
    if name == "place":
        choices = [*(f"eu:{kind}" for kind in ("country", "place", "continent")), "itself geonames"]
        return f"sh:or ({' '.join(f'[ {_vocabulary(choice)} ]' for choice in choices)})"
    if name == "itself eu:data-theme":
        return f"sh:hasValue <{EU}data-theme>"
    if name.startswith("itself "):
        return f'sh:nodeKind sh:IRI ; sh:pattern "^{BEGINNINGS[name.removeprefix("itself ")]}"'
    start, _, kind = name.partition(":")
    scheme = {"eu": f"{EU}{kind}", "adms": f"{ADMS}{kind}/1.0"}.get(start)
    member = f"sh:node [ sh:property [ sh:path skos:inScheme ; sh:hasValue <{scheme}> ] ]"
    return f"sh:nodeKind sh:IRI ; {member}" if name else ""
