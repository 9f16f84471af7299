"""From everything that is disputed in the invented world one click leads to the disagreement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from service import Service, serving
from surplace.engine.release import find_release
from surplace.namespaces import BASE, sparql_prologue

HTML = "text/html"
REJECTED = """
    ?dispute a sur:Disagreement ; sur:rejects ?rejected
    { GRAPH ?rejected { ?thing ?p ?o } }
    UNION { GRAPH ?rejected { ?s ?p ?thing FILTER(?p != rdf:type && ISIRI(?thing)) } }
"""
OPPOSED = """
    { ?dispute sur:opposes ?thing } UNION { ?dispute sur:opposesClaim ?thing }
"""
RESTING = """
    { ?dispute a sur:Disagreement ; sur:rejects ?rejected . GRAPH ?rejected { ?premise ?p ?o } }
    UNION { ?dispute sur:opposes ?premise . ?premise a sur:Conclusion }
    ?thing sur:usesPremise+ ?premise
"""


@pytest.fixture(scope="module")
def service(world_release: Path) -> Iterator[Service]:
    with serving("--release", str(world_release)) as running:
        yield running


@pytest.fixture(scope="module")
def store(world_release: Path) -> Store:
    return Store.read_only(str(find_release(world_release).store))


def disputes(store: Store, pattern: str) -> dict[str, set[str]]:
    """Return the paths of all that is disputed in that way, each with those of what it is disputed by."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in store.query(f"{sparql_prologue()}SELECT DISTINCT ?thing ?dispute {{ {pattern} }}"):
        thing, dispute = (f"/{row[name].value.removeprefix(BASE)}" for name in ("thing", "dispute"))
        found[thing].add(dispute)
    return found


def told(page: str) -> set[str]:
    """Return where a page leads before it lists all statements, or the whole explanation."""
    ends = (
        "<summary>All statements",
        "<h2>What is said of it",
        "Where it is mentioned",
        '<ul class="tree brief">',
    )
    above = re.split("|".join(ends), page)
    return set(re.findall(r'href="([^"]+)"', above[0]))


def unlinked(service: Service, found: dict[str, set[str]], way: str = "{}") -> dict[str, set[str]]:
    """Return what is disputed and does not lead there."""
    pages = {thing: service.get(way.format(thing), HTML) for thing in found}
    assert {page.status for page in pages.values()} == {200}
    return {thing: rest for thing, those in found.items() if (rest := those - told(pages[thing].text))}


@pytest.mark.parametrize(
    ("pattern", "some"),
    [
        (REJECTED, "/id/reservation/harbour-convention/AQU/1"),
        (REJECTED, "/id/instrument/harbour-convention/article/3"),
        (OPPOSED, "/claim/boat-people-are-refugees"),
        (RESTING, "/id/finding/measure/coast-guard-turns-boats-away/norm/harbour-convention/3/1/refoulement"),
    ],
)
def test_all_that_is_disputed_leads_to_the_disagreement(
    service: Service, store: Store, pattern: str, some: str
) -> None:
    found = disputes(store, pattern)
    assert some in found
    assert unlinked(service, found) == {}


def test_the_explanation_of_what_rests_on_something_disputed_leads_there(
    service: Service, store: Store
) -> None:
    assert unlinked(service, disputes(store, RESTING), "/explain?iri={}") == {}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/id/consent/harbour-convention/AQU", "Since when Aquilonia is party nothing rejected"),
        ("/id/instrument/harbour-convention", "Whether Aquilonia ratified or acceded disputed About"),
        ("/id/instrument/harbour-convention/article/3", "Rejected: Reservation of Aquilonia"),
        ("/queries/where-sources-disagree", "paragraph 2, sentence 1 : is ratification stands: accession"),
        ("/queries/where-sources-disagree", "Nothing is rejected 1 Since when Aquilonia is party"),
        ("/id/state/AQU", "Whether Aquilonia made a reservation disputed"),
        (
            "/id/disagreement/aquilonia-ratified",
            "One statement of Almanac of the Sea, paragraph 7, sentence 1, and Herald",
        ),
        ("/id/disagreement/aquilonia-ratified", "is rejected; one passage stands against that: Registry"),
        ("/id/disagreement/aquilonia-reservation", "What it is about Reservation of Aquilonia"),
        ("/id/disagreement/since-when", "The year is right, but only a year; nothing is rejected."),
    ],
)
def test_a_page_says_how_a_disagreement_bears_on_it(service: Service, path: str, words: str) -> None:
    shown = " ".join(re.sub("<[^>]+>", " ", service.get(path, HTML).text).split())
    assert words in shown


def test_a_class_is_not_disputed_but_the_instance_that_sources_disagree_on(service: Service) -> None:
    page = service.get("/ontology/ConsentToBeBound", HTML).text
    assert "Disputed" not in page.partition("Instances")[0]
    line = page[page.index('href="/id/consent/harbour-convention/AQU"') :].partition("</li>")[0]
    assert '<strong class="tag">disputed</strong>' in line


def test_what_nothing_disputed_bears_on_has_no_such_part(service: Service) -> None:
    assert "Disputed" not in service.get("/id/instrument/lantern-covenant/article/13", HTML).text


def test_a_finding_says_that_what_its_premises_are_disputed_by_does_not_change_it(
    service: Service,
) -> None:
    path = "/id/finding/measure/coast-guard-turns-boats-away/norm/harbour-convention/3/1/refoulement"
    page = service.get(path, HTML).text
    assert "What it rests on is told otherwise elsewhere" in page
    assert "The result does not change" in page
    assert re.search(r"“Coast guard turns boats away[^”]*: conflict”", page)
