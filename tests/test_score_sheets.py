"""The public score sheets of SPARQL endpoints and data: each criterion is met over HTTP, or said not to be.

- Umaka is the score of YummyData (yummydata.org): criteria and weights are those of its crawler
  (github.com/dbcls/umakadata_gem, lib/umakadata/criteria) and its site (github.com/dbcls/umakadata,
  app/models/evaluation.rb).
- SPARQLES (sparqles.ai.wu.ac.at): the tasks are those of github.com/pyvandenbussche/sparqles
  (core/availability, core/discovery), and the features have the names of its queries (resources/ftask), with
  the six for ORDER BY and GROUP BY that its own runs leave out. There any valid answer will do; here it has
  to be the right one, so the queries are ours and ask our data.
- FAIR are the principles in box 2 of Wilkinson et al. 2016, doi:10.1038/sdata.2016.18.

A criterion in NOT_MET that has a check fails it: one that comes to be met has to leave the list.
The README of the server has the same table: `make docs` writes it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import pytest
from rdflib import DCTERMS, OWL, PROV, RDF, Graph, Namespace, URIRef
from rdflib.namespace import SKOS, VOID, XSD

from service import Response, Service, serving
from surplace.namespaces import BASE, sparql_prologue

FEATURES = Path(__file__).parent / "fixtures" / "sparql-features.tsv"
README = Path(__file__).parents[1] / "server" / "README.md"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
WHOLE, CHINA = URIRef(BASE + "dataset"), URIRef(BASE + "id/state/CHN")
OFTEN: Final = {"http://www.w3.org/", "http://purl.org/dc/", "http://rdfs.org/", "http://xmlns.com/"}
"""Where the vocabularies begin that Linked Open Vocabularies lists and that are used here."""

NOT_MET: Final = {
    "Umaka: short address": "`https://w3id.org/surplace/sparql` has 32 characters, 2 more than Umaka wants; "
    "a host of its own may have fewer.",
    "Umaka: own vocabulary listed": "To propose the ontology to Linked Open Vocabularies is for those who "
    "publish; no test here can see it.",
    "Umaka: execution time": "Its bar is a microsecond for each triple there is, too short for a test; "
    "`tests/benchmarks/` measures times.",
    "SPARQLES: open to robots": "`robots.txt` closes `/sparql` to crawlers on purpose; pages and dumps are "
    "for them.",
    "SPARQLES: sitemap extension": "The extension of sitemaps for SPARQL never became a standard; "
    "`robots.txt` leads to a plain sitemap.",
    "SPARQLES: SEL[FROM]": "It names graphs that are not there. They are refused, since none is fetched; "
    "FROM with a graph of the release works.",
    "SPARQLES: SEL[SERVICE]": "Refused on purpose: the service sends no requests for its clients.",
    "SPARQLES: times": "SPARQLES sets no bar for ASK and joins, cold or warm; `tests/benchmarks/` "
    "measures times.",
    "FAIR F1: persistent": "To register the redirect at w3id.org is for those who publish; no test here "
    "can see it.",
    "FAIR F4: registered": "To be listed by a catalogue is for those who publish, and no test here can see "
    "it; sitemap, schema.org and DCAT are ready.",
}
"""What is not met, or not shown to be, and why."""


@dataclass
class Site:
    """The running service as a client sees it."""

    service: Service

    def get(self, path: str, accept: str = "") -> Response:
        """Get a path or a name, which has to be there."""
        response = self.service.get("/" + path.removeprefix(BASE).lstrip("/"), accept)
        assert response.status == 200, f"{path}: {response.status} {response.text}"
        return response

    def ask(self, query: str) -> Response:
        """Ask a query with the project's prefixes."""
        accept = "application/sparql-results+json, text/turtle;q=0.5"
        return self.service.get("/sparql", accept, query=sparql_prologue() + query)

    def answer(self, query: str) -> Any:
        """Return what a query returns: a boolean, the number of triples, or the rows as lists of texts."""
        response = self.ask(query)
        assert response.status == 200, f"{query}: {response.text}"
        if "json" not in response.headers["Content-Type"]:
            return len(Graph().parse(data=response.body, format="turtle"))
        found: Any = response.json()
        if "boolean" in found:
            return found["boolean"]
        names = found["head"]["vars"]
        rows = found["results"]["bindings"]
        return [[row[name]["value"] for name in names if name in row] for row in rows]

    def graph(self, path: str, accept: str = "text/turtle") -> Graph:
        """Read what is at a path as RDF."""
        response = self.get(path, accept)
        assert response.headers.get_content_type() == accept
        return Graph().parse(data=response.body, format=accept)

    @cached_property
    def void(self) -> Graph:
        """The description of the dataset."""
        return self.graph(".well-known/void")


