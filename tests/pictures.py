"""Makes the pictures that README.md shows, of the pages of the current release: `make pictures` runs it.

A picture is made anew when its page changed; nobody compares its points, for fonts differ between machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from browser import chromium
from service import serving

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 150_000
"""Bytes that a picture may have."""


@dataclass(frozen=True)
class Picture:
    """A part of a page, as it is first seen."""

    path: str
    """Where it is kept, from the root of the project."""
    page: str
    width: int = 1280
    height: int = 560


PICTURES = (
    Picture("server/pictures/state.png", "/id/state/CHN"),
    Picture(
        "server/pictures/finding.png",
        "/id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1",
        height=530,
    ),
)


def make() -> None:
    """Serve the current release and take all pictures; ends with a sentence if one is too large."""
    with serving("--release", str(ROOT / ".surplace")) as service, chromium() as browser:
        for picture in PICTURES:
            size = {"width": picture.width, "height": picture.height}
            page = browser.new_page(viewport=size, color_scheme="light", reduced_motion="reduce")
            page.goto(service.url + picture.page)
            data = page.screenshot(animations="disabled")
            page.close()
            if len(data) > LARGEST:
                raise SystemExit(f"{picture.path} has {len(data):,} bytes: show less of {picture.page}.")
            target = ROOT / picture.path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)


if __name__ == "__main__":
    make()
