"""Pages of treaties and provisions, and the matrix, on a day: they say what the question on it says."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest

from service import Service, serving

HTML = "text/html"
DAY = "2010-09-13"


@pytest.fixture(scope="module")
def service(project_service: Service) -> Service:
    """The service of the project's own release, under a shorter name."""
    return project_service


def test_the_page_of_a_treaty_counts_articles_once_and_reservations_to_another_treaty_apart(
    service: Service,
) -> None:
    """The United States reserved upon the Protocol; Article 29 is one article with its paragraphs."""
    page = service.get("/id/instrument/1951-convention", HTML).text
    assert (
        "reservations of two states, and of one state to the 1967 Protocol, bear on seven articles;" in page
    )


def test_the_page_of_a_treaty_says_for_which_territories_it_is_declared_and_not_that_it_applies_there(
    service: Service,
) -> None:
    page = service.get("/id/instrument/1951-convention", HTML).text.partition("<h2>Territories</h2>")[2]
    found = re.findall(r"<li><a [^>]*>([^<]*)</a>: ([a-z ]*)", page.partition("</ul>")[0])
    assert [(territory, said.strip()) for territory, said in found] == [
        ("Hong Kong", "declared not to apply"),
        ("Macao", "declared to apply"),
    ]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("path", "words", "links"),
    [
        (
            "/id/consent/1951-convention/CHN",
            (
                "Accession by China to the 1951 Convention; deposited on 24 September 1982;",
                "Sources say otherwise, which is rejected.",
            ),
            ("/id/disagreement/china-act-of-consent", "/source/cohen-2010/p7/s2", "/id/state/CHN"),
        ),
        (
            "/id/reservation/1951-convention/CHN/1",
            (
                "Reservation by China to the 1951 Convention; it excludes Article 14, second sentence.",
                "Since 23 December 1982, still so when the record ends (14 March 2015).",
                "Whether another state objected to the reservation",
            ),
            ("/id/instrument/1951-convention", "/id/consent/1951-convention/CHN", "/source/untc/V-2/CHN"),
        ),
        (
            "/id/reservation/crc/THA/1",
            ("it makes conditional Article 22.", "on condition that"),
            ("/id/instrument/crc/article/22",),
        ),
        ("/id/signature/iccpr/CHN", ("signed on 5 October 1998.",), ("/id/instrument/iccpr",)),
    ],
)
def test_the_page_of_an_act_says_what_follows_from_it_and_who_says_otherwise(
    service: Service, path: str, words: tuple[str, ...], links: tuple[str, ...]
) -> None:
    page = service.get(path, HTML).text.partition("All statements")[0]
    shown = " ".join(re.sub("<[^>]+>", "", page).split())
    assert [part for part in words if part not in shown] == []
    assert [link for link in links if f'href="{link}' not in page] == []


@pytest.mark.parametrize(
    ("treaty", "day", "states"),
    [
        ("1951-convention", DAY, {"China": "CHN", "United States of America": "USA", "Thailand": "THA"}),
        ("cat", "2015-12-01", {"China": "CHN", "Japan": "JPN"}),
        ("1951-convention", "2015-06-01", {"China": "CHN", "United States of America": "USA"}),
        ("cat", "2015-12-31", {"China": "CHN", "Japan": "JPN"}),
        ("crc", "1990-01-01", {"China": "CHN", "Japan": "JPN"}),
    ],
)
def test_the_matrix_says_what_the_question_says(
    service: Service, treaty: str, day: str, states: dict[str, str]
) -> None:
    cells = rows(service.get("/matrix.csv", treaty=treaty, on=day).text)
    assert service.get("/matrix.csv", treaty=treaty, as_of=day).status == 400  # a day, though not so called
    for label, code in states.items():
        asked = service.get(
            "/queries/which-provisions-bind-a-state-on-a-day.csv", state=code, instrument=treaty, as_of=day
        )
        expected = {
            (row["provisionLabel"], row["throughLabel"], row["standingLabel"]) for row in rows(asked.text)
        }
        found = {
            (row["provision"], row["through"], row["standing"]) for row in cells if row["state"] == label
        }
        assert found
        assert found == expected


