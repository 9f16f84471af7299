"""The OpenAPI document is valid, complete, and what is answered keeps it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.routing import Map, Rule

from service import Response, Service, make_release, serving
from surplace.catalogue import Instance, load_catalogue
from surplace.engine.limits import Limits
from surplace.engine.query_errors import UnavailableError
from surplace.http.message import ORIGIN, PublicAddress
from surplace.http.negotiation import suffix_of
from surplace.http.problems import KINDS
from surplace.http.service import Service as Described
from surplace.openapi.document import METHODS
from surplace.openapi.document import document as describe
from surplace.openapi.schemas import MEMBERS
from surplace.resources import queries_dir
from surplace.routes.table import ROUTES

CATALOGUE = load_catalogue(queries_dir())
QUESTIONS = {query.name: query for query in CATALOGUE.questions()}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
AS_JSON = {"Content-Type": JSON, "Accept": JSON}
ELSEWHERE = {"dataset", "examples", "matrix", "matrix-table"}
"""Routes with fixed addresses that are asked for apart: they lead elsewhere, or need a treaty."""
SOMETIMES = {"Content-Encoding", "Surplace-Ignored"}
"""Headers that depend on the request."""
OF_PARTS = {"Content-Location", "Link", "Surplace-Query", "Surplace-Query-Version", "Surplace-Summary"}
"""Headers that the part of an answer has where the whole has them."""
TYPES = {
    "iri": ("string", {"iri", "iri-reference"}),
    "string": ("string", set()),
    "integer": ("integer", set()),
    "decimal": ("number", set()),
    "boolean": ("boolean", set()),
    "date": ("string", {"date"}),
}
"""What each type of a parameter is in JSON Schema: its type, and its formats."""


def stub(choices: Callable[[str], list[Instance]]) -> Described:
    """Return what a document needs of a service; *choices* gives the instances of a class."""
    knowledge = SimpleNamespace(choices=choices)
    found = SimpleNamespace(
        catalogue=CATALOGUE, limits=Limits(), knowledge=knowledge, release_name="0" * 16, posed={}
    )
    return cast("Described", found)


def one_instance(class_iri: str) -> list[Instance]:
    """Return one instance of any class."""
    return [Instance(class_iri + "/one", "One")]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    release = make_release(tmp_path_factory.mktemp("release"))
    with serving("--release", str(release), environment={"SURPLACE_CLIENT_ERRORS": "10000"}) as running:
        yield running


@pytest.fixture(scope="module")
def document(service: Service) -> dict[str, Any]:
    found = service.get("/openapi.json").json()
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Provide the document of a service that does not run."""
    return describe(ROUTES.values(), stub(one_instance))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and description of every operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def filled(path: str, operation: dict[str, Any]) -> str:
    """Put examples in place of the variable parts of a path."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            value = parameter.get("example") or parameter["schema"].get("enum", ["nothing"])[0]
            path = path.replace(f"{{{parameter['name']}}}", str(value))
    return path


def promised(document: dict[str, Any], operation: dict[str, Any], status: int) -> dict[str, Any]:
    """Return the response that an operation promises for a status."""
    response: dict[str, Any] = operation["responses"][str(status)]
    return document["components"]["responses"][str(status)] if "$ref" in response else response


def keep(document: dict[str, Any], operation: dict[str, Any], response: Response) -> None:
    """Check that status, media type, headers and, in JSON, the body are as promised."""
    expected = promised(document, operation, response.status)
    media_type = response.headers.get_content_type()
    content = expected.get("content", {})
    assert media_type in content or "*/*" in content or not (content or response.body)
    # what /sparql says of all its responses is not said again of failures, which all addresses share
    for name in document["components"]["headers"].keys() - (
        set() if response.status < 400 else {"Accept-Query"}
    ):
        assert name not in response.headers or name in expected["headers"], name
    if media_type.endswith("json") and media_type in content:
        schema = content[media_type]["schema"]
        whole = {"components": document["components"], "allOf": [schema]}
        Draft202012Validator(whole).validate(response.json())


def test_the_document_is_openapi_3_1(made: dict[str, Any]) -> None:
    assert made["openapi"] == "3.1.1"
    OpenAPIV31SpecValidator(made).validate()


def references(part: Any) -> Iterator[str]:
    """Yield each reference in a part of the document."""
    if isinstance(part, dict):
        yield from (value for name, value in part.items() if name == "$ref" and isinstance(value, str))
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_each_reference_leads_to_a_part_of_the_document(document: dict[str, Any]) -> None:
    found = set(references(document))
    assert {"#/components/headers/Surplace-Differs", "#/components/schemas/Problem"} <= found
    for reference in found:
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_scripts_may_read_each_header_that_is_described(service: Service, document: dict[str, Any]) -> None:
    exposed = service.get("/health").headers["Access-Control-Expose-Headers"].split(", ")
    assert sorted(exposed) == sorted(document["components"]["headers"])


def test_it_needs_no_more_than_declarations(made: dict[str, Any], document: dict[str, Any]) -> None:
    assert made["paths"].keys() == document["paths"].keys()
    assert made["components"] == document["components"]


def test_below_a_prefix_addresses_are_those_of_the_client() -> None:
    token = ORIGIN.set(PublicAddress("https", "example.org", "/kg"))
    try:
        found = describe(ROUTES.values(), stub(one_instance))
    finally:
        ORIGIN.reset(token)
    assert found["servers"] == [{"url": "/kg"}]
    assert found["components"]["schemas"]["Problem"]["properties"]["type"]["enum"][0] == "/kg/problems#syntax"


def test_it_is_json_in_one_order(service: Service) -> None:
    first, second = service.get("/openapi.json"), service.get("/openapi.json")
    assert first.body == second.body
    assert first.headers["Content-Type"] == JSON
    assert first.text == json.dumps(first.json(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_it_says_what_it_describes(document: dict[str, Any]) -> None:
    assert document["info"]["license"]["identifier"] == "Apache-2.0 AND CC0-1.0"
    assert document["servers"] == [{"url": "/"}]
    named = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert named == {tag["name"] for tag in document["tags"]}
    assert {query.group for query in QUESTIONS.values()} <= named
    identifiers = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(identifiers) == len(set(identifiers)) > len(QUESTIONS)
    assert all(operation["summary"] for _, _, operation in operations(document))


def test_every_route_is_described_and_every_description_is_a_route(made: dict[str, Any]) -> None:
    rules = Map([Rule(route.address, endpoint=name, methods=route.methods) for name, route in ROUTES.items()])
    adapter = rules.bind("localhost")
    found = set()
    for path, method, operation in operations(made):
        address = filled(path, operation)
        plain = suffix_of(address)[0] if path.endswith(".{suffix}") else address
        name, _ = adapter.match(plain, method)
        assert ROUTES[name].suffixes or plain == address
        found.add((name, method))
    described = {(name, method) for name, route in ROUTES.items() if route.api for method in route.methods}
    assert found == {(name, method) for name, method in described if method in METHODS}
    assert {method for _, method in described} - {*METHODS} == {"QUERY"}
    assert "QUERY" in made["info"]["description"]
    assert [name for name, route in ROUTES.items() if route.api is None] == ["static"]


def test_what_a_declaration_says_is_in_the_document(made: dict[str, Any]) -> None:
    explain = made["paths"]["/explain"]["get"]
    assert [item["name"] for item in explain["parameters"]] == [
        *("iri", "s", "p", "o", "depth", "width", "format"),
    ]
    assert explain["parameters"][-1]["schema"] == {
        "anyOf": [{"enum": ["html", "json", "ttl", "nt", "rdf", "jsonld", "trig", "nq"]}, {"type": "string"}]
    }
    assert explain["responses"].keys() == {
        *("200", "206", "304", "400", "404", "405", "406", "408", "412", "413", "414", "416", "429", "431"),
        *("500", "502", "503", "504"),
    }
    assert made["paths"]["/health"]["get"]["responses"].keys() & {"200", "206", "304", "503"} == {
        "200",
        "503",
    }
    suffix = made["paths"]["/id/{rest}.{suffix}"]["get"]["parameters"]
    assert [item["name"] for item in suffix] == ["rest", "suffix", "page", "part", "on", "release"]
    assert suffix[1]["schema"]["enum"] == ["html", "ttl", "nt", "rdf", "jsonld", "trig", "nq"]
    fields = made["paths"]["/sparql"]["post"]["requestBody"]["content"][FORM]["schema"]
    named = ["query", "default-graph-uri", "named-graph-uri", "timeout", "format", "output", "results"]
    assert (list(fields["properties"]), fields["required"]) == (named, ["query"])
    beside = made["paths"]["/sparql"]["post"]["parameters"]
    assert [item["name"] for item in beside] == named[1:]


def test_every_question_and_parameter_is_described(made: dict[str, Any]) -> None:
    paths = [path for path in made["paths"] if path.startswith("/queries/")]
    expected = {f"/queries/{name}{suffix}" for name in QUESTIONS for suffix in ("", ".{suffix}")}
    plain = {f"/queries/{name}.rows" for name, query in QUESTIONS.items() if query.form == "SELECT"}
    assert set(paths) == expected | plain | {"/queries/"}
    assert len(QUESTIONS) > 20


def leaves(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and those that it may be instead, down to the last."""
    yield schema
    for inner in schema.get("anyOf", ()):
        yield from leaves(inner)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_parameter_is_a_list_of_values_of_its_type(name: str, made: dict[str, Any]) -> None:
    query = QUESTIONS[name]
    for path in (f"/queries/{name}", f"/queries/{name}.{{suffix}}"):
        described = {item["name"]: item for item in made["paths"][path]["get"]["parameters"]}
        rows = {"embed", "release", "timeout"}
        rows |= {"labels", "limit", "offset"} if query.form == "SELECT" else set()
        assert described.keys() - {"format", "suffix"} == {*query.params, *rows}
        for parameter in query.params.values():
            found = described[parameter.name]
            assert (found["in"], found["style"], found["explode"]) == ("query", "form", True)
            assert found["description"] == parameter.description
            assert found["schema"]["type"] == "array"
            parts = list(leaves(found["schema"]["items"]))
            kind, formats = TYPES[parameter.type]
            assert {part["type"] for part in parts if "type" in part} == {kind}
            assert {part["format"] for part in parts if "format" in part} <= formats
            assert parameter.class_iri in {part.get("x-iri-class") for part in parts}
            assert parameter.optional == any(part.get("const") == "" for part in parts)
            defaults = [term.value for term in parameter.defaults if term is not None]
            assert found.get("example", []) == found["schema"].get("default", []) == defaults


