"""The editor of /sparql in a browser: faults at their place, completion that leads to rows, tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from browser import PATIENCE
from editor import bundle_made
from service import Service, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

HTML = "text/html"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
BLOCKED = re.compile(r"^(?!Applying inline style).*Security Policy", re.DOTALL)
"""What a browser says of what the policy blocks, but for the style that it gives to replaced text."""
SUR = "PREFIX sur: <https://w3id.org/surplace/ontology/>"


@pytest.fixture(scope="module")
def service(project_release: Path) -> Iterator[Service]:
    bundle_made()
    with serving("--release", str(project_release), environment={"SURPLACE_DEADLINE": "60"}) as running:
        yield running
        # a query that a reader cancels runs on to its deadline, and a service that is asked to stop waits
        running.process.kill()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Provide a page of a browser that has kept nothing; no script of it may fail."""
    context = browser.new_context()
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if BLOCKED.search(said.text) else None)
    yield opened
    context.close()
    assert not errors


def text_of(page: Page) -> str:
    """Return the text in the editor."""
    lines = page.locator("#editor .cm-line").all_inner_texts()
    return "\n".join(line.rstrip("\n") for line in lines)


def begin(page: Page, service: Service, query: str) -> Locator:
    """Open the editor, write a query into it from nothing, and return where it is written."""
    page.goto(f"{service.url}/sparql")
    place = page.get_by_role("textbox", name="Query in SPARQL")
    write(page, query)
    return place


def write(page: Page, query: str) -> None:
    """Replace what is in the editor, as who pastes would."""
    page.get_by_role("textbox", name="Query in SPARQL").press("Control+a")
    page.keyboard.insert_text(query)


def test_a_fault_is_marked_at_its_place_and_mended(page: Page, service: Service) -> None:
    begin(page, service, "SELECT ?a {\n  ?a a sur:Stat }").press("Control+Enter")
    page.get_by_text("The line that says what “sur:” stands for is missing, too.").first.wait_for()
    assert page.locator("#editor .cm-lintRange").all_inner_texts() == ["sur:Stat"]
    assert page.locator("#answer").get_by_text("did you mean sur:State?").count() == 1
    assert page.locator("#answer .problem").count() == 1
    page.get_by_role("button", name="Write sur:State, and run").press("Enter")
    page.locator("#answer tbody").get_by_text("Mongolia").wait_for()
    assert text_of(page) == f"{SUR}\nSELECT ?a {{\n  ?a a sur:State }}"
    assert page.locator("#editor .cm-lintRange").count() == 0
    assert parse_qs(urlsplit(page.url).query)["query"] == [text_of(page)]
    assert re.fullmatch(r"[0-9]+ rows, in [0-9.]+ s\.", page.get_by_role("status").inner_text())
    assert page.get_by_text(re.compile("^[0-9]+ rows")).locator("visible=true").count() == 1
    assert not page.get_by_role("button", name="Cancel").is_visible()