def test_the_matrix_puts_exceptions_first_and_folds_the_rest(service: Service) -> None:
    page = service.get("/matrix", HTML, treaty="1951-convention", on=DAY).text
    assert 'aria-label="China, Article 14, second sentence: excluded"' in page
    assert 'aria-label="China, all others: binding"' in page
    assert "Article 33(1)</a></th>" not in page  # nobody has an exception to it
    assert "</span> alike for every provision" in page
    # the paragraphs of an article to which each state stands as to that are in its column
    assert 'Article 32</a> <span class="why">and 3 parts</span></th>' in page
    assert "Article 32(1)</a></th>" not in page
    assert "Article 17(2)(a)</a></th>" in page


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("CAT/C/CHN/CO/4", {"cat-c-chn-co-4", "cat-c-chn-co-4-add-1", "cat-c-chn-co-4-add-2"}),
        ("legal grounds protection", {"cohen-2010"}),
        ("committee against torture extract", {"cat-c-chn-co-5"}),
        ("zembla", set()),
    ],
)
def test_a_source_is_found_by_symbol_body_and_words(service: Service, sought: str, found: set[str]) -> None:
    page = service.get("/sources", HTML, find=sought).text
    assert set(re.findall(r'href="/source/([^"]+)"', page)) == found


def test_the_page_of_a_treaty_says_who_is_party_and_what_is_reserved(service: Service) -> None:
    page = service.get("/id/instrument/1951-convention", HTML, on="13 September 2010").text
    assert '<p class="sentence">On 13 September 2010, seven recorded states were party' in page
    assert page.index("Article 2</a>") < page.index("Article 10</a>")
    later = service.get("/id/instrument/1951-convention", HTML, on="2030-01-01").text
    assert "On 1 January 2030, no recorded state is known to have been party" in later
    assert "it is not known, which is not the same as no" in later
    assert "on this day is not known: the record ends on 14 March 2015" in later
    assert "No reservation bears" not in later


@pytest.mark.parametrize(
    ("states", "day", "said"),
    [
        (
            ("THA", "MNG"),
            "2030-01-01",
            "On 1 January 2030 both were party to the ICCPR; of eight recorded treaties more it is not known "
            "whether both were party: the record ends on 14 March 2015.",
        ),
        (
            ("THA",),
            "2030-01-01",
            "On 1 January 2030 Thailand was party to the ICCPR; of eight recorded treaties more it is not "
            "known whether Thailand was party: the record ends on 14 March 2015.",
        ),
        (
            ("THA", "MNG"),
            "1930-01-01",
            "On 1 January 1930 no recorded treaty bound both; neither was party to the 1951 Convention",
        ),
        (("THA", "MNG"), "2010-09-13", "On 13 September 2010 both were party to the Charter"),
    ],
)
def test_states_side_by_side_on_a_day_of_which_nothing_is_known(
    service: Service, states: tuple[str, ...], day: str, said: str
) -> None:
    page = service.get(
        "/states?" + "&".join([*(f"state={state}" for state in states), f"on={day}"]), HTML
    ).text
    assert f'<p class="sentence">{said}' in page
    assert ("What its reservations bear on is not known on this day" in page) == (day > "2015-03-14")


@pytest.mark.parametrize(
    ("states", "day", "said"),
    [
        (
            ("KOR", "USA"),
            "2016-01-01",
            "; reservations bore, unless withdrawn since the record ended, on one provision for the "
            "Republic of Korea and ten provisions for the United States of America; whether reservations "
            "bore on three more provisions for the Republic of Korea and two more provisions for the "
            "United States of America is not known.",
        ),
        (
            ("PRK",),
            "2015-06-01",
            "; whether reservations bore on three provisions for the Democratic People&#39;s Republic of "
            "Korea is not known.",
        ),
        (
            ("KOR",),
            "2015-03-14",
            "; reservations bore on four provisions for the Republic of Korea.",
        ),
    ],
)
def test_of_reservations_perhaps_withdrawn_it_is_said_that_this_is_not_known(
    service: Service, states: tuple[str, ...], day: str, said: str
) -> None:
    page = service.get("/states?" + "&".join([*(f"state={state}" for state in states), f"on={day}"]), HTML)
    assert f"{said}</p>" in page.text