def test_few_instances_are_listed_and_many_are_not(document: dict[str, Any]) -> None:
    operation = document["paths"]["/queries/which-un-body-asked-which-state-for-what"]["get"]
    (state,) = (item for item in operation["parameters"] if item["name"] == "state")
    assert state["schema"]["items"]["anyOf"][0] == {"enum": ["GRA", "HOS", "RUR"]}


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_is_as_described(name: str, service: Service, document: dict[str, Any]) -> None:
    path = f"/queries/{name}"
    operation = document["paths"][path]["get"]
    for media_type in operation["responses"]["200"]["content"]:
        response = service.get(path, media_type)
        assert (response.status, response.headers.get_content_type()) == (200, media_type)
        keep(document, operation, response)
    operation = document["paths"][f"{path}.{{suffix}}"]["get"]
    for suffix in operation["parameters"][0]["schema"]["enum"]:
        response = service.get(f"{path}.{suffix}")
        assert response.status == 200
        keep(document, operation, response)


def test_an_answer_for_several_values_is_as_described(service: Service, document: dict[str, Any]) -> None:
    path = "/queries/which-states-signed-but-are-not-bound"
    days = "as_of=2010-09-13&as_of=2011-09-13"
    operation = document["paths"][f"{path}.{{suffix}}"]["get"]
    for suffix in operation["parameters"][0]["schema"]["enum"]:
        response = service.get(f"{path}.{suffix}?{days}")
        assert response.status == 200
        keep(document, operation, response)
    assert service.get(f"{path}.json?{days}").json()["head"]["vars"][-1] == "as_of"
    assert "as_of" not in service.get(f"{path}.json?as_of=2010-09-13").json()["head"]["vars"]


