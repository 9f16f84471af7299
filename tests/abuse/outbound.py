"""Whatever a query names, nothing is fetched and no file is read: a listener and a file wait in vain."""

from __future__ import annotations

import asyncio
import socketserver
import tempfile
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from abuse.target import FORM, Reply, Result, query, send, target

INSIDE = "canary-in-a-file-7f3a"


class _Listener(socketserver.ThreadingTCPServer):
    """Counts connections, and answers as a SPARQL endpoint would."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, address: str) -> None:
        self.hits: list[bytes] = []
        super().__init__((address, 0), _Hit)


class _Hit(socketserver.BaseRequestHandler):
    server: _Listener

    def handle(self) -> None:
        self.request.settimeout(1)
        try:
            self.server.hits.append(self.request.recv(200))
        except OSError:
            self.server.hits.append(b"")
        body = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: {len(body)}"
        )
        self.request.sendall(head.encode() + b"\r\n\r\n" + body)


def payloads(url: str, file: Path) -> list[str]:
    """Return queries that try to reach *url* or *file*."""
    fetched = [url, file.as_uri(), f"file:{file}", url.replace("http:", "https:"), f"ftp://{url[7:]}"]
    found = []
    for iri in fetched:
        found += [
            f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ VALUES ?e {{ <{iri}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
            f"SELECT * {{ 1SERVICE<{iri}>{{ ?s ?p ?o }} }}",
            f"SELECT * {{ \\u0053ERVICE <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ {{ SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }} }} }}",
            f"ASK {{ FILTER EXISTS {{ SERVICE <{iri}> {{ ?s ?p ?o }} }} }}",
            f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"BASE <{iri}> SELECT * FROM <> {{ ?s ?p ?o }}",
            f"PREFIX e: <{iri}> SELECT * FROM e: {{ ?s ?p ?o }}",
            f"DESCRIBE <{iri}>",
            f"LOAD <{iri}>",
            f"SELECT * {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}",
            # to a lexer that knows no grammar, what stands between < and > is an IRI
            f"SELECT*{{FILTER(1<2)SERVICE#>\n<{iri}>{{?s ?p ?o}}}}",
            f"SELECT*{{FILTER(1<2)SERVICE SILENT#>\n<{iri}>{{?s ?p ?o}}}}",
            f"SELECT*{{?s ?p ?o FILTER(?s<?o)SERVICE#>\n<{iri}>{{?s ?p ?o}}}}",
            f"SELECT(1<2AS?x)FROM#>\n<{iri}>{{?s ?p ?o}}",
            f"SELECT(1<2AS?x)FROM#>\nNAMED<{iri}>{{GRAPH?g{{?s ?p ?o}}}}",
        ]
    return found


def attack(release: Path) -> Result:
    """Send every payload, also as a parameter of the protocol, with and without the check of the text."""
    result = Result()
    with tempfile.TemporaryDirectory() as folder, _Listener("127.0.0.2") as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        file = Path(folder) / "canary.ttl"
        file.write_text(f'<urn:a> <urn:b> "{INSIDE}" .\n')
        url = f"http://127.0.0.2:{listener.server_address[1]}/canary"
        _listens(listener, url)
        with target(release, client_errors=100_000) as service:
            replies = [query(service.url, text) for text in payloads(url, file)]
            for name in ("default-graph-uri", "named-graph-uri"):
                for iri in (url, file.as_uri()):
                    body = f"query=SELECT+*+%7B?s+?p+?o%7D&{name}={quote(iri, safe='')}".encode()
                    replies.append(send(service.url, "POST", "/sparql", body, FORM))
            workers = asyncio.run(_past_the_check(release, url, file))
        listener.shutdown()
        result.expect(not listener.hits, f"the listener was reached: {listener.hits[:3]}")
        _judge(result, replies, listener)
    result.figures["outcomes where a worker gets them unchecked"] = workers
    result.expect("leaked" not in workers, "a worker read the file")
    return result


def _listens(listener: _Listener, url: str) -> None:
    """See that a connection is counted at all; this one is not."""
    assert send(url, "GET", "/canary").status == 200
    assert len(listener.hits) == 1, "the listener does not count"
    listener.hits.clear()


async def _past_the_check(release: Path, url: str, file: Path) -> dict[str, int]:
    """Give the payloads to a worker itself, which the check of the text would spare them."""
    from surplace.engine.limits import Limits
    from surplace.engine.pool import Pool
    from surplace.engine.protocol import Request
    from surplace.engine.query_errors import EngineError
    from surplace.engine.release import find_release

    outcomes: Counter[str] = Counter()
    pool = Pool(find_release(release).store, Limits(workers=1, deadline=5))
    try:
        await pool.open()
        for text in payloads(url, file):
            try:
                body = (await pool.run(Request(text))).read()
            except EngineError as error:
                outcomes[error.code] += 1
            else:
                outcomes["leaked" if INSIDE.encode() in body else "answered"] += 1
    finally:
        await pool.close(at_once=True)
    return dict(outcomes)


def _judge(result: Result, replies: list[Reply], listener: _Listener) -> None:
    leaked = [reply for reply in replies if INSIDE.encode() in reply.body]
    odd = [reply for reply in replies if reply.status not in (200, 400, 406)]
    result.expect(not leaked, f"{len(leaked)} answers had what the file says")
    result.expect(not odd, f"{len(odd)} answers had another status: {[item.status for item in odd[:5]]}")
    result.figures |= {
        "payloads": len(replies),
        "hits": len(listener.hits),
        "bytes of the file": sum(len(reply.body) for reply in leaked),
    }
