"""Names: what answers at the path of an IRI, in which formats, with which links, and what is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Quad, parse

from names import FORMATS, faults, names, read, sample, without_graphs
from service import HOSTILE, Response, Service, make_release, serving
from surplace.namespaces import BASE
from surplace.resources import data_dir
from surplace.web.writing import LICENCE

HTML, TURTLE, TRIG = "text/html", "text/turtle", "application/trig"
SIZE = 5
"""Statements of each kind on a page, in this test."""
MOST_QUERIES = 5
MOST_OF_A_KIND = 7
"""Queries that the page of a kind of thing may ask besides, of which one is asked once a release."""
MORE = """
GRAPH <https://w3id.org/surplace/graph/description> {
  <https://w3id.org/surplace/dataset#default/class/sur:State> <http://rdfs.org/ns/void#class> sur:State .
}
GRAPH <https://w3id.org/surplace/source/report/p3/s1> {
  group:crossers a sur:Group ; skos:prefLabel "People who cross"@en .
  measure:a sur:isTakenTowards group:crossers . measure:b sur:isTakenTowards group:crossers .
  measure:c sur:isTakenTowards group:crossers . measure:d sur:isTakenTowards group:crossers .
  measure:e sur:isTakenTowards group:crossers . measure:f sur:isTakenTowards group:crossers .
  measure:g sur:isTakenTowards group:crossers . measure:h sur:isTakenTowards group:crossers .
  measure:i sur:isTakenTowards group:crossers . measure:j sur:isTakenTowards group:crossers .
  measure:k sur:isTakenTowards group:crossers .
  finding:return a sur:Finding ; skos:prefLabel "Return conflicts"@en ; sur:hasVerdict verdict:conflict ;
    sur:concerns group:crossers .
  instrument:accord a sur:Treaty , sur:LegalInstrument ; skos:prefLabel "Accord"@en ;
    sur:isAdoptedOn "1951-07-28"^^xsd:date .
}
GRAPH <https://w3id.org/surplace/graph/shapes> {
  shape:GroupShape a sh:NodeShape ; sh:targetClass sur:Group ; sh:or ( shape:GroupLabel shape:GroupName ) .
  shape:GroupLabel a sh:PropertyShape ; sh:path skos:prefLabel ; sh:minCount 1 .
  shape:GroupName a sh:PropertyShape ; sh:path sur:hasName ; sh:minCount 1 .
}
GRAPH <https://w3id.org/surplace/graph/retired> {
  sur:Accord owl:versionInfo "2.0.0" ; skos:historyNote "a treaty by another name"@en ;
    dcterms:isReplacedBy sur:State .
  sur:Pact owl:versionInfo "3.0.0" ; skos:historyNote "nobody needs it."@en .
  sur:Deal owl:versionInfo "2.0.0" ; skos:historyNote "two things"@en ;
    dcterms:isReplacedBy sur:State , sur:asksFor , sur:concerns .
  <https://w3id.org/surplace/id/finding/towing> owl:versionInfo "2.0.0" ; skos:historyNote "read wide"@en .
}
"""


class Linked(HTMLParser):
    """The data for programs on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, object]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(json.loads(data))
            self.inside = False


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    release = make_release(tmp_path_factory.mktemp("release"), MORE)
    environment = {"SURPLACE_STATEMENTS": str(SIZE), "SURPLACE_CLIENT_ERRORS": "10000"}
    with serving("--release", str(release), environment=environment) as running:
        yield running


def links(response: Response) -> list[str]:
    return response.headers.get_all("Link") or []


def graph(response: Response) -> rdflib.Graph:
    return rdflib.Graph().parse(data=response.body, format="turtle")


def iri(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(BASE + path)


def without_document(service: Service, path: str, form: str) -> set[Quad]:
    """Return what a document says, but for what it says of itself."""
    body = service.get(f"{path}.{form}").body
    return {quad for quad in parse(body, format=FORMATS[form]) if not str(quad.subject).endswith(f".{form}>")}


def queries(service: Service) -> int:
    """Return how many queries were asked, as /metrics has it."""
    lines = service.get("/metrics").text.splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if line.startswith("surplace_queries_total{"))


