"""Clients in Python: python python.py CLIENT BASE SELECT CONSTRUCT.

Prints as JSON what the client got, by what it was asked: rows as lists, triples as subject, predicate, value.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

Result = dict[str, list[list[str]]]

client, base, select, construct = sys.argv[1:]
endpoint = f"{base}/sparql"
name = f"{base}/id/state/CHN"
table = f"{base}/queries/states-and-their-identifiers"
COLUMNS = ("state", "label")
QUESTION = ["state", "stateLabel"]


def triples(graph: Iterable[tuple[Any, Any, Any]]) -> list[list[str]]:
    return [[str(term) for term in triple] for triple in graph]


def same(some: list[list[str]]) -> Callable[[list[list[str]]], bool]:
    """Compare what is said, less what each document says of itself."""

    def kept(found: list[list[str]]) -> list[list[str]]:
        return sorted(triple for triple in found if "/id/state/CHN." not in triple[0])

    return lambda others: kept(others) == kept(some)


def bindings(found: Any) -> list[list[str]]:
    return [[row[column]["value"] for column in COLUMNS] for row in found["results"]["bindings"]]


def cells(frame: Any, columns: Iterable[str] = COLUMNS) -> list[list[str]]:
    return [[str(row[column]) for column in columns] for row in frame.to_dict("records")]


def sparqlwrapper() -> Result:
    from SPARQLWrapper import GET, JSON, JSONLD, POST, RDFXML, XML, SPARQLWrapper

    def asked(query: str, form: str, *, post: bool = False) -> Any:
        found = SPARQLWrapper(endpoint)
        found.setQuery(query)
        found.setReturnFormat(form)
        found.setMethod(POST if post else GET)
        return found.queryAndConvert()

    rows = [bindings(asked(select, JSON, post=post)) for post in (False, True)]
    xml = asked(select, XML).getElementsByTagName("literal")
    assert rows[0] == rows[1]
    assert [item.firstChild.data for item in xml] == [label for _, label in rows[0]]
    graphs = [asked(construct, form) for form in (JSONLD, RDFXML)]
    assert set(graphs[0]) == set(graphs[1])
    return {"select": rows[0], "construct": triples(graphs[0])}


def rdflib() -> Result:
    from rdflib import Graph

    forms = ("nt", "turtle", "xml", "json-ld", "n3", None)
    graphs = [triples(Graph().parse(name, format=form)) for form in forms]
    assert all(map(same(graphs[0]), graphs))
    assert len(Graph().parse(f"{base}/dumps/surplace-knowledge.nt", format="nt")) > 1000
    return {"name": graphs[0]}


def sparqlstore() -> Result:
    from rdflib import Graph
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Graph(SPARQLStore(endpoint))
    return {"select": triples(graph.query(select)), "construct": triples(graph.query(construct))}


def sparql_dataframe() -> Result:
    import sparql_dataframe

    return {"select": cells(sparql_dataframe.get(endpoint, select))}


def sparqldataframe() -> Result:
    import sparqldataframe

    return {"select": cells(sparqldataframe.query(endpoint, select))}


def pandas() -> Result:
    import pandas

    rows = cells(pandas.read_csv(f"{table}.csv"), QUESTION)
    assert rows == cells(pandas.read_json(f"{table}.rows"), QUESTION)
    return {"question": rows}


def polars() -> Result:
    import polars

    frame = polars.read_csv(f"{table}.csv").select(QUESTION)
    assert polars.scan_csv(f"{table}.csv").select(QUESTION).collect().rows() == frame.rows()
    return {"question": [list(row) for row in frame.rows()]}


def duckdb() -> Result:
    import duckdb
    import fsspec

    # its own reader of HTTP is an extension, which it would fetch from its own host
    with fsspec.open(f"{table}.csv", "rb") as file:
        found = duckdb.read_csv(file).project(", ".join(f'"{column}"' for column in QUESTION)).fetchall()
    return {"question": [list(row) for row in found]}


def pyoxigraph() -> Result:
    from urllib.request import Request, urlopen

    from pyoxigraph import DefaultGraph, RdfFormat, parse

    found = []
    for form in (RdfFormat.TURTLE, RdfFormat.N_QUADS):
        with urlopen(Request(name, headers={"Accept": form.media_type}), timeout=60) as response:
            quads = parse(BytesIO(response.read()), format=form, base_iri=name)
        default = (quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph))
        found.append([[getattr(term, "value", "") for term in triple] for triple in default])
    assert same(found[0])(found[1])
    return {"name": found[0]}


def httpx() -> Result:
    import httpx

    with httpx.Client(headers={"Accept": "application/sparql-results+json"}) as asked:
        found = asked.post(endpoint, data={"query": select}).raise_for_status().json()
    return {"select": bindings(found)}


def requests() -> Result:
    import requests

    headers = {"Accept": "application/vnd.surplace.rows+json"}
    found = requests.get(endpoint, params={"query": select}, headers=headers, timeout=60)
    found.raise_for_status()
    return {"select": [[row[column] for column in COLUMNS] for row in found.json()]}


def openapi() -> Result:
    import importlib

    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--meta", "none"]
        subprocess.run(
            [*command, "--url", f"{base}/openapi.json", "--output-path", f"{folder}/generated"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        sys.path.insert(0, folder)
        generated = importlib.import_module("generated")
        explore = "generated.api.record.states_and_their_identifiers"
        with generated.Client(base_url=base) as asked:
            plain = importlib.import_module(f"{explore}_rows").sync(client=asked)
            results = importlib.import_module(explore).sync(client=asked).results.bindings
    rows = [[row.state, row.state_label] for row in plain]
    assert [[row.state.value, row.state_label.value] for row in results] == rows
    return {"question": rows}


CLIENTS: dict[str, Callable[[], Result]] = {
    "SPARQLWrapper": sparqlwrapper,
    "rdflib": rdflib,
    "rdflib SPARQLStore": sparqlstore,
    "sparql-dataframe": sparql_dataframe,
    "sparqldataframe": sparqldataframe,
    "pandas": pandas,
    "polars": polars,
    "DuckDB": duckdb,
    "pyoxigraph": pyoxigraph,
    "HTTPX": httpx,
    "Requests": requests,
    "openapi-python-client": openapi,
}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the clients' own
    print(json.dumps(CLIENTS[client]()))
