"""Behind nginx, below a path: every address stays there, nothing is lost on the way, a replica takes over."""

from __future__ import annotations

import ast
import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
import rdflib

import surplace
from nginx import REQUIRED, nginx, program
from service import WORLD, Response, make_release, serving

HTML, TURTLE = "text/html", "text/turtle"
PROXIED = {"SURPLACE_PROXIES": "1", "SURPLACE_CLIENT_SECONDS": "100", "SURPLACE_WORKERS": "2"}
ASKED = "queries/which-un-body-asked-which-state-for-what"
MORE = """
GRAPH <https://w3id.org/surplace/graph/ontology> {
  <https://w3id.org/surplace/ontology> a owl:Ontology .
  <https://w3id.org/surplace/ontology/act> a owl:Ontology ; skos:prefLabel "Acts"@en .
  sur:State rdfs:isDefinedBy <https://w3id.org/surplace/ontology/act> .
  sur:asksFor rdfs:isDefinedBy <https://w3id.org/surplace/ontology/act> ; rdfs:domain sur:State .
  <https://w3id.org/surplace/vocab/action> a skos:ConceptScheme ; skos:prefLabel "Actions"@en .
  action:screening skos:inScheme <https://w3id.org/surplace/vocab/action> .
  TERMS
}
GRAPH <https://w3id.org/surplace/graph/shapes> { shape:StateShape a sh:NodeShape . }
GRAPH <https://w3id.org/surplace/graph/retired> {
  sur:Accord owl:versionInfo "2.0.0" ; skos:historyNote "a treaty"@en ; dcterms:isReplacedBy sur:State .
}
"""
RETIRED = "ontology/Accord"
TERMS = "\n".join(f'{term} skos:prefLabel "term"@en .' for term in set(re.findall(r"sur:\w+", WORLD)))
"""Describes every term that the invented world uses, so that it has a page."""
PAGES = (
    "",
    "queries/",
    f"{ASKED}?state=RUR&limit=1",
    "queries/recommendations-as-rdf",
    "sparql?query=SELECT+*+{+?s+a+?o+}",
    "id/state/RUR",
    "ontology",
    "ontology/act",
    "ontology/State",
    "vocab/action",
    "graph/provenance?page=1",
    "source/report/p2/s3",
    "explain?iri=state:RUR",
    ".well-known/void",
    "releases",
    "release/RELEASE",
    "dumps/",
    "problems",
    "person",
    "what-if",
)
DATA = (
    "id/state/RUR",
    "ontology/act",
    "query/who-claims-what",
    ".well-known/void",
    "releases",
    "release/RELEASE",
    ".well-known/sparql-examples",
    "sparql",
    "sparql/graphs",
)
Failed, Skipped = pytest.fail.Exception, pytest.skip.Exception
PATH = re.compile(r"(?<![\w.:/*<])/(?:[a-z](?:[\w./-]*[\w/])?)?(?![\w/>])")
"""An address without its host, in a sentence."""
PROGRAM = Path(surplace.__file__).parent
LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"')
ELSEWHERE = ("https://w3id.org/surplace", "https://schema.org/", "https://creativecommons.org/")
"""Where links in headers lead besides: names, the kinds of pages, and the licence."""


