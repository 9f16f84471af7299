"""The provision passages of a treaty against a copy of it: which pieces it has, and whether they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surplace.articles import Articles, wording_digest
from surplace.build.records import Records
from surplace.build.sources import Sources
from surplace.namespaces import SOURCE, SUR, compact


@dataclass(frozen=True)
class ProvisionPassage:
    """A passage that is an article or a division of one; *digest* is empty where none is recorded."""

    iri: str
    locator: str
    digest: str


@dataclass(frozen=True)
class Comparison:
    """What came of looking in a copy for the provision passages of a source."""

    digests: dict[str, str]
    """The digest of each piece that the copy has, by the IRI of its passage."""
    unchanged: int
    problems: list[str]
    """One sentence each: what differs, is missing or has no digest yet, and what to do."""
    unwritable: list[str]
    """Those of *problems* that writing the digests would not mend."""
    notes: list[str]
    """What was not found and need not be, since no digest says that it was read."""


def provision_passages(sources: Sources, document: str) -> list[ProvisionPassage]:
    """Return the provision passages of the source that is called *document*, such as `text-NAME`."""
    records = Records(sources.quads)
    return [
        ProvisionPassage(
            iri, *("".join(records.values(iri, name)[:1]) for name in ("hasLocator", "hasDigest"))
        )
        for iri in records.passages().get(SOURCE + document, [])
        if SUR + "ProvisionPassage" in records.values(iri, "type")
    ]


def compare(text: str, passages: Sequence[ProvisionPassage]) -> Comparison:
    """Look for the piece of each passage in a copy as it is, and compare the digests."""
    articles = Articles(text)
    found = {
        passage: wording_digest(piece)
        for passage in passages
        if (piece := articles.piece(passage.locator, passage.digest)) is not None
    }
    missing = [passage for passage in passages if passage not in found]
    unwritable = [
        f"{compact(passage.iri)} is missing: the text has no “{passage.locator}” under a heading and marks "
        "of its own; give a whole copy, or correct the record of the passage."
        for passage in missing
        if passage.digest
    ]
    differing = [_told(passage, found[passage]) for passage in found if passage.digest != found[passage]]
    unread = [f"“{passage.locator}”" for passage in missing if not passage.digest]
    notes = [f"No piece of the text, and no digest, for {', '.join(unread)}."] if unread else []
    return Comparison(
        {passage.iri: digest for passage, digest in found.items()},
        len(found) - len(differing),
        [*unwritable, *differing],
        unwritable,
        notes,
    )


def _told(passage: ProvisionPassage, digest: str) -> str:
    name = compact(passage.iri)
    if not passage.digest:
        return f"{name} has no digest yet: its text gives {digest}; let --write record it."
    return (
        f"{name} differs from the copy that was read: its text gives the digest {digest}, its record "
        f"{passage.digest}; compare the two, and let --write record the new one if it is the better copy."
    )
