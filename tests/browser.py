"""A reader in Chromium, who clicks what can be seen, by its role and words, and counts clicks and screens."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

REQUIRED = "SURPLACE_REQUIRE_CHROMIUM"
"""Set where tests must not be skipped for want of Chromium."""
WIDTHS = (1440, 390)
CLICKS = 4
SCREENS = 2
"""What an answer may cost: clicks from the first page, and screens that must be looked at on the last."""
SETTLING = (0, 300, 1000)
"""Milliseconds that a page has before each look: an editor that starts moves what is below it."""
_MISSING = "Chromium is not here: apt-get install chromium"
PATIENCE = 20_000
"""Milliseconds that a click waits for what it clicks, on a machine that does much else."""
IMPATIENCE = 800
"""The same where it is known not to be there."""


def program() -> str:
    """Return the path of Chromium; without it the test is skipped, or fails where it is required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get(REQUIRED) == "1":
        pytest.fail(_MISSING)
    return found or pytest.skip(_MISSING)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium until the block ends."""
    path = program()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


class Reader:
    """Somebody with a task: knows words, not addresses, and sees what is on the screen."""

    def __init__(self, page: Page, home: str, patience: int = PATIENCE) -> None:
        """Begin at the first page."""
        self.page, self.clicks = page, 0
        page.goto(home)
        page.set_default_timeout(patience)

    def click(self, words: str, role: str = "link") -> None:
        """Click the first thing of that role that is called so; *words* may be the beginning of its name."""
        self._found(role, words).click()
        self.page.wait_for_load_state()  # scripts have run by then
        self.clicks += 1

    def unfold(self, words: str) -> None:
        """Open what is folded behind these words."""
        self.page.locator("summary", has_text=words).first.click()
        self.clicks += 1

    def choose(self, field: str, words: str) -> None:
        """Choose in a pick-list what is called so."""
        self._found("combobox", field).select_option(label=words)

    def answer(self, question: str, words: str) -> None:
        """Choose an answer to a question that has several to choose from."""
        self._found("group", question).get_by_role("radio", name=words, exact=True).check()
        self.clicks += 1

    def type(self, field: str, text: str, role: str = "textbox") -> None:
        """Type into a field."""
        self._found(role, field).fill(text)

    def reads(self, *words: str) -> None:
        """Assert that all *words* are in view at once, with no more clicks and screens than there may be."""
        assert self.clicks <= CLICKS, f"{self.clicks} clicks"
        for settling in SETTLING:
            self.page.wait_for_timeout(settling)
            missing = list(words)
            for screen in range(SCREENS):
                # who scrolls keeps the last lines in sight, so that none is cut in two
                self.page.evaluate("screen => window.scrollTo(0, screen * 0.9 * window.innerHeight)", screen)
                text = self._in_view()
                missing = [word for word in missing if word.casefold() not in text]
                if not missing:
                    return
        raise AssertionError(f"not in {SCREENS} screens of {self.page.url}: {missing}")

    def _found(self, role: str, words: str) -> Locator:
        name = re.compile(rf"^\s*{re.escape(words)}", re.IGNORECASE)
        return self.page.get_by_role(role, name=name).first  # type: ignore[arg-type]

    def _in_view(self) -> str:
        """Return the text that is on the screen: that of every text node with a box in view."""
        text = self.page.evaluate(
            """() => {
                const seen = [];
                const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walk.nextNode()) {
                    const parent = walk.currentNode.parentElement;
                    if (!parent.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
                    const range = document.createRange();
                    range.selectNodeContents(walk.currentNode);
                    const inside = [...range.getClientRects()].some(box =>
                        box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0 &&
                        box.top < window.innerHeight && box.left < window.innerWidth);
                    if (inside) seen.push(walk.currentNode.data);
                }
                return seen.join(" ");
            }"""
        )
        return " ".join(text.split()).casefold()
