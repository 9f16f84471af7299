"""The pages of the ontology: an overview, modules with a diagram, vocabularies as trees, shapes and rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from service import HOSTILE, Service, make_release, serving
from surplace.namespaces import BASE, sparql_prologue
from surplace.web.terms.definitions import by_subject
from surplace.web.terms.diagram import Box, Drawing, draw
from test_pages import Page

HTML = "text/html"
SVG = re.compile(r"<svg.*</svg>", re.DOTALL)
ONTOLOGY = """
GRAPH <https://w3id.org/surplace/graph/ontology> {
  <https://w3id.org/surplace/ontology> a owl:Ontology ; dcterms:title "Surplace ontology"@en ;
    owl:versionInfo "0.1.0" .
  [] a owl:AllDisjointClasses ; owl:members ( sur:Act sur:Body ) .
  sur:deeds a owl:Ontology ; dcterms:title "Surplace ontology: deeds"@en ;
    dcterms:description "What is done."@en ; owl:versionIRI <https://w3id.org/surplace/ontology/deeds/0.1.0> .
  sur:Act a owl:Class ; rdfs:isDefinedBy sur:deeds ; skos:prefLabel "act"@en ;
    skos:definition "deed of somebody"@en ; skos:example "A signature."@en ,
    "Negative example: the weather."@en ; skos:scopeNote "Nobody need have willed it."@en .
  sur:Treaty a owl:Class ; rdfs:isDefinedBy sur:deeds ; rdfs:subClassOf sur:Act , sur:Paper ;
    skos:prefLabel "treaty"@en ; skos:definition "<script>alert(\\"x\\")</script>"@en .
  sur:isDoneBy a owl:ObjectProperty ; rdfs:isDefinedBy sur:deeds ; skos:prefLabel "is done by"@en ;
    rdfs:domain sur:Act ; rdfs:range sur:Body ; skos:definition "has as its doer"@en ;
    sur:holdsOneValue true .
  sur:isMetBy a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:isDefinedBy sur:deeds ;
    skos:prefLabel "is met by"@en ; owl:propertyChainAxiom ( sur:isDoneBy sur:isMetBy ) .
  sur:isDatedOn a owl:DatatypeProperty ; rdfs:isDefinedBy sur:deeds ; skos:prefLabel "is dated on"@en ;
    rdfs:domain sur:Body ; rdfs:range rdfs:Literal ; schema:rangeIncludes xsd:date , xsd:gYear .
  sur:Deed a owl:Class ; rdfs:isDefinedBy sur:deeds ; skos:prefLabel "a deed"@en .
  <https://w3id.org/surplace/vocab/harm> a skos:ConceptScheme , owl:Ontology ;
    skos:prefLabel "harms"@en ;
    skos:definition "wrongs that people fear"@en .
  harm:detention a skos:Concept ; skos:inScheme <https://w3id.org/surplace/vocab/harm> ;
    skos:prefLabel "detention"@en ; skos:definition "being locked up"@en .
  harm:solitary a skos:Concept ; skos:inScheme <https://w3id.org/surplace/vocab/harm> ;
    skos:prefLabel "solitary detention"@en ; skos:broader harm:detention ; skos:example "A dark cell."@en .
}
<https://w3id.org/surplace/id/deed/accord> a sur:Treaty , sur:Act ; skos:prefLabel "The Accord"@en .
<https://w3id.org/surplace/id/deed/visit> a sur:Act ; skos:prefLabel "A visit"@en .
GRAPH <https://w3id.org/surplace/graph/alignments> {
  sur:alignments a owl:Ontology ; dcterms:title "Surplace ontology: alignments"@en ;
    owl:versionIRI <https://w3id.org/surplace/ontology/alignments/0.1.0> .
  sur:Act rdfs:subClassOf schema:Action . sur:Body skos:closeMatch schema:Organization .
}
GRAPH <https://w3id.org/surplace/graph/shapes> {
  shape:ActShape a sh:NodeShape ; sh:targetClass sur:Act ; sh:message "Say who did it."@en .
}
GRAPH <https://w3id.org/surplace/graph/provenance> {
  rule:doer a sur:Rule ; skos:prefLabel "A doer is found"@en ; sur:hasStratum 1 ;
    sur:hasQueryText "CONSTRUCT { ?a sur:isDoneBy ?b } WHERE { ?b sur:does ?a }" .
}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving("--release", str(make_release(tmp_path_factory.mktemp("release"), ONTOLOGY))) as running:
        yield running


def page(service: Service, path: str) -> Page:
    response = service.get(path, HTML)
    assert response.status == 200
    return Page(response.text)


