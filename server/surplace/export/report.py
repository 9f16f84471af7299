"""How somebody says that something is wrong: where to, and with which words already written."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from surplace.export.citation import Citation, line

FORGES: Final = ("github.com", "codeberg.org")
"""Hosts of repositories whose form for an issue takes `title` and `body` from its address."""
_MAILTO: Final = "mailto:"


def report_of(cited: Citation) -> str:
    """Return the text of a report, in which what is wrong is still to be said."""
    release = cited.edition.release
    return "\n".join(
        [
            f"What it is about: {line(cited.title)}",
            *([f"What it says: {line(cited.sentence)}"] if cited.sentence else []),
            f"Release: {release or 'not known'}",
            f"Address: {cited.address}",
            "",
            "What is wrong, and which passage says so:",
            "",
        ]
    )


def report_address(cited: Citation) -> str:
    """Return where the report is written already: a message, or the form of a repository.

    It is nothing where the contact of the data is neither.
    """
    contact = cited.edition.contact
    title, text = f"This is wrong: {line(cited.title)}", report_of(cited)
    if contact.startswith(_MAILTO):
        # RFC 6068 wants lines to end in CR LF
        fields = {"subject": title, "body": text.replace("\n", "\r\n")}
        return f"{contact.partition('?')[0]}?{urlencode(fields, quote_via=quote)}"
    place = urlsplit(contact)
    if place.scheme == "https" and place.hostname in FORGES and place.path.strip("/").count("/") == 1:
        fields = {"title": title, "body": text}
        form = f"https://{place.hostname}/{place.path.strip('/')}/issues/new"
        return f"{form}?{urlencode(fields, quote_via=quote)}"
    return ""