def test_the_example_says_what_to_do_with_it_until_it_is_touched(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/sparql")
    hint = page.get_by_text(
        "This is an example: type over it, or press “+ New query” above for an empty one."
    )
    hint.wait_for()
    write(page, "ASK {}")
    assert not hint.is_visible()


def test_a_line_that_is_missing_is_said_once(page: Page, service: Service) -> None:
    begin(page, service, "SELECT ?a { ?a a sur:State }").press("Control+Enter")
    page.get_by_role("button", name="Add the line, and run").wait_for()
    assert page.locator("#answer").inner_text().count(SUR) == 1


def test_a_bracket_that_is_open_is_closed_at_the_end(page: Page, service: Service) -> None:
    begin(page, service, f"{SUR}\nSELECT ?a {{ ?a a sur:State").press("Control+Enter")
    page.get_by_role("button", name="Write } at the end, and run").click()
    page.locator("#answer tbody").get_by_text("Mongolia").wait_for()
    assert text_of(page) == f"{SUR}\nSELECT ?a {{ ?a a sur:State\n}}"


def test_on_a_touch_screen_a_fault_brings_up_no_keyboard(browser: Browser, service: Service) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    begin(page, service, "SELECT ?a { ?a a sur:Stat }")
    page.get_by_role("button", name="Run", exact=True).tap()
    mend = page.get_by_role("button", name="Write sur:State, and run")
    mend.wait_for()
    assert page.evaluate("document.activeElement.id") != "editor"
    assert not page.locator(".examples").is_visible()
    mend.tap()
    page.locator("#answer tbody").get_by_text("Mongolia").wait_for()
    assert page.evaluate("document.activeElement.id") != "editor"
    context.close()


def completed(page: Page, place: Locator) -> Locator:
    """Ask what fits where the cursor is, and return the names that are offered."""
    options = page.locator("#editor .cm-completionLabel")
    place.press("Control+ ")
    options.first.wait_for()
    return options


def test_a_name_that_is_whole_stays_what_it_is(page: Page, service: Service) -> None:
    place = begin(page, service, f"{SUR}\nSELECT ?a {{ ?a a sur:State")
    place.press("Control+End")
    options = completed(page, place)
    assert "sur:Statement" in options.all_inner_texts()
    assert options.all_inner_texts()[0] == "sur:State"
    assert (
        page.locator("#editor [role=option][aria-selected=true] .cm-completionLabel").inner_text()
        == "sur:State"
    )


def test_what_is_completed_leads_to_rows(page: Page, service: Service) -> None:
    place = begin(page, service, "SELECT * { ?r a sur:Recommendation ; sur:asksFor ?action ; }")
    place.press("Control+End")
    place.press("ArrowLeft")
    offered = set(completed(page, place).all_inner_texts())
    place.type("sur:isIss")
    page.locator("#editor [role=option]", has_text="sur:isIssuedBy").wait_for()
    assert page.locator("#editor .cm-completionInfo").inner_text()
    place.press("Enter")
    assert (
        text_of(page)
        == f"{SUR}\nSELECT * {{ ?r a sur:Recommendation ; sur:asksFor ?action ; sur:isIssuedBy}}"
    )
    assert "sur:isAddressedTo" in offered
    for name in sorted(offered - {"a"}):
        prologue = "\n".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in prefixes(service).items())
        assert service.get(
            "/sparql", query=f"{prologue} ASK {{ ?r a sur:Recommendation ; {name} ?x }}"
        ).json() == {
            "head": {},
            "boolean": True,
        }, name


def prefixes(service: Service) -> dict[str, str]:
    """Return the prefixes that the editor completes."""
    found = service.get("/sparql/terms").json()
    assert isinstance(found, dict)
    return dict(found["prefixes"])