def test_the_overview_lists_modules_classes_vocabularies_and_rules(service: Service) -> None:
    found = page(service, "/ontology")
    assert service.get("/ontology/", HTML).headers["Location"] == "/ontology"
    for words in (
        "Version 0.1.0",
        "deeds 3 classes What is done. act · 2 instances deed of somebody treaty · 1 instance",
        "The module deeds : 3 properties, and a diagram.",
        "harms · 2 concepts wrongs that people fear",
        "A doer is found",
    ):
        assert words in found.text
    links = found.all("a", "href")
    assert {"/ontology/deeds", "/ontology/Act", "/vocab/harm", "/graph/shapes", "/rule/doer"} <= set(links)


def test_the_classes_that_have_most_instances_come_first(service: Service) -> None:
    first, whole = (
        page(service, "/ontology")
        .text.split("Often looked up, each with its instances: ")[1]
        .split(" Classes ")
    )
    assert first == "treaty · 1 instance"
    for text in (whole, page(service, "/ontology/deeds").text):
        places = [
            text.index(f" {words} ") for words in ("act · 2 instances", "treaty · 1 instance", "a deed")
        ]
        assert places == sorted(places)


def test_a_term_is_looked_for_among_terms_and_leads_to_its_instances(service: Service) -> None:
    text = service.get("/ontology", HTML).text
    assert '<form role="search" aria-label="Terms" method="get" action="/search">' in text
    assert '<input type="hidden" name="kind" value="term of the ontology">' in text
    found = page(service, "/search?q=treaties&kind=term+of+the+ontology")
    assert "treaty term of the ontology 1 instance" in found.text
    assert "/ontology/Treaty#instances" in found.all("a", "href")


def test_the_page_of_a_class_says_its_definition_once_and_where_all_is_stated_once(service: Service) -> None:
    text = page(service, "/ontology/Act").text
    head, _, rest = text.partition("What is said of it")
    assert head.count("deed of somebody") == 1
    assert "All of this is stated in the ontology ." in rest
    said, _, folded = rest.partition("What stands at the head of this page: 3 more")
    assert "deed of somebody" not in said
    assert "is defined as" in folded
    assert "A visit" in head


def test_a_module_documents_its_terms(service: Service) -> None:
    found = page(service, "/ontology/deeds")
    for words in (
        "3 classes, 3 properties",
        "act 2 instances deed of somebody act · 2 instances · sur:Act Nobody need have willed it.",
        "Example: A signature.",
        "Not an example: the weather.",
        "its kinds treaty sur:Treaty",
        "properties is done by sur:isDoneBy",
        "shape shape:ActShape",
        "is done by has as its doer is done by · sur:isDoneBy is one value at most "
        "said of act sur:Act leads to sur:Body",
        "is transitive implied by is done by sur:isDoneBy is met by sur:isMetBy",
        "leads to rdfs:Literal xsd:date xsd:gYear",
    ):
        assert words in found.text
    assert {"Act", "Treaty", "isDoneBy", "isMetBy", "isDatedOn"} <= set(found.all("article", "id"))
    assert HOSTILE not in service.get("/ontology/deeds", HTML).text


def test_the_diagram_of_a_module_is_a_drawing_with_words(service: Service) -> None:
    (svg,) = SVG.findall(service.get("/ontology/deeds", HTML).text)
    drawing = ElementTree.fromstring(svg)
    assert drawing.attrib["aria-labelledby"] == "diagram-title diagram-words"
    assert [drawing.find(name).attrib["id"] for name in ("title", "desc")] == [  # type: ignore[union-attr]
        "diagram-title",
        "diagram-words",
    ]
    texts = [element.text for element in drawing.iter("text")]
    assert texts == [
        "Act",
        "isDoneBy → Body",
        "Treaty",
        "also below Paper",
        "Body",
        "isDatedOn → xsd:date or xsd:gYear",
        "Deed",
        "Paper",
        "anything",
        "isMetBy",
    ]
    assert [link.attrib["href"] for link in drawing.iter("a")][:3] == [
        "/ontology/Act",
        "/ontology/isDoneBy",
        "/ontology/Treaty",
    ]
    assert not list(drawing.iter("script"))
    assert len(list(drawing.iter("polygon"))) == 1


def drawn(turtle: str) -> Drawing:
    """Draw what a module in Turtle holds."""
    quads = parse(sparql_prologue() + turtle, format=RdfFormat.TURTLE)
    return draw(by_subject(quad.triple for quad in quads))


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_boxes_of_a_diagram_lie_apart_and_inside() -> None:
    classes = " ".join(
        f"sur:C{number} a owl:Class ; rdfs:subClassOf sur:C{number // 3} ." for number in range(1, 40)
    )
    properties = " ".join(
        f"sur:has{number} a owl:ObjectProperty ; rdfs:domain sur:C{number} ; rdfs:range sur:C1 ."
        for number in range(1, 40, 2)
    )
    drawing = drawn(f"sur:C0 a owl:Class . {classes} {properties}")
    assert len(drawing.boxes) == 40
    assert len(drawing.edges) == 39
    for number, box in enumerate(drawing.boxes):
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
        assert not any(overlap(box, other) for other in drawing.boxes[number + 1 :])
        assert all(box.x < line.x < box.x + box.width for line in box.texts)


