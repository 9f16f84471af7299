"""Behind an endpoint that writes one format of each sort, answers come in every format all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QueryTriples, RdfFormat, Store, parse

from service import Service, serving
from surplace.rdf.formats import FORMATS, formats_of

WRITES = {"ttl-and-xml": (RdfFormat.TURTLE, "xml"), "nt-and-json": (RdfFormat.N_TRIPLES, "json")}
MONA = Quad(NamedNode("urn:x:mona"), NamedNode("urn:x:hangs-in"), Literal("Louvre, Paris", language="fr"))
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
NESTED = b"<urn:a> <urn:b> " + b"<<( <urn:a> <urn:b> " * 100_000 + b"<urn:c>" + b" )>>" * 100_000 + b" .\n"


@pytest.fixture(scope="module", params=WRITES)
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """Serve what an endpoint has that heeds no header Accept."""
    store = Store()
    store.add(MONA)
    rdf, results = WRITES[request.param]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            found = store.query(fields["query"][0])
            if isinstance(found, QueryTriples):
                data, kind = found.serialize(format=rdf) or b"", rdf.media_type
            else:
                form = FORMATS[results].results
                assert isinstance(form, QueryResultsFormat)
                data, kind = found.serialize(format=form) or b"", FORMATS[results].media_type
            if "# deep" in fields["query"][0]:
                data = NESTED
            if "# csv" in fields["query"][0]:
                data, kind = b"s\r\n1\r\n", "text/csv"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with serving("--endpoint", f"http://127.0.0.1:{server.server_address[1]}/") as running:
        yield running
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE <urn:x:mona>"])
def test_a_graph_comes_in_every_format(service: Service, query: str) -> None:
    for form in formats_of("graph", named=True):
        answer = service.get("/sparql", form.media_type, query=query)
        assert (answer.status, answer.headers["Content-Type"]) == (200, form.content_type), answer.text
        assert form.rdf is not None
        assert [quad.triple for quad in parse(answer.body, format=form.rdf)] == [MONA.triple]
    assert service.get("/sparql", "*/*", query=query).status == 200


def test_rows_come_in_every_format(service: Service) -> None:
    written = {
        "json": '"value":"Louvre, Paris"',
        "xml": '<literal xml:lang="fr">Louvre, Paris</literal>',
        "csv": 'o\r\n"Louvre, Paris"\r\n',
        "tsv": '?o\n"Louvre, Paris"@fr\n',
        "rows": '[{"o":"Louvre, Paris"}]',
        "spreadsheet": '"Louvre, Paris"',
    }
    for form in formats_of("bindings", named=True):
        answer = service.get("/sparql", query="SELECT ?o { ?s ?p ?o }", format=form.name)
        assert (answer.status, answer.headers["Content-Type"]) == (200, form.content_type), answer.text
        assert written[form.name] in answer.text
        assert "true" in service.get("/sparql", query="ASK { ?s ?p ?o }", format=form.name).text.lower()


def test_what_cannot_be_read_is_said_and_ends_nothing(service: Service) -> None:
    refused = service.get("/sparql", query=f"{CONSTRUCT} # deep", format="rdf")
    assert (refused.status, refused.json()["type"]) == (406, "/problems#not-acceptable")
    assert "it has more than 64 triples inside one another" in refused.json()["detail"]
    refused = service.get("/sparql", query="SELECT ?s { ?s ?p ?o } # csv", format="tsv")
    assert (refused.status, refused.json()["title"]) == (502, "The endpoint does not answer as it should")
    told = "The endpoint answers with text/csv, not text/tab-separated-values: ask for csv."
    assert refused.json()["detail"] == told
    assert service.get("/sparql", query="ASK {}", format="csv").status == 200