def test_on_a_phone_what_is_offered_keeps_off_the_edge_and_the_button_and_no_tab_is_cut(
    browser: Browser, service: Service
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    query = "SELECT * { ?r a sur:Recommendation ; sur:is }"
    begin(page, service, "ASK {}")
    tab = page.get_by_role("tab", name="Query 1")
    assert tab.evaluate("tab => tab.scrollWidth <= tab.clientWidth")
    write(page, f"# Who asked for what and when\n{query}")
    page.get_by_text("+ New query", exact=True).click()
    write(page, f"# Who claims what of whom and when\n{query}")
    place = page.locator("#editor .cm-content")
    place.press("Control+End")
    place.press("ArrowLeft")
    place.press("ArrowLeft")
    place.press("Control+ ")
    offered = page.locator("#editor .cm-tooltip-autocomplete")
    offered.wait_for()
    box, ask = offered.bounding_box(), page.locator(".field.ask").bounding_box()
    assert box is not None
    assert ask is not None
    assert box["x"] + box["width"] <= 390 - 14
    assert box["y"] + box["height"] <= ask["y"] + 1
    assert page.locator("#editor .cm-completionInfo").count() == 0
    edges = page.evaluate(
        "[...document.querySelectorAll('.tab-bar button')].map((one) => {"
        " const { left, right } = one.getBoundingClientRect();"
        " return [left, right, one.scrollWidth - one.clientWidth]; })"
    )
    assert len(edges) == 5  # two tabs, each with what closes it, and what begins a new one
    assert all(left >= 0 and right <= 390 and cut <= 0 for left, right, cut in edges)
    page.close()


def test_tabs_are_kept_and_go_by_keyboard(page: Page, service: Service) -> None:
    begin(page, service, "# First\nASK {}")
    page.get_by_role("button", name="New query").click()
    page.keyboard.type("# Second\nASK {")  # whose bracket the editor closes
    page.reload()
    tabs = page.get_by_role("tablist", name="Queries").get_by_role("tab")
    tabs.first.wait_for()
    assert tabs.all_inner_texts() == ["First", "Second"]
    tabs.nth(1).press("ArrowRight")
    assert text_of(page) == "# First\nASK {}"
    page.get_by_role("combobox", name="Begin from a question").focus()
    page.locator("#examples option").nth(1).wait_for(state="attached")
    title = page.locator("#examples option").nth(1).inner_text()
    page.get_by_role("combobox", name="Begin from a question").select_option(label=title)
    assert tabs.count() == 3
    assert "SELECT" in text_of(page)
    tabs.nth(2).press("Delete")
    assert tabs.all_inner_texts() == ["First", "Second"]


def test_a_query_is_cancelled(page: Page, service: Service) -> None:
    begin(page, service, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }").press("Control+Enter")
    # a click waits for frames in which nothing moves, which a busy machine draws late
    page.locator("button:visible", has_text="Cancel").dispatch_event("click")
    page.get_by_text("Cancelled after").wait_for()


def test_a_graph_has_a_table_a_drawing_and_its_text(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/sparql?query={quote('DESCRIBE <id/state/MNG>')}")
    views = page.get_by_role("tablist", name="Views of the answer").get_by_role("tab")
    assert views.all_inner_texts() == ["Table", "Drawing", "Raw"]
    views.nth(0).press("ArrowRight")
    assert page.locator("#answer svg").get_by_text("Mongolia", exact=True).first.is_visible()
    views.nth(1).press("ArrowRight")
    assert "state:MNG" in page.locator("#answer [data-view=raw] pre").first.inner_text()
    assert not page.locator("#answer svg").is_visible()


def test_without_a_script_a_text_area_asks(browser: Browser, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.url}/sparql")
    page.get_by_label("Query", exact=True).fill(f"{SUR} SELECT ?a {{ ?a a sur:Stat }}")
    assert "since JavaScript is off" in page.content()
    page.get_by_role("button", name="Run").click()
    assert page.get_by_text("did you mean sur:State?").is_visible()
    context.close()


def test_a_page_may_run_what_it_has_of_scripts_and_only_the_editor_may_ask(service: Service) -> None:
    asked = {"query": "ASK {}"}
    policies = {
        (path, accept): service.get(path, accept, **params).headers["Content-Security-Policy"]
        for path, accept, params in (
            ("/sparql", HTML, {}),
            ("/sparql", HTML, asked),
            ("/sparql", "application/json", asked),
            ("/queries/", HTML, {}),
            ("/ontology", HTML, {}),
            ("/ontology", "text/turtle", {}),
            ("/queries/who-claims-what", HTML, {}),
            ("/person", HTML, {}),
            ("/nothing", HTML, {}),
        )
    }
    run = f"{POLICY}; script-src 'self'"
    allowed = {"/sparql": f"{run}; connect-src 'self'", "/ontology": run, "/queries/who-claims-what": run}
    assert policies == {
        (path, accept): allowed.get(path, POLICY) if accept == HTML else POLICY for path, accept in policies
    }


class _Links(HTMLParser):
    """Collects the links to instances: what they are called, and where they lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "a" and known.get("class") == "instances":
            self.found[str(known["aria-label"])] = str(known["href"])


def test_each_class_with_instances_leads_to_them(service: Service) -> None:
    links = _Links(service.get("/ontology", HTML).text).found
    assert len(links) > 50
    for words in ("of state", "of treaty", "of recommendation", "of passage"):
        name, href = next((name, href) for name, href in links.items() if name.endswith(words))
        address, _, place = href.partition("#")
        number = int(name.split()[0].replace(",", ""))
        if number > 500:  # too many to list on the page of a class
            assert (address.partition("?")[0], place) == ("/sparql", "answer")
            rows = service.request("GET", address, headers={"Accept": "text/csv"}).text.splitlines()[1:]
            assert len({row.split(",")[0] for row in rows}) == number
        else:
            listed = service.get(address, HTML).text.partition(f'id="{place}"')[2]
            assert listed.partition("The same as a query")[0].count("<li>") == number
    module = service.get("/ontology/agents", HTML)
    term = service.get("/ontology/State", HTML)
    assert '<h2 id="instances">' in term.text
    assert module.status != 200 or "instances of state" in module.text
