"""The catalogue: every query file below a folder, by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from surplace.catalogue.called import LONGEST
from surplace.catalogue.groups import GROUPS
from surplace.catalogue.query import Query
from surplace.catalogue.reading import read_query
from surplace.errors import SurplaceError, not_utf8
from surplace.folders import QUERY, files_below
from surplace.words.english import joined


@dataclass(frozen=True)
class Catalogue:
    """Queries by name, in the order of their categories and names."""

    queries: Mapping[str, Query]

    def __iter__(self) -> Iterator[Query]:
        return iter(self.queries.values())

    def __len__(self) -> int:
        return len(self.queries)

    def __contains__(self, name: object) -> bool:
        return name in self.queries

    def __getitem__(self, name: str) -> Query:
        """Return the query of that name; SurplaceError suggests names that are near."""
        if name in self.queries:
            return self.queries[name]
        near = nearest(name, self)
        hint = f"did you mean {joined(near, word='or')}?" if near else "ask for the list of queries."
        raise SurplaceError(f'There is no query "{name[:LONGEST]}": {hint}')

    def questions(self) -> list[Query]:
        """Return the queries that answer something."""
        return [query for query in self if not query.is_check]

    def checks(self) -> list[Query]:
        """Return the queries whose rows are defects."""
        return [query for query in self if query.is_check]

    def by_group(self) -> dict[str, list[Query]]:
        """Return the questions by group, in the order of the groups; those without one come last."""
        asked = self.questions()
        found = {group: [query for query in asked if query.group == group] for group in (*GROUPS, "")}
        return {group: those for group, those in found.items() if those}


def nearest(name: str, queries: Iterable[Query]) -> list[str]:
    """Return the names of queries that are nearly *name*, the nearest first."""
    return difflib.get_close_matches(name[:LONGEST].lower(), [query.name for query in queries])


def load_catalogue(directory: Path) -> Catalogue:
    """Read every `.rq` file below *directory*; the category of a query is its folder, relative to it.

    Raises SurplaceError naming the first file that breaks a rule, and what to do.
    """
    queries: dict[str, Query] = {}
    names: dict[str, str] = {}
    for path, file in files_below(directory, directory.resolve().name, QUERY, among_others=True):
        query = load_query(path, directory, file)
        if query.name in queries:
            raise SurplaceError(f"{file} and {names[query.name]} have the same name: rename one of them.")
        queries[query.name], names[query.name] = query, file
    for query in queries.values():
        for name in query.related:
            if name not in queries:
                raise SurplaceError(
                    f'{names[query.name]}: related names "{name}", which is no query: correct it.'
                )
    return Catalogue(queries)


def load_query(path: Path, directory: Path | None = None, shown: str = "") -> Query:
    """Read one query file, below *directory* if that is given; messages name it *shown*, else by its path."""
    shown = shown or str(path)
    category = path.parent.relative_to(directory).as_posix() if directory else ""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(shown, error) from None
    except OSError as error:
        raise SurplaceError(f"{shown} cannot be read ({error.strerror}): check the path.") from None
    return read_query(text, path.stem, path, "" if category == "." else category, shown)
