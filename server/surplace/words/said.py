"""What a template reads of a cell: a text that knows what it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

LONGEST: Final = 300
"""Characters of a sentence; longer lists are shortened until it fits, then whole clauses are left out."""


class Said(str):
    """A value as a sentence has it: a text, empty where there is none.

    *key* is what it is called in its IRI, *whole* that IRI; of a literal, both are the literal itself.
    *of* is the name of the treaty that a provision is of; *parts* are the values of what is several.
    """

    key: str
    whole: str
    of: str
    parts: tuple[Said, ...]

    def __new__(
        cls, text: str, key: str = "", whole: str = "", of: str = "", parts: tuple[Said, ...] = ()
    ) -> Said:
        said = super().__new__(cls, text)
        said.key, said.whole, said.of, said.parts = key, whole or key, of, parts
        return said


NOTHING: Final = Said("")
Saying: TypeAlias = Mapping[str, Said]
"""A row: the columns that the template names, empty where one has no value."""
