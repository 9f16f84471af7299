"""Which page a thing has: that of the first kind whose class it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import SUR
from surplace.web.kinds import finding, state

View: TypeAlias = Callable[[str, str, Knowledge], Mapping[str, Any]]
"""Returns what the template needs besides, given the IRI of the thing, its name and the knowledge."""


@dataclass(frozen=True)
class PageKind:
    """A kind of thing that has a page of its own."""

    class_name: str
    template: str
    view: View


KINDS: Final = (
    PageKind("State", "kinds/state.html", state.view),
    PageKind("Finding", "kinds/finding.html", finding.view),
)


def kind_of(classes: Collection[str]) -> PageKind | None:
    """Return the kind of a thing with these classes; None where it has no page of its own."""
    return next((kind for kind in KINDS if SUR + kind.class_name in classes), None)