def test_what_is_no_question_answers_as_described(service: Service, document: dict[str, Any]) -> None:
    query = document["paths"]["/sparql"]["get"]["parameters"][0]["schema"]["examples"][0]
    parameters_of = {"/sparql": {"query": query}, "/explain": {"iri": "id/recommendation/screening"}}
    fixed = {
        route.address: parameters_of.get(route.address, {})
        for route in ROUTES.values()
        if "<" not in route.address and "GET" in route.methods and route.api and route.name not in ELSEWHERE
    }
    alone = {"/robots.txt", "/sitemap.xml", "/health", "/metrics"}
    several = {"/sparql", "/sparql/graphs", "/explain", "/.well-known/void", "/releases"}
    for path, parameters in fixed.items():
        operation = document["paths"][path]["get"]
        content = operation["responses"]["200"]["content"]
        for media_type in content if path in several | alone else ["text/html"]:
            response = service.get(path, media_type, **parameters)
            # a table is no graph
            assert response.status in ((200, 406) if path == "/sparql" else (200,))
            keep(document, operation, response)
    identified = document["paths"]["/query/{name}"]["get"]
    response = service.get("/query/who-claims-what")
    assert response.status == 303
    keep(document, identified, response)
    leading = document["paths"]["/query/{name}/{parameter}"]["get"]
    keep(document, leading, service.get("/query/who-claims-what/speaker"))
    examples = document["paths"]["/.well-known/sparql-examples"]["get"]
    for media_type in examples["responses"]["200"]["content"]:
        response = service.get("/.well-known/sparql-examples", media_type)
        assert (response.status, response.headers.get_content_type()) == (200, media_type)
        keep(document, examples, response)
    described = document["paths"]["/query/{name}.{suffix}"]["get"]
    for suffix in described["parameters"][1]["schema"]["enum"]:
        response = service.get(f"/query/who-claims-what.{suffix}")
        assert response.status == (303 if suffix == "html" else 200)
        keep(document, described, response)
    named = document["paths"]["/id/{rest}"]["get"]
    for media_type in named["responses"]["200"]["content"]:
        keep(document, named, service.get("/id/state/RUR", media_type))
    keep(document, named, service.get("/id//state/RUR"))


