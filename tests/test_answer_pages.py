"""How answers are laid out and what search finds, over rows that are made up and an invented world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from service import WORLD
from surplace.catalogue import Instance, Query, load_query
from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row, Table
from surplace.errors import SurplaceError
from surplace.http.message import ORIGIN, PublicAddress
from surplace.namespaces import BASE, SUR, XSD, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.web.answer_parts import Part, as_part
from surplace.web.answer_rows import in_order, together
from surplace.web.answers import AnswerPage, lay_out
from surplace.web.cells import Cell
from surplace.web.common import in_common, listed
from surplace.web.laws import as_it
from surplace.web.meanings import meanings_of, words_in
from surplace.web.picking import _nearest, _turned, in_lists, told_apart
from surplace.web.search.index import Index
from surplace.web.search.matching import tokens
from surplace.words.standings import Horizons

QUERY = """#+ summary: Which provisions bind
#+ usual: {standing: [binding]}
#+ columns: {provision: iri, standing: iri, since: date, before: date, note: string, nothing: string,
#+   conclusion: iri}
SELECT ?provision ?standing ?since ?before ?note ?nothing ?conclusion WHERE { ?s ?p ?o }
ORDER BY ?provision ?note
"""


ASKED = """#+ summary: Who asked
#+ by: [body]
#+ columns: {body: iri, bodyLabel: string, request: iri, requestLabel: string, documentParagraph: string,
#+   document: iri, reply: iri, repliedOn: date}
SELECT ?body ?bodyLabel ?request ?requestLabel ?documentParagraph ?document ?reply ?repliedOn
WHERE { ?s ?p ?o }
ORDER BY ?request
"""


class Known:
    """Knows the last day of a record, the name of a treaty, and what one of its articles is about."""

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        treaty = f"{BASE}id/instrument/x"
        known = {treaty: "X relating to Y", f"{BASE}id/document/d": "D/1, paragraph 4"}
        return {iri: known[iri] for iri in iris if iri in known}

    def remembered(self, _: str) -> Table:
        law = {
            "provision": NamedNode(f"{BASE}id/instrument/x/article/1"),
            "provisionLabel": Literal("X, Article 1"),
        }
        names = ("Shelter (X, Article 1)", "Return (X, Article 1, as the Board reads it)")
        return Table(("provision", "law"), [{**law, "law": Literal(name)} for name in names])

    def horizons(self) -> Horizons:
        return Horizons(frozenset(("2015-03-14",)), frozenset(("2016-03-14",)))


@pytest.fixture
def query(tmp_path: Path) -> Query:
    (tmp_path / "which.rq").write_text(QUERY, encoding="utf-8")
    return load_query(tmp_path / "which.rq")


def row(article: str, standing: str, note: str = "") -> Row:
    day = NamedNode(XSD + "date")
    found = {
        "provision": NamedNode(f"{BASE}id/instrument/x/article/{article}"),
        "standing": NamedNode(f"{BASE}vocab/standing-kind/{standing}"),
        "since": Literal("1982-12-23", datatype=day),
        "before": Literal("2015-03-15", datatype=day),
        "conclusion": NamedNode(f"{BASE}id/standing/{article}"),
    }
    return {**found, "note": Literal(note)} if note else found


def laid_out(query: Query, rows: Sequence[Row]) -> AnswerPage:
    token = ORIGIN.set(PublicAddress("http", "localhost", ""))
    try:
        ordered = in_order(query, rows)
        return lay_out(query, Table(tuple(query.columns), ordered), cast(Knowledge, Known()), len(rows))
    finally:
        ORIGIN.reset(token)


def texts(part: Part) -> list[list[str]]:
    return [[found.text if found else "" for found in line] for line in part.lines]


def test_a_column_is_headed_as_the_query_says_and_a_truth_is_yes_or_no(query: Query) -> None:
    headed = replace(query, heads={"note": "governed by it"})
    true, false = (Literal(text, datatype=NamedNode(XSD + "boolean")) for text in ("true", "false"))
    rows = [{**row("9", "excluded"), "note": true}, {**row("10", "excluded"), "note": false}]
    part = laid_out(headed, rows).shown
    (place,) = [n for n, title in enumerate(part.titles) if title == "governed by it"]
    assert [line[place] for line in texts(part)] == ["yes", "no"]


def test_exceptions_come_first_and_the_rule_is_folded(query: Query) -> None:
    page = laid_out(query, [row("10", "binding"), row("9", "excluded"), row("2", "binding")])
    assert texts(page.shown) == [
        [
            "id/instrument/x/article/9",
            "standing-kind:excluded",
            "23 December 1982",
            "still so when the record ends (14 March 2015)",
            "Why",
        ]
    ]
    assert page.folded is not None
    assert page.folded.name == "2 binding"
    assert [line[0] for line in texts(page.folded)] == [
        "id/instrument/x/article/2",
        "id/instrument/x/article/10",
    ]
    assert [mark.look for mark in page.legend] == ["holds", "against"]


def test_what_ends_on_one_day_is_said_of_each_standing_by_itself(query: Query) -> None:
    later = {"before": Literal("2016-03-15", datatype=NamedNode(XSD + "date"))}
    page = laid_out(query, [{**row("1", kind), **later} for kind in ("unknown", "modified", "attested")])
    said = [text for line in texts(page.shown) for text in line if "until" in text]
    assert [text.split(" at least")[0] for text in said] == [
        "until 14 March 2016",
        "bound until 14 March 2016",
        "attested until 14 March 2016 (not known to have ended then)",
    ]


def test_the_rule_is_put_in_the_words_of_the_query_where_its_value_has_none(tmp_path: Path) -> None:
    worded = QUERY.replace("{standing: [binding]}", '{note: {"": touched by nothing}}')
    (tmp_path / "worded.rq").write_text(worded, encoding="utf-8")
    page = laid_out(load_query(tmp_path / "worded.rq"), [row("1", "binding"), row("2", "binding", "But")])
    assert page.folded is not None
    assert page.folded.name == "1 touched by nothing"
    (tmp_path / "mute.rq").write_text(
        QUERY.replace("{standing: [binding]}", '{note: [""]}'), encoding="utf-8"
    )
    with pytest.raises(SurplaceError, match="usual has no words for rows without a value"):
        load_query(tmp_path / "mute.rq")


def test_without_exceptions_nothing_is_folded(query: Query) -> None:
    page = laid_out(query, [row("1", "binding"), row("2", "binding")])
    assert page.folded is None
    assert page.rows == page.total == 2


def test_a_long_text_that_the_line_above_has_too_is_as_above_and_not_missing(query: Query) -> None:
    long, other = ("a note of many words " * 6).strip(), ("another note of many words " * 6).strip()
    again = {**row("1", "modified", long), "conclusion": NamedNode(f"{BASE}id/standing/other")}
    page = laid_out(query, [row("1", "excluded", long), again, row("2", "excluded", other)])
    assert page.shown.below == ("note",)
    assert [found.text for line in page.shown.lines if (found := line[-1])] == [long, "as above", other]


def test_what_all_rows_say_is_said_once_and_what_none_says_not_at_all(query: Query) -> None:
    page = laid_out(query, [row("1", "excluded"), row("2", "excluded")])
    assert [(title, found.text) for title, found in page.shown.same] == [
        ("standing", "standing-kind:excluded"),
        ("since", "23 December 1982"),
        ("how long", "still so when the record ends (14 March 2015)"),
    ]
    assert page.shown.titles == ("provision", "why")


def test_a_column_that_repeats_another_is_said_once() -> None:
    a, b, x, y = (Cell(text) for text in "abxy")
    part = as_part(["other", "blockedBy", "since"], [(a, a, x), (b, b, y)], "", {"blockedBy": "blocked by"})
    assert part.same == (("blocked by", Cell("the same as other")),)
    assert (part.titles, part.lines) == (("other", "since"), ((a, x), (b, y)))
    apart = as_part(["other", "blockedBy", "since"], [(a, a, x), (b, b, y), (x, y, a)], "", {})
    assert [len(line) for line in apart.lines] == [3, 3, 3]


def test_a_long_text_that_stands_under_one_heading_is_not_said_again_under_the_next(query: Query) -> None:
    shared, further = "Whether it is permitted is not decided here. " * 3, "It reaches some only. " * 4
    rows = [row(article, "excluded", shared) for article in ("1", "2")]
    rows += [row(article, "modified", note) for article in ("3", "4") for note in (shared, further)]
    rows += [row(article, "unknown", shared) for article in ("5", "6")]
    page = laid_out(replace(query, by=("standing",)), rows)
    said = [dict(group.same)["note"] for group in page.shown.groups]
    assert [[one.text for one in found.parts] or found.text for found in said] == [
        shared,
        ["as above", further],
        "as above",
    ]


def test_rows_that_differ_in_one_place_are_one_line_that_loses_nothing(query: Query) -> None:
    page = laid_out(query, [row("1", "excluded", "b"), row("1", "excluded", "a"), row("2", "excluded", "c")])
    assert page.shown.rows == 3
    assert [line[1] for line in texts(page.shown)] == ["a; b", "c"]


def test_long_texts_stand_below_their_line(query: Query) -> None:
    page = laid_out(query, [row("1", "excluded", "long " * 30), row("2", "excluded", "longer " * 30)])
    assert page.shown.below == ("note",)
    assert page.shown.titles == ("provision", "why")
    assert [len(line) for line in page.shown.lines] == [3, 3]


def test_a_provision_says_what_it_is_about(query: Query) -> None:
    first, second = laid_out(query, [row("1", "excluded"), row("2", "excluded")]).shown.lines
    assert [line[0].about for line in (first, second) if line[0]] == [
        "Shelter; Return (as the Board reads it)",
        "",
    ]


def test_rows_stand_under_headings_with_what_they_have_in_common_said_once(tmp_path: Path) -> None:
    (tmp_path / "by.rq").write_text(QUERY.replace("#+ usual: {standing: [binding]}", "#+ by: [provision]"))
    named = {"provisionLabel": Literal("X, Article 1")}
    long, other = "One long text that both of these rows begin with", "that is all there is to say of it"
    rows = [
        {**row("1", "excluded", f"{long}. Then {other}."), **named},
        {**row("1", "modified", f"{long}. But {other}."), **named},
        row("2", "excluded"),
    ]
    page = laid_out(load_query(tmp_path / "by.rq"), rows)
    first, second = page.shown.groups
    assert [found.text for _, found in first.head] == ["X relating to Y, Article 1"]
    assert [(title, found.text) for title, found in first.same] == [("why", "Why"), ("note", f"{long}.")]
    assert [line[-1].text for line in first.lines if line[-1]] == [f"But {other}.", f"Then {other}."]
    assert [title for title, _ in page.shown.same] == ["since", "how long"]
    assert (page.rows, page.shown.entries, second.rows) == (3, 3, 1)
    assert [mark.look for mark in page.legend] == ["against", "part"]


def test_the_sides_of_a_row_stay_in_it_with_what_stands_beneath_them(tmp_path: Path) -> None:
    sides = "#+ beneath: {provision: [since, nothing], standing: []}"
    (tmp_path / "sides.rq").write_text(QUERY.replace("#+ usual: {standing: [binding]}", sides))
    page = laid_out(load_query(tmp_path / "sides.rq"), [row("1", "excluded", "a"), row("2", "excluded", "b")])
    assert page.shown.titles == ("provision", "standing", "note", "why")
    assert [line[0].beneath[0].text for line in page.shown.lines if line[0]] == ["23 December 1982"] * 2
    assert [title for title, _ in page.shown.same] == ["how long"]


def test_rows_that_differ_in_their_caveats_are_one(tmp_path: Path) -> None:
    text = QUERY.replace("note", "caveat")
    (tmp_path / "caveats.rq").write_text(text)
    query = load_query(tmp_path / "caveats.rq")
    rows = [row("1", "binding"), row("1", "excluded"), row("1", "excluded"), row("2", "excluded")]
    for number, caveat in ((1, "First."), (2, "Second."), (3, "First.")):
        rows[number]["caveat"] = Literal(caveat)
    found = together(query, rows)
    assert [text_of(one["caveat"]) if "caveat" in one else "" for one in found] == [
        "",
        "First.\nSecond.",
        "First.",
    ]
    assert laid_out(query, [*rows, row("3", "binding"), row("3", "binding")]).folded.told == 2


def test_columns_are_the_same_under_all_headings(tmp_path: Path) -> None:
    (tmp_path / "by.rq").write_text(QUERY.replace("#+ usual: {standing: [binding]}", "#+ by: [since]"))
    early = {"since": Literal("1970-01-01", datatype=NamedNode(XSD + "date"))}
    rows = [
        *({**row(number, "excluded", f"{number} short"), **early} for number in "12"),
        *(row(number, "excluded", f"{number} long " * 30) for number in "34"),
    ]
    first, second = laid_out(load_query(tmp_path / "by.rq"), rows).shown.groups
    assert (first.titles, first.below) == (second.titles, second.below) == (("provision", "why"), ("note",))
    assert [text[-2:] for text in texts(first)] == [["Why", "1 short"], ["Why", "2 short"]]


def test_a_reason_says_it_for_the_provision_of_its_row(tmp_path: Path) -> None:
    (tmp_path / "why.rq").write_text(QUERY.replace("note", "reason"))
    rows = []
    for number in "12":
        reason = Literal(
            f"X, Article {number} binds Aquilonia. Borealia excludes X, Article {number}(1), not it."
        )
        label = {"provisionLabel": Literal(f"X, Article {number}"), "reason": reason}
        rows.append({**row(number, "excluded"), **label})
    page = laid_out(load_query(tmp_path / "why.rq"), rows)
    assert "Borealia excludes X, Article 1(1), not it." in texts(page.shown)[0]
    assert [found.text for title, found in page.shown.same if title == "reason"] == ["It binds Aquilonia."]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("A reservation of B excludes X, Article 4.", "A reservation of B excludes it."),
        ("X, Article 4 binds B. X, Article 4 is new.", "It binds B. It is new."),
        ("B makes conditional X, Article 4: so far.", "B makes it conditional: so far."),
        ("It excludes X, Article 4(1).", "It excludes X, Article 4(1)."),
        ("It excludes X, Article 41.", "It excludes X, Article 41."),
        ("It excludes X, Article 4, second sentence.", "It excludes X, Article 4, second sentence."),
    ],
)
def test_a_provision_is_called_it_and_its_parts_in_full(reason: str, said: str) -> None:
    assert as_it(reason, "X, Article 4") == said


def test_of_which_source_a_passage_is_its_name_leads_to(tmp_path: Path) -> None:
    columns = QUERY.replace("nothing", "preferred").replace("note", "preferredSource")
    (tmp_path / "which.rq").write_text(columns)
    two = [
        {**row(number, "excluded"), "preferred": Literal(f"p{number}"), "preferredSource": Literal("s")}
        for number in "12"
    ]
    page = laid_out(load_query(tmp_path / "which.rq"), two)
    assert page.shown.titles == ("provision", "preferred", "why")
    assert "preferred source" not in dict(page.shown.same)


def test_words_of_an_answer_that_its_file_explains_are_explained_where_they_stand() -> None:
    rows: list[Row] = [{"way": Literal("open only for some")}, {"way": Literal("opened")}]
    words = {"blocked": "is blocked", "open": "is open", "opene": "no word"}
    assert words_in(rows, words) == (("open", "is open"),)
    assert words_in([], words) == ()


def test_what_a_heading_and_the_name_of_a_document_say_is_not_said_again(tmp_path: Path) -> None:
    (tmp_path / "asked.rq").write_text(ASKED)
    one = {"body": NamedNode(f"{BASE}id/body/b"), "bodyLabel": Literal("Board")}
    rows = [
        {
            **one,
            "request": NamedNode(f"{BASE}id/recommendation/{number}"),
            "requestLabel": Literal(f"ask {number} ({whose})"),
            "documentParagraph": Literal(paragraph),
            "document": NamedNode(f"{BASE}id/document/d"),
            "reply": NamedNode(f"{BASE}id/document/r{number}"),
            "repliedOn": Literal("2008-12-17", datatype=NamedNode(XSD + "date")),
        }
        for number, whose, paragraph in (("1", "Board", "4"), ("2", "Board, 2015", "4"))
    ]
    (group,) = laid_out(load_query(tmp_path / "asked.rq"), rows).shown.groups
    assert [found.text for line in group.lines for found in line[:1] if found] == ["ask 1", "ask 2 (2015)"]
    assert "document paragraph" not in dict(group.same)
    replies = [found.text for line in group.lines for found in line if found and "December" in found.text]
    assert [text[-19:] for text in replies] == [" (17 December 2008)"] * 2


def test_what_all_lists_have_is_said_once_and_a_list_beside_a_thing_stays() -> None:
    a, b, c = (Cell(text) for text in "abc")
    assert in_common([listed([a, b]), listed([c, a])]) == (a, [b, c])
    assert in_common([listed([a, b]), None]) == (None, [listed([a, b]), None])
    thing = Cell("a", href="/a")
    assert in_common([thing, thing]) == (None, [thing, thing])


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (["short", "shorter"], ["short", "shorter"]),
        (
            [
                "Ruritania: reservation to the Convention on Shelter, Article 14, first sentence",
                "Ruritania: reservation to the Convention on Shelter, Article 14, second sentence",
                "Ruritania: reservation to the Convention on Shelter, Article 16(3)",
                "Graustark: reservation to the Convention on Shelter, Article 16(3)",
            ],
            [
                "first sentence – Ruritania: reservation to the Convention on Shelter, Article 14",
                "second sentence – Ruritania: reservation to the Convention on Shelter, Article 14",
                "Article 16(3) – Ruritania: reservation to the Convention on Shelter",
                "Graustark: reservation to the Convention on Shelter, Article 16(3)",
            ],
        ),
        (
            ["Most Serene Republic of Old Graustark", "Most Serene Republic of Old Graustark: accession"],
            ["Most Serene Republic of Old Graustark", "accession – Most Serene Republic of Old Graustark"],
        ),
        (
            [
                f"A rule on return of many words, {number} (of Ruritania, the elder) and Article {end}"
                for number in (1, 2)
                for end in (3, 4)
            ],
            [
                f"A rule on return of many words, {number} (of Ruritania, the elder) and Article {end}"
                for number in (1, 2)
                for end in (3, 4)
            ],
        ),
        (
            [
                "Keeper of the Lantern Register who wrote (unnamed)",
                "Keeper of the Lantern Register who spoke",
            ],
            [
                "who wrote (unnamed) – Keeper of the Lantern Register",
                "who spoke – Keeper of the Lantern Register",
            ],
        ),
        (
            ["A rule on return (as a, and b, read it) here", "A rule on return (as a, and b, read it) there"],
            [
                "here – A rule on return (as a, and b, read it)",
                "there – A rule on return (as a, and b, read it)",
            ],
        ),
    ],
)
def test_names_that_begin_alike_in_a_list_begin_with_what_differs(names: list[str], apart: list[str]) -> None:
    assert told_apart(names) == apart


@given(st.lists(st.text("ab ,:()", min_size=1, max_size=12), unique=True, max_size=8))
def test_of_sorted_names_that_beside_one_or_what_begins_it_shares_most(names: list[str]) -> None:
    """So that a long list need not be compared each with each."""
    ordered, known = sorted(names), set(names)
    for at, name in enumerate(ordered):
        everyone = [other for other in ordered if other != name]
        assert _turned(name, _nearest(at, ordered, known)) == _turned(name, everyone)


def test_a_list_names_a_long_treaty_by_its_initials_and_a_state_as_people_look_for_it() -> None:
    others = [
        ("Treaty", "urn:long", "CLN"),
        ("Treaty", "urn:long", "Names Convention"),
        ("Treaty", "urn:short", "SHORT"),
        ("State", "urn:zembla", "Zemb La"),
        ("State", "urn:north", "North Ruritania"),
        ("State", "urn:elsewhere", "Elsewhere"),
    ]

    class Others(Known):
        def remembered(self, _: str) -> Table:
            rows = [
                {"class": NamedNode(SUR + kind), "thing": NamedNode(thing), "other": Literal(other)}
                for kind, thing, other in others
            ]
            return Table(("class", "thing", "other"), rows)

    def listed(*choices: Instance) -> list[str]:
        return [item.label for item in in_lists(choices, cast(Knowledge, Others()))]

    long = Instance("urn:long", "Convention on Long Names of Many Words")
    assert listed(Instance("urn:short", ""), long) == [
        "urn:short",
        "CLN: Convention on Long Names of Many Words",
    ]
    republic = Instance("urn:north", "Democratic Republic of Ruritania")
    assert listed(republic, Instance("urn:grau", "Graustark"), Instance("urn:zembla", "Zembla")) == [
        "Graustark",
        "North Ruritania (Democratic Republic of Ruritania)",
        "Zembla",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("art 33", ("article", "33")),
        ("Articles 33(1)", ("article", "33", "1")),
        ("CAT/C/CHN/CO/4", ("cat", "c", "chn", "co", "4")),
        ("Économic Migrants", ("economic", "migrant")),
        ("--", ()),
        ("trafficked children's parties, being men", ("traffick", "child", "party", "being", "man")),
        ("when did they deport", ("they", "deport")),
        ("Côte d‘Ivoire", tokens("cote d'ivoire")),
        ("Côte d’Ivoire", tokens("cote d'ivoire")),
    ],
)
def test_a_text_is_cut_into_words(text: str, words: tuple[str, ...]) -> None:
    assert tokens(text) == words


def test_the_marked_words_of_an_answer_are_explained_once_in_the_order_of_the_key() -> None:
    asked: list[str] = []

    class Defining(Known):
        def remembered(self, query: str) -> Table:
            asked.append(query)
            return Table(
                ("concept", "word", "meaning"),
                [
                    {
                        "concept": NamedNode(f"{BASE}vocab/standing-kind/{name}"),
                        "word": Literal(name),
                        "meaning": Literal(f"is {name}"),
                    }
                    for name in ("unknown", "excluded", "binding")
                    if f"/{name}>" in query
                ],
            )

    known = cast(Knowledge, Defining())
    rows = [row("1", "excluded"), row("2", "binding"), row("3", "excluded")]
    assert [(mark.look, *words) for mark, *words in meanings_of(rows, known)] == [
        ("holds", "binding", "is binding"),
        ("against", "excluded", "is excluded"),
    ]
    assert meanings_of([{"note": Literal("no word")}], known) == ()
    assert len(asked) == 1


def index_of(world: str) -> Index:
    from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

    from sentences import OfStore

    store = Store()
    quads = list(parse(sparql_prologue() + world, format=RdfFormat.TRIG))
    store.extend([*quads, *(Quad(*quad.triple, DefaultGraph()) for quad in quads)])
    return Index(cast(Knowledge, OfStore(store)))


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(WORLD)


@pytest.mark.parametrize(
    ("text", "first", "kind"),
    [
        ("RUR", "state/RUR", "State"),
        ("rurit", "state/RUR", "State"),
        ("INV/CO/1", "document/inv-co-1", "thing"),
        ("screen arrival", "recommendation/screening", "Recommendation"),
    ],
)
def test_things_are_found_by_code_beginning_symbol_and_words(
    index: Index, text: str, first: str, kind: str
) -> None:
    hit = index.find(text)[0]
    assert hit.iri == f"{BASE}id/{first}"
    assert hit.kind.casefold() == kind.casefold()


def test_a_request_is_found_by_its_kind_addressee_and_body_alone(index: Index) -> None:
    for sought in ("recommendations to Ruritania", "what was asked of Ruritania"):
        assert f"{BASE}id/recommendation/screening" in [hit.iri for hit in index.find(sought)]
    assert f"{BASE}id/recommendation/screening" not in [hit.iri for hit in index.find("recommendation")]


def test_a_claim_says_by_whom_and_what_is_rejected_is_disputed(index: Index) -> None:
    claim, passage = index.find("envoy motives")
    assert (passage.kind.casefold(), passage.note) == ("passage", f"speaks of: {claim.label}")
    assert claim.note == "claimed by Envoy of Ruritania"
    (consent,) = [hit for hit in index.find("accession of ruritania") if hit.disputed]
    assert consent.disputed == ("disputed: Year or day of the deposit",)


def test_a_passage_is_found_by_what_it_speaks_of_after_all_that_is_called_so(index: Index) -> None:
    hits = index.find("screen arrivals")
    assert [(hit.iri.removeprefix(BASE), hit.note) for hit in hits] == [
        ("id/recommendation/screening", ""),
        ("source/report/p2/s3", "speaks of: Screen all arrivals"),
    ]
    (passage,) = [hit for hit in index.find("INV/CO/1, paragraph 7") if hit.iri.startswith(f"{BASE}source/")]
    assert (passage.label, passage.note) == (
        "An invented report, paragraph 2, sentence 3",
        "speaks of: INV/CO/1, paragraph 7",
    )


def test_words_in_quotation_marks_stand_in_a_row(index: Index) -> None:
    called = index.find("screen arrivals")
    assert [hit.iri for hit in index.find('"all arrivals"')] == [hit.iri for hit in called]
    assert index.find('"screen arrivals"') == index.find("“arrivals all”") == []


def test_what_has_some_of_the_words_is_near(index: Index) -> None:
    found = [hit.iri.rpartition("/")[2] for hit in index.near("envoy of zembla")]
    assert found[:2] == ["envoy", "envoy"]
    assert index.near("envoy") == index.near("") == []


def test_of_things_with_as_many_words_those_with_the_rarer_are_nearer(index: Index) -> None:
    found = [hit.label for hit in index.near("arrivals ruritania zembla", most=3)]
    assert found == ["An invented report, paragraph 2, sentence 3", "Screen all arrivals", "Ruritania"]


def test_a_name_by_which_a_thing_is_found_stands_for_its_label_where_nothing_is_called_so() -> None:
    hidden = 'GRAPH <urn:names> { state:RUR skos:hiddenLabel "Strelsau"@en , "Rurit land"@en }'
    index = index_of(WORLD + hidden)
    for sought in ("accession Strelsau", "Strelsau accession", "accession of the Rurit land"):
        assert index.find(sought)[0].label == "Accession of Ruritania"
    assert index.find('"accession Strelsau"') == []
    assert index.find("envoy of Strelsau")[0].label == "Envoy of Ruritania"
    assert index.near("Strelsau accession zembla")[0].label == "Accession of Ruritania"


def test_nothing_is_found_for_nothing_and_for_what_is_not_there(index: Index) -> None:
    assert index.find("") == []
    assert index.find("no such thing") == []