@pytest.mark.parametrize(
    "path",
    [
        "/id/group/crossers",
        "/id/group/crossers?page=2",
        "/source/report/p2/s3",
        "/claim/envoy",
        "/rule/entry",
        "/shape/GroupShape",
        "/graph/rejected/deposit",
        "/graph/ontology",
    ],
)
@pytest.mark.parametrize("accept", [HTML, TRIG])
def test_a_name_takes_few_queries(service: Service, path: str, accept: str) -> None:
    before = queries(service)
    assert service.get(path, accept).status == 200
    most = MOST_QUERIES + (MOST_OF_A_KIND if accept == HTML else 0)
    assert 2 <= queries(service) - before <= most


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/id/state/RUX", []),
        ("/id/stat/gra", ["/id/state/GRA"]),
        ("/id/document/inv-co-1/paragraf/7", ["/id/document/inv-co-1/paragraph/7"]),
        ("/id/nothing/like/that", []),
        ("/queries/who-claims-wat", ["/queries/who-claims-what", "/queries/which-claims-contradict-what"]),
    ],
)
def test_where_nothing_is_the_nearest_is_named(service: Service, path: str, nearest: list[str]) -> None:
    found = service.get(path, "application/json")
    assert (found.status, found.json()["nearest"]) == (404, nearest)
    assert [address for address in nearest if address.rpartition("/")[2] not in found.json()["detail"]] == []
    page = service.get(path, HTML)
    assert [address for address in nearest if f'href="{address}"' not in page.text] == []


def test_a_name_answers_directly_and_says_where_the_document_is(service: Service) -> None:
    page = service.get("/id/state/RUR", HTML)
    assert (page.status, page.headers["Content-Location"]) == (200, "/id/state/RUR.html")
    data = service.get("/id/state/RUR", TURTLE)
    assert (data.status, data.headers["Content-Location"]) == (200, "/id/state/RUR.ttl")
    for response in (page, data):
        assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert service.get("/id/state/RUR.html", TURTLE).body == page.body
    assert service.get("/id/state/RUR.ttl", HTML).body == data.body
    assert service.get("/id/state/RUR", HTML, format="ttl").body == data.body


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/id/state/RUR/", "/id/state/RUR"),
        ("//id/state/RUR", "/id/state/RUR"),
        ("/id//state/RUR", "/id/state/RUR"),
        ("///id/state//RUR//", "/id/state/RUR"),
        ("//example.org/..//id/state/RUR/", None),
        ("/id/state/RUR/.ttl", "/id/state/RUR.ttl"),
        ("/id/state/RUR/?page=1&x=//", "/id/state/RUR?page=1&x=//"),
        ("/query/who-claims-what/", "/query/who-claims-what"),
        ("/query/who-claims-what/?format=ttl", "/query/who-claims-what?format=ttl"),
        ("/queries", "/queries/"),
        ("//queries/", "/queries/"),
        ("/queries/who-claims-what/", "/queries/who-claims-what"),
        ("/dumps", "/dumps/"),
        ("/ontology/", "/ontology"),
        ("/.well-known/void/", "/.well-known/void"),
        ("/id/state/R%C3%9CR%3F/", "/id/state/R%C3%9CR%3F"),
    ],
)
def test_a_slash_too_many_leads_to_the_one_address(service: Service, path: str, address: str | None) -> None:
    for method in ("GET", "HEAD"):
        response = service.request(method, path)
        if address is None:
            assert response.status == 404
        else:
            assert (response.status, response.headers["Location"]) == (308, address)


