"""Where the ontology, the data and the queries lie: in the installed package, or in the checkout."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from surplace.errors import SurplaceError


@cache
def root() -> Path:
    """Return the folder that holds ontology/, data/ and queries/.

    An installed package carries them in `share`; an editable install finds them beside `server`.
    A package imported from a zip archive is unpacked for as long as the process lives.
    """
    share = files("surplace") / "share"
    if share.is_dir():
        stack = ExitStack()
        atexit.register(stack.close)
        return stack.enter_context(as_file(share))
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "ontology").is_dir() and (checkout / "data").is_dir():
        return checkout
    raise SurplaceError(
        "The folders ontology, data and queries are missing from this installation: install surplace again."
    )


def ontology_dir() -> Path:
    """Return the folder of modules, vocabularies, shapes and rules."""
    return root() / "ontology"


def data_dir() -> Path:
    """Return the folder of sources, reference data and documents."""
    return root() / "data"


def queries_dir() -> Path:
    """Return the folder of questions and checks."""
    return root() / "queries"
