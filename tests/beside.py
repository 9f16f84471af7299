"""Material that is no part of the project and is tested where it is at hand."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def beside(variable: str, name: str) -> Path:
    """Return the path that a variable names, or the first of that *name* in a folder beside the checkout.

    A path that leads nowhere where there is neither.
    """
    given = os.environ.get(variable)
    found = sorted(CHECKOUT.parent.glob(f"*/{name}"))
    return Path(given) if given else next(iter(found), CHECKOUT / "absent" / name)
