"""Which state or treaty of a release an option names: by a code, or by any name that only it has."""

from __future__ import annotations

from pyoxigraph import Store

from surplace.catalogue.called import instances, listing, meant, several
from surplace.engine.release import Release
from surplace.errors import SurplaceError
from surplace.namespaces import SUR
from surplace.suppose.dataset import rows


def code_of(release: Release, kind: str, text: str, option: str) -> str:
    """Return the code of the thing of a class that *text* names: `North Korea` is PRK.

    *kind* is State or Treaty. What names none comes back as it is, for whoever reads it to refuse. Raises
    SurplaceError where it names several.
    """
    if not text:
        return text
    known = instances(rows(Store.read_only(str(release.store)), listing(SUR + kind)))
    found = meant(known, text)
    if len(found) > 1:
        raise SurplaceError(several(found, text, option))
    return found[0].key if found else text


def place_of(release: Release, text: str, option: str) -> str:
    """Return the code of a state, or of its territory after a slash: `China/hong-kong` is CHN/hong-kong."""
    state, slash, territory = text.partition("/")
    return code_of(release, "State", state, option) + slash + territory