@pytest.mark.parametrize(
    "path", ["/", "/queries/", "/.well-known/void", "/id/state/RUR", "/sparql", "/sparql/"]
)
def test_the_one_address_leads_nowhere_else(service: Service, path: str) -> None:
    assert service.get(path, HTML).status == 200


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("text/*", "text/turtle; charset=utf-8"),
        ("text/html, */*;q=0.8", "text/html; charset=utf-8"),
        ("text/html, text/turtle;q=0.9", "text/html; charset=utf-8"),
        ("text/html, */*", "text/html; charset=utf-8"),
        (TURTLE, "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/xml", "application/xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        (TRIG, TRIG),
        ("application/n-quads", "application/n-quads"),
        ("text/html;q=0.5, application/trig", TRIG),
        ("application/ld+json;q=0.9, text/turtle;q=0.8, */*;q=0.1", "application/ld+json"),
    ],
)
def test_accept_decides_where_nothing_else_does(
    service: Service, accept: str | None, content_type: str
) -> None:
    response = service.get("/id/state/RUR", accept)
    assert (response.status, response.headers["Content-Type"]) == (200, content_type)


def test_an_unknown_format_is_refused(service: Service) -> None:
    refused = service.get("/id/state/RUR", format="doc")
    assert refused.status == 400
    assert refused.json()["allowed"] == ["html", *FORMATS]  # type: ignore[index]
    assert service.get("/id/state/RUR", "image/png").status == 406
    assert service.get("/id/state/RUR.doc").status == 404


def test_all_formats_without_graphs_hold_the_same(service: Service) -> None:
    found = {
        form: without_document(service, "/id/state/RUR", form) for form in ("ttl", "nt", "rdf", "jsonld")
    }
    assert len(found["ttl"]) > 6
    assert found["nt"] == found["rdf"] == found["jsonld"] == found["ttl"]
    assert without_document(service, "/id/consent/inv", "nq") == without_document(
        service, "/id/consent/inv", "trig"
    )


@pytest.mark.parametrize(
    "path",
    [
        "id/state/RUR",
        "id/consent/inv",
        "id/group/crossers",
        "id/group/crossers?page=3",
        "id/population/crossers",
        "claim/envoy",
        "source/report/p2/s3",
        "graph/rejected/deposit",
        "graph/shapes",
        "graph/provenance",
        "shape/GroupShape",
        "ontology/State",
    ],
)
def test_the_default_graph_of_quads_has_what_triples_have(service: Service, path: str) -> None:
    name, _, number = path.partition("?page=")
    found = {
        form: without_graphs(service.get(f"/{name}.{form}", page=number or "1"), form)
        for form in ("ttl", "nt", "trig", "nq")
    }
    assert found["nt"] == found["ttl"]
    assert found["trig"] == found["ttl"]
    assert found["nq"] == found["ttl"]


def test_rdf_has_both_directions_and_the_labels_of_neighbours(service: Service) -> None:
    found = graph(service.get("/id/recommendation/screening.ttl"))
    label = rdflib.SKOS.prefLabel
    this, state = iri("id/recommendation/screening"), iri("id/state/RUR")
    assert (this, iri("ontology/isAddressedTo"), state) in found
    assert found.value(state, label) == rdflib.Literal("Ruritania", lang="en")
    assert found.value(iri("ontology/asksFor"), label) == rdflib.Literal("asks for", lang="en")
    assert (this, iri("ontology/isAddressedTo"), state) in graph(service.get("/id/state/RUR.ttl"))
    document = iri("id/recommendation/screening.ttl")
    assert found.value(document, rdflib.FOAF.primaryTopic) == this
    assert found.value(document, rdflib.DCTERMS.license) == rdflib.URIRef(LICENCE)


def test_what_counts_a_term_does_not_mention_it(service: Service) -> None:
    found = graph(service.get("/ontology/State.ttl"))
    assert (iri("id/state/RUR"), rdflib.RDF.type, iri("ontology/State")) in found
    assert (None, rdflib.VOID["class"], None) not in found
    assert "#default/class" not in service.get("/ontology/State.html").text


def test_quads_say_who_makes_each_statement(service: Service) -> None:
    said = {
        (quad.object.value, str(quad.graph_name).strip("<>").removeprefix(BASE))  # type: ignore[union-attr]
        for quad in without_document(service, "/id/consent/inv", "nq")
        if quad.predicate.value == BASE + "ontology/isDepositedOn"
    }
    assert said == {
        ("2000-01-01", "DEFAULT"),
        ("2000-01-01", "source/register/1"),
        ("1999", "source/report/p2/s3"),
        ("1999", "graph/rejected/deposit"),
    }


