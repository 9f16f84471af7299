"""Every kind of page in Chromium: axe-core finds nothing, nothing is too wide, the first view is light.

Which kinds there are, the declarations of the routes say; of each one page is looked at as it is full, and
as it is empty or shows what is wrong where it can.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import PATIENCE, WIDTHS
from service import Service, serving
from surplace.routes.table import ROUTES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# beside other browsers and attacks, what takes a minute takes five
pytestmark = pytest.mark.quiet

ADDRESSES: dict[str, tuple[str, ...]] = {
    "question": (
        "/queries/which-provisions-bind-a-state-on-a-day",
        "/queries/which-provisions-bind-a-state-on-a-day?state=LAO&treaty=cat&as_of=1900-01-01",
        "/queries/which-provisions-bind-a-state-on-a-day?as_of=soon",
    ),
    "query": ("/query/which-provisions-bind-a-state-on-a-day",),
    "query-parameter": ("/query/which-provisions-bind-a-state-on-a-day/state",),
    "sparql": (
        "/sparql?query=SELECT+*+%7B+%3Fs+a+sur%3AState+%7D",
        "/sparql?query=ASK+%7B+%7D",
        "/sparql?query=ASK+%7B",
    ),
    "explain": ("/explain?iri=state:CHN", "/explain", "/explain?iri=nothing:here"),
    "states": ("/states", "/states?state=CHN&state=JPN", "/states?state=CHN&on=soon"),
    "matrix": ("/matrix", "/matrix?treaty=none&on=2010-09-13"),
    "search": ("/search?q=article+33", "/search?q=zzzzzz", "/search"),
    "what-if": (
        "/what-if",
        "/what-if?kind=accede&on=2012-01-01&state=THA&treaty=1951-convention",
        "/what-if?kind=accede&on=soon",
    ),
    "name": (
        "/id/state/CHN",
        "/id/instrument/1951-convention",
        "/id/instrument/1951-convention/article/33/1",
        "/source/cohen-2010/p5/s1",
        "/id/norm/1951-convention/33/1",
        "/id/measure/china-forcibly-repatriates-north-koreans",
        "/id/participation/cat/CHN/party/1988-11-03",
        "/id/population/north-koreans-in-china",
        "/id/nothing",
        "/vocab/motive",
        "/rule/party",
    ),
    "ontology": ("/ontology", "/ontology/State"),
    "release": ("/release/nothing",),
}
"""Of routes that one address does not show: the addresses of a full, an empty and a wrong page."""
LIGHT = 30_000
"""Bytes of the first view as it is sent: the page and its sheet."""
PERSON = "person-assessed"


def addresses() -> Iterator[str]:
    """Yield an address for each kind of page, and each state that it can be in."""
    for name, route in ROUTES.items():
        if route.page and name != PERSON:
            yield from ADDRESSES.get(name) or (route.address,)


@pytest.fixture(scope="module")
def service(project_release: Path) -> Iterator[Service]:
    with serving("--release", str(project_release)) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """Provide a window for all pages, which waits for one as long as a machine that does much else takes."""
    page = browser.new_page()
    page.set_default_timeout(3 * PATIENCE)
    return page


@pytest.fixture(scope="module")
def axe() -> str:
    """Provide axe-core as the installed package has it."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-core is not here: install the test group")
    return (Path(found.origin).parent / "axe.min.js").read_text()