def test_releases_and_files_answer_as_described(service: Service, document: dict[str, Any]) -> None:
    release = service.get("/robots.txt").headers["Surplace-Release"]
    described = document["paths"]["/release/{release}"]["get"]
    for media_type in described["responses"]["200"]["content"]:
        response = service.get(f"/release/{release}", media_type)
        assert (response.status, response.headers.get_content_type()) == (200, media_type)
        keep(document, described, response)
    described = document["paths"]["/sitemap-{number}.xml"]["get"]
    keep(document, described, service.get("/sitemap-2.xml"))
    paths = {
        "/dumps/{file}": "/dumps/surplace.nq.gz",
        "/release/{release}/dumps/{file}": f"/release/{release}/dumps/surplace-ontology.ttl",
    }
    for address, path in paths.items():
        described = document["paths"][address]["get"]
        whole = service.get(path)
        requests = {
            200: {},
            206: {"Range": "bytes=1-2"},
            304: {"If-None-Match": whole.headers["ETag"]},
            416: {"Range": "bytes=99999999-"},
        }
        for status, headers in requests.items():
            response = service.request("GET", path, headers=headers)
            assert response.status == status
            if status == 304:
                assert "content" not in promised(document, described, 304)
                continue
            keep(document, described, response)
            names = promised(document, described, status)["headers"].keys()
            missing = {*names} - {*response.headers} - SOMETIMES
            assert missing <= (OF_PARTS if status == 206 else set()), (path, status)


def test_a_parameter_that_is_not_described_is_ignored_and_named(
    service: Service, document: dict[str, Any]
) -> None:
    compared = 0
    for path, method, operation in operations(document):
        if method == "GET" and path not in ("/explain", "/sparql"):
            response = service.get(filled(path, operation), "*/*", colour="red")
            if response.status in (200, 303):
                assert response.headers["Surplace-Ignored"] == "colour", path
                assert "Surplace-Ignored" in promised(document, operation, response.status)["headers"]
                compared += 1
    assert compared > 2 * len(QUESTIONS)


def test_a_near_miss_of_a_parameter_is_refused_as_described(
    service: Service, document: dict[str, Any]
) -> None:
    path = "/queries/who-claims-what"
    response = service.get(path, JSON, speakr="x")
    assert response.status == 400
    keep(document, document["paths"][path]["get"], response)


def sparql(**parameters: str) -> str:
    """Write the address of a query."""
    return f"/sparql?{urlencode(parameters)}"