def test_triples_hold_nothing_that_is_claimed_or_rejected(service: Service) -> None:
    deposits = graph(service.get("/id/consent/inv.ttl")).objects(None, iri("ontology/isDepositedOn"))
    assert [str(day) for day in deposits] == ["2000-01-01"]
    assert not list(
        graph(service.get("/id/population/crossers.ttl")).triples((None, iri("ontology/hasMotive"), None))
    )
    claimed = service.get("/id/population/crossers.trig").text
    assert "claim:envoy {\n\tpopulation:crossers sur:hasMotive motive:economic-betterment ." in claimed


def test_triples_lead_on_where_everything_is_claimed(service: Service) -> None:
    this = iri("id/population/crossers")
    assert list(graph(service.get("/id/population/crossers.ttl")).predicate_objects(this)) == [
        (rdflib.RDFS.seeAlso, iri("id/population/crossers.trig"))
    ]
    assert "seeAlso" not in service.get("/id/state/RUR.ttl").text


def test_the_content_of_a_graph_comes_as_quads(service: Service) -> None:
    assert "hasMotive" not in service.get("/claim/envoy.ttl").text
    assert "claim:envoy {\n\tpopulation:crossers sur:hasMotive" in service.get("/claim/envoy.trig").text
    counted = graph(service.get("/claim/envoy.ttl")).value(
        iri("claim/envoy"), rdflib.URIRef("http://rdfs.org/ns/void#triples")
    )
    assert counted == rdflib.Literal(1)


def test_the_page_of_a_name_has_links_for_programs(service: Service) -> None:
    assert links(service.get("/claim/envoy", HTML)) == [
        f'<{BASE}claim/envoy>; rel="cite-as"',
        f'<{LICENCE}>; rel="license"',
        '<https://schema.org/AboutPage>; rel="type"',
        '<https://schema.org/Claim>; rel="type"',
        '</claim/envoy.ttl>; rel="describedby"; type="text/turtle"',
        '</claim/envoy.nt>; rel="describedby"; type="application/n-triples"',
        '</claim/envoy.rdf>; rel="describedby"; type="application/rdf+xml"',
        '</claim/envoy.jsonld>; rel="describedby"; type="application/ld+json"',
        '</claim/envoy.trig>; rel="describedby"; type="application/trig"',
        '</claim/envoy.nq>; rel="describedby"; type="application/n-quads"',
        '</claim/envoy.trig>; rel="item"; type="application/trig"',
    ]
    assert '</source/report>; rel="collection"' in links(service.get("/source/report/p2/s3", HTML))


def test_rdf_leads_to_its_page_and_to_the_other_formats(service: Service) -> None:
    assert links(service.get("/id/state/GRA", TURTLE)) == [
        f'<{BASE}id/state/GRA>; rel="cite-as"',
        f'<{LICENCE}>; rel="license"',
        '</id/state/GRA.nt>; rel="alternate"; type="application/n-triples"',
        '</id/state/GRA.rdf>; rel="alternate"; type="application/rdf+xml"',
        '</id/state/GRA.jsonld>; rel="alternate"; type="application/ld+json"',
        '</id/state/GRA.trig>; rel="alternate"; type="application/trig"',
        '</id/state/GRA.nq>; rel="alternate"; type="application/n-quads"',
        '</id/state/GRA.html>; rel="alternate"; type="text/html"',
        '</id/state/GRA>; rel="describes"',
    ]


def test_the_licence_is_that_of_the_dataset() -> None:
    said = rdflib.Graph().parse(data_dir() / "dataset.ttl")
    assert [str(licence) for licence in said.objects(None, rdflib.DCTERMS.license)] == [LICENCE]


