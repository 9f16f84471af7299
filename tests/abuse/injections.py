"""What a client sends as a value is that value: in every parameter of every question, and as any literal."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

from pyoxigraph import Literal, NamedNode

from abuse.target import Result, query, send, target
from surplace.catalogue import QueryParameter, load_catalogue
from surplace.resources import queries_dir

MARK = "http://injected.example/"
QUOTES = (
    "'",
    '"',
    "'''",
    '"""',
    "\\'",
    '\\"',
    "\\u0027",
    "\\u0022",
    ">",
    "}",
    ")",
    "#",
    "\n",
    "\r\n",
    "\x00",
    "%27",
)
TAILS = (
    f" }} SELECT * {{ ?s ?p <{MARK}> }} #",
    f" . <{MARK}> ?p ?o . #",
    f" UNION {{ BIND(<{MARK}> AS ?x) }} #",
    " } DROP ALL #",
    f" }} SERVICE <{MARK}> {{ ?s ?p ?o }} #",
    f" VALUES ?state {{ <{MARK}> }} #",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}<%=7*7%>",
    "../../../../etc/passwd",
    "javascript:alert(1)",
    "\u202e\u2066\ufeff",
    "=HYPERLINK(A1)",
)


def payloads(number: int) -> list[str]:
    """Return values that try to be more than values."""
    found = [quote + tail for quote in ("", *QUOTES) for tail in TAILS]
    found += [
        "",
        " ",
        "0",
        "-1",
        "99999999999999999999",
        "1e400",
        "NaN",
        "true",
        "null",
        "%00",
        "%s%n",
        "\ud800",
    ]
    found += [
        "2010-02-30",
        "0000-00-00",
        "9999-12-31",
        "2010-01-01T00:00:00Z",
        "x" * 5_000,
        "‘’“”",
        "CHN' OR '1'='1",
    ]
    return found[:number]


def attack(release: Path, *, number: int, literals: int) -> Result:
    """Send *number* payloads as each parameter, and *literals* generated literals through the endpoint."""
    result = Result()
    settings = {"client_errors": 10_000_000, "client_burst": 10_000_000, "client_requests": 100}
    with target(release, **settings) as service, ThreadPoolExecutor(4) as several:
        places = [
            (item.name, parameter)
            for item in load_catalogue(queries_dir())
            if not item.is_check
            for parameter in item.params.values()
        ]
        outcomes: Counter[str] = Counter()

        def try_one(case: tuple[str, QueryParameter, str]) -> str:
            name, parameter, value = case
            text = value.encode("utf-8", "surrogatepass")
            path = f"/queries/{name}.csv?{urlencode({parameter.name: text})}"
            reply = send(service.url, "GET", path, source="127.0.1.3")
            shown = f"{name}, {parameter.name} = {value[:60]!r}"
            proper = reply.status == 200 or (reply.status in (400, 503, 504) and reply.problem)
            result.expect(proper, f"{shown}: {reply.status} {reply.broken} {reply.body[:100]!r}")
            if reply.status == 200:
                result.expect(MARK.encode() not in reply.body, f"{shown}: the value was more than a value")
                fits = (
                    parameter.type in ("string", "text") or not value.strip() or _plausible(parameter, value)
                )
                result.expect(fits, f"{shown}: was taken for a {parameter.type}")
            return f"{reply.status} {reply.problem}".strip()

        cases = [(name, parameter, value) for name, parameter in places for value in payloads(number)]
        outcomes.update(several.map(try_one, cases))
        result.figures |= {
            "parameters": len(places),
            "values sent": len(cases),
            "outcomes": dict(outcomes.most_common()),
        }
        _literals(result, service.url, literals)
    return result


def _plausible(parameter: QueryParameter, value: str) -> bool:
    """Tell whether a value of a stricter type than text may have been meant: a number, a day, a boolean."""
    return parameter.type in ("integer", "date", "boolean", "iri") and len(value) < 30 and "{" not in value


def generated(number: int) -> list[str]:
    """Return texts of all kinds of characters, hostile ones above all."""
    chosen = random.Random(8)
    nasty = [
        *QUOTES,
        *TAILS,
        "\t",
        "\x01",
        "\x1f",
        "\x7f",
        "\x85",
        "\u2028",
        "\ufffd",
        "\U0001f600",
        "é",
        "=",
        "+",
        "-",
    ]
    nasty += ["@", ";", ",", "|", "&amp;", "]]>", "<!--", "\\", "\\n", "\\\\", "«", "한국"]
    texts = []
    for _ in range(number):
        parts = [
            chosen.choice(nasty) if chosen.random() < 0.6 else chr(chosen.randrange(1, 0xD7FF))
            for _ in range(chosen.randrange(0, 8))
        ]
        texts.append("".join(parts).replace("\x00", ""))
    return texts


def _literals(result: Result, url: str, number: int) -> None:
    """Let literals go in as SPARQL and come back in each format: they must be what they were."""
    texts = generated(number)
    wrong = 0
    for start in range(0, number, 50):
        part = texts[start : start + 50]
        values = " ".join(f"({place} {Literal(text)})" for place, text in enumerate(part))
        asked = f"SELECT ?n ?x (STRLEN(?x) AS ?l) {{ VALUES (?n ?x) {{ {values} }} }} ORDER BY ?n"
        for form in ("json", "csv", "xml", "tsv"):
            reply = query(url, asked, form, "127.0.1.4")
            back = _read(form, reply.body) if reply.status == 200 else []
            for text, (found, length) in zip(part, back, strict=False):
                same = found == _expected(form, text) and int(length) == len(text)
                wrong += not same
                result.expect(same, f"{form}: {text!r} came back as {found!r}")
            result.expect(
                len(back) == len(part), f"{form}: {reply.status} {len(back)} of {len(part)} came back"
            )
    result.figures |= {"literals": number, "formats": 4, "not what they were": wrong}


def _expected(form: str, text: str) -> str:
    """Return what a literal is in a format: XML has no control characters."""
    if form != "xml":
        return text
    return "".join(
        "\ufffd" if (ord(c) < 32 and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in text
    )


def _read(form: str, body: bytes) -> list[tuple[str, str]]:
    if form == "json":
        rows = json.loads(body)["results"]["bindings"]
        return [(row["x"]["value"], row["l"]["value"]) for row in rows]
    if form == "xml":
        space = "{http://www.w3.org/2005/sparql-results#}"
        found = []
        for row in ElementTree.fromstring(body).iter(f"{space}result"):
            cells = {item.get("name"): item[0].text or "" for item in row}
            found.append((cells["x"], cells["l"]))
        return found
    if form == "csv":
        return [(row[1], row[2]) for row in list(csv.reader(io.StringIO(body.decode(), newline="")))[1:]]
    lines = body.decode().split("\n")[1:-1]
    return [(_unescaped(line.split("\t")[1]), line.split("\t")[2]) for line in lines]


def _unescaped(term: str) -> str:
    """Read a literal as TSV has it: in Turtle, which a parser of Turtle reads."""
    from pyoxigraph import RdfFormat, parse

    (quad,) = parse(f"<urn:s> <urn:p> {term} .", format=RdfFormat.TURTLE)
    assert not isinstance(quad.object, NamedNode)
    return quad.object.value  # type: ignore[union-attr]