FAILURES: dict[str, tuple[str, str, bytes | None, dict[str, str], int]] = {
    "syntax": ("GET", sparql(query="SELECT * {\n ?s ?p foo:x }"), None, {}, 400),
    "update": ("GET", sparql(update="CLEAR ALL"), None, {}, 400),
    "format": ("GET", sparql(query="ASK {}", format="doc"), None, {}, 400),
    "key": ("GET", "/queries/what-qualifies-a-finding?finding=x", None, {}, 400),
    "a number of thousands of digits": ("GET", f"/explain?iri=a&depth={'1' * 5000}", None, AS_JSON, 400),
    "nothing to explain": ("GET", "/explain?iri=state:XXX", None, AS_JSON, 404),
    "no such name": ("GET", "/id/state/XXX", None, {}, 404),
    "a name beyond Latin-1": ("GET", "/id/state/%F0%9F%98%80", None, {}, 404),
    "a person by GET": ("GET", "/person", None, {"Accept": JSON}, 406),
    "a picture of a reason": ("GET", "/explain", None, {"Accept": "image/png"}, 406),
    "a picture of a person": ("GET", "/person", None, {"Accept": "image/png"}, 406),
    "a picture of a name": ("GET", "/id/state/RUR", None, {"Accept": "image/png"}, 406),
    "a query as text": ("POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}, 415),
    "a person as text": ("POST", "/person", b"yes", {"Content-Type": "text/plain"}, 415),
    "brackets in brackets": ("POST", "/person", b"[" * 100_000, AS_JSON, 400),
    "half a character": ("POST", "/person", b'{"yes": ["\\ud800"]}', AS_JSON, 400),
    "more than a state": ("POST", "/person", b'{"origin": "A> ?p ?o . ?s ?q <B"}', AS_JSON, 400),
    "more than a circumstance": ("POST", "/person", b"%3C=yes", {"Content-Type": FORM, "Accept": JSON}, 400),
    "too much": ("POST", "/sparql", b"#" * 100_001, {"Content-Type": "application/sparql-query"}, 413),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_as_described(name: str, service: Service, document: dict[str, Any]) -> None:
    method, target, body, headers, status = FAILURES[name]
    path = target.partition("?")[0]
    operation = document["paths"]["/id/{rest}" if path.startswith("/id/") else path][method.lower()]
    response = service.request(method, target, body, headers)
    assert response.status == status
    keep(document, operation, response)
    own = promised(document, operation, status)["headers"].keys() - {"Surplace-Release"}
    assert all(header in response.headers for header in own)
    problem = response.json()
    assert isinstance(problem, dict)
    assert problem.keys() <= {"type", "title", "status", "detail", *MEMBERS}


def test_every_kind_of_problem_is_in_the_response_of_its_status(made: dict[str, Any]) -> None:
    for code, kind in KINDS.items():
        response = made["components"]["responses"][str(kind.status)]
        assert f"`{code}`: {kind.title}. {kind.meaning}" in response["description"]
    for path, _, operation in operations(made):
        wanted = {"200", "303"} & operation["responses"].keys()
        assert wanted, path
        always = {*("400", "405", "406", "408", "413", "414", "429", "431"), *("500", "502", "503", "504")}
        assert always <= operation["responses"].keys(), path


def test_a_head_that_is_too_long_is_as_described(service: Service, document: dict[str, Any]) -> None:
    operation = document["paths"]["/sparql"]["get"]
    response = service.get("/sparql", query="a" * 140_000)
    assert response.status == 414
    keep(document, operation, response)
    response = service.request("GET", "/sparql", headers={"Cookie": "a" * 140_000})
    assert response.status == 431
    keep(document, operation, response)


def test_finished_answers_have_parts_and_are_known_as_described(
    service: Service, document: dict[str, Any]
) -> None:
    operation = document["paths"]["/queries/who-claims-what"]["get"]
    whole = service.get("/queries/who-claims-what")
    for status, headers in {
        206: {"Range": "bytes=0-9"},
        304: {"If-None-Match": whole.headers["ETag"]},
        412: {"If-Match": '"other"'},
        416: {"Range": "bytes=99999999-"},
    }.items():
        response = service.request("GET", "/queries/who-claims-what", headers=headers)
        assert response.status == status
        if status == 304:
            assert "content" not in promised(document, operation, status)
        else:
            keep(document, operation, response)


def test_without_pick_lists_there_is_no_document() -> None:
    def away(_: str) -> list[Instance]:
        raise UnavailableError("The engine is away.")

    with pytest.raises(UnavailableError):
        describe(ROUTES.values(), stub(away))


def test_the_list_of_questions_leads_to_the_document(service: Service) -> None:
    assert 'href="/openapi.json"' in service.get("/queries/", "text/html").text