def test_long_lists_come_in_pages_and_the_pages_are_the_list(service: Service) -> None:
    seen, path = [], "/id/group/crossers.ttl"
    while path:
        response = service.get(path)
        found = graph(response)
        seen += [str(thing)[-1] for thing in found.subjects(iri("ontology/isTakenTowards"))]
        document = BASE + response.headers["Content-Location"][1:]
        following = found.value(
            rdflib.URIRef(document), rdflib.URIRef("http://www.w3.org/1999/xhtml/vocab#next")
        )
        (path, *_) = [link.split(">")[0][1:] for link in links(response) if link.endswith('rel="next"')] or [
            ""
        ]
        assert (str(following).removeprefix(BASE.rstrip("/")) if following else "") == path
    assert sorted(seen) == list("abcdefghijk")
    first = service.get("/id/group/crossers", HTML)
    assert "1 to 5 of 12" in first.text
    assert "Page 1 of 3" in first.text
    assert '<a href="/id/group/crossers?page=2" rel="next">Next page</a>' in first.text
    second = service.get("/id/group/crossers", HTML, page="2")
    assert '<a href="/id/group/crossers" rel="prev">' in second.text
    assert '</id/group/crossers.html>; rel="prev"' in links(second)
    assert '</id/group/crossers.html?page=3>; rel="next"' in links(second)
    assert "What is said of it" not in second.text


@pytest.mark.parametrize(
    ("page", "status", "detail"),
    [
        ("4", 404, f"The last page of {BASE}id/group/crossers is 3: ask for one up to that."),
        ("0", 400, '"page" is "0": give a whole number from 1 to 999999.'),
        ("x", 400, '"page" is "x": give a whole number from 1 to 999999.'),
        ("9" * 5000, 400, f'"page" is "{"9" * 80}": give a whole number from 1 to 999999.'),
    ],
)
def test_a_page_that_is_not_there_is_refused(service: Service, page: str, status: int, detail: str) -> None:
    response = service.get("/id/group/crossers.ttl", page=page)
    assert (response.status, response.json()["detail"]) == (status, detail)  # type: ignore[index]


def test_a_page_lists_findings_and_claims_apart(service: Service) -> None:
    page = service.get("/id/group/crossers", HTML).text
    assert page.index("<h2>Findings</h2>") < page.index("<h2>Where it is mentioned</h2>")
    assert "Return conflicts" in page[page.index("<h2>Findings</h2>") :]
    claimed = service.get("/id/population/crossers", HTML).text
    assert "<h2>What is claimed of it</h2>" in claimed
    assert "<h2>What is said of it</h2>" not in claimed


def test_what_was_dropped_is_gone_and_what_never_was_is_not_found(service: Service) -> None:
    gone = service.get("/ontology/Accord")
    assert gone.status == 410
    assert gone.headers["Content-Type"] == "application/problem+json"
    assert gone.json() == {
        "type": "/problems#gone",
        "title": "This name was dropped",
        "status": 410,
        "detail": f"{BASE}ontology/Accord is gone since version 2.0.0 (a treaty by another name): "
        f"use {BASE}ontology/State instead.",
        "successor": [f"{BASE}ontology/State"],
        "version": "2.0.0",
    }
    assert links(gone) == ['</ontology/State>; rel="successor-version"']
    missing = service.get("/ontology/Nothing")
    assert (missing.status, links(missing)) == (404, [])
    assert missing.json()["type"] == "/problems#not-found"  # type: ignore[index]


def test_what_was_dropped_may_have_several_successors_or_none(service: Service) -> None:
    several = service.get("/ontology/Deal.ttl")
    assert several.status == 410
    assert links(several) == [
        '</ontology/State>; rel="successor-version", </ontology/asksFor>; rel="successor-version", '
        '</ontology/concerns>; rel="successor-version"'
    ]
    assert several.json()["detail"] == (  # type: ignore[index]
        f"{BASE}ontology/Deal is gone since version 2.0.0 (two things): use {BASE}ontology/State, "
        f"{BASE}ontology/asksFor and {BASE}ontology/concerns instead."
    )
    none = service.get("/ontology/Pact")
    assert (none.status, none.json()["successor"]) == (410, [])  # type: ignore[index]
    assert none.json()["detail"] == (  # type: ignore[index]
        f"{BASE}ontology/Pact is gone since version 3.0.0 (nobody needs it): nothing replaces it."
    )
    finding = service.get("/id/finding/towing")
    assert (finding.status, finding.json()["version"]) == (410, "2.0.0")  # type: ignore[index]