Check: TypeAlias = Callable[[Site], object]
CRITERIA: dict[str, tuple[str, Check | None]] = {}
"""What is checked, and the check, by criterion. A check returns what has to be true."""


def criterion(name: str, says: str = "") -> Callable[[Check], Check]:
    """Add a check to the sheets."""

    def add(check: Check) -> Check:
        CRITERIA[name] = (says, check)
        return check

    return add


# Umaka ------------------------------------------------------------------------------------------------------
ALL_CLASSES = "SELECT DISTINCT ?c { GRAPH ?g { [] a ?c } }"
EVERY_GRAPH = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
criterion("Umaka: alive", "a query is answered, in every graph and in the default one")(
    lambda site: site.answer("ASK { GRAPH ?g { ?s ?p ?o } }") and site.answer("ASK { ?s ?p ?o }")
)
criterion("Umaka: last update", "VoID says on which day the dataset was modified")(
    lambda site: site.void.value(WHOLE, DCTERMS.modified, any=False).toPython().year >= 2026
)
criterion("Umaka: service description", "`/sparql` answers Turtle and RDF/XML without a query")(
    lambda site: (
        set(site.graph("sparql")) == set(site.graph("sparql", "application/rdf+xml"))
        and (None, SD.supportedLanguage, SD.SPARQL11Query) in site.graph("sparql")
    )
)
criterion("Umaka: VoID", "`/.well-known/void` has publisher, licence and the number of triples")(
    lambda site: all(site.void.value(WHOLE, p) for p in (DCTERMS.publisher, DCTERMS.license, VOID.triples))
)
criterion("Umaka: graphs", "all graphs are listed, as many as at `/sparql/graphs`")(
    lambda site: (
        0 < len(site.answer(EVERY_GRAPH)) == len(set(site.graph("sparql/graphs").objects(None, SD.name)))
    )
)
criterion("Umaka: classes", "all classes are listed, as many as VoID counts")(
    lambda site: len(site.answer(ALL_CLASSES)) == site.void.value(WHOLE, VOID.classes).toPython()
)
criterion("Umaka: class labels", "every class has its label in rdfs:label, as Umaka reads it")(
    lambda site: site.answer(
        f"ASK {{ VALUES ?g {{ <{BASE}graph/ontology> }} GRAPH ?g {{ ?c rdfs:label ?l }} }}"
    )
)
criterion("Umaka: datatypes", "the datatypes of all values are listed, days and numbers among them")(
    lambda site: (
        {str(XSD.date), str(XSD.integer)}
        < {
            d
            for (d,) in site.answer("SELECT DISTINCT (DATATYPE(?o) AS ?d) { ?s ?p ?o FILTER(isLiteral(?o)) }")
        }
    )
)
PROPERTIES = "SELECT DISTINCT ?p { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } }"
criterion("Umaka: properties", "all properties are listed, as many as VoID counts")(
    lambda site: len(site.answer(PROPERTIES)) == site.void.value(WHOLE, VOID.properties).toPython()
)


