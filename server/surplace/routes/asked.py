"""What a request of the SPARQL 1.1 Protocol asks: its query, its dataset, its time."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from surplace.engine.protocol import Request
from surplace.http.call import FORM, Call, body_text
from surplace.http.problems import Problem
from surplace.http.route import Values
from surplace.http.timeout import timeout_of
from surplace.rdf.formats import Kind

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
BODIES = ", ".join((QUERY, FORM))
"""The types of body that are read, as headers list them."""
DEFAULT_GRAPHS, NAMED_GRAPHS = "default-graph-uri", "named-graph-uri"


@dataclass(frozen=True)
class Asked:
    """What a request asks; *queries* should be one, and no graphs stand for those of the release."""

    queries: list[str]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    timeout: float | None

    @property
    def graphs(self) -> tuple[str, ...]:
        """All graphs of the dataset."""
        return (*self.default_graphs, *self.named_graphs)

    def query(self) -> str:
        """Return the query; raises Problem unless there is just one."""
        if len(self.queries) != 1:
            raise _not_one(len(self.queries))
        return self.queries[0]

    def request(self, formats: dict[Kind, str]) -> Request:
        """Return what the engine is asked."""
        graphs = self.default_graphs, self.named_graphs
        return Request(self.query(), formats, *graphs, self.timeout, by_client=True)


def from_address(call: Call) -> Asked:
    """Read the parameters of the protocol; raises Problem."""
    if "update" in call.ignored:
        raise _update()
    values = call.values
    graphs = _iris(values, DEFAULT_GRAPHS), _iris(values, NAMED_GRAPHS)
    return Asked(values.get("query", []), *graphs, timeout_of(call))


def from_body(call: Call) -> Asked:
    """Read a request whose body is a form, or a bare query with the rest in the address; raises Problem."""
    request, media_type = call.request, call.request.media_type
    if media_type == UPDATE:
        raise _update()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise Problem(
            "media-type",
            f'A body in the encoding "{encoding[:40]}" is not read: send it as it is.',
            {"Accept-Encoding": "identity", "Accept-Post": BODIES},
        )
    if media_type == FORM:
        return from_address(call)
    if media_type == QUERY:
        if "query" in call.values:
            raise Problem(
                "parameter", "The query is in the body and in the address: send it once.", parameter="query"
            )
        call.values["query"] = [body_text(request, QUERY)]
        return from_address(call)
    raise Problem(
        "media-type",
        f'A query is not read from "{media_type[:60] or "a body without a type"}": send {FORM} or {QUERY}.',
        {"Accept-Post": BODIES},
        allowed=[FORM, QUERY],
    )


async def unknown_graphs(call: Call, asked: Asked) -> int:
    """Count the graphs that the release has not; another endpoint decides itself what to do with them."""
    names = {str(NamedNode(graph)) for graph in asked.graphs}
    if not names or call.service.engine.release is None:
        return 0
    query = f"SELECT ?graph {{ VALUES ?graph {{ {' '.join(sorted(names))} }} GRAPH ?graph {{}} }}"
    return len(names) - len((await call.service.knowledge.select_in_loop(query)).rows)


def _iris(values: Values, name: str) -> tuple[str, ...]:
    """Read the IRIs of graphs, which must be absolute; an empty one names none, as some clients send it."""
    found = tuple(value for value in values.get(name, ()) if value)
    for value in found:
        try:
            NamedNode(value)
        except ValueError:
            raise Problem(
                "parameter",
                f'"{value[:200]}" is not the IRI of a graph: give a full IRI as {name}.',
                parameter=name,
            ) from None
    return found


def _not_one(count: int) -> Problem:
    found = f"{count} queries" if count else "no query"
    return Problem("parameter", f"The request has {found}: send exactly one.", parameter="query")


def _update() -> Problem:
    return Problem("update", "This service is read-only: send a query, not an update.")