def test_the_page_of_what_was_dropped_leads_to_its_successor(service: Service) -> None:
    page = service.get("/ontology/Accord", HTML)
    assert page.status == 410
    assert '<a href="/ontology/State">state</a>' in page.text
    assert page.text.count("This name was dropped") == 2  # in its title and its heading
    assert "Version 2.0.0 dropped it. A treaty by another name." in page.text
    assert "Nothing replaces it." in service.get("/ontology/Pact", HTML).text


def test_lists_are_shown_by_their_members_and_written_whole(service: Service) -> None:
    page = service.get("/shape/GroupShape", HTML).text
    assert 'href="/shape/GroupLabel"' in page
    assert 'href="/shape/GroupName"' in page
    assert "something without a name" not in page
    found = graph(service.get("/shape/GroupShape.ttl"))
    (head,) = found.objects(iri("shape/GroupShape"), rdflib.SH["or"])
    assert list(found.items(head)) == [iri("shape/GroupLabel"), iri("shape/GroupName")]
    assert "_:" not in service.get("/id/state/RUR.ttl").text


@pytest.mark.parametrize(
    ("path", "members"),
    [
        (
            "/id/state/RUR",
            {
                "@type": "Country",
                "name": "Ruritania",
                "identifier": {
                    "@type": "PropertyValue",
                    "propertyID": "ISO 3166-1 alpha-3",
                    "value": "RUR",
                },
            },
        ),
        (
            "/claim/envoy",
            {
                "@type": "Claim",
                "author": [{"@id": f"{BASE}id/person/envoy", "name": "Envoy of Ruritania"}],
                "dateCreated": "2010-01-02",
            },
        ),
        ("/id/instrument/accord", {"@type": "Legislation", "legislationDate": "1951-07-28"}),
        ("/ontology/State", {"@type": "DefinedTerm", "description": "agent that is a state"}),
        (
            "/source/report/p2/s3",
            {
                "@type": "CreativeWork",
                "isPartOf": [{"@id": f"{BASE}source/report", "name": "An invented report"}],
            },
        ),
        ("/graph/provenance", {"@type": "Dataset", "license": LICENCE}),
        ("/id/state/HOS", {"name": HOSTILE}),
    ],
)
def test_a_page_says_in_schema_org_what_fits(service: Service, path: str, members: dict[str, object]) -> None:
    page = service.get(path, HTML)
    assert HOSTILE not in page.text
    (data,) = Linked(page.text).found
    assert data["@context"] == "https://schema.org"
    assert data["@id"] == BASE + path[1:]
    assert {name: data[name] for name in members} == members


def test_the_first_page_is_that_of_a_dataset(service: Service) -> None:
    (data,) = Linked(service.get("/", HTML).text).found
    assert (data["@type"], data["@id"], data["license"]) == ("Dataset", f"{BASE}dataset", LICENCE)


@pytest.fixture(scope="module")
def dump(project_release: Path) -> list[Quad]:
    return read(project_release)


@pytest.fixture(scope="module")
def sampled(dump: list[Quad]) -> list[str]:
    return sample(dump)


def test_the_sample_has_names_of_every_kind(sampled: list[str]) -> None:
    chosen = {name.removeprefix(BASE).split("/")[0] for name in sampled}
    spaces = {"id", "source", "claim", "graph", "axiom", "rule", "vocab", "ontology", "shape", "dataset"}
    assert spaces <= chosen
    assert len(sampled) > 80


def test_names_of_every_class_answer_in_every_format(sampled: list[str], project_service: Service) -> None:
    assert [fault for name in sampled for fault in faults(project_service, name)] == []


def test_no_name_ends_like_a_format(dump: list[Quad]) -> None:
    assert [name for name in names(dump) if name.rpartition(".")[2] in ("html", *FORMATS)] == []