@criterion(
    "Umaka: ontologies of others", "every property that is not Surplace's is one of a listed vocabulary"
)
def _(site: Site) -> object:
    others = [p for (p,) in site.answer(PROPERTIES) if not p.startswith(BASE)]
    assert len(others) > 30
    odd = [p for p in others if not p.startswith((*OFTEN, "https://schema.org/"))]
    assert not odd, odd
    return True


CRITERIA["Umaka: own vocabulary listed"] = ("", None)
criterion("Umaka: links to other datasets", "VoID has linksets, to Wikidata and GeoNames among others")(
    lambda site: (
        {"http://www.wikidata.org/entity/", "https://sws.geonames.org/"}
        < {str(site.void.value(t, VOID.uriSpace)) for t in site.void.objects(None, VOID.objectsTarget)}
    )
)
criterion("Umaka: cool URI", "the endpoint's address has a host name, no port and no query")(
    lambda site: (
        (found := urlsplit(str(site.void.value(WHOLE, VOID.sparqlEndpoint)))).hostname == "w3id.org"
        and (found.port, found.query) == (None, "")
    )
)
criterion("Umaka: short address")(lambda site: len(site.void.value(WHOLE, VOID.sparqlEndpoint)) <= 30)
criterion("Umaka: HTTP URI", "every thing that the graphs speak of has an HTTP URI")(
    lambda site: (
        site.answer("ASK { ?s a sur:State }")
        and not site.answer('ASK { ?s ?p ?o FILTER(isIRI(?s) && !STRSTARTS(STR(?s), "http")) }')
    )
)
criterion("Umaka: useful information", "the address of a state says its label")(
    lambda site: str(site.graph(CHINA).value(CHINA, SKOS.prefLabel)) == "China"
)
criterion(
    "Umaka: links to other URIs", "rdfs:seeAlso is there, and a state is linked to three other datasets"
)(
    lambda site: (
        site.answer("ASK { GRAPH ?g { ?s owl:sameAs|rdfs:seeAlso ?o FILTER(STRSTARTS(STR(?s), STR(<>))) } }")
        and len(list(site.graph(CHINA).objects(CHINA, SKOS.exactMatch))) == 3
    )
)
for kind in ("text/html", "application/rdf+xml", "text/turtle"):
    criterion(f"Umaka: {kind}", "a state's address answers this type where `Accept` asks for it")(
        lambda site, kind=kind: site.get(CHINA, kind).headers.get_content_type() == kind  # type: ignore[misc]
    )
CRITERIA["Umaka: execution time"] = ("", None)


# SPARQLES ---------------------------------------------------------------------------------------------------
@criterion("SPARQLES: availability", "ASK is answered with true, in less than its 20 seconds")
def _(site: Site) -> object:
    begin = time.monotonic()
    assert site.answer("ASK { ?s ?p ?o }") is True
    return time.monotonic() - begin < 20


@criterion("SPARQLES: VoID", "`/.well-known/void`, with the header that SPARQLES sends, names the endpoint")
def _(site: Site) -> object:
    accept = "application/rdf+xml, application/x-turtle, application/xml, text/turtle, text/plain;q=0.1"
    response = site.get(".well-known/void", accept)
    found = Graph().parse(data=response.body, format=response.headers.get_content_type())
    return found.value(WHOLE, VOID.sparqlEndpoint) == URIRef(BASE + "sparql")


