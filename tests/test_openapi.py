"""The OpenAPI document is valid, complete, and what is answered keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from service import Response, Service, make_release, serving
from surplace.catalogue import Catalogue, Query, load_catalogue
from surplace.engine.protocol import Request, UnavailableError
from surplace.resources import queries_dir
from surplace.web.app import create_app
from surplace.web.errors import KINDS
from surplace.web.front import HEALTH, METRICS
from surplace.web.openapi.operations import OPERATIONS
from surplace.web.openapi.parameters import NAMES
from surplace.web.openapi.schemas import MEMBERS
from surplace.web.resources import SPACES

CATALOGUE = load_catalogue(queries_dir())
QUESTIONS = {query.name: query for query in CATALOGUE.questions()}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
AS_JSON = {"Content-Type": JSON, "Accept": JSON}
NOT_DESCRIBED = ("HEAD", "OPTIONS", "QUERY")
"""Methods that are as GET or POST is: OpenAPI 3.1 has no place for the last, so that words say it."""
NOT_OF_THE_API = ("static",)
"""Routes that no program needs: the style sheet and the pictures of the pages."""
TYPES = {
    "iri": ("string", {"iri", "iri-reference"}),
    "string": ("string", set()),
    "integer": ("integer", set()),
    "decimal": ("number", set()),
    "boolean": ("boolean", set()),
    "date": ("string", {"date"}),
}
"""What each type of a parameter is in JSON Schema: its type, and its formats."""


class NoEngine:
    """An engine that is not there."""

    release = None

    def ask(self, _request: Request) -> object:
        raise UnavailableError("The engine is away.")

    def close(self) -> None:
        pass


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
def app() -> Flask:
    return create_app(NoEngine(), Catalogue({}))  # type: ignore[arg-type]


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
    assert media_type in expected["content"]
    for name in (
        "Allow",
        "Accept-Post",
        "Retry-After",
        "Location",
        "Link",
        "Surplace-Cut",
        "ETag",
        "Content-Location",
    ):
        assert name not in response.headers or name in expected["headers"]
    if media_type.endswith("json"):
        schema = expected["content"][media_type]["schema"]
        whole = {"components": document["components"], "allOf": [schema]}
        Draft202012Validator(whole).validate(response.json())


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


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
    assert {query.category for query in QUESTIONS.values()} <= named
    identifiers = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(identifiers) == len(set(identifiers)) > len(QUESTIONS)
    assert all(operation["summary"] for _, _, operation in operations(document))


def test_every_route_is_described_and_every_description_is_a_route(
    document: dict[str, Any], app: Flask
) -> None:
    routes = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in NOT_OF_THE_API
        for method in (rule.methods or set()) - set(NOT_DESCRIBED)
    }
    adapter = app.url_map.bind("localhost")
    described = set()
    for path, method, operation in operations(document):
        if path not in (HEALTH, METRICS):  # the front answers them without the application
            rule, _ = adapter.match(filled(path, operation), method, return_rule=True)
            described.add((rule.rule, method))
    assert described == routes
    assert {HEALTH, METRICS} < document["paths"].keys()
    assert "QUERY" in document["info"]["description"]
    assert len(routes) > 10


def test_what_is_described_by_hand_is_a_route(app: Flask) -> None:
    routes = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert routes >= OPERATIONS.keys()
    assert set(NAMES) == set(SPACES)


def test_every_question_and_parameter_is_described(document: dict[str, Any]) -> None:
    paths = [path for path in document["paths"] if path.startswith("/queries/")]
    expected = {f"/queries/{name}{suffix}" for name in QUESTIONS for suffix in ("", ".{suffix}")}
    assert set(paths) == expected | {"/queries/"}
    assert len(QUESTIONS) > 20


def leaves(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and those that it may be instead, down to the last."""
    yield schema
    for inner in schema.get("anyOf", ()):
        yield from leaves(inner)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_parameter_is_a_list_of_values_of_its_type(name: str, document: dict[str, Any]) -> None:
    query = QUESTIONS[name]
    for path in (f"/queries/{name}", f"/queries/{name}.{{suffix}}"):
        described = {item["name"]: item for item in document["paths"][path]["get"]["parameters"]}
        rows = {"labels", "limit", "offset"} if query.form == "SELECT" else set()
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