def faults(page: Page, axe: str) -> list[str]:
    """Say what is wrong with the page that is shown, at each width."""
    found = []
    page.evaluate(axe)
    for width in (*WIDTHS, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{width}: the page scrolls sideways")
        if width == WIDTHS[0] and page.evaluate(
            "[...document.querySelectorAll('.scroll table')]"
            ".some(each => each.scrollWidth > each.parentElement.clientWidth)"
        ):
            found.append(f"{width}: a column is hidden")
        if width in WIDTHS:
            found += page.evaluate(
                "axe.run({ resultTypes: ['violations'] }).then(found => found.violations.map("
                "each => `${each.id}: ${each.nodes.length} as ${each.nodes[0].html.slice(0, 120)}`))"
            )
    return [f"{page.url}: {each}" for each in found]


@pytest.mark.parametrize("address", list(addresses()))
def test_no_kind_of_page_has_a_fault(address: str, service: Service, page: Page, axe: str) -> None:
    page.goto(service.url + address)
    assert faults(page, axe) == []


def test_the_answer_on_a_person_has_no_fault_and_three_screens(
    service: Service, browser: Browser, axe: str
) -> None:
    page = browser.new_page()
    page.set_default_timeout(3 * PATIENCE)
    page.goto(f"{service.url}/person")
    page.get_by_label("Country of origin", exact=True).select_option("PRK")
    page.get_by_label("Country of stay").select_option("CHN")
    for name in ("contact-with-missionaries", "lawful-presence", "illegal-presence"):
        page.locator(f"[name={name}][value=yes]").evaluate("radio => radio.click()")
    page.get_by_role("button", name="Assess").click()
    page.get_by_role("heading", name="Described").wait_for()
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert page.locator("footer").evaluate("foot => foot.offsetTop") <= 3 * 900
    found = faults(page, axe)
    page.close()
    assert found == []


def test_the_menu_of_a_phone_takes_one_line_and_hides_nothing_for_good(
    service: Service, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[1], "height": 844}, java_script_enabled=False)
    page.goto(f"{service.url}/about")
    menu = page.get_by_role("navigation", name="Main")
    box = menu.bounding_box()
    assert box is not None
    assert box["height"] < 45
    menu.get_by_text("More").click()
    menu.get_by_role("link", name="Ontology").click()
    assert page.url.endswith("/ontology")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert menu.get_by_role("link", name="Sources").is_visible()
    page.close()


@pytest.mark.parametrize(
    ("path", "other", "ask"),
    [
        ("/queries/how-does-a-state-stand-to-each-treaty?state=CHN", "JPN", "Ask"),
        ("/matrix?treaty=cat", "crc", "Show"),
    ],
)
def test_the_form_of_a_page_that_one_goes_back_to_says_what_the_page_answers(
    service: Service, browser: Browser, path: str, other: str, ask: str
) -> None:
    page = browser.new_page()
    page.goto(service.url + path)
    given = page.locator("main select").input_value()
    page.locator("main select").select_option(other)
    with page.expect_navigation():
        page.get_by_role("button", name=ask, exact=True).click()
    page.go_back()
    assert (page.url, page.locator("main select").input_value()) == (service.url + path, given)
    page.close()


def test_a_long_word_makes_no_page_wider_than_a_phone(service: Service, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[1], "height": 844})
    for path in ("/nothing/", "/search?q=", "/states?state=", "/matrix?on="):
        page.goto(service.url + path + "x" * 300)
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[1], path
    page.close()


def test_no_mark_and_no_focus_is_over_or_under_the_names_of_a_matrix(
    service: Service, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[1], "height": 844})
    page.goto(f"{service.url}/matrix")
    over, under = page.evaluate(
        """() => {
            const table = document.querySelector(".matrix");
            table.scrollIntoView();
            table.scrollLeft = 165;
            const over = [];
            for (const name of table.querySelectorAll("th[scope=row]")) {
                const { left, right, top, bottom } = name.getBoundingClientRect();
                for (let x = left + 2; x < right; x += 4)
                    for (let y = top + 2; y < bottom; y += 4)
                        if (document.elementFromPoint(x, y)?.closest("a.v")) over.push([x, y]);
            }
            const under = [];
            table.scrollLeft = table.scrollWidth;
            for (const link of [...table.querySelectorAll("thead a")].reverse()) {
                link.focus();
                const edge = table.querySelector("thead th").getBoundingClientRect().right;
                if (link.getBoundingClientRect().left < edge) under.push(link.innerText);
            }
            return [over, under];
        }"""
    )
    page.close()
    assert over == []
    assert under == []


def test_the_first_view_of_each_page_is_light(service: Service) -> None:
    sheet = len(gzip.compress(service.get("/static/surplace.css").body))
    heavy = {
        address: size
        for address in addresses()
        if (size := sheet + len(gzip.compress(service.get(address, "text/html").body))) > LIGHT
    }
    assert heavy == {}


def test_each_route_with_variable_parts_has_addresses() -> None:
    assert [
        n for n, route in ROUTES.items() if route.page and "<" in route.address and n not in ADDRESSES
    ] == []
