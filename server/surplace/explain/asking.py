"""Many questions in few queries: what waits for an answer at the same time is asked together."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Final, TypeAlias

from surplace.engine.knowledge import Knowledge
from surplace.engine.summary import LONGEST
from surplace.engine.table import Row
from surplace.rdf.terms import Term, text_of

_ROW: Final = "surplace_row"
"""The column that says whose answer a row is."""


@dataclass(frozen=True)
class Question:
    """Groups of patterns, each an alternative, in which the variables *given* have values.

    *most* is how many rows an answer may have.
    """

    groups: tuple[str, ...]
    given: tuple[str, ...]
    most: int
    prefixes: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Level:
    """A question with the values of its variables."""

    question: Question
    values: tuple[Term, ...]


Answers: TypeAlias = "list[list[Row]]"
Task: TypeAlias = "Generator[list[Level], Answers, Iterable[Task] | None]"
"""What yields questions and is sent the answer to each; it may return tasks that follow from it."""


def run(tasks: Iterable[Task], knowledge: Knowledge) -> None:
    """Run tasks side by side; what they ask in the same round is asked together. Raises EngineError."""
    ready: deque[tuple[Task, Answers | None]] = deque((task, None) for task in tasks)
    while ready:
        waiting = []
        while ready:
            task, answers = ready.popleft()
            try:
                waiting.append((task, task.send(answers)))  # type: ignore[arg-type]
            except StopIteration as end:
                ready.extend((following, None) for following in end.value or ())
        known = _answered({item for _, asked in waiting for item in asked}, knowledge)
        ready.extend((task, [known[item] for item in asked]) for task, asked in waiting)


def _answered(asked: set[Level], knowledge: Knowledge) -> dict[Level, list[Row]]:
    """Answer questions, each of which may be asked with several values."""
    grouped: dict[Question, list[Level]] = defaultdict(list)
    for item in sorted(asked, key=lambda item: (item.question.groups, list(map(str, item.values)))):
        grouped[item.question].append(item)
    numbers = count()
    rows: dict[int, list[Row]] = {}
    answers: dict[Level, list[Row]] = {}
    parts = []
    for question, items in grouped.items():
        lines = []
        for item in items:
            number = next(numbers)
            rows[number] = answers[item] = []
            lines.append(f"({number} {' '.join(map(str, item.values))})")
        parts.append((question.prefixes, _part(question, lines)))
    for query in _queries(parts):
        for row in knowledge.select(query).rows:
            rows[int(text_of(row[_ROW]))].append(row)
    return {item: found[: item.question.most] for item, found in answers.items()}


def _part(question: Question, lines: list[str]) -> str:
    """Write a question with the values that it is asked with, one line each."""
    names = " ".join(f"?{name}" for name in (_ROW, *question.given))
    values = f"VALUES ({names}) {{ {' '.join(lines)} }}"
    return " UNION ".join(
        f"{{ SELECT DISTINCT * WHERE {{ {values} {group} }} LIMIT {question.most * len(lines)} }}"
        for group in question.groups
    )


def _queries(parts: Iterable[tuple[Mapping[str, str], str]]) -> Iterator[str]:
    """Put parts together, as many as fit into a query and mean the same by their prefixes."""
    prefixes: dict[str, str] = {}
    taken: list[str] = []
    for known, part in parts:
        clash = any(prefixes.get(name, iri) != iri for name, iri in known.items())
        if taken and (clash or sum(map(len, taken)) + len(part) > LONGEST):
            yield _query(prefixes, taken)
            prefixes, taken = {}, []
        prefixes |= known
        taken.append(part)
    if taken:
        yield _query(prefixes, taken)


def _query(prefixes: Mapping[str, str], parts: list[str]) -> str:
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    return f"{prologue}SELECT * WHERE {{ {' UNION '.join(parts)} }}"
