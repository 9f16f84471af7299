"""Fifteen things that people come for, each done in a browser from the first page.

A task knows its own words and nothing of addresses: it clicks what can be seen, by role and name, and the
words of the answer must be on the screen after at most four clicks, on the first or second screen of a page,
on a wide window and on a phone. A task that cannot be done yet says why; it fails here once it can.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from openpyxl import load_workbook

from browser import IMPATIENCE, PATIENCE, WIDTHS, Reader
from editor import bundle_made
from service import Service, serving
from surplace.namespaces import BASE
from two_engines import questions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DAY = "13 September 2010"


@pytest.fixture(scope="module")
def service(project_release: Path) -> Iterator[Service]:
    with suppress(pytest.skip.Exception):
        bundle_made()
    with serving("--release", str(project_release)) as running:
        yield running


@pytest.fixture(scope="module")
def pages(browser: Browser) -> dict[int, Page]:
    """Provide a window of each width for all tasks: to open one takes half a second."""
    return {width: browser.new_page(viewport={"width": width, "height": 900}) for width in WIDTHS}


def which_provisions_did_not_bind(reader: Reader) -> None:
    """Which provisions of the 1951 Convention did not bind China on 13 September 2010?"""
    reader.click("Questions")
    reader.click("Which provisions of an instrument bind a state on a day")
    reader.choose("The state", "China")
    reader.choose("The treaty", "1951 Convention relating to the Status of Refugees")
    reader.type("The day", DAY)
    reader.click("Ask", "button")
    reader.reads("13 September 2010", "China", "Article 14, second sentence", "Article 16(3)", "reserved")


def which_clause_on_the_court(reader: Reader) -> None:
    """Which clause on the Court does China not accept for refugees, and why?"""
    reader.click("States")
    reader.click("China")
    reader.reads("1967 Protocol, Article IV", "reservation of China", "excluded")


def which_sentence_says_otherwise(reader: Reader) -> None:
    """Which sentence of the paper says otherwise, and why is it rejected?"""
    reader.click("States")
    reader.click("China")
    reader.click("Which clause on the International Court")
    reader.reads("paragraph 7, sentence 2", "rejects", "Not wrong: is reservation", "reason")


def thailand_beside_mongolia(reader: Reader) -> None:
    """Who of Thailand and Mongolia is bound by what?"""
    reader.click("States")
    reader.click("Thailand", "checkbox")
    reader.click("Mongolia", "checkbox")
    reader.click("Compare", "button")
    reader.reads(
        "Thailand", "Mongolia", "1951 Convention", "not party", "Convention against Torture", "party"
    )


def what_became_of_requests(reader: Reader) -> None:
    """What did the Committee against Torture ask China, and what became of each?"""
    reader.click("Questions")
    reader.click("What became of each recommendation")
    reader.choose("The body that asked", "Committee against Torture")
    reader.choose("The state that was asked", "China")
    reader.click("Ask", "button")
    reader.reads("Committee against Torture", "screening", "access", "legislation", "left undone", "refused")
    reader.reads("none to one request")


def what_protects_a_person(reader: Reader) -> None:
    """What protects a woman from the DPRK in China, married to a Chinese man and pregnant by him?"""
    reader.click("A person")
    reader.choose("Country of origin", "North Korea (Democratic People's Republic of Korea)")
    reader.choose("Country of stay", "China")
    reader.type("Day of the stay", DAY)
    reader.answer("married to a foreign man", "yes")
    reader.reads("taken for yes: a kind of it is chosen")
    reader.answer("pregnant by a foreign man", "yes")
    reader.click("Assess", "button")
    reader.reads("married to a foreign man", "pregnant by a foreign man", "what protects in China", DAY)
    reader.reads(
        "Harm on return, on record of people in the same position", "stringent punishment (expected)"
    )
    reader.reads("No refoulement of a refugee", "may protect", "CEDAW, Article 9(1)", "protects")


def who_speaks_of_economic_migrants(reader: Reader) -> None:
    """Who speaks of "economic migrants", and who contradicts them?"""
    reader.type("Search", "economic migrants", "searchbox")
    reader.click("Search", "button")
    reader.reads("claimed by senior Chinese diplomat", "contradicted by", "claimed by Chinese officials")
    text = reader.page.inner_text("main")
    assert "claimed by Chinese officials; questioned by" in text.partition("With some of the words")[0]


def into_a_spreadsheet(reader: Reader) -> None:
    """Take the first answer to a spreadsheet that says what it is an answer to."""
    reader.click("Questions")
    reader.click("Which provisions of an instrument bind a state on a day")
    with reader.page.expect_download() as download:
        reader.click("Spreadsheet")
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert book["Answer"]["A2"].value == "1951 Convention, Article 14, second sentence"
    about = dict(book["About"].values)
    assert (about["The state or organization"], about["The day the answer is for"]) == (
        "China",
        "13 September 2010",
    )
    assert about["Answer"].startswith("On 13 September 2010 China was bound")
    assert about["Order"] == "what stands out first, then the rule, from row 6 of the sheet on"
    assert {"how long", "why"} <= {cell.value for cell in book["Answer"][1]}
    assert about["Licence"].endswith("/publicdomain/zero/1.0/")


def the_answer_of_this_release(reader: Reader) -> None:
    """Send a colleague a link to the first answer as it is now."""
    reader.click("Questions")
    reader.click("Which provisions of an instrument bind a state on a day")
    reader.click("Link to this answer that stays the same")
    assert "release=" in reader.page.url
    reader.reads("13 September 2010")


def article_33_by_search(reader: Reader) -> None:
    """Find Article 33 by search, and what it forbids."""
    reader.type("Search", "art 33", "searchbox")
    reader.click("Search", "button")
    reader.click("1951 Convention, Article 33(1)")
    reader.reads("Article 33(1)", "No refoulement of a refugee")


def when_china_took_on_each_treaty(reader: Reader) -> None:
    """See when China took on each treaty."""
    reader.click("States")
    reader.click("China")
    assert reader.page.get_by_role("group", name="China").first.is_visible()
    reader.unfold("The same as a table")
    reader.reads("24 September 1982", "23 December 1982", "1951 Convention")


def cite_the_finding(reader: Reader) -> None:
    """Cite the finding on forced return and Article 33(1)."""
    reader.click("Questions")
    reader.click("Which conduct, law or agreement conflicts with which provision")
    reader.click("Why: forced return of North Koreans from China and 1951 Convention")
    reader.reads("Cite", "release", "Article 33(1)", "conflict")


def read_paragraph_5(reader: Reader) -> None:
    """Read paragraph 5 of the paper sentence by sentence, with what each states."""
    reader.click("Sources")
    reader.click("Cohen 2010")
    reader.click("Paragraph 5")
    reader.reads("sentence 1", "sentence 2", "sentence 3", "states")


def list_all_reservations(reader: Reader) -> None:
    """List all reservations, by somebody who knows none of the words of RDF."""
    if not reader.page.get_by_role("link", name="Ontology").first.is_visible():
        reader.unfold("More")
    reader.click("Ontology")
    reader.reads("reservation", "Find a class or property", "A class is a sort of thing")
    reader.page.get_by_role("link", name=re.compile("^[0-9]+ instances of reservation$")).first.click()
    reader.clicks += 1
    reader.reads("All things of this sort on record", "China: reservation to CRC, Article 6")


def mend_a_query(reader: Reader) -> None:
    """Mend a query with a mistake, then go from a class to its instances."""
    bundle_made()
    reader.click("SPARQL")
    reader.type("Query", "SELECT ?a { ?a a sur:Stat }")
    reader.click("Run", "button")
    reader.reads("sur:State", "did you mean")
    reader.click("Write sur:State, and run", "button")
    reader.reads("China", "Mongolia", "Look up state: what it is")
    reader.page.get_by_role("link", name=re.compile("instances of state$")).click()
    reader.clicks += 1
    reader.reads("China", "Mongolia")


TASKS: dict[Callable[[Reader], None], str] = {
    which_provisions_did_not_bind: "",
    which_clause_on_the_court: "",
    which_sentence_says_otherwise: "",
    thailand_beside_mongolia: "",
    what_became_of_requests: "",
    what_protects_a_person: "",
    who_speaks_of_economic_migrants: "",
    into_a_spreadsheet: "",
    the_answer_of_this_release: "",
    article_33_by_search: "",
    when_china_took_on_each_treaty: "",
    cite_the_finding: "",
    read_paragraph_5: "",
    list_all_reservations: "",
    mend_a_query: "",
}
"""The tasks, each with the reason why it cannot be done yet, or nothing."""


CASES = [
    pytest.param(
        task,
        width,
        id=f"{task.__name__}-{width}",
        marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [],
    )
    for task, reason in TASKS.items()
    for width in WIDTHS
]


@pytest.mark.parametrize(("task", "width"), CASES)
def test_a_task_is_done_from_the_first_page(
    task: Callable[[Reader], None], width: int, service: Service, pages: dict[int, Page]
) -> None:
    task(Reader(pages[width], f"{service.url}/", IMPATIENCE if TASKS[task] else PATIENCE))


def test_the_pages_of_the_ontology_are_short_on_a_phone(service: Service, pages: dict[int, Page]) -> None:
    page = pages[WIDTHS[1]]
    page.goto(f"{service.url}/ontology")
    addresses = page.locator(".entry a, .fold a").evaluate_all("links => links.map(link => link.pathname)")
    modules = [each for each in addresses if re.fullmatch(r"/ontology/[a-z]+|/vocab/[a-z-]+", each)]
    assert len(modules) > 30
    long = {}
    for address, screens in [("/ontology", 3), *((each, 4) for each in modules)]:
        page.goto(service.url + address)
        if (height := page.locator("main > aside").evaluate("box => box.offsetTop")) > screens * 900:
            long[address] = height
    assert long == {}


TALL = 64
"""Pixels that a row of an answer may be high on a wide window, in the median."""
_MEDIAN = """() => {
    const rows = [];
    document.querySelectorAll(".answered details").forEach(each => each.open = each.matches(".fold"));
    for (const row of document.querySelectorAll(".answered tbody tr")) {
        const height = row.getBoundingClientRect().height;
        if (row.matches(".below")) rows[rows.length - 1] += height;
        else rows.push(height);
    }
    return rows.sort((one, other) => one - other)[rows.length >> 1] ?? 0;
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_column_is_hidden_no_row_tall_and_no_answer_without_its_sentence(
    width: int, service: Service, pages: dict[int, Page]
) -> None:
    page = pages[width]
    wide, mute, tall = [], [], []
    for query in questions():
        page.goto(f"{service.url}/queries/{query.name}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(query.name)
        sentence = page.locator("p.sentence")
        said, title = sentence.inner_text(), page.title().removesuffix(" · Surplace")
        head = title.removesuffix("…")  # a long sentence is cut
        whole = len(head) >= (min(len(said), 120) if title != head else len(said))
        if not sentence.is_visible() or not said.startswith(head) or not whole:
            mute.append(query.name)
        if width == WIDTHS[0] and page.evaluate(_MEDIAN) > TALL:
            tall.append(query.name)
    assert (wide, mute, tall) == ([], [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_notice_stands_above_the_page_and_moves_nothing_aside(
    width: int, service: Service, pages: dict[int, Page]
) -> None:
    page = pages[width]
    box = "const { x, width, top, bottom } = each.getBoundingClientRect()"
    place = f"each => {{ {box}; return [x, width, top, bottom]; }}"
    places = []
    for asked in ("", "?on=2010-01-01"):
        page.goto(f"{service.url}/id/state/CHN{asked}")
        places.append(page.locator("main h1").evaluate(place))
    before, now = places
    assert now[:2] == before[:2]
    assert now[2] > page.locator("main > .wide").first.evaluate(place)[3]


def test_what_takes_seconds_says_what_is_waited_for_without_a_script(
    service: Service, browser: Browser
) -> None:
    asked = "/what-if?kind=accede&on=2012-03-01&state=THA&treaty=1951-convention"
    with urlopen(Request(service.url + asked, headers={"Accept": "text/html"})) as coming:
        begun = coming.read1().decode()  # what comes before the answer is known
        while 'role="status"' not in begun:
            begun += coming.read1().decode()
        assert "takes about three seconds" in begun
        assert "What would differ" not in begun
        assert "What would differ" in coming.read().decode()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(service.url + asked)
    assert page.get_by_role("heading", name="What would differ: standings").is_visible()
    assert page.get_by_role("status").count() == 0
    context.close()


def test_a_printed_answer_has_question_values_sentence_release_and_address(
    service: Service, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.goto(f"{service.url}/queries/which-provisions-bind-a-state-on-a-day")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator("#field-state").is_visible()
    assert page.locator("#field-as_of").input_value() == DAY
    assert page.locator("p.sentence").is_visible()
    release = page.locator("footer .release")
    assert release.is_visible()
    assert f"{BASE}queries/which-provisions-bind-a-state-on-a-day" in release.inner_text()
    assert not page.locator(".top nav").is_visible()
    assert page.locator("details.fold td").first.is_visible()
    page.close()


def test_a_citation_and_the_link_that_stays_the_same_are_copied(service: Service, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{service.url}/queries/which-provisions-bind-a-state-on-a-day")
    link = page.get_by_role("link", name="Link to this answer that stays the same").get_attribute("href")
    assert link is not None
    assert "?state=CHN&instrument=1951-convention&as_of=2010-09-13&release=" in link
    for name, copied in (("Copy it", f"{service.url}{link}"), ("Copy the citation", "The Surplace")):
        if name == "Copy the citation":
            page.locator("summary", has_text="Cite it").click()
        page.get_by_role("button", name=name).click()
        page.get_by_role("button", name="Copied").first.wait_for()
        assert str(page.evaluate("navigator.clipboard.readText()")).startswith(copied)
    context.close()
