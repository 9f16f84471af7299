"""Writes every generated table of the READMEs, and queries/ANSWERS.md: `make docs` runs it.

A table is known by its first line, the names of its columns, which stands once in its file. Tests compare
each with what is generated here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import expert_answers
import test_queries_readme
import test_rules_readme
import test_score_sheets
from surplace.catalogue import load_catalogue
from surplace.engine.limits import limits_table
from surplace.http.route import Route
from surplace.rdf.formats import formats_table
from surplace.resources import queries_dir
from surplace.routes.table import ROUTES
from surplace.sparql.departures import departures_table
from two_engines import project_rules

ROOT = Path(__file__).resolve().parents[1]
SERVER = ROOT / "server/README.md"
CHECKS = queries_dir() / "checks"
COUNT = re.compile(r"\d+ of \d+ are met")


@dataclass(frozen=True)
class Table:
    """A table of a file, and the function that gives it anew."""

    path: Path
    made: Callable[[], str]

    def put_into(self, text: str) -> str:
        """Return the text of the file with the table as it should be."""
        made = self.made().rstrip("\n")
        head = made.split("\n", 1)[0]
        parts = re.split(rf"(?m)^{re.escape(head)}\n(?:\|.*\n)*", text)
        if len(parts) != 2:
            raise SystemExit(
                f"{self.path} has the table {head} {len(parts) - 1} times: let it stand there once."
            )
        return f"{parts[0]}{made}\n{parts[1]}"


@dataclass(frozen=True)
class Section:
    """What follows the last heading of second rank in a file, and the function that gives it anew."""

    path: Path
    made: Callable[[], str]

    def put_into(self, text: str) -> str:
        """Return the text of the file with the section as it should be."""
        head, heading, rest = text.rpartition("\n## ")
        return f"{head}{heading}{rest.partition(chr(10))[0]}\n\n{self.made()}"


def routes_table() -> str:
    """Return the routes as a Markdown table."""
    rows = [
        "| address | methods | formats | parameters | kept | what is there |",
        "|---|---|---|---|---|---|",
    ]
    for route in ROUTES.values():
        methods = ", ".join(("GET, HEAD" if method == "GET" else method) for method in route.methods)
        formats = ", ".join(f"`{name}`" for name in route.offer.names) + (
            ", suffix" if route.suffixes else ""
        )
        kept = (
            "yes" if route.kept and "GET" in route.methods else "by others" if _is_for_others(route) else "no"
        )
        rows.append(
            f"| `{route.address}` | {methods} | {formats} | {_parameters(route)} | {kept} | {route.summary} |"
        )
    return "\n".join(rows) + "\n"


def _parameters(route: Route) -> str:
    """Return the names of the parameters, those that name the format included."""
    formats = [f"`{name}`" for name in route.format_names if route.offer.names]
    if callable(route.parameters):
        return ", ".join(["its own", *formats])
    return ", ".join([*(f"`{parameter.name}`" for parameter in route.parameters), *formats])


def _is_for_others(route: Route) -> bool:
    """Tell whether caches of clients may keep an answer that the service itself does not keep."""
    return bool(route.caching) and route.caching != "no-store"


def _rules() -> str:
    names = test_rules_readme.labels() | test_rules_readme.ELSEWHERE
    return "\n".join(test_rules_readme.table(project_rules(), names))


def _checks(kind: str) -> str:
    """Return the checks of a kind, of terms (`ontology`) or `data`, with what each finds."""
    rows = [f"| check of {'terms' if kind == 'ontology' else kind} | severity | defect |", "|---|---|---|"]
    for query in load_catalogue(CHECKS).checks():
        if query.category == kind:
            link = f"[{query.name}]({kind}/{query.path.name})"
            rows.append(f"| {link} | {query.severity} | {query.summary} |")
    return "\n".join(rows)


TABLES = (
    Table(SERVER, limits_table),
    Table(SERVER, formats_table),
    Table(SERVER, routes_table),
    Table(SERVER, departures_table),
    Table(SERVER, test_score_sheets.table_of_criteria),
    Table(test_queries_readme.README, test_queries_readme.table),
    Section(test_queries_readme.README, test_queries_readme.entries),
    Table(test_rules_readme.README, _rules),
    Table(CHECKS / "README.md", partial(_checks, "ontology")),
    Table(CHECKS / "README.md", partial(_checks, "data")),
)


def write() -> None:
    """Write all tables and the answers, of which the README shows one."""
    for table in TABLES:
        text = table.path.read_text(encoding="utf-8")
        table.path.write_text(table.put_into(text), encoding="utf-8")
    met = len(test_score_sheets.CRITERIA) - len(test_score_sheets.NOT_MET)
    text = SERVER.read_text(encoding="utf-8")
    SERVER.write_text(
        COUNT.sub(f"{met} of {len(test_score_sheets.CRITERIA)} are met", text), encoding="utf-8"
    )
    release = expert_answers.built()
    readme = Table(ROOT / "README.md", lambda: expert_answers.one_answer(release))
    text = readme.path.read_text(encoding="utf-8")
    readme.path.write_text(readme.put_into(text), encoding="utf-8")
    expert_answers.write(release)


if __name__ == "__main__":
    write()