criterion("SPARQLES: service description", "`/sparql` names itself as sd:endpoint")(
    lambda site: (None, SD.endpoint, URIRef(site.service.url + "/sparql")) in site.graph("sparql")
)
criterion("SPARQLES: server", "`Server` names the server, without a version")(
    lambda site: site.get("sparql").headers["Server"] == "surplace"
)
criterion("SPARQLES: description in the data", "the data have the void:Dataset with its endpoint")(
    lambda site: site.answer(f"ASK {{ GRAPH ?g {{ ?d a <{VOID.Dataset}> ; <{VOID.sparqlEndpoint}> ?e }} }}")
)
criterion("SPARQLES: open to robots")(lambda site: "Disallow: /sparql\n" not in site.get("robots.txt").text)
criterion("SPARQLES: sitemap extension")(
    lambda site: "sparqlEndpointLocation" in site.get("sitemap.xml").text + site.get("sitemap-1.xml").text
)
criterion("SPARQLES: SEL[FROM]")(
    lambda site: site.ask("SELECT * FROM <http://example.org/graph> { ?s ?p ?o } LIMIT 10").status == 200
)
criterion("SPARQLES: SEL[SERVICE]")(
    lambda site: site.ask("SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }").status == 200
)
CRITERIA["SPARQLES: times"] = ("", None)


def features(sheet: str) -> dict[str, tuple[str, Any]]:
    """Return query and answer of each feature: rows as lists of texts, a graph as its number of triples."""
    lines = [line.split("\t") for line in FEATURES.read_text(encoding="utf-8").splitlines()[1:]]
    return {name: (query, json.loads(answer)) for of, name, query, answer in lines if of == sheet}


def answers(sheet: str) -> Check:
    """Return the check that every query of a sheet has its answer."""

    def check(site: Site) -> object:
        asked = {name: (site.answer(query), answer) for name, (query, answer) in features(sheet).items()}
        wrong = {name: pair for name, pair in asked.items() if pair[0] != pair[1]}
        assert not wrong, wrong
        return len(asked) > 15

    return check


for sheet in ("SPARQL 1.0", "SPARQL 1.1"):
    criterion(f"SPARQLES: {sheet}", ", ".join(f"`{name}`" for name in features(sheet)))(answers(sheet))
criterion("Beyond SPARQLES", "FROM, HAVING, every kind of path, functions of texts, days, hashes and terms")(
    answers("more")
)


# FAIR -------------------------------------------------------------------------------------------------------
def links(site: Site, relation: str) -> set[str]:
    """Return the targets of the links of a kind that the page of a state has."""
    found = ", ".join(site.get(CHINA, "text/html").headers.get_all("Link") or []).split(", <")
    return {link.split(">")[0].lstrip("<") for link in found if f'rel="{relation}"' in link}


criterion("FAIR F1", "data and metadata have global names: a state, the dataset and the release say theirs")(
    lambda site: (
        links(site, "cite-as") == {str(CHINA)}
        and site.void.value(WHOLE, DCAT.hasCurrentVersion).startswith(BASE + "release/")
    )
)
CRITERIA["FAIR F1: persistent"] = ("", None)
RICH = (
    DCTERMS.title,
    DCTERMS.description,
    DCTERMS.creator,
    DCTERMS.issued,
    DCAT.version,
    VOID.classPartition,
)
criterion("FAIR F2", "the dataset has title, description, creator, dates, version, and counts by class")(
    lambda site: all(list(site.void.objects(WHOLE, prop)) for prop in RICH)
)
criterion("FAIR F3", "the metadata name the dataset and each file of it")(
    lambda site: (WHOLE, RDF.type, DCAT.Dataset) in site.void and any(site.void.objects(WHOLE, VOID.dataDump))
)
CRITERIA["FAIR F4: registered"] = ("", None)
criterion("FAIR A1", "every example in VoID answers RDF at its name's path")(
    lambda site: (
        len(found := [site.graph(str(name)) for name in site.void.objects(WHOLE, VOID.exampleResource)]) > 5
        and all(found)
    )
)
criterion("FAIR A1.1", "HTTP; every file has an open format and can be had")(
    lambda site: [site.get(str(file)) for file in site.void.objects(WHOLE, DCAT.distribution)]
)
criterion("FAIR A1.2", "HTTP has a way to authenticate; nothing here needs it, nor asks for it")(
    lambda site: "WWW-Authenticate" not in site.get("sparql").headers
)


