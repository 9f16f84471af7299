"""What the tests of the editor share: the bundle, made if it can be had."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from surplace.errors import SurplaceError
from surplace.face.making import make

REQUIRED = "SURPLACE_REQUIRE_FACE"
"""Set where tests must not be skipped for want of the packages of the editor."""


def bundle_made() -> None:
    """Make the bundle unless it is there; skip the test without it, or fail where it is required."""
    with FileLock(Path(tempfile.gettempdir()) / "surplace-bundle.lock"):
        try:
            make()
        except SurplaceError as error:
            if os.environ.get(REQUIRED) == "1":
                pytest.fail(str(error))
            pytest.skip(str(error))