class Links(HTMLParser):
    """The addresses on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


def get(url: str, accept: str = "*/*", method: str = "GET", body: bytes = b"", **headers: str) -> Response:
    """Send a request, again if the limit of the proxy says so."""
    parts = urlsplit(url)
    named = {"Accept": accept, **{name.replace("_", "-"): value for name, value in headers.items()}}
    for _ in range(50):
        connection = HTTPConnection(parts.netloc, timeout=60)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body or None, named)
            answer = connection.getresponse()
            response = Response(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        if response.status != 429:
            return response
        time.sleep(0.1)
    raise AssertionError("the limit never ends")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), MORE.replace("TERMS", TERMS))


@pytest.fixture(scope="module")
def service(release: Path) -> Iterator[str]:
    with serving("--release", str(release), environment=PROXIED) as running:
        yield running.url


@pytest.fixture(scope="module")
def home(service: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with nginx(tmp_path_factory.mktemp("nginx"), [service]) as address:
        yield address


@pytest.fixture(scope="module")
def name(home: str) -> str:
    """Provide the name of the release."""
    return str(get(home).headers["Surplace-Release"])


def own(home: str, base: str, address: str) -> str | None:
    """Return an address on this host as it is asked for; fail if it leads out of the prefix."""
    whole = urldefrag(urljoin(base, address))[0]
    if not whole.startswith("http://127.0.0.1"):
        assert urlsplit(whole).scheme in ("http", "https"), whole
        return None
    assert whole.startswith(home), f"{base} leads to {address}"
    return whole


def test_every_address_on_pages_and_in_headers_stays_below_the_prefix(home: str, name: str) -> None:
    found: dict[str, str] = {}
    for path in (*PAGES, *DATA):
        url = home + path.replace("RELEASE", name)
        response = get(url, HTML if path in PAGES else TURTLE)
        while response.status == 303:
            url = own(home, url, response.headers["Location"]) or ""
            response = get(url, TURTLE)
        assert response.status == 200, (url, response.text[:500])
        links = Links(response.text).found if response.headers["Content-Type"].startswith(HTML) else []
        if links:
            assert len(links) >= 8, url
        for header in response.headers.get_all("Link", []):
            given = LINK.findall(header)
            assert len(given) == header.count("rel=")
            for address, _ in given:
                assert address.startswith(("/kg/", *ELSEWHERE)), (url, header)
                links.append(address)
        links += response.headers.get_all("Content-Location", [])
        found |= {address: url for link in links if (address := own(home, url, link))}
    assert len(found) > 150
    lost = {}
    for address, page in found.items():
        status = get(address).status
        if address == home + RETIRED:
            assert status == 410
            continue
        # forms that are sent without values
        if status not in (200, 303) and not (status == 400 and address.endswith(("/explain", "/what-if"))):
            lost[address] = page, status
    assert lost == {}


def test_what_is_kept_under_one_prefix_is_not_sent_under_another(home: str, service: str) -> None:
    assert 'href="/kg/queries/"' in get(home, HTML).text
    assert 'href="/queries/"' in get(f"{service}/", HTML).text
    other = get(f"{service}/", HTML, X_Forwarded_Prefix="/other/")
    assert 'href="/other/queries/"' in other.text
    assert 'href="/kg/queries/"' in get(home, HTML).text


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/\\evil.example", '/"><script>', "evil", "/a b", "/", "/a/../b", "/."]
)
def test_a_prefix_that_is_no_path_does_not_count(service: str, prefix: str) -> None:
    response = get(f"{service}/queries/", HTML, X_Forwarded_Prefix=prefix)
    assert 'href="/queries/"' in response.text


@pytest.mark.parametrize("host", ['a"b', "x:99999", "a..b", "%41"])
def test_a_host_that_is_none_is_refused_where_a_proxy_names_it_too(service: str, host: str) -> None:
    found = get(f"{service}/robots.txt", X_Forwarded_Host=host)
    assert (found.status, found.json()["type"]) == (400, "/problems#bad-request")  # type: ignore[index]
    assert "X-Forwarded-Host names no host" in found.text


def test_a_host_has_one_form_in_links_and_tags(service: str) -> None:
    found = [get(f"{service}/robots.txt", X_Forwarded_Host=host) for host in ("x.example", "a, X.Example:")]
    assert all("Sitemap: http://x.example/sitemap.xml" in response.text for response in found)
    assert len({response.headers["ETag"] for response in found}) == 1


def test_headers_that_lead_on_have_the_prefix(home: str) -> None:
    lead = {
        "query/who-claims-what": ("/kg/query/who-claims-what.ttl", TURTLE, 303),
        "query/who-claims-what/parameter/speaker": ("/kg/queries/who-claims-what#field-speaker", HTML, 303),
        "dataset": ("/kg/.well-known/void", TURTLE, 303),
        "queries": ("/kg/queries/", HTML, 308),
        "id/state/RUR/": ("/kg/id/state/RUR", HTML, 308),
    }
    for path, (location, accept, status) in lead.items():
        response = get(home + path, accept)
        assert (response.status, response.headers["Location"]) == (status, location)
    moved = get(home.rstrip("/"), HTML)
    assert (moved.status, moved.headers["Location"]) == (301, "/kg/")
    answer = get(f"{home}{ASKED}.csv?state=RUR&limit=1")
    assert answer.headers["Content-Location"] == f"/kg/{ASKED}.csv?state=RUR&limit=1"
    lines = answer.headers.get_all("Link", [])
    links = {relation: link for line in lines for link, relation in LINK.findall(line)}
    assert links["canonical"] == f"/kg/{ASKED}?state=https://w3id.org/surplace/id/state/RUR"
    assert links["describedby"] == "/kg/query/which-un-body-asked-which-state-for-what"
    assert links["first"] == f"/kg/{ASKED}.csv?state=RUR&limit=1"
    assert get(f"{home}id/state/RUR", TURTLE).headers["Content-Location"] == "/kg/id/state/RUR.ttl"
    file = get(f"{home}dumps/surplace.nq.gz", method="HEAD")
    assert re.fullmatch("/kg/release/[0-9a-f]{16}/dumps/surplace.nq.gz", file.headers["Content-Location"])
    gone = get(f"{home}ontology/Accord")
    assert gone.status == 410
    assert gone.headers["Link"] == '</kg/ontology/State>; rel="successor-version"'


def test_problems_have_the_prefix(home: str) -> None:
    for path, status, code in (("nothing", 404, "not-found"), ("sparql?query=ASK{", 400, "syntax")):
        response = get(home + path)
        assert (response.status, response.json()["type"]) == (status, f"/kg/problems#{code}")  # type: ignore[index]
        page = get(home + path, HTML)
        assert page.status == status
        assert [own(home, home + path, link) for link in Links(page.text).found]
    assert get(home + "queries/", method="DELETE").json()["type"] == "/kg/problems#method"  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "addresses"),
    [
        ("nope", ["/kg/queries/", "/kg/"]),
        ("id/state/RUR?release=zz", ["/kg/releases"]),
        ("release/zz", ["/kg/releases"]),
        ("release/zz/dumps/surplace.nq.gz", ["/kg/releases"]),
        ("sitemap-77.xml", ["/kg/sitemap.xml"]),
        ("queries/zzzz", ["/kg/queries/"]),
        ("id/qqqq/wwww", ["/kg/sparql"]),
    ],
)
def test_addresses_in_the_words_of_a_problem_have_the_prefix(
    home: str, path: str, addresses: list[str]
) -> None:
    document = get(home + path).json()
    assert isinstance(document, dict)
    assert PATH.findall(document["detail"]) == addresses


def test_no_problem_has_an_address_that_could_be_without_the_prefix() -> None:
    """Look at the texts of all errors in the program: paths come from `at`, which adds the prefix."""
    texts = []
    for file in sorted(PROGRAM.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text())):
            name = (
                getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
            )
            if re.fullmatch(r".*(?:Problem|Error|problem)|Kind", name):
                inner = {
                    id(part) for each in ast.walk(call) if called(each) == "at" for part in ast.walk(each)
                }
                texts += [
                    (file.name, part.value)
                    for part in ast.walk(call)
                    if isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and id(part) not in inner
                ]
    assert len(texts) > 500
    assert [found for found in texts if found[1] != "/" and PATH.search(found[1])] == []


def called(node: ast.AST) -> str:
    """Return the name of the function that is called, if one is."""
    return getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""


@pytest.mark.parametrize(
    "of",
    [
        "id/state/RUR",
        "/id/state/RUR",
        "/kg/id/state/RUR",
        "/kg/id/state/%52UR",
        "https://w3id.org/surplace/id/state/RUR",
        "https://pub.example/kg/id/state/RUR",
        "HTTP://Pub.Example/kg/id/state/RUR.ttl?page=1",
        "/kg/id/state/RUR.html",
        "/kg/id/state/RUR/",
    ],
)
def test_a_name_is_cited_by_every_address_of_it(service: str, of: str) -> None:
    proxy = {"X_Forwarded_Host": "pub.example", "X_Forwarded_Proto": "https", "X_Forwarded_Prefix": "/kg"}
    found = get(f"{service}/cite/text?of={quote(of)}", **proxy)
    assert found.status == 200, found.text
    assert found.text == get(f"{service}/cite/text?of=id/state/RUR", **proxy).text


@pytest.mark.parametrize(
    "of",
    ["https://other.example/kg/id/state/RUR", "/kgid/state/RUR", "/kg/kg/id/state/RUR", "https://[/id/state"],
)
def test_no_name_is_cited_by_what_is_no_address_of_it(service: str, of: str) -> None:
    proxy = {"X_Forwarded_Host": "pub.example", "X_Forwarded_Prefix": "/kg"}
    assert get(f"{service}/cite/text?of={quote(of)}", **proxy).status == 404


def test_an_answer_is_cited_by_every_address_of_it(service: str) -> None:
    told = get(f"{service}/cite/text?of={quote(f'{ASKED}?state=RUR')}")
    assert told.status == 200
    for address in (f"{service}/{ASKED}.csv", f"/{ASKED}.html", f"/{ASKED}"):
        assert get(f"{service}/cite/text?of={quote(f'{address}?state=RUR')}").text == told.text


def test_robots_and_sitemap_have_the_prefix(home: str) -> None:
    lines = get(f"{home}robots.txt").text.splitlines()
    assert f"Sitemap: {home}sitemap.xml" in lines
    rules = [line.partition(": ")[2] for line in lines if line.startswith(("Disallow", "Allow"))]
    assert len(rules) > 4
    assert all(rule.startswith("/kg/") for rule in rules)
    tag = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    parts = [str(item.text) for item in ElementTree.fromstring(get(f"{home}sitemap.xml").text).iter(tag)]
    assert parts == [f"{home}sitemap-1.xml", f"{home}sitemap-2.xml"]
    for part in parts:
        for item in ElementTree.fromstring(get(part).text).iter(tag):
            address = str(item.text)
            assert address.startswith(home)
            assert get(address, HTML).status == 200, address


def described(home: str, path: str) -> rdflib.Graph:
    """Read a description of the service or of the data."""
    return rdflib.Graph().parse(data=get(home + path, TURTLE).text, format="turtle")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_descriptions_name_the_address_behind_the_proxy(service: str, scheme: str, tmp_path: Path) -> None:
    changes = (("X-Forwarded-Proto $scheme;", f"X-Forwarded-Proto {scheme};"),)
    with nginx(tmp_path / "nginx", [service], changes) as home:
        root = home.replace("http:", f"{scheme}:")
        found = {
            str(value)
            for path in ("sparql", "sparql/graphs")
            for triple in described(home, path)
            for value in triple
            if isinstance(value, rdflib.URIRef) and "127.0.0.1" in value
        }
        assert f"{root}sparql" in found
        assert len(found) > 10
        assert all(value.startswith(root) for value in found)
        endpoint = rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
        named = described(home, "sparql").objects(None, endpoint)
        assert [str(value) for value in named] == [f"{root}sparql"]
        assert f"Sitemap: {root}sitemap.xml" in get(f"{home}robots.txt").text
        assert f"curl -G {root}{ASKED}.csv" in get(f"{home}{ASKED}?state=RUR", HTML).text


def test_nothing_is_lost_on_the_way(home: str, service: str) -> None:
    behind, plain = f"{home}ontology/State.ttl", f"{service}/ontology/State.ttl"
    assert get(behind).body == get(plain).body
    packed = get(f"{home}queries/", HTML, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    tag = packed.headers["ETag"]
    assert re.fullmatch('"[^"]+"', tag)
    assert get(f"{home}queries/", HTML, Accept_Encoding="gzip", If_None_Match=tag).status == 304
    part = get(behind, Range="bytes=0-9")
    assert (part.status, part.body) == (206, get(behind).body[:10])
    assert get(f"{home}id/state/%52UR", TURTLE).status == 200
    options = get(f"{home}sparql", method="OPTIONS")
    assert options.headers["Allow"] == "GET, HEAD, OPTIONS, POST, QUERY"


def test_an_address_as_long_as_is_documented_comes_through(home: str) -> None:
    longest = "ASK {}#" + 99_000 * "a"
    assert get(f"{home}sparql?format=csv&query={quote(longest)}").text.strip() == "true"
    too_long = 1_500_000 * b"a"
    response = get(f"{home}sparql", "*/*", "POST", too_long, Content_Type="application/sparql-query")
    assert (response.status, response.json()["type"]) == (413, "/kg/problems#too-large")  # type: ignore[index]


def test_a_flood_is_stopped_by_the_proxy(service: str, tmp_path: Path) -> None:
    slower = (("rate=100r/s", "rate=1r/s"), ("burst=200", "burst=5"))
    with nginx(tmp_path / "nginx", [service], slower) as home:
        target = urlsplit(home)
        statuses = []
        for _ in range(12):
            connection = HTTPConnection(target.netloc, timeout=20)
            connection.request("GET", "/kg/queries/")
            statuses.append(connection.getresponse().status)
            connection.close()
        assert statuses[:6] == [200] * 6
        assert statuses[-1] == 429


@pytest.mark.parametrize(("required", "outcome"), [("1", Failed), ("", Skipped)])
def test_without_nginx_the_test_is_skipped_and_says_so_or_fails_where_it_must_not_be(
    required: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    monkeypatch.setenv(REQUIRED, required)
    with pytest.raises(outcome, match="apt-get install nginx-light"):
        program()


@contextlib.contextmanager
def breaking_off() -> Iterator[str]:
    """Run what takes a request and closes the connection without an answer; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65_536)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def posted(home: str, number: int) -> str:
    """Post a query; return its answer, or the status."""
    body = f"SELECT ({number} AS ?n) {{}}".encode()
    response = get(f"{home}sparql", "text/csv", "POST", body, Content_Type="application/sparql-query")
    return response.text.split()[-1] if response.status == 200 else str(response.status)


def test_a_query_is_posted_again_where_a_replica_breaks_off(service: str, tmp_path: Path) -> None:
    with breaking_off() as broken:
        with nginx(tmp_path / "with", [broken, service]) as home:
            assert [posted(home, number) for number in range(10)] == [str(number) for number in range(10)]
        with nginx(tmp_path / "without", [broken, service], ((" non_idempotent", ""),)) as home:
            assert "502" in [posted(home, number) for number in range(10)]


def test_a_replica_takes_over_when_the_other_is_killed(release: Path, tmp_path: Path) -> None:
    arguments = ("--release", str(release))
    with (
        serving(*arguments, environment=PROXIED) as first,
        serving(*arguments, environment=PROXIED) as second,
        nginx(tmp_path / "nginx", [first.url, second.url]) as home,
        ThreadPoolExecutor(4) as threads,
    ):
        answers = [threads.submit(posted, home, number) for number in range(100)]
        answers[20].result()
        first.process.kill()
        assert [answer.result() for answer in answers] == [str(number) for number in range(100)]
