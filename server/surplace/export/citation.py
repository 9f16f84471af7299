"""How something of a release is cited: one citation, written as text, BibTeX, RIS and CSL-JSON.

BibTeX: the manual *BibTeXing*, with names of fields of biblatex where it has none (`version`, `url`).
RIS: the specification of the RIS format of 2011 (`TY  - DATA`). CSL-JSON: the schema of CSL 1.0.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from surplace.export.edition import NAME, Edition
from surplace.words.days import in_words

_LATEX: Final = {
    "\\": r"\textbackslash{}",
    # an escaped brace would still count as one where BibTeX looks for the end of a field
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&#_%"},
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_KEY: Final = re.compile("[^a-z0-9]+")
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")


@dataclass(frozen=True)
class Citation:
    """What is cited: its title, what it says in a sentence or nothing, where it is, and in which edition."""

    path: str
    """Its path below the base, with which release it is of left out."""
    title: str
    address: str
    edition: Edition
    sentence: str = ""

    @property
    def key(self) -> str:
        """A name of ASCII letters, digits and hyphens for it, the same for the same thing of a release."""
        words = _NO_KEY.sub("-", self.path.partition("?")[0].lower()).strip("-")
        return "-".join(part for part in (NAME.lower(), words, self.edition.release[:8]) if part)


@dataclass(frozen=True)
class CitationFormat:
    """A way to write a citation."""

    name: str
    title: str
    media_type: str
    suffix: str
    write: Callable[[Citation], str]


def line(text: str) -> str:
    """Return a text as one line: control characters and breaks are spaces."""
    return _UNSEEN.sub(" ", text).strip()


def latex(text: str) -> str:
    """Return a text as one line of LaTeX, with balanced braces."""
    return "".join(_LATEX.get(sign, sign) for sign in line(text))


def to_text(cited: Citation) -> str:
    """Write a citation for a note: author, year, title, work, release and day, address."""
    edition = cited.edition
    author = edition.author or NAME
    year = f" ({edition.day.year})" if edition.day else ""
    release = f", release {edition.release}" if edition.release else ""
    day = f", {in_words(edition.day.isoformat())}" if edition.day else ""
    return line(f"{author}{year}. “{cited.title}”. {edition.title}{release}{day}. {cited.address}")


def to_bibtex(cited: Citation) -> str:
    """Write a citation as an entry of BibTeX; braces around title and author keep them as they are."""
    edition = cited.edition
    fields = {
        "author": f"{{{latex(edition.author or NAME)}}}",
        "title": f"{{{latex(cited.title)}}}",
        "howpublished": latex(edition.title),
        "publisher": latex(edition.publisher),
        "version": latex(edition.release),
        "note": latex(f"Release {edition.release}") if edition.release else "",
        "abstract": latex(cited.sentence),
        "url": line(cited.address),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if edition.day:
        day = edition.day
        lines += [f"  year = {{{day.year}}},", f"  month = {_MONTHS[day.month - 1]},"]
        lines += [f"  date = {{{day.isoformat()}}},"]
    return "\n".join([f"@misc{{{cited.key},", *lines, "}", ""])


def to_ris(cited: Citation) -> str:
    """Write a citation as a record of RIS.

    A tag has a line, which ends in CR LF, and no text breaks one.
    """
    edition = cited.edition
    fields = [
        ("TY", "DATA"),
        # an asterisk has a meaning in names
        ("AU", (edition.author or NAME).replace("*", "")),
        ("TI", cited.title),
        ("T2", edition.title),
        ("PY", str(edition.day.year) if edition.day else ""),
        ("DA", edition.day.strftime("%Y/%m/%d/") if edition.day else ""),
        ("PB", edition.publisher),
        ("ET", f"Release {edition.release}" if edition.release else ""),
        ("AB", cited.sentence),
        ("LA", "en"),
        ("UR", cited.address),
        ("ID", cited.key),
    ]
    lines = [f"{tag}  - {found}" for tag, text in fields if (found := line(text))]
    return "".join(f"{one}\r\n" for one in [*lines, "ER  - "])


def to_csl(cited: Citation) -> str:
    """Write a citation as CSL-JSON: a list of one item."""
    edition = cited.edition
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "dataset",
        "title": line(cited.title),
        "author": [{"literal": line(edition.author or NAME)}],
        "container-title": line(edition.title),
        "publisher": line(edition.publisher),
        "version": edition.release,
        "abstract": line(cited.sentence),
        "language": "en",
        "URL": cited.address,
    }
    if edition.day:
        item["issued"] = {"date-parts": [[edition.day.year, edition.day.month, edition.day.day]]}
    found = {name: value for name, value in item.items() if value}
    return json.dumps([found], indent=2, ensure_ascii=False) + "\n"


FORMATS: Final = {
    form.name: form
    for form in (
        CitationFormat("text", "Text", "text/plain", "txt", lambda cited: f"{to_text(cited)}\n"),
        CitationFormat("bibtex", "BibTeX", "application/x-bibtex", "bib", to_bibtex),
        CitationFormat("ris", "RIS", "application/x-research-info-systems", "ris", to_ris),
        CitationFormat("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", to_csl),
    )
}
"""The ways to write a citation, by name."""