def test_a_diagram_of_nothing_and_of_a_circle_is_drawn() -> None:
    assert drawn("sur:x a owl:Ontology .").boxes == ()
    circle = drawn(
        "sur:A a owl:Class ; rdfs:subClassOf sur:B . sur:B a owl:Class ; rdfs:subClassOf sur:A . "
        "sur:C a owl:Class ; rdfs:subClassOf sur:A ."
    )
    assert circle.edges == ()


def test_the_iri_of_a_version_answers_with_the_ontology_that_has_it(service: Service) -> None:
    one, other = (
        service.get(f"/ontology/{name}", "application/n-triples") for name in ("deeds", "deeds/0.1.0")
    )
    assert (one.status, other.status) == (200, 200)
    assert one.text == other.text
    assert service.get("/ontology/deeds/0.2.0").status == 404


def test_an_ontology_that_no_other_imports_comes_whole_by_its_name_and_by_that_of_its_version(
    service: Service,
) -> None:
    graph = "https://w3id.org/surplace/graph/alignments"
    content = {
        quad.triple
        for quad in parse(sparql_prologue() + ONTOLOGY, format=RdfFormat.TRIG)
        if getattr(quad.graph_name, "value", "") == graph
    }
    assert len(content) == 5
    for name in ("alignments", "alignments/0.1.0"):
        plain = service.get(f"/ontology/{name}", "application/n-triples")
        assert plain.status == 200
        assert content <= {quad.triple for quad in parse(plain.body, format=RdfFormat.N_TRIPLES)}
        quads = set(parse(service.get(f"/ontology/{name}", "application/n-quads").body, RdfFormat.N_QUADS))
        for graph_name in (NamedNode(graph), DefaultGraph()):
            assert content <= {quad.triple for quad in quads if quad.graph_name == graph_name}
        assert not [quad for quad in quads if str(quad.graph_name).endswith("graph/ontology>")]
    text = service.get("/ontology/alignments", HTML).text
    assert 'All of it is <a href="/graph/alignments">the content of a graph</a>.' in text


def test_a_vocabulary_is_a_tree(service: Service) -> None:
    text = service.get("/vocab/harm", HTML).text
    found = Page(text)
    assert "2 concepts" in found.text
    assert "detention 1 narrower being locked up detention solitary detention" in found.text
    assert "solitary detention Example: A dark cell." in found.text
    top = text.index('<a href="/vocab/harm/detention">')
    inside = text[top : text.index('<a href="/vocab/harm/solitary">')]
    assert (inside.count("<details"), inside.count("</details>")) == (1, 0)


def test_shapes_and_rules_show_their_text(service: Service) -> None:
    shape = page(service, "/shape/ActShape").text
    assert "Its text" in shape
    assert (
        'shape:ActShape a sh:NodeShape ; sh:message "Say who did it."@en ; sh:targetClass sur:Act .' in shape
    )
    assert "CONSTRUCT { ?a sur:isDoneBy ?b } WHERE { ?b sur:does ?a }" in page(service, "/rule/doer").text


def test_a_module_and_a_vocabulary_come_whole_in_rdf(service: Service) -> None:
    module = rdflib.Graph().parse(data=service.get("/ontology/deeds", "text/turtle").body, format="turtle")
    sur = rdflib.Namespace(BASE + "ontology/")
    assert set(module.subjects(rdflib.RDFS.isDefinedBy)) == {
        sur[name] for name in ("Act", "Treaty", "Deed", "isDoneBy", "isMetBy", "isDatedOn")
    }
    (chain,) = module.objects(sur.isMetBy, rdflib.OWL.propertyChainAxiom)
    assert list(module.items(chain)) == [sur.isDoneBy, sur.isMetBy]
    assert (sur.Treaty, rdflib.RDFS.subClassOf, sur.Paper) in module
    scheme = rdflib.Graph().parse(data=service.get("/vocab/harm.nt").body, format="nt")
    harm = rdflib.Namespace(BASE + "vocab/harm/")
    assert (harm.solitary, rdflib.SKOS.broader, harm.detention) in scheme
    whole = rdflib.Graph().parse(data=service.get("/ontology.ttl").body, format="turtle")
    (group,) = whole.subjects(rdflib.RDF.type, rdflib.OWL.AllDisjointClasses)
    members = whole.value(group, rdflib.OWL.members)
    assert members is not None
    assert list(whole.items(members)) == [sur.Act, sur.Body]


@pytest.mark.parametrize("path", ["/ontology", "/ontology/deeds", "/vocab/harm"])
def test_the_pages_keep_the_rules_of_all_pages(service: Service, path: str) -> None:
    found = page(service, path)
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert not [attrs for _, attrs in found.tags if "style" in attrs]
    assert [tag for tag, _ in found.tags].count("h1") == 1
