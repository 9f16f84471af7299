"""What a CONSTRUCT rule reads and writes, as patterns with the role that each plays.

Terms are written as in N-Triples, variables as `?name`. A property path is a tuple: one of the signs
`/ | ^ * + ?` and what it is applied to; `("!",)` stands for all that a negated set may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from surplace.namespaces import RDF

Path: TypeAlias = "str | tuple[Path, ...]"

ANYTHING: Final = "*"
"""The name of a property or class that is a variable."""
REQUIRED, OPTIONAL, ABSENT, AGGREGATED = "required", "optional", "absent", "aggregated"


class Key(NamedTuple):
    """A property or class that a pattern is about, and the classes that its subject is said to be of."""

    name: str
    kinds: frozenset[str]

    def meets(self, other: Key) -> bool:
        """Tell whether a triple that this key writes could be one that the *other* reads.

        A conclusion has the classes that its rule gives it, so that a property of one class of conclusions is
        not read where another class is asked for.
        """
        if ANYTHING not in (self.name, other.name) and self.name != other.name:
            return False
        kinds = (self.kinds, other.kinds)
        return any(not kind or ANYTHING in kind for kind in kinds) or bool(self.kinds & other.kinds)


@dataclass(frozen=True)
class Pattern:
    """A triple pattern of a body, the graph it is looked for in (None: the knowledge), and its role."""

    subject: str
    predicate: Path
    object: str
    graph: str | None
    role: str


@dataclass(frozen=True)
class Shape:
    """What a CONSTRUCT query says, and the text of its body."""

    template: tuple[tuple[str, str, str], ...]
    body: tuple[Pattern, ...]
    alternatives: tuple[tuple[Pattern, ...], ...]
    """What may lie below the aggregates in the open: of each, the patterns that have a solution together."""
    assigned: frozenset[str]
    """The variables that BIND or VALUES gives a value in the outermost group."""
    writes: frozenset[Key]
    """The properties and classes of the template, with what the engine adds."""
    reads_present: frozenset[Key]
    """The properties and classes that the body reads from the knowledge in the open."""
    reads_absent: frozenset[Key]
    """Those that it reads under a negation."""
    prefixes: Mapping[str, str]
    where: str
    """The text of the outermost group, without its braces."""

    @property
    def mints(self) -> bool:
        """Tell whether the query makes the name of something that it concludes about."""
        return any(subject.removeprefix("?") in self.assigned for subject, _, _ in self.template)

    def classes(self) -> set[str]:
        """Return the classes of which the body says what is concluded about to be."""
        subjects = {subject for subject, _, _ in self.template}
        return {
            pattern.object.strip("<>")
            for pattern in self.body
            if pattern.predicate == f"<{RDF}type>" and pattern.subject in subjects
        }

    def concludes(self) -> frozenset[Key]:
        """Return the properties and classes of the template, with what the engine adds."""
        return self.writes

    def reads(self, *, negative: bool | None = None) -> frozenset[Key]:
        """Return the properties and classes that the body reads from the knowledge.

        *negative* picks those under a negation (True) or in the open (False).
        """
        if negative is None:
            return self.reads_present | self.reads_absent
        return self.reads_absent if negative else self.reads_present


def to_json(shape: Shape) -> dict[str, Any]:
    """Return a shape as JSON; `of_json` reads it back. Sets are sorted, so that it is always the same."""
    keys = {
        name: [
            [key.name, sorted(key.kinds)] for key in sorted(found, key=lambda k: (k.name, sorted(k.kinds)))
        ]
        for name, found in (
            ("writes", shape.writes),
            ("reads_present", shape.reads_present),
            ("reads_absent", shape.reads_absent),
        )
    }
    return {
        "prefixes": dict(shape.prefixes),
        "where": shape.where,
        "template": shape.template,
        "body": [_fields(pattern) for pattern in shape.body],
        "alternatives": [[_fields(pattern) for pattern in patterns] for patterns in shape.alternatives],
        "assigned": sorted(shape.assigned),
        **keys,
    }


def of_json(data: Mapping[str, Any]) -> Shape:
    """Read what `to_json` wrote; raises KeyError, TypeError or ValueError for anything else."""
    keys = {
        name: frozenset(Key(key, frozenset(kinds)) for key, kinds in data[name])
        for name in ("writes", "reads_present", "reads_absent")
    }
    return Shape(
        template=tuple((s, p, o) for s, p, o in data["template"]),
        body=tuple(map(_pattern, data["body"])),
        alternatives=tuple(tuple(map(_pattern, patterns)) for patterns in data["alternatives"]),
        assigned=frozenset(data["assigned"]),
        prefixes=data["prefixes"],
        where=data["where"],
        **keys,
    )


def _fields(pattern: Pattern) -> list[Any]:
    return list(asdict(pattern).values())


def _pattern(fields: list[Any]) -> Pattern:
    subject, predicate, value, graph, role = fields
    return Pattern(subject, _path(predicate), value, graph, role)


def _path(data: Any) -> Path:
    return data if isinstance(data, str) else tuple(map(_path, data))
