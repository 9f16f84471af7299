"""What one may want to know: the groups of questions, in the order of every list of them."""

from __future__ import annotations

from typing import Final

GROUPS: Final = {
    "bound": "Who is bound by what",
    "reserved": "Reservations and declarations",
    "conduct": "What was done, and what conflicts with the law",
    "asked": "What was asked, and what became of it",
    "protected": "Who is protected, and from what",
    "court": "Who can be brought before a court",
    "said": "What sources say, and where they disagree",
    "record": "The record itself",
}
"""The heading of each group, by the name that the header of a question file gives as `group`."""
OTHER: Final = "Other questions"
"""The heading of questions that name no group."""


def heading(group: str) -> str:
    """Return the heading of a group, by its name."""
    return GROUPS.get(group, OTHER)