def test_treaties_are_called_with_their_article_where_states_stand_side_by_side(service: Service) -> None:
    page = service.get("/states?state=CHN&state=PRK&state=THA&on=2010-09-13", HTML).text
    assert "Thailand to the Convention against Torture and the ICCPR besides; " in page


def test_the_page_of_a_provision_says_its_norm_in_words_and_whom_it_does_not_bind(service: Service) -> None:
    page = service.get("/id/instrument/1951-convention/article/33/1", HTML, on=DAY).text
    assert "forbids a contracting state the expulsion, refoulement or return of a refugee if life" in page
    assert "sending of a person, in any manner, to where a harm threatens" in page
    for words in ("contracting state", "refoulement", "refugee", "life or freedom would be at risk"):
        assert words in page
    assert 'rel="prev">Article 32(3)</a>' in page
    assert 'rel="next">Article 33(2)</a>' in page
    whole = service.get("/id/instrument/cat/article/3", HTML, on=DAY).text
    assert "Article 3 of the Convention against Torture has two parts on record." in whole
    assert (
        "Article 3(1)</a> forbids a state party the expulsion, extradition, refoulement or return of" in whole
    )
    excepted = service.get("/id/instrument/1951-convention/article/33", HTML, on=DAY).text
    assert "Article 33(2)</a> lays down an exception to the ban on refoulement for danger to the" in excepted
    assert ", if the refugee stands convicted, by a final judgment, of an especially grave crime" in excepted
    later = service.get("/id/instrument/1951-convention/article/33/1", HTML, on="2030-01-01").text
    unknown = (
        "On 1 January 2030 of 14 recorded states it is not known whether it bound them: the record ends on"
    )
    assert f"{unknown} 14 March 2015." in later
    assert "14 of whom it is not known" in later
    assert "No reservation bears" not in later
    reserved = service.get("/id/instrument/1951-convention/article/14/second-sentence", HTML, on=DAY).text
    assert "not, or not as it stands, China (excluded)" in reserved


@pytest.mark.parametrize(
    ("path", "asked", "detail"),
    [
        ("/matrix", {"treaty": "1951-conventio"}, "did you mean 1951-convention?"),
        ("/matrix", {"on": "yesterday"}, "give a day such as 2010-09-13"),
        ("/matrix", {"on": "12/09/2010"}, "for such figures read two ways: give a day such as 2010-09-13"),
        ("/id/instrument/cat", {"on": "31 February 2010"}, "give a day such as 2010-09-13"),
    ],
)
def test_what_is_no_treaty_or_day_is_refused(
    service: Service, path: str, asked: dict[str, str], detail: str
) -> None:
    response = service.get(path, HTML, **asked)
    assert response.status == 400
    assert detail in response.text


@pytest.mark.parametrize(
    ("path", "asked", "heading"),
    [
        ("/states", {"state": "north korea"}, "Democratic People's Republic of Korea"),
        ("/matrix", {"treaty": "Refugee Convention"}, 'value="1951-convention" selected'),
        ("/queries/which-treaties-bind-a-state-and-since-when", {"state": "Russia"}, "Russian Federation"),
    ],
)
def test_a_state_or_treaty_is_taken_by_its_name(
    service: Service, path: str, asked: dict[str, str], heading: str
) -> None:
    response = service.get(path, HTML, **asked)
    assert response.status == 200
    assert heading in html.unescape(response.text)


def test_an_article_and_its_parts_that_stand_alike_are_one_entry_under_a_heading_that_is_true_of_it(
    service: Service,
) -> None:
    page = service.get("/states?state=CHN&state=THA", HTML).text
    assert "<h2>Excluded or conditioned</h2>" in page
    assert page.count(">CRC, Article 22</a>") == 1
    for part in ("1", "2"):
        path = f"/id/instrument/crc/article/22/{part}"
        assert f'<a href="{path}" aria-label="CRC, Article 22({part})">Article 22({part})</a>' in page
    thailand = page[page.index('<section aria-label="Thailand">') : page.index("With others")]
    assert thailand.count("binds no further than that") == 1
    for word in ("party", "excluded", "not party", "signed only", "conditioned"):
        assert re.search(rf'data-letter="[BXP]">{word}</span> standing of a state', page), word
    rows = service.get("/id/state/CHN", HTML).text
    assert '<h2 id="reserved">Excluded or conditioned <small>7</small></h2>' in rows
    provision = service.get("/id/instrument/crc/article/22", HTML).text
    assert re.search(r"<h2>For whom it is conditioned <small>\d+</small></h2>", provision)


