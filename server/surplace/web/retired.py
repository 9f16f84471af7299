"""Names that a release dropped: 410 with the successor, as against 404 for what never was."""

from __future__ import annotations

from collections.abc import Sequence

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.http.problems import Problem
from surplace.rdf.terms import text_of
from surplace.web.links import successors
from surplace.words.english import joined


def dropped(iri: str, rows: Sequence[Row], knowledge: Knowledge) -> Problem:
    """Return the problem to send for a name that was dropped.

    *rows* are what graph/retired has of it: `version`, `reason`, and `successor` if any, one a row.
    Raises EngineError.
    """
    version, reason = text_of(rows[0]["version"]), text_of(rows[0]["reason"]).rstrip(".")
    replacing = [text_of(row["successor"]) for row in rows if "successor" in row]
    remedy = f"use {joined(replacing)} instead" if replacing else "nothing replaces it"
    problem = Problem(
        "gone",
        f"{iri} is gone since version {version} ({reason}): {remedy}.",
        {"Link": successors(replacing)} if replacing else {},
        successor=replacing,
        version=version,
    )
    problem.page = {"name": iri, "reason": reason, "names": knowledge.labels(replacing)}
    return problem
