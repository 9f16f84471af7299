"""What a release says of itself to those who take something from it: name, day, licence, authors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from surplace.description.graph import DCAT
from surplace.description.stated import agent_of, licence_of, text_of
from surplace.namespaces import VCARD

NAME: Final = "Surplace"
_UNKNOWN: Final = ""


@dataclass(frozen=True)
class Edition:
    """A release as a work that is cited; every text is empty where it is not known, as of an endpoint.

    *release* is its name, the first 16 digits of its hash.
    """

    release: str = _UNKNOWN
    day: date | None = None
    licence: str = _UNKNOWN
    author: str = _UNKNOWN
    publisher: str = _UNKNOWN
    title: str = NAME
    contact: str = _UNKNOWN
    """Whom the data name for questions: an IRI, of e-mail before a page."""


def edition_of(manifest: Mapping[str, Any] | None) -> Edition:
    """Return the edition that a release is, from its manifest; None stands for what another endpoint has.

    Its day is the one on which the data say that they were last changed, else that of their issue.
    """
    if not manifest:
        return Edition()
    return Edition(
        str(manifest.get("release", ""))[:16],
        _day(text_of(manifest, "modified")) or _day(text_of(manifest, "issued")),
        licence_of(manifest) or _UNKNOWN,
        agent_of(manifest, "creator"),
        agent_of(manifest, "publisher"),
        text_of(manifest, "title") or NAME,
        _contact(manifest),
    )


def _contact(manifest: Mapping[str, Any]) -> str:
    said = [(item["subject"], item["property"], str(item["value"])) for item in manifest.get("dataset", ())]
    points = {value for _, name, value in said if name == DCAT + "contactPoint"}
    for wanted in ("hasEmail", "hasURL"):
        for subject, name, value in said:
            if subject in points and name == VCARD + wanted:
                return value
    return _UNKNOWN


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