@criterion(
    "FAIR A2", "a release is described apart from its files; dropped names say so (`tests/test_names.py`)"
)
def _(site: Site) -> object:
    release = site.void.value(WHOLE, DCAT.hasCurrentVersion)
    return site.graph(str(release)).value(release, DCAT.isVersionOf) == WHOLE


criterion("FAIR I1", "RDF, and an ontology in OWL")(
    lambda site: len(list(site.graph("ontology/consent").subjects(RDF.type, OWL.Class))) > 5
)
criterion("FAIR I2", "the ontology has a name that answers, a title, a licence and a version")(
    lambda site: all(
        site.graph("ontology").value(URIRef(BASE + "ontology"), prop)
        for prop in (DCTERMS.title, DCTERMS.license, OWL.versionInfo)
    )
)
criterion(
    "FAIR I3", "links say what they mean: skos:exactMatch to Wikidata, GeoNames and EU authority tables"
)(lambda site: len({urlsplit(o).hostname for o in site.graph(CHINA).objects(CHINA, SKOS.exactMatch)}) == 3)
criterion("FAIR R1", "the description says what the data are about, their language, sources and conformance")(
    lambda site: all(
        any(site.void.objects(WHOLE, prop))
        for prop in (DCTERMS.language, PROV.wasDerivedFrom, DCTERMS.conformsTo)
    )
)
criterion("FAIR R1.1", "dataset and pages name CC0")(
    lambda site: links(site, "license") == {str(site.void.value(WHOLE, DCTERMS.license))}
)
criterion("FAIR R1.2", "every passage graph says which source it is a passage of")(
    lambda site: (
        site.answer("ASK { ?g sur:isPassageOf/a sur:Source }")
        and not site.answer(
            "ASK { GRAPH ?g {} FILTER(STRSTARTS(STR(?g), STR(<source/>)))"
            " FILTER NOT EXISTS { ?g sur:isPassageOf/a sur:Source } }"
        )
    )
)
criterion(
    "FAIR R1.3", "DCAT-AP and VoID describe the data; terms are aligned to ELI, PROV-O and LegalRuleML"
)(
    lambda site: all(
        site.answer(f"ASK {{ GRAPH <graph/alignments> {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), '{part}')) }} }}")
        for part in ("/eli/ontology#", "/ns/prov#", "/legalruleml/")
    )
)


@pytest.fixture(scope="module")
def site(project_release: Path) -> Iterator[Site]:
    with serving("--release", str(project_release)) as running:
        yield Site(running)


@pytest.mark.parametrize("name", [name for name in CRITERIA if name not in NOT_MET])
def test_it_is_met(name: str, site: Site) -> None:
    check = CRITERIA[name][1]
    assert check is not None
    assert check(site), name


@pytest.mark.parametrize("name", [name for name in NOT_MET if CRITERIA[name][1]])
def test_what_is_said_not_to_be_met_is_not(name: str, site: Site) -> None:
    check = CRITERIA[name][1]
    assert check is not None
    assert check(site) is False


def table_of_criteria() -> str:
    """Return the table of the README."""
    rows = ["| criterion | met | what is checked, or why it is not met |", "|---|---|---|"]
    for name, (says, _) in CRITERIA.items():
        rows.append(f"| {name} | {'no' if name in NOT_MET else 'yes'} | {NOT_MET.get(name, says)} |")
    return "\n".join(rows) + "\n"


def test_the_readme_has_the_sheets() -> None:
    assert NOT_MET.keys() <= CRITERIA.keys()
    section = README.read_text(encoding="utf-8").split("## Score sheets\n")[1].split("\n## ")[0]
    assert table_of_criteria() in section
    met = len(CRITERIA) - len(NOT_MET)
    assert f"{met} of {len(CRITERIA)} are met" in section