def test_states_side_by_side_without_a_day_stand_as_on_the_last_of_the_record(service: Service) -> None:
    page = service.get("/states?state=CHN&state=THA", HTML).text
    line = page[page.index('/id/instrument/cat"') :].partition("</tr>")[0]
    assert re.findall(r'data-letter="(.)">([^<]+)</span> <span class="why">([^<]*)', line) == [
        ("B", "party", "since 3 November 1988"),
        ("B", "party", "since 1 November 2007"),
    ]


def test_who_compares_nothing_is_told_to_tick_states_first(service: Service) -> None:
    page = service.get("/states", HTML).text
    target = re.search(r'<form method="get" action="/states#([a-z-]+)">', page)
    assert target is not None
    assert re.search(rf'<p [^>]*id="{target[1]}"[^>]*>Nothing is ticked yet: tick the states', page)
    assert page.index('type="checkbox"') < page.index("Compare</button>")
    assert f'id="{target[1]}"' not in service.get("/states?state=CHN", HTML).text


def test_states_stand_side_by_side_on_a_day(service: Service) -> None:
    page = service.get("/states", HTML, state="THA", on="1 January 2000").text
    assert "On 1 January 2000 Thailand was party to" in page
    assert "the Convention against Torture" not in page[page.index('"sentence"') : page.index("<table")]
    later = service.get("/states?state=THA&state=MNG&on=2010-09-13", HTML).text
    assert "On 13 September 2010 both were party to" in later
    assert "neither was party to the 1951 Convention or the 1967 Protocol" in later
    assert "the Convention against Torture" in later[later.index('"sentence"') : later.index("<table")]
    refused = service.get("/states", HTML, state="THA", on="soon")
    assert (refused.status, "give a day such as 2010-09-13" in refused.text) == (400, True)


@pytest.mark.parametrize("path", ["/matrix?treaty=crc&", "/id/instrument/crc?"])
def test_before_its_adoption_nobody_was_party_to_a_treaty(service: Service, path: str) -> None:
    none = "the Convention on the Rights of the Child had not been adopted, so that no state was party to it."
    assert f">On 19 November 1989, {none}<" in service.get(f"{path}on=1989-11-19", HTML).text
    assert "had not been adopted" not in service.get(f"{path}on=1989-11-20", HTML).text


@pytest.mark.parametrize(
    ("asked", "said", "unsaid"),
    [
        ("state=CHN&on=1988-10-20", "On 20 October 1988 China was party to the 1951 Convention", "not known"),
        (
            "state=USA&state=KHM&on=1992-07-01",
            "the Convention on the Rights of the Child, the ICCPR or",
            "not known",
        ),
        (
            "state=CHN&state=JPN&on=1981-11-15",
            "neither was party to the 1951 Convention, the 1967 Protocol, the Convention against Torture",
            "not known",
        ),
    ],
    ids=["one state", "neither yet", "one of them not yet"],
)
def test_who_is_not_yet_bound_is_known_not_to_be_party(
    service: Service, asked: str, said: str, unsaid: str
) -> None:
    page = service.get(f"/states?{asked}", HTML).text
    sentence = page[page.index('"sentence"') :].partition("</p>")[0]
    assert said in sentence
    assert unsaid not in sentence


def test_a_state_that_has_left_is_not_counted_as_party(world_release: Path) -> None:
    """Of the invented world, where Borealia left one of three treaties, and three records say nothing."""
    with serving("--release", str(world_release)) as running:
        states = running.get("/states", HTML).text
        state = running.get("/id/state/BOR", HTML).text
        both = running.get("/states?state=BOR&state=CAL&on=1980-01-01", HTML).text
    assert "BOR, party to 2 of 7 treaties" in states
    assert "party to two of seven treaties when the record ends" in state
    assert "; of the Lantern Covenant it is not known whether Borealia was party;" in both
