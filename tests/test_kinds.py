"""Every thing that a reader meets by a link has a page of its kind, which says in words what it is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, Store

from service import Service, serving
from surplace.engine.release import find_release
from surplace.namespaces import BASE, RDF, SKOS, VOCAB
from surplace.resources import ontology_dir
from surplace.web.kinds import qualifying
from surplace.web.kinds.choosing import kind_of

HTML = "text/html"
JSON = "application/json"


@pytest.fixture(scope="module")
def service(project_release: Path) -> Iterator[Service]:
    with serving("--release", str(project_release)) as running:
        yield running


@pytest.mark.parametrize("built", ["project_release", "world_release"])
def test_each_class_of_things_has_a_page(built: str, request: pytest.FixtureRequest) -> None:
    store = Store.read_only(str(find_release(request.getfixturevalue(built)).store))
    classes: dict[str, set[str]] = {}
    for row in store.query(f"SELECT ?thing ?class WHERE {{ ?thing <{RDF}type> ?class }}"):
        thing, found = row["thing"], row["class"]
        if isinstance(thing, NamedNode) and thing.value.startswith((BASE + "id/", VOCAB)):
            classes.setdefault(thing.value, set()).add(found.value)
    assert len(classes) > 500
    bare = {thing for thing, those in classes.items() if kind_of(those) is None}
    assert {thing for thing in bare if SKOS + "ConceptScheme" not in classes[thing]} == set()


@pytest.mark.parametrize(
    ("path", "words", "links"),
    [
        (
            "/id/norm/1951-convention/33/1",
            (
                "Article 33(1) of the 1951 Convention forbids a contracting state the expulsion, refoulement "
                "or return of a refugee if life or freedom would be at risk there on one of the five grounds "
                "(race, religion, ",
                "On 14 March 2015 it bound ",
                "the refugee stands convicted, by a final judgment,",
                " who are not party",
                "People whom it reaches",
            ),
            (
                "/id/instrument/1951-convention/article/33/1",
                "/id/exception/1951-convention/33/2/danger-to-security",
                "/id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1",
                "/claim/refoulement-is-forbidden-by-custom-high-court-of-hong-kong",
                "/id/open-question/custom-of-non-refoulement",
            ),
        ),
        (
            "/id/jurisdiction/hong-kong",
            ("Hong Kong: treaties apply there by declarations of its own. Comes up in ",),
            ("/queries/which-treaties-apply-in-a-territory?territory=hong-kong",),
        ),
        (
            "/id/state/CHN",
            (
                "“Still so” is: when the record ends (14 March 2015).",
                "no: signed only, still so</td>",
                '<td data-title="until">still so; then attested until 3 December 2015 '
                "(not known to have ended then); "
                "then bound until 14 March 2016 at least: no notice could have taken effect sooner",
                'class="band narrow"',
            ),
            ("/id/instrument/cat",),
        ),
        (
            "/source/text-1951-convention/article/33",
            (
                "The words themselves are not kept here. Read them at",
                "On record is where it is, its digest and what it states.",
                "<summary>To compare a copy with what was read</summary>",
                "UNTS 2545, vol. 189",
                "<code>dc7dc3b9e1af6a1881e9af2fdd85eaf4fded2afe17fd76cf1dfb3b29fbcb117d</code>",
            ),
            (
                "https://www.ohchr.org/en/instruments-mechanisms/instruments/convention-relating-status-refugees",
            ),
        ),
        (
            "/source/cat-c-chn-co-4",
            ("Read them at <a",),
            ("https://undocs.org/CAT/C/CHN/CO/4",),
        ),
        (
            "/source/cohen-2010/p7/s2",
            (
                "On record is where it is, its first and last words, its digest and what it states.",
                "The words themselves are not kept here. Look for Roberta Cohen, “Legal Grounds for "
                "Protection of North Korean Refugees”",
                'accession to the 1951 Convention</a></b> <strong class="tag">rejected in part</strong>',
                'as the author places it</a></b> <span class="sort">(reservation)</span> '
                '<strong class="tag">rejected in part</strong>',
                'is made by <a href="/id/state/CHN">China</a>; affects <del>',
            ),
            (),
        ),
        (
            "/source/cohen-2010/p2/s7",
            (
                "facts about four things; what it states or reports is in tension with China and Chinese "
                "officials.",
                "; is reported as of 13 September 2010; leads to",
                "<h2>Opposed by <small>2</small></h2>",
            ),
            ("/claim/economic-reasons-officials",),
        ),
        (
            "/id/disagreement/china-cedaw-ratification",
            ("is deposited in <del>1983</del>", "stands: 4 November 1980</span>"),
            (),
        ),
        (
            "/source/cat-c-chn-co-5",
            (
                "CAT/C/CHN/CO/5 (extract) is read here in seven sentences in three paragraphs; two of these "
                "are disputed or open; on one point other sources differ.",
            ),
            (),
        ),
        (
            "/id/norm/iccpr/7/removal",
            ("Article 7 of the ICCPR, as the Human Rights Committee reads it, forbids ",),
            ("/claim/article-7-forbids-exposure-human-rights-committee-2004",),
        ),
        (
            "/id/ground/persecution-by-economic-policy/element/policy-tantamount-to-persecution",
            ("ground element</a>: condition that must be met for a protection ground to hold",),
            ("/ontology/GroundElement",),
        ),
        (
            "/id/norm/1951-convention/16/3?on=2010-09-13",
            ("On 13 September 2010 it bound", "China (excluded)", "A reservation of China excludes"),
            ("/id/state/CHN", "/id/instrument/1951-convention/article/16/3"),
        ),
        (
            "/id/reservation/cedaw/PRK/2",
            ("Women; withdrawn no earlier than 15 March 2015; withdrawn no later than 31 December 2015; ",),
            (),
        ),
        ("/id/consent/crc/RUS", ("Ratification by the Russian Federation of the Convention",), ()),
        (
            "/id/statement/cat/USA/1",
            ("it is about Article 1, Article 2, Article 3, Article 4 and 12 more.",),
            (),
        ),
        ("/ontology/Act", ("unilateral statements</a>", "treaty acts</a>"), ()),
        (
            "/claim/withdrawal-from-the-iccpr-north-korea",
            (
                "it is in tension with the Human Rights Committee and one finding or fact.",
                "Sources disagree: Whether North Korea left the ICCPR. Depositary record: ",
            ),
            ("/claim/covenant-cannot-be-left-human-rights-committee", "/source/untc/IV-4/PRK"),
        ),
        (
            "/claim/north-koreans-are-south-koreans-upper-tribunal",
            ("it is in tension with the Federal Court of Canada.", " fall under "),
            ("/claim/south-korean-citizenship-is-not-automatic-federal-court",),
        ),
        (
            "/claim/refoulement-is-forbidden-by-custom-court-of-appeal-of-hong-kong",
            ("it is in tension with C. Costello and M. Foster.",),
            ("/claim/refoulement-is-forbidden-by-custom-costello-and-foster",),
        ),
        (
            "/claim/crossed-illegally-for-economic-reasons-china-2015",
            ("are in extent ", "are moved by ", "have <a"),
            (),
        ),
        (
            "/id/instrument/1951-convention/article/17",
            (
                "; of its parts, whether Article 17(1) bound Mexico is not known; "
                "Article 17(2)(a), Article 17(2)(b) and Article 17(2)(c) did not bind Mexico.",
            ),
            ("/id/state/MEX",),
        ),
        # of an article, what is reserved to its parts
        (
            "/id/instrument/1951-convention/article/14?on=2010-09-13",
            (
                "; of its parts, Article 14, second sentence did not bind China.",
                "For whom a part of it is excluded <small>2</small>",
                "A reservation of China excludes 1951 Convention, Article 14, second sentence.",
            ),
            ("/id/state/CHN",),
        ),
        (
            "/id/instrument/1951-convention/article/24?on=2010-09-13",
            (
                "; of its parts, ",
                "Article 24(1)(b) bound the United States of America as a reservation modifies it",
            ),
            ("/id/state/USA",),
        ),
        (
            "/id/instrument/1951-convention/article/18",
            (
                "makes access to self-employment a duty of a contracting state, ",
                "towards a refugee lawfully in the territory; ",
                "No reservation bears on it on this day.",
            ),
            ("/vocab/action/access-to-self-employment",),
        ),
        (
            "/id/norm/1951-convention/33/1?on=1960-01-01",
            ("On 1 January 1960 it bound no recorded state",),
            (),
        ),
        (
            "/id/norm/1986-border-protocol/4/handing-over",
            (
                "allows return by the security ministry of China and the security ministry of North Korea,",
                "Findings on it",
            ),
            ("/id/finding/norm/1986-border-protocol/4/handing-over/norm/cat/3/1/CHN/cat/1988-11-03",),
        ),
        (
            "/id/measure/china-forcibly-repatriates-north-koreans",
            (
                "as seen in 2015: reported as of 3 December 2015; two findings of conflict,",
                "one claim or statement is about it.",
                "Findings that judge it",
            ),
            (
                "/id/state/CHN",
                "/id/statement/concern-over-repatriation-cat-2015",
                "/id/measure/china-deports-north-koreans",
                "/id/follow-up/crc-2005-no-return/CHN/unknown",
            ),
        ),
        (
            "/id/measure/unhcr-proposes-humanitarian-status",
            ("known by 13 September 2010; no finding judges it.",),
            ("/id/body/unhcr", "/vocab/status/special-humanitarian-status"),
        ),
        (
            "/id/participation/cat/CHN/party/1988-11-03",
            (
                "China and the Convention against Torture: party, since 3 November 1988, still so when the "
                "record ends (14 March 2015).",
                "Before and after",
                "attested until 3 December 2015 (not known to have ended then)",
                "What qualifies it",
            ),
            (
                "/id/participation/cat/CHN/not-yet-in-force/1988-10-04",
                "/id/participation/cat/CHN/attested/2015-03-15",
                "/id/consent/cat/CHN",
                "/rule/party",
            ),
        ),
        (
            "/id/provision-standing/cat/article/20/reservation/cat/CHN/1",
            ("China and Article 20 of the Convention against Torture: excluded, since 3 November 1988,",),
            (
                "/id/reservation/cat/CHN/1",
                "/id/provision-standing/cat/article/20/reservation/cat/CHN/1/perhaps-withdrawn",
            ),
        ),
        (
            "/id/statement/concern-over-repatriation-cat-2015",
            ("The Committee against Torture, 3 December 2015: concern, about “China forcibly repatriates",),
            (
                "/id/document/cat-c-chn-co-5/paragraph/46",
                "/id/measure/china-forcibly-repatriates-north-koreans",
            ),
        ),
        (
            "/id/follow-up/cedaw-2006-review/CHN/open",
            (
                "Open: no conduct of China on what was asked is on record as later than the request,",
                "By the rule",
            ),
            ("/id/recommendation/cedaw-2006-review", "/rule/recommendation-that-is-open"),
        ),
        (
            "/id/follow-up/cat-2015-cease-forced-return/CHN/open",
            (
                "Conduct of this kind, not known to be later than the request (made no later than "
                "3 December 2015)",
                "reported as of 2006",
                "reported as of 3 December 2015",
            ),
            ("/id/measure/china-forcibly-repatriates-north-koreans",),
        ),
        (
            "/id/follow-up/cat-2008-access/CHN/refused-in-part",
            (
                "Refused in part: China gives UNHCR limited or no access to North Koreans "
                "(seen 13 September 2010, as Cohen 2010 reports).",
            ),
            ("/id/measure/china-restricts-access-for-unhcr",),
        ),
        (
            "/id/recommendation/cat-2008-access",
            (
                "The Committee against Torture asked China for access for UNHCR on 21 November 2008;",
                "<dt>When</dt><dd>on 21 November 2008</dd>",
            ),
            ("/id/document/cat-c-chn-co-4",),
        ),
        (
            "/id/recommendation/un-bodies-cease-deportations",
            ("<dt>When</dt><dd>no later than 12 September 2010</dd>",),
            (),
        ),
        (
            "/claim/economic-migrants-diplomat",
            (" said so no later than 2009; it is contradicted by Gan Il Kim",),
            (),
        ),
        (
            "/id/open-question/custom-of-non-refoulement",
            ("Does custom forbid refoulement,", "Nothing here is found on custom."),
            ("/id/norm/1951-convention/33/1", "/source/cacv-132-2008/custom"),
        ),
        (
            "/vocab/action/refoulement",
            ("Refoulement: sending of a person, in any manner,", "Comes up in "),
            ("/id/norm/1951-convention/33/1", "/vocab/action/return"),
        ),
        (
            "/id/state/CHN",
            (
                "party to eight of nine treaties when the record ends; ",
                "; reservations bear on seven provisions; ",
                "<small>7</small>",
                "from 15 March 2015 (the record ends the day before)",
                " findings of conflict",
                "undetermined</span> <small>",
                "Border protocol of 1986, Article 4 (handing over those who crossed, according to "
                "circumstances): from 31 December 1986",
            ),
            ("/id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1",),
        ),
        (
            "/queries/can-one-state-bring-another-before-the-court",
            ("No reservation to it is allowed (1951 Convention, Article 42(1)).", "<dt>blocked</dt>"),
            ("/id/reservation/1967-protocol/CHN/1", "/id/reservation/cat/CHN/2"),
        ),
        (
            "/queries/which-provisions-does-a-state-accept?state=KHM&instrument=crc",
            ("Cambodia accepted ", "<summary>and ", " more</summary>"),
            ("/id/instrument/crc/article/2/1", "/id/instrument/crc/article/40/2"),
        ),
        (
            "/vocab/standing-kind/binding",
            ("Binding:",),
            (),
        ),
        (
            "/id/population/north-koreans-in-china",
            ("Comes up in eight measures, ", "What is done or left undone"),
            ("/id/measure/china-returns-north-koreans", "/vocab/risk-factor/outside-country-of-origin"),
        ),
        (
            "/id/measure/china-deports-north-koreans",
            (
                "from China: by our reading, reported as of 13 September 2010; ",
                "<dt>is reported as of, by our reading</dt>",
                "<dt>continues, by our reading</dt>",
            ),
            ("/id/measure/china-returns-north-koreans",),
        ),
        (
            "/id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1",
            (
                "; reported as of 2006; the same conduct, by our reading, is reported again as of "
                "13 September 2010 and 3 December 2015.",
                "; by our reading, reported as of 13 September 2010; the same conduct, by our reading, is "
                "reported again as of 3 December 2015",
            ),
            ("/id/finding/measure/china-deports-north-koreans/norm/1951-convention/33/1",),
        ),
        (
            "/id/recommendation/crc-2005-services",
            ("asked China (by our reading) for ", "<dt>Asked of, by our reading</dt>"),
            ("/id/state/CHN",),
        ),
        (
            "/id/recommendation/cat-2015-legislation",
            ("<dt>Asked of</dt>",),
            ("/id/state/CHN",),
        ),
        (
            "/states?state=CHN&state=PRK&on=1950-01-01",
            ('<p class="why">What is disputed is told of every day, not of 1 January 1950 alone.</p>',),
            ("/id/state/CHN",),
        ),
        (
            "/id/measure/china-restricts-access-for-unhcr",
            ("<dt>refuses</dt>",),
            ("/vocab/action/access-for-unhcr",),
        ),
        (
            "/source/cohen-2010/p2/s8",
            ("are located in", "leaves undone"),
            ("/vocab/action/screening-for-motives",),
        ),
        (
            "/source/cohen-2010/p2/s9",
            ("act for <a href=",),
            ("/id/group/chinese-officials",),
        ),
        (
            "/id/group/local-chinese-officials",
            ("Some local Chinese officials: one measure is on record.", "What is done or left undone"),
            ("/id/measure/local-officials-issue-documents",),
        ),
        (
            "/id/group/chinese-academics-and-experts",
            ("Some Chinese academics and experts: one questioned claim is on record.",),
            ("/claim/economic-reasons-officials",),
        ),
        (
            "/id/group/un-sources-on-north-korea",
            ("one reported statement and one received statement are on record.",),
            ("/claim/torture-of-the-repatriated-witnesses",),
        ),
        (
            "/claim/economic-reasons-officials",
            (
                "Chinese officials said so; it is questioned by some Chinese academics and experts, "
                "and in tension with one finding or fact.",
                "What is against it <small>2</small>",
            ),
            ("/id/group/chinese-academics-and-experts",),
        ),
        (
            "/claim/not-refugees-diplomat",
            ("A senior Chinese diplomat (unnamed) said so no later than 2009; ",),
            ("/id/person/senior-chinese-diplomat",),
        ),
    ],
)
def test_a_page_says_what_a_thing_is_and_leads_on(
    service: Service, path: str, words: tuple[str, ...], links: tuple[str, ...]
) -> None:
    page = service.get(path, HTML)
    assert page.status == 200
    told = html.unescape(page.text).partition("<summary>All statements")[0]
    assert [said for said in words if said not in told] == []
    assert [link for link in links if f'href="{link}"' not in told] == []


def test_people_are_not_counted_among_what_refers_to_them(service: Service) -> None:
    itself = "/id/population/returnees-who-met-missionaries"
    told = service.get(itself, HTML).text.partition("<summary>All statements")[0]
    told = told.partition("<h1")[2].partition("<aside")[0]
    assert ("Comes up in" in told, f'href="{itself}"' in told) == (False, False)


@pytest.mark.parametrize("speaker", ["", "?speaker=roberta-cohen"])
def test_a_question_leads_to_the_one_that_it_is_taken_for_and_back(service: Service, speaker: str) -> None:
    names = ("which-claims-contradict-each-other", "which-claims-contradict-what")
    for name, other in (names, names[::-1]):
        rows = json.loads(service.get(f"/queries/{other}.json{speaker}", "application/json").body)
        number = len(rows["results"]["bindings"])
        page = service.get(f"/queries/{name}{speaker}", HTML).text
        (href, said) = re.findall(r'Another question: <a href="([^"]+)">[^<]+</a> \(([^)]+)\)', page)[0]
        assert (href, said) == (f"/queries/{other}{speaker}", f"{number} row{'' if number == 1 else 's'}")


def test_the_passages_that_a_source_counts_as_disputed_are_those_that_it_marks(service: Service) -> None:
    page = service.get("/source/cohen-2010", HTML).text
    marked = sum(map(int, re.findall(r'<span class="tag">(\d+) passages? disputed or open</span>', page)))
    assert f"13 notes; {marked} of these are disputed or open; on 14 points other sources differ" in page
    assert "is opposed on" not in page


def test_an_explanation_leads_with_the_sources_that_speak_of_the_thing(service: Service) -> None:
    page = service.get("/explain?iri=state:CHN", HTML).text
    assert page.index("<h2>Sources that speak of it") < page.index(">Disputed <") < page.index("<h2>Why")
    first = page.partition("<h2>Sources that speak of it")[2].partition("</details>")[0]
    assert re.search(r"<summary>Cohen 2010 <small>\d+ passages</small>", first)
    assert '<a href="/source/cohen-2010/p7/s2">' in first


def test_the_instances_of_a_class_are_those_of_narrower_classes_and_of_none(service: Service) -> None:
    page = service.get("/ontology/UnilateralStatement", HTML).text
    told = re.search(r"All things of this sort on record: (.*) of no narrower class\.", page)
    assert told is not None
    assert re.findall(r'href="/ontology/(\w+)"', told[1]) == ["Reservation", "InterpretiveDeclaration"]
    numbers = [int(number) for number in re.findall(r"\b\d+\b", told[1])]
    assert f"<small>{sum(numbers)}</small>" in page
    assert len(numbers) == 3
    assert "of no narrower class" not in service.get("/ontology/State", HTML).text


def test_each_statement_names_its_passages_though_those_before_it_have_the_same(service: Service) -> None:
    page = service.get("/id/party-count/1951-convention-and-1967-protocol/2010-09-13", HTML).text
    cells = re.findall(r'<td class="stated" data-title="stated in">(.*?)</td>', page, re.DOTALL)
    several = [cell for cell in cells if cell.count('<span class="graph">') > 1]
    assert len(several) > len(set(several)) > 0
    assert not [cell for cell in cells if '<a href="' not in cell]


def test_a_passage_is_found_by_what_people_call_the_act_that_it_speaks_of(service: Service) -> None:
    found = json.loads(service.get("/search?q=Cohen+reserved", "application/json").body)["results"]
    assert [hit["label"] for hit in found][:4] == [
        "Which clause on the International Court China reserved",
        "China: reservation to 1967 Protocol, Article IV",
        "Cohen 2010, paragraph 7, sentence 2",
        "Cohen 2010, paragraph 10, sentence 3",
    ]
    assert found[2]["disputed"] == ["rejected: Which clause on the International Court China reserved"]


def test_what_opposes_a_claim_is_not_said_of_the_passage_that_makes_it(service: Service) -> None:
    page = service.get("/source/cohen-2010/p2/s8", HTML).text
    assert "in tension with" in page
    assert "<h2>Opposed by" not in page


def test_a_reservation_is_found_by_what_the_provision_that_it_touches_lays_down(service: Service) -> None:
    found = service.get("/search?q=International+Court+of+Justice+China", "application/json").body
    first = json.loads(found)["results"][0]
    assert (first["kind"], first["label"]) == (
        "reservation",
        "China: reservation to 1967 Protocol, Article IV",
    )


def test_what_qualifies_a_finding_is_said_once_and_the_weightiest_first(service: Service) -> None:
    page = service.get("/id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1", HTML)
    listed = html.unescape(page.text).partition('<ul class="caveats">')[2].partition("</details>")[0]
    lines = [line.split("<summary>")[-1] for line in listed.split("<li>")[1:]]
    held = "(argument of an author; certainty: “asserted” in one statement of it, “possible” in another)."
    assert (
        "reported as of 2006; the same conduct, by our reading, is reported again as of 13 September 2010 "
        "and 3 December 2015" in page.text
    )
    assert lines[0].strip().endswith(f"is the view of Roberta Cohen {held}</li>")
    assert ["could be invoked" in line and line.count("33(2))") == 1 for line in lines[1:3]] == [True] * 2
    assert "alone this is certain only for refugees from events before 1951; " in lines[4]
    assert lines[5].startswith("What is declared <small>4<")
    assert "<li>For Hong Kong and Macao it goes by what is declared for them alone." in listed
    assert len(lines) == 10


def test_what_stands_comes_before_what_is_rejected_and_bears_the_mark(service: Service) -> None:
    sought = "/search?q=International+Court+of+Justice+China+refugees"
    stands, rejected = json.loads(service.get(sought, "application/json").body)["results"]
    assert stands["label"] == "China: reservation to 1967 Protocol, Article IV"
    assert rejected["label"] == "Cohen 2010, paragraph 7, sentence 2"
    assert rejected["disputed"] == ["rejected: Which clause on the International Court China reserved"]
    assert service.get(sought, HTML).text.count('<strong class="tag">rejected</strong>') == 1


COURT = (
    "Whether one state can bring another before a court over an action such as refoulement, "
    "and what blocks it"
)


@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("Article 33 of the Refugee Convention", "1951 Convention, Article 33"),
        ("Geneva Convention exclusion clauses", "1951 Convention, Article 1F"),
        ("clause on the international court", "1951 Convention, Article 38"),
        ("deported women", "returned North Korean women who married foreign men and became pregnant by them"),
        ("forced marriage", "marriage enslavement"),
        ("humanitarian aid", "humanitarian assistance"),
        ("unaccompanied minors", "is an unaccompanied child"),
        ("right to work", "1951 Convention, Article 17"),
        ("can a refugee have a work permit", "1951 Convention, Article 17"),
        ("housing", "Housing of refugees (1951 Convention, Article 21)"),
        ("right to education", "1951 Convention, Article 22"),
        ("expel", "1951 Convention, Article 32"),
        ("High Commissioner", "Office of the United Nations High Commissioner for Refugees"),
        ("human rights committee", "Human Rights Committee"),
        ("Russia", "Russian Federation"),
        ("Burma", "Myanmar"),
        ("freedom of religion", "Freedom of religion of refugees (1951 Convention, Article 4)"),
        ("identity papers", "Identity papers for refugees (1951 Convention, Article 27)"),
        ("travel document", "Travel documents for refugees (1951 Convention, Article 28(1))"),
        ("family reunification", "Requests for family reunification (CRC, Article 10(1))"),
        (
            "illegal entry penalty",
            "No penalty for illegal entry or presence of a refugee (1951 Convention, Article 31(1))",
        ),
        ("can Japan sue China", COURT),
        ("lawsuit against Mongolia", COURT),
        ("bring Thailand before the court", COURT),
        ("Macau", "Macao"),
        ("article 33 of the 1951 refugee convention", "1951 Convention, Article 33"),
        ("Refugee Convention art. 31", "1951 Convention, Article 31"),
        ("article 33, paragraph 2, of the Refugee Convention", "1951 Convention, Article 33(2)"),
        ("1951 Geneva Convention article 1F", "1951 Convention, Article 1F"),
        ("Article IV of the Refugee Protocol", "1967 Protocol, Article IV"),
        ("article 3 of the Convention against Torture", "Convention against Torture, Article 3"),
        (
            "What does article 3 of the UN Convention against Torture say?",
            "Convention against Torture, Article 3",
        ),
        ("the Torture Convention's article 20", "Convention against Torture, Article 20"),
        ("article 22 of the Convention on the Rights of the Child", "CRC, Article 22"),
        ("article 37 (a) of the children’s convention", "CRC, Article 37(a)"),
        ("art 9 of the women's convention", "CEDAW, Article 9"),
        ("Article 7 of the Covenant", "ICCPR, Article 7"),
        ("Vienna Convention on the Law of Treaties article 18", "VCLT, Article 18"),
        (
            "finding on forced return of North Koreans and Article 33(1)",
            "forced return of North Koreans from China and 1951 Convention, Article 33(1)",
        ),
        ("reservation of China to the Refugee Protocol", "China: reservation to 1967 Protocol, Article IV"),
        ("Legal Grounds for Protection of North Korean Refugees", "Cohen 2010"),
        ("Cohen paragraph 5", "Cohen 2010, paragraph 5, sentence 1"),
        ("CAT/C/CHN/CO/4", "CAT/C/CHN/CO/4 (copy)"),
        ("CAT/C/CHN/CO/5, paragraph 46", "CAT/C/CHN/CO/5 (extract), paragraph 46, sentence 1"),
        ("General Comment 6, paragraph 27", "General Comment 6, paragraph 27"),
        (
            "economic migrants",
            "North Koreans are economic migrants, like Mexicans in the USA (diplomat)",
        ),
    ],
)
def test_everyday_words_find_what_they_mean_first(service: Service, sought: str, first: str) -> None:
    found = service.get(f"/search?q={quote(sought)}", "application/json").body
    assert json.loads(found)["results"][0]["label"] == first


@pytest.mark.parametrize(
    ("sought", "unknown"),
    [
        ("special rapporteur", "No name on record has “rapporteur”"),
        ("boat people", "No name on record has “boat”"),
        ("labour camp", "No name on record has “camp”"),
        ("security council", ""),
        ("can Japan sue China", ""),
    ],
)
def test_a_search_says_which_word_no_name_has(service: Service, sought: str, unknown: str) -> None:
    page = service.get(f"/search?q={quote(sought)}", HTML).text
    assert re.findall("No name on record has “[^”]*”", page) == ([unknown] if unknown else [])


@pytest.mark.parametrize(
    ("sought", "spelled"),
    [
        ("refoulment", "refoulement"),
        ("expulsoin of refugees", "expulsion of refugees"),
        ("labour camp", ""),
        ("PRC", ""),  # a name of China
    ],
)
def test_a_search_for_what_is_misspelled_leads_to_what_is_near(
    service: Service, sought: str, spelled: str
) -> None:
    page = service.get(f"/search?q={quote(sought)}", HTML).text
    assert re.findall("Did you mean <a[^>]*>([^<]*)</a>", page) == ([spelled] if spelled else [])


@pytest.mark.parametrize("sought", ["PRC", "People's Republic of China", "USSR", "Soviet Union"])
def test_a_state_is_found_and_asked_for_by_names_that_are_not_its_label(
    service: Service, sought: str
) -> None:
    found = service.get("/search", JSON, q=sought).json()["results"][0]
    assert found["kind"] == "state"
    page = service.get("/queries/which-provisions-bind-a-state-on-a-day", HTML, state=sought).text
    (listed,) = re.findall(r'<select id="field-state".*?</select>', page, re.DOTALL)
    assert re.findall('value="([A-Z]*)" selected', listed) == [found["iri"].rpartition("/")[2]]


def test_a_form_chooses_nothing_for_what_is_no_value(service: Service) -> None:
    page = service.get("/queries/which-provisions-bind-a-state-on-a-day", HTML, state="Narnia").text
    (listed,) = re.findall(r'<select id="field-state".*?</select>', page, re.DOTALL)
    assert re.findall('value="([A-Z]*)" selected', listed) == [""]
    assert "allowed are Cambodia (KHM), China (CHN)" in page


def test_findings_are_picked_by_conduct_and_then_by_provision_in_legal_order(service: Service) -> None:
    page = service.get("/queries/what-qualifies-a-finding", HTML).text
    (listed,) = re.findall(r'<select id="field-finding".*?</select>', page, re.DOTALL)
    groups = dict(re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', listed, re.DOTALL))
    assert listed.count("<option") == sum(group.count("<option") for group in groups.values())
    assert re.findall(
        ">([^<]+)</option>", groups["China gives UNHCR limited or no access to North Koreans"]
    ) == [
        "1951 Convention, Article 35(1)",
        "1967 Protocol, Article II(1)",
        "Agreement of 1995 between China and UNHCR, Article III(5)",
    ]
    assert re.findall("selected>([^<]+)", groups["forced return of North Koreans from China"]) == [
        "1951 Convention, Article 33(1)"
    ]


def test_the_module_of_a_term_is_called_by_its_title_beside_its_short_name(
    service: Service,
) -> None:
    page = service.get("/ontology/Claim", HTML).text
    assert re.search(
        r'<a href="/ontology/speech">Surplace ontology: speech</a>\s*<code[^>]*>sur:speech', page
    )


def test_a_finding_says_what_qualifies_it_once(service: Service) -> None:
    path = "1986-border-protocol/4/handing-over/norm/crc/6/return-to-irreparable-harm/CHN/crc/1992-04-01"
    page = service.get(f"/id/finding/norm/{path}", HTML).text.partition("What is said of it")[0]
    assert page.count("on family planning, and with Article 2") == 1


def test_a_question_is_found_by_what_it_may_be_asked_about_only_beside_a_word_of_its_own(
    service: Service,
) -> None:
    found = json.loads(service.get("/search?q=China+Japan", "application/json").body)["results"]
    assert [hit for hit in found if hit["kind"] == "question"] == []


def test_the_adjective_of_a_state_stands_for_the_state(service: Service) -> None:
    found = json.loads(service.get("/search?q=Chinese+law+on+foreigners", "application/json").body)["results"]
    assert [hit["label"] for hit in found if hit["kind"] == "legal instrument"][:1] == [
        "law of China on foreigners (the Exit and Entry Law or another, not identified)"
    ]


def test_a_term_of_a_vocabulary_comes_after_what_is_said_in_it(service: Service) -> None:
    found = json.loads(service.get("/search?q=economic+migrants", "application/json").body)
    kinds = [hit["kind"] for hit in found["results"]]
    assert kinds.index("term of a vocabulary") > max(
        number for number, kind in enumerate(kinds) if kind in ("claim", "passage")
    )


def test_a_search_says_of_the_record_of_a_text_that_it_is_not_its_words(service: Service) -> None:
    found = json.loads(service.get("/search?q=text+of+article+33", "application/json").body)["results"]
    assert found[0]["label"] == "Text of 1951 Convention, Article 33"
    assert found[0]["note"].startswith("the passage of the source: what is recorded from it")


def test_a_passage_that_only_dates_a_claim_is_not_said_to_speak_of_it(service: Service) -> None:
    found = json.loads(service.get("/search?q=economic+migrants", "application/json").body)["results"]
    assert [hit["label"] for hit in found if "economic migrants" in hit["note"]] == [
        "Cohen 2010, paragraph 1, sentence 2"
    ]


def test_a_module_is_found_by_its_name_and_says_what_it_is_on(service: Service) -> None:
    found = json.loads(service.get("/search?q=ontology+reservations", "application/json").body)["results"]
    assert found[0]["label"] == "Surplace ontology: reservations"
    assert found[0]["note"].startswith("What states declare on consenting")


def test_a_search_names_whose_view_opposes_a_claim(service: Service) -> None:
    found = json.loads(service.get("/search?q=economic+migrants", "application/json").body)["results"]
    found = [one["disputed"] for one in found if one["disputed"]]  # a question is found by these words, too
    assert found[0] == [
        "contradicted by: Gan Il Kim: Among those who defect from North Korea are refugees (dean at Yanbian)",
        "in tension with: Roberta Cohen: A determination might find refugees among economic crossers "
        "(author)",
        "in tension with: Roberta Cohen: Those whom a policy amounting to persecution made leave may be "
        "refugees (author)",
        "in tension with: Roberta Cohen: With a well-founded fear, crossers should count as refugees and not "
        "be forced back (author)",
    ]
    assert found[1][0].startswith(
        "in tension with: Cohen 2010, paragraph 2, sentence 7: Of some of those whom the claim is about, the "
        "passage speaks with another motive"
    )


def test_a_search_that_names_a_circumstance_leads_to_a_person(service: Service) -> None:
    leads = 'describe <a href="/person">'
    named = service.get("/search?q=pregnant+by+a+Chinese+man", HTML).text
    assert "“pregnant by a foreign man” is true" in named
    assert leads in named
    for other in ("article+33+refugee+convention", "China", "return"):
        assert leads not in service.get(f"/search?q={other}", HTML).text


def test_a_search_for_a_paragraph_leads_to_the_whole_of_it_first(service: Service) -> None:
    paragraph = '<a class="hit" href="/source/cohen-2010?part=p5">Cohen 2010, paragraph 5</a>'
    page = service.get("/search?q=Cohen+paragraph+5", HTML).text
    assert page.index(paragraph) < page.index('href="/source/cohen-2010/p5/s1"')
    for other in ("Cohen+paragraph+5+sentence+1", "Cohen+paragraph+99", "Cohen+5"):
        assert "?part=" not in service.get(f"/search?q={other}", HTML).text


def test_a_day_that_is_none_is_refused(service: Service) -> None:
    assert service.get("/id/norm/1951-convention/33/1?on=tomorrow", HTML).status == 400


def test_the_day_that_is_meant_where_none_is_given_is_the_end_of_the_record_of_consents(
    service: Service,
) -> None:
    assert "if empty, the end of the record (14 March 2015)." in service.get("/person", HTML).text


@pytest.mark.parametrize("words", [*qualifying._WEIGHTY, qualifying._CERTAINTY])
def test_the_words_by_which_caveats_are_ordered_are_those_of_a_rule(words: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ontology_dir() / "rules").glob("*.rq")]
    assert any("sur:hasCaveat" in text and words in text for text in texts)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/id/state/PHL", "The Philippines: party to nine of nine treaties when the record ends. · Surplace"),
        ("/id/period/1945-06-26", "26 June 1945. · Surplace"),
        (
            "/states?state=CHN&state=JPN&state=THA",
            "China beside Japan beside Thailand: At the end of the record (14 March 2015) all were party to "
            "the Charter of the United Nations, the Convention against… · Surplace",
        ),
    ],
)
def test_a_title_says_a_name_once(service: Service, path: str, title: str) -> None:
    page = service.get(path, HTML).text
    assert f"<title>{title}</title>" in page


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "/id/document/cat-c-chn-co-4-add-2",
            "CAT/C/CHN/CO/4/Add.2: state reply; authored by China; dated 9 December 2009; issued on "
            "18 December 2009; reply to document CAT/C/CHN/CO/4; stated in CAT/C/CHN/CO/4/Add.2: cover page "
            "and opening.",
        ),
        (
            "/id/membership/excom/CHN",
            "China's seat in UNHCR's Executive Committee: membership; membership in the Executive Committee "
            "of the High Commissioner's Programme; membership of China; starts in 1958; stated in Cohen "
            "2010, paragraph 6, sentence 1.",
        ),
        (
            "/id/territorial-declaration/1967-protocol/hong-kong",
            "1967 Protocol never extended to Hong Kong: territorial declaration; applies there: no; concerns "
            "territory Hong Kong; declared of the 1967 Protocol relating to the Status of Refugees",
        ),
        (
            "/id/open-question/rank-of-the-border-protocol",
            "Is the border protocol a treaty between the two states? Open question; open about ",
        ),
    ],
)
def test_what_nothing_defines_or_mentions_is_summed_up_by_its_facts(
    service: Service, path: str, sentence: str
) -> None:
    page = html.unescape(service.get(path, HTML).text)
    assert f'<p class="sentence">{sentence}' in page
    assert f'<meta name="description" content="{sentence}' in page


def test_the_page_of_each_class_of_things_has_a_lead(service: Service, real_store: Store) -> None:
    query = f"""SELECT (MIN(?thing) AS ?one) WHERE {{ ?thing <{RDF}type> ?class
        FILTER(STRSTARTS(STR(?thing), "{BASE}id/") && !STRSTARTS(STR(?thing), "{BASE}id/period/"))
        }} GROUP BY ?class"""
    paths = {"/" + row["one"].value.removeprefix(BASE) for row in real_store.query(query)}
    assert len(paths) > 60
    assert {path for path in paths if 'class="sentence"' not in service.get(path, HTML).text} == set()


def test_a_lead_that_says_no_more_than_the_heading_is_left_out(service: Service) -> None:
    assert 'class="sentence"' not in service.get("/id/period/1945-06-26", HTML).text
    assert 'class="sentence"' in service.get("/id/state/PHL", HTML).text


@pytest.mark.parametrize(
    "path", ["/states?state=THA&state=MNG", "/matrix?treaty=crc", "/search?q=article+33"]
)
def test_the_foot_of_a_printed_page_has_its_whole_address(service: Service, path: str) -> None:
    foot = service.get(path, HTML).text.partition('<span class="printed">')[2].partition("</p>")[0]
    assert f"w3id.org/surplace{path}</span>".replace("&", "&amp;") in foot


def test_conduct_that_is_named_by_a_sentence_is_no_subject_without_that(service: Service) -> None:
    finding = "/id/finding/measure/china-has-no-adjudication-process/norm/1951-convention/33/1"
    said = (
        "That China has no process to determine who is a refugee is not shown to conflict with Article 33(1)"
    )
    assert said in service.get(finding, HTML).text
