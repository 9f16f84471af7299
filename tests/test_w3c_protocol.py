"""The W3C tests of the SPARQL 1.1 Protocol, read from their manifest and run over HTTP.

They are not part of the project: they run where SURPLACE_W3C names the folder that holds `protocol`, or
where a folder beside the checkout has one of that name, `w3c`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib.collection import Collection

from beside import beside
from service import Response, Service, serving
from surplace.build.release import write_release
from surplace.rdf.formats import formats_of

ROOT = Path(__file__).resolve().parents[1]
FOLDER = beside("SURPLACE_W3C", "w3c") / "protocol"
HERE = (FOLDER / "manifest.ttl").is_file()
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
FORM = "application/x-www-form-urlencoded"
TYPES = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {form.media_type for form in formats_of("bindings")},
    "RDF": {form.media_type for form in formats_of("graph")},
}
"""The media types of each kind of answer."""

pytestmark = pytest.mark.skipif(
    not HERE, reason="the W3C tests are not at hand: name their folder with SURPLACE_W3C"
)


@dataclass(frozen=True)
class Asked:
    """A request of a test, and what is expected: classes of status, the kind of answer, yes or no."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]
    kind: str | None
    boolean: bool | None

    @property
    def is_update(self) -> bool:
        """Whether this asks for an update that is to succeed."""
        updating = self.headers.get("content-type") == "application/sparql-update" or (
            self.body is not None and self.body.startswith(b"update=")
        )
        return updating and "4" not in self.statuses


@dataclass
class Suite:
    """The tests by name, and the data that they are asked of, by the name of the graph."""

    tests: dict[str, list[Asked]] = field(default_factory=dict)
    data: dict[str, Path] = field(default_factory=dict)


def read_suite() -> Suite:
    """Read the manifest; nothing if it is not here."""
    suite = Suite()
    if not HERE:
        return suite
    graph = rdflib.Graph().parse(FOLDER / "manifest.ttl")
    (entries,) = graph.objects(None, MF.entries)
    for test in Collection(graph, entries):
        requests = graph.value(graph.value(test, MF.action), HT.requests)
        suite.tests[str(test).partition("#")[2]] = [
            read_request(graph, request) for request in Collection(graph, requests)
        ]
        for data in graph.objects(test, UT.graphData):
            file = str(graph.value(data, UT.graph)).rpartition("/")[2]
            suite.data[str(graph.value(data, rdflib.RDFS.label))] = FOLDER / file
    return suite


def read_request(graph: rdflib.Graph, request: rdflib.term.Node) -> Asked:
    """Read one request with what is expected of its answer."""
    headers = graph.value(request, HT.headers)
    body = graph.value(request, HT.body)
    expected = graph.value(request, HT.resp)
    statuses = graph.objects(expected, MF.expectedStatus)
    boolean = graph.value(expected, MF.expectedBoolean)
    kind = graph.value(expected, MF.expectedFormat)
    return Asked(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1),
        headers={
            str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
            for header in (Collection(graph, headers) if headers is not None else ())
        },
        body=None
        if body is None
        else str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding))),
        statuses=frozenset(re.findall(r"StatusCode(\d)xx", " ".join(map(str, statuses)))),
        kind=None if kind is None else str(kind),
        boolean=None if boolean is None else boolean.toPython(),
    )


SUITE = read_suite()
UPDATES = [name for name, requests in SUITE.tests.items() if any(asked.is_update for asked in requests)]
"""The tests that need an update to succeed: not applicable to what is read-only."""
APPLICABLE = [name for name in SUITE.tests if name not in UPDATES]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    directory = tmp_path_factory.mktemp("release")
    quads = [
        Quad(*triple.triple, NamedNode(name))
        for name, file in SUITE.data.items()
        for triple in parse(path=str(file), format=RdfFormat.N_TRIPLES)
    ]
    write_release(directory, ["".join(sorted(f"{quad} .\n" for quad in quads)).encode()], {})
    with serving("--release", str(directory)) as running:
        yield running


def keeps(asked: Asked, response: Response) -> None:
    """Check that an answer is as expected."""
    assert str(response.status)[0] in asked.statuses, response.text
    media_type = response.headers.get_content_type()
    if "4" in asked.statuses:
        assert media_type == "application/problem+json"
        assert json.loads(response.body)["status"] == response.status
    if asked.kind is not None:
        assert media_type in TYPES[asked.kind]
    if asked.boolean is not None:
        assert json.loads(response.body)["boolean"] is asked.boolean


@pytest.mark.parametrize("name", APPLICABLE)
def test_the_service_answers_as_w3c_expects(service: Service, name: str) -> None:
    for asked in SUITE.tests[name]:
        keeps(asked, service.request(asked.method, asked.path, asked.body, asked.headers))


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_that_is_well_formed_is_refused_too(service: Service, name: str) -> None:
    for asked in SUITE.tests[name]:
        if asked.is_update:
            response = service.request(asked.method, asked.path, asked.body, asked.headers)
            assert (response.status, json.loads(response.body)["type"]) == (400, "/problems#update")


def test_the_tests_are_all_there() -> None:
    good = [name for name in APPLICABLE if all("2" in asked.statuses for asked in SUITE.tests[name])]
    bad = [name for name in APPLICABLE if name not in good]
    assert (len(SUITE.tests), len(APPLICABLE), len(UPDATES)) == (34, 27, 7)
    assert (len(good), len(bad), len([name for name in bad if "update" in name])) == (13, 14, 7)
    assert len(SUITE.data) == 3


def test_the_readme_lists_what_does_not_apply() -> None:
    text = (ROOT / "server/README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(update_\w+)` \|", text, re.MULTILINE)
    assert listed == sorted(UPDATES)