def test_what_is_no_question_answers_as_described(service: Service, document: dict[str, Any]) -> None:
    query = document["paths"]["/sparql"]["get"]["parameters"][0]["schema"]["examples"][0]
    requests = {
        "/": {},
        "/problems": {},
        "/queries/": {},
        "/person": {},
        "/what-if": {},
        "/openapi.json": {},
        HEALTH: {},
        METRICS: {},
        "/sparql": {"query": query},
        "/sparql/graphs": {},
        "/explain": {"iri": "id/recommendation/screening"},
        "/.well-known/void": {},
        "/releases": {},
        "/dumps/": {},
        "/robots.txt": {},
        "/sitemap.xml": {},
    }
    alone = {"/robots.txt", "/sitemap.xml"}
    several = {"/sparql", "/sparql/graphs", "/explain", "/.well-known/void", "/releases"}
    for path, parameters in requests.items():
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
    for path, address in (
        ("/.well-known/sparql-examples", "/.well-known/sparql-examples"),
        ("/query/{name}.ttl", "/query/who-claims-what.ttl"),
    ):
        operation = document["paths"][path]["get"]
        for media_type in operation["responses"]["200"]["content"]:
            response = service.get(address, media_type)
            assert response.status == 200
            keep(document, operation, response)
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
            for name in promised(document, described, status)["headers"]:
                assert name in response.headers, (path, status, name)


def test_the_parameters_described_are_those_accepted(service: Service, document: dict[str, Any]) -> None:
    compared = 0
    for path, method, operation in operations(document):
        if method != "GET":
            continue
        described = {item["name"] for item in operation.get("parameters", ()) if item["in"] == "query"}
        response = service.get(filled(path, operation), JSON, colour="red")
        found = response.json() if response.status >= 400 else {}
        assert isinstance(found, dict)
        if found.get("parameter") != "colour":
            assert not described, f"{path} takes any parameter"
            continue
        allowed = set(found.get("allowed", ()))
        # where the path ends in a format, there is nothing to name another for
        assert described == allowed - ({"format"} if path.endswith(".{suffix}") else set()), path
        compared += 1
    assert compared > 2 * len(QUESTIONS)


def test_the_fields_described_are_those_accepted(service: Service, document: dict[str, Any]) -> None:
    body = document["paths"]["/sparql"]["post"]["requestBody"]["content"]
    response = service.request("POST", "/sparql", b"colour=red", {"Content-Type": FORM})
    found = response.json()
    assert isinstance(found, dict)
    assert set(found["allowed"]) == set(body[FORM]["schema"]["properties"])


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
    "a person by GET": ("GET", "/person", None, {"Accept": JSON}, 405),
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


def test_every_kind_of_problem_is_in_the_response_of_its_status(document: dict[str, Any]) -> None:
    for code, kind in KINDS.items():
        response = document["components"]["responses"][str(kind.status)]
        assert f"`{code}`: {kind.title}. {kind.meaning}" in response["description"]
    for path, _, operation in operations(document):
        wanted = {"200", "303"} & operation["responses"].keys()
        assert len(wanted) == 1, path
        if path not in (HEALTH, METRICS):
            always = {"400", "405", "408", "413", "414", "429", "431", "500", "503"}
            assert always <= operation["responses"].keys(), path


def test_an_address_that_is_too_long_is_as_described(service: Service, document: dict[str, Any]) -> None:
    response = service.get("/sparql", query="a" * 70_000)
    assert response.status == 414
    assert not response.body
    assert "content" not in promised(document, document["paths"]["/sparql"]["get"], 414)


def test_without_pick_lists_there_is_no_document() -> None:
    query: Query = QUESTIONS["who-claims-what"]
    client = create_app(NoEngine(), Catalogue({query.name: query})).test_client()  # type: ignore[arg-type]
    assert client.get("/openapi.json").status_code == 502


def test_the_list_of_questions_leads_to_the_document(service: Service) -> None:
    assert 'href="/openapi.json"' in service.get("/queries/", "text/html").text
