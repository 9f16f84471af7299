"""Which state or treaty of a release an option names: by a code, or by any name that only it has."""

from __future__ import annotations

from pyoxigraph import Store

from surplace.catalogue.called import Instance, meant, several
from surplace.engine.release import Release
from surplace.errors import SurplaceError
from surplace.suppose.dataset import rows

_KNOWN = (
    "SELECT ?item ?label ?other {{ ?item a sur:{kind} OPTIONAL {{ ?item skos:prefLabel ?label }} "
    "OPTIONAL {{ ?item skos:altLabel ?other }} }} ORDER BY ?item ?other"
)


def code_of(release: Release, kind: str, text: str, option: str) -> str:
    """Return the code of the thing of a class that *text* names: `North Korea` is PRK.

    *kind* is State or Treaty. What names none comes back as it is, for whoever reads it to refuse. Raises
    SurplaceError where it names several.
    """
    if not text:
        return text
    others: dict[tuple[str, str], list[str]] = {}
    for row in rows(Store.read_only(str(release.store)), _KNOWN.format(kind=kind)):
        names = others.setdefault((row["item"], row.get("label", "")), [])
        names += [row["other"]] if "other" in row else []
    found = meant([Instance(iri, label, tuple(names)) for (iri, label), names in others.items()], text)
    if len(found) > 1:
        raise SurplaceError(several(found, text, option))
    return found[0].key if found else text


def place_of(release: Release, text: str, option: str) -> str:
    """Return the code of a state, or of its territory after a slash: `China/hong-kong` is CHN/hong-kong."""
    state, slash, territory = text.partition("/")
    return code_of(release, "State", state, option) + slash + territory
