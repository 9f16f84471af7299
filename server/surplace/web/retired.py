"""Names that a release dropped: 410 with the successor, as against 404 for what never was."""

from __future__ import annotations

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import RETIRED, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.routes.problems import Problem
from surplace.web.links import successors


def gone(iri: str, knowledge: Knowledge) -> Problem | None:
    """Return the problem to send if *iri* is a name that was dropped; graph/retired has them all."""
    rows = knowledge.select(
        f"{sparql_prologue()}SELECT ?version ?reason ?successor WHERE {{ GRAPH <{RETIRED}> {{ "
        f"{NamedNode(iri)} owl:versionInfo ?version ; skos:historyNote ?reason "
        f"OPTIONAL {{ {NamedNode(iri)} dcterms:isReplacedBy ?successor }} }} }} ORDER BY ?successor"
    ).rows
    if not rows:
        return None
    version, reason = text_of(rows[0]["version"]), text_of(rows[0]["reason"]).rstrip(".")
    replacing = [text_of(row["successor"]) for row in rows if "successor" in row]
    remedy = f"use {' and '.join(replacing)} instead" if replacing else "nothing replaces it"
    return Problem(
        "gone",
        f"{iri} is gone since version {version} ({reason}): {remedy}.",
        {"Link": successors(replacing)} if replacing else {},
        successor=replacing,
        version=version,
    )
