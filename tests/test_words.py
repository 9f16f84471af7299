"""What people read: the order of law, days, how standings end, and the filters of sentences."""

from __future__ import annotations

from datetime import date

import pytest

from surplace.errors import SurplaceError
from surplace.namespaces import SUR
from surplace.words.columns import title, titles_in
from surplace.words.cutting import as_title, cut_after
from surplace.words.days import dated, day_in_words, days_in_words, in_words, read_day
from surplace.words.english import a, as_read_by, as_subject, is_doing, is_plural, joined, parted, the
from surplace.words.order import legal_key
from surplace.words.properties import leading_to, of_many, without_echo
from surplace.words.said import LONGEST, Said
from surplace.words.sentence import write
from surplace.words.standings import Horizons, ending, mark_of
from surplace.words.treaties import divided, treaty

LAW = (
    "Convention, preamble",
    "Convention, Article 1",
    "Convention, Article 1A",
    "Convention, Article 1A(2), second paragraph",
    "Convention, Article 1C",
    "Convention, Article 1C(5)",
    "Convention, Article 1D",
    "Convention, Article 2",
    "Convention, Article 9",
    "Convention, Article 10",
    "Convention, Article 10(a)(ii)",
    "Convention, Article 10(a)(ix)",
    "Convention, Article 10(b)",
    "Convention, Article 10(i)",
    "Convention, Article 14, first sentence",
    "Convention, Article 14, second sentence",
    "Protocol, Article IV",
    "Protocol, Article IX",
    "Protocol, Article IX(2)",
    "Protocol, Article X",
    "Report, paragraph 2, sentence 10",
    "Report, paragraph 10, sentence 2",
)


def test_law_comes_in_its_order_by_label_and_by_iri() -> None:
    assert sorted(set(LAW), key=legal_key) == list(LAW)
    paths = (
        "x/article/1/A",
        "x/article/1/C/5",
        "x/article/2",
        "x/article/14/first-sentence",
        "x/article/14/second-sentence",
    )
    assert sorted(set(paths), key=legal_key) == list(paths)
    roman = ("x/article/V", "x/article/VII/1", "x/article/IX", "x/article/X", "x/article/XL")
    assert sorted(set(roman), key=legal_key) == list(roman)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2010-09-13", "13 September 2010"),
        ("2010-09", "September 2010"),
        ("2010", "2010"),
        ("2010-13-01", "2010-13-01"),
        ("soon", "soon"),
    ],
)
def test_a_day_is_written_in_one_way(written: str, words: str) -> None:
    assert in_words(written) == words


@pytest.mark.parametrize(
    ("on", "latest", "said"),
    [
        ("2008-11-21", "2008-11-21", "on 21 November 2008"),
        ("2008-10", "", "in October 2008"),
        ("2006", "2010-09-12", "in 2006"),
        ("", "2010-09-12", "no later than 12 September 2010"),
        ("", "2009", "no later than 2009"),
        ("", "", ""),
    ],
)
def test_a_day_that_is_known_as_a_bound_alone_is_called_one(on: str, latest: str, said: str) -> None:
    assert dated(on, latest) == said


def test_days_inside_texts_are_written_so_too_but_not_those_inside_names() -> None:
    assert days_in_words("from 2010-09-13 (2011-01-02).") == "from 13 September 2010 (2 January 2011)."
    assert days_in_words("declared in 1996-10, 1951-52") == "declared in October 1996, 1951-52"
    assert days_in_words("source/x/2010-09-13 and A-2010-09-13") == "source/x/2010-09-13 and A-2010-09-13"


@pytest.mark.parametrize(
    "text",
    [
        "13 September 2010",
        "13 sep 2010",
        " 13. Sept 2010 ",
        "2010-09-13",
        "13.9.2010",
        "13/09/2010",
        "9-13-2010",
    ],
)
def test_a_day_may_be_typed_in_words(text: str) -> None:
    assert read_day(text) == date(2010, 9, 13)
    assert day_in_words(text) == "13 September 2010"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "12/09/2010",
        "13/45/2010",
        "20100913",
        "13.9.10",
        "31.2.2010",
        "2010-W37-1",
        "2011-02-29",
        "13 Nonsense 2010",
    ],
)
def test_what_is_no_day_is_refused_with_the_forms_of_one(text: str) -> None:
    with pytest.raises(SurplaceError) as refused:
        read_day(text)
    two_ways = " here, for such figures read two ways" if text == "12/09/2010" else ""
    form = "give a day such as 2010-09-13 or 13 September 2010."
    given = f'"{text}" is not a day{two_ways}' if text else "No day is given"
    assert str(refused.value) == f"{given}: {form}"
    assert day_in_words(text) == text


def test_the_end_of_a_record_is_no_end() -> None:
    horizons = Horizons(frozenset({"2015-03-14"}), frozenset({"2016-03-14"}))
    assert ending("2015-03-15", horizons) == "still so when the record ends (14 March 2015)"
    assert ending("2001-01-01", horizons) == "until 31 December 2000"
    assert ending("2010-09-14", horizons, "attested") == (
        "attested until 13 September 2010 (not known to have ended then)"
    )
    least = (
        "until 14 March 2016 at least: no notice could have taken effect sooner; what came after is not known"
    )
    for kind in ("binding", "continued", "modified"):
        assert ending("2016-03-15", horizons, kind) == f"bound {least}"
    assert ending("2016-03-15", Horizons(), "continued") == f"bound {least}"
    # a finding
    assert ending("2016-03-15", horizons) == least
    # what is not known goes on not to be known, for another reason
    assert ending("2016-03-15", horizons, "unknown") == "until 14 March 2016"
    assert ending("", horizons) == ""


def test_unknown_looks_unlike_no() -> None:
    unknown = mark_of("https://w3id.org/surplace/vocab/standing-kind/unknown")
    excluded = mark_of("https://w3id.org/surplace/vocab/standing-kind/excluded")
    assert unknown is not None
    assert excluded is not None
    assert unknown.look != excluded.look
    assert unknown.letter != excluded.letter
    assert mark_of("https://w3id.org/surplace/vocab/action/refoulement") is None


def rows(*values: str) -> list[dict[str, Said]]:
    return [{"provision": Said(value, value)} for value in values]


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ rows | count('row') }}", "Three rows."),
        ("{{ rows | each('provision') | short }}", "Article 2, Article 10 and Article IV."),
        (
            "{{ rows | each('provision') | cite }}",
            "Articles 2 and 10 of the X and Article IV of the Y.",
        ),
        (
            "{% set of = rows | only('provision', 'X*') %}{{ of | verb('is', 'are') }} {{ of | number }}",
            "Are two.",
        ),
        ("{{ day | until }}", "Until 31 December 2000."),
        ("{{ none_ | list }}nothing", "Nothing."),
        (
            "{{ rows | each('provision') | titles }}",
            "X, Article 2; X, Article 10; and Y, Article IV.",
        ),
    ],
)
def test_a_template_is_filled(template: str, sentence: str) -> None:
    values = {"day": Said("1 January 2001", "2001-01-01"), "none_": Said("")}
    found = write(template, values, rows("X, Article 10", "X, Article 2", "Y, Article IV"), Horizons())
    assert found == sentence


def test_a_day_is_beyond_the_record_after_the_end_of_the_last() -> None:
    horizons = Horizons(frozenset({"1976-03-23", "2015-03-14"}))
    template = "{% if day | beyond %}not known{% else %}known{% endif %}"
    days = ("1976-03-24", "2015-03-14", "2015-03-15")
    found = {day: write(template, {"day": Said(day, day)}, (), horizons) for day in days}
    assert found == {"1976-03-24": "Known.", "2015-03-14": "Known.", "2015-03-15": "Not known."}


def test_a_provision_is_cited_with_what_its_treaty_relates_to() -> None:
    given = [
        {"provision": Said(f"{head}, Article {number}", number, of=of)}
        for head, number, of in (
            ("X", "IV", "X relating to the Rights of Y"),
            ("X", "V", "X relating to the Rights of Y"),
            ("Z", "3", "Z against W"),
        )
    ]
    found = write("{{ rows | each('provision') | under('he reserved') }}", {}, given, Horizons())
    assert found == "Under the X (Rights of Y) he reserved Articles IV and V, under the Z Article 3."


@pytest.mark.parametrize(
    ("text", "most", "head"),
    [
        ("x " * 20 + "see 1951 Convention, Article 33(1), and " + "y " * 40, 50, "x " * 20 + "see"),
        (f"{'x ' * 22}and to Article 33(1) of the Covenant on Y, {'y ' * 40}", 55, "x " * 22),
        (f"{'x ' * 22}Articles 3, 4 and 5 stay {'y ' * 40}", 56, "x " * 22),
        (
            f"Code, Article 4(1)(b), second sentence, {'y ' * 60}",
            30,
            "Code, Article 4(1)(b), second sentence,",
        ),
        (f"{'x ' * 70}end of", 74, "x " * 37),
    ],
)
def test_a_text_is_not_cut_inside_a_citation(text: str, most: int, head: str) -> None:
    found, rest = cut_after(text.strip(), most)
    assert found == head.strip()
    assert found + rest == text.strip()


@pytest.mark.parametrize("text", ["short", "a" * 200, f"{'word ' * 19}{'long' * 25} two"])
def test_a_text_is_not_cut_where_little_would_be_left(text: str) -> None:
    assert cut_after(text, 95) == (text, "")


def test_who_stands_against_whom_is_named_once_with_what_about() -> None:
    rows = (
        ("A", "B", "The one denies it: status.", "x"),
        ("B", "A", "It rules it out: status. Then.", "y"),
        ("A", "C", "", "No boats"),
    )
    columns = ("one", "other", "why", "claim")
    given = [{name: Said(text, text) for name, text in zip(columns, row, strict=True)} for row in rows]
    found = write("{{ rows | opposed('one', 'other', 'why', 'claim') | titles }}", {}, given, Horizons())
    assert found == "A and B, on status; and A and C, on “No boats”."


def test_what_has_several_values_is_told_from_what_has_one_or_none() -> None:
    pairs = (("a", "done"), ("a", "refused"), ("a", "done"), ("b", "done"), ("b", ""), ("c", "done"))
    given = [{"thing": Said(thing, thing), "says": Said(says, says)} for thing, says in pairs]
    assert write("{{ rows | several('thing', 'says') | list }}", {}, given, Horizons()) == "A."


def test_who_is_named_is_told_from_who_is_taken_together() -> None:
    given = rows("Tide Committee", "UN bodies (taken together, not named)", "Sea Office")
    named = write("{{ rows | each('provision') | apart | names }}", {}, given, Horizons())
    assert named == "The Sea Office and the Tide Committee."
    found = write("{{ rows | each('provision') | together | count('group') }}", {}, given, Horizons())
    assert found == "One group."


def test_the_latest_row_of_each_thing_is_kept() -> None:
    given = [
        {"thing": Said("a", "a"), "day": Said("", day), "says": Said(says)}
        for day, says in (("2001-01-01", "old"), ("2010-01-01", "new"), ("2005-01-01", "middle"))
    ]
    assert write("{{ rows | latest('thing', 'day') | each('says') | list }}", {}, given, Horizons()) == "New."


def test_a_long_list_is_shortened_until_the_sentence_fits() -> None:
    many = rows(*(f"X, Article {number}, {'a long name ' * 6}" for number in range(1, 30)))
    found = write("{{ rows | each('provision') | short }}", {}, many, Horizons())
    assert len(found) <= LONGEST
    assert found.startswith("Article 1, a long name")
    assert found.endswith(" more.")


def test_where_there_is_room_for_one_name_only_the_second_is_counted_too() -> None:
    two = rows(*(f"X, Article {name}, {'a long name ' * 20}" for name in "AB"))
    found = write("{{ rows | each('provision') | cite('or') }}", {}, two, Horizons())
    assert found.endswith("a long name, or one more of the X.")


def test_of_a_sentence_that_is_too_long_the_last_clauses_are_left_out() -> None:
    long = ("a long name " * 9).strip()
    left = f"First (one; two. {long}); second: {long}"
    found = write(f"{left}; third {long}.", {}, [], Horizons())
    assert found == f"{left}. The rows have the rest."
    assert len(found) <= LONGEST


def test_a_clause_does_not_end_at_an_initial() -> None:
    names = "C. Costello and M. Foster against the U.S. Committee, in C v. Director, No. 4"
    found = write(
        f"One is in tension. {names}: {'a long name ' * 20}; {'and more ' * 9}.", {}, [], Horizons()
    )
    assert found == "One is in tension. The rows have the rest."
    text = f"So {names} have it{' at some length' * 12}. This comes after it."
    assert parted(text) == (text.removesuffix(" This comes after it."), "This comes after it.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "law on foreigners (the Entry Law or another, not told)",
            "the law on foreigners (the Entry Law or another, not told)",
        ),
        ("Tide Covenant, Article 2(a), first sentence", "Article 2(a), first sentence of the Tide Covenant"),
        (
            "Tide Covenant, the article on the Court (which the author, who errs, does not number)",
            "the article on the Court (which the author, who errs, does not number) of the Tide Covenant",
        ),
    ],
)
def test_a_provision_is_parted_from_its_law_outside_brackets(name: str, said: str) -> None:
    whole, part = divided(name)
    assert (f"{part} of {treaty(name)}" if part else treaty(whole)) == said


@pytest.mark.parametrize(
    ("conduct", "subject"),
    [
        ("Ruritania has no process to tell them apart", "that Ruritania has no process to tell them apart"),
        ("some officials insist on papers", "that some officials insist on papers"),
        ("the Office insists on access", "that the Office insists on access"),
        ("forced return of strangers", "forced return of strangers"),
        ("acts of torture", "acts of torture"),
        ("handing over those who crossed", "handing over those who crossed"),
        ("expulsion", "expulsion"),
        ("Border protocol, Article 4(1)", "Border protocol, Article 4(1)"),
    ],
)
def test_a_sentence_is_made_a_subject_and_a_noun_stays(conduct: str, subject: str) -> None:
    assert as_subject(conduct) == subject


@pytest.mark.parametrize(
    ("words", "value", "said"),
    [
        ("has status", "status of refugee", "has"),
        ("lacks status", "refugee status", "lacks"),
        ("has status", "citizen", "has status"),
        ("status", "refugee status", "status"),
    ],
)
def test_no_word_stands_before_a_value_that_has_it(words: str, value: str, said: str) -> None:
    assert without_echo(words, value) == said


def test_an_action_is_named_by_what_is_done_or_by_a_noun() -> None:
    assert [is_doing(name) for name in ("invoking internal law", "expulsion", "kinds of training")] == [
        True,
        False,
        False,
    ]


def test_a_first_clause_that_is_too_long_by_itself_is_whole() -> None:
    text = f"A {'long ' * 70}name; and more."
    found = write(text, {}, [], Horizons())
    assert found == f"A {'long ' * 70}name. The rows have the rest."


def test_letters_that_are_read_as_a_word_take_no_article() -> None:
    given = rows("CEDAW, Article 2", "CRC, Article 6", "ICCPR, Article 7", "Tide Covenant, Article 1")
    found = write("{{ rows | each('provision') | treaties }}", {}, given, Horizons())
    assert found == "CEDAW, the CRC, the ICCPR and the Tide Covenant."


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Library of the Guild", "the Library of the Guild"),
        ("Sea Tribunal", "the Sea Tribunal"),
        ("High Commissioner who spoke (not named)", "the High Commissioner who spoke (not named)"),
        ("local security organs of Ruritania", "the local security organs of Ruritania"),
        ("press of 2003", "the press of 2003"),
        ("senior Ruritanian diplomat (unnamed)", "a senior Ruritanian diplomat (unnamed)"),
        ("old official", "an old official"),
        ("Ruritanian officials", "Ruritanian officials"),
        ("official secrets", "official secrets"),
        ("Ruritania", "Ruritania"),
    ],
)
def test_who_takes_an_article_has_it(name: str, called: str) -> None:
    assert the(name) == called


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("A", "A"),
        ("A B", "A and B"),
        ("A B C", "A, B and C"),
        ("A B C D", "A, B, C and D"),
        ("A B C D E", "A, B, C and two more"),
    ],
)
def test_names_are_listed_with_one_and_and_counted_where_two_are_left(names: str, words: str) -> None:
    assert joined(names.split(), 3) == words


def test_a_list_of_which_a_name_has_a_comma_has_one_before_its_last() -> None:
    assert joined(["Sea Tribunal, First Chamber", "clerks", "officials"], word="or") == (
        "Sea Tribunal, First Chamber, clerks, or officials"
    )


@pytest.mark.parametrize(
    ("article", "names"),
    [
        ("an", ("accession", "asylum seeker", "Iranian", "uninformed consent", "unlawful act", "umpire")),
        ("an", ("hour", "honest clerk", "heir", "EU body", "onerous duty", "Uzbek", "urban refugee")),
        ("a", ("state party", "treaty", "hostage", "house", "unilateral statement", "UN body", "union")),
        ("a", ("European", "one-year term", "use of force", "utility", "unanimous vote", "Ukrainian")),
    ],
)
def test_an_article_goes_with_how_a_name_is_said(article: str, names: tuple[str, ...]) -> None:
    assert [a(name) for name in names] == [f"{article} {name}" for name in names]


@pytest.mark.parametrize(
    ("readers", "words"),
    [
        ((), ""),
        (("Lantern Committee",), ", as the Lantern Committee reads it"),
        (("Lantern Committee", "Sea Tribunal"), ", as the Lantern Committee and the Sea Tribunal read it"),
    ],
)
def test_one_body_reads_a_norm_and_several_read_it(readers: tuple[str, ...], words: str) -> None:
    assert as_read_by(readers) == words


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("Ruritanian officials whom the envoy met", True),
        ("security organs of Ruritania", True),
        ("states at large", True),
        ("press that reported the talks", False),
        ("Court of Appeal of the Islands", False),
    ],
)
def test_a_name_of_people_is_a_plural_by_its_head(name: str, many: bool) -> None:
    assert is_plural(name) is many


def test_what_is_left_undone_or_refused_is_not_performed() -> None:
    action = ("https://w3id.org/surplace/vocab/action/screening", SUR + "performsAction", "performs action")
    assert leading_to(*action) == "performs action"
    assert leading_to(*action, {SUR + "Measure", SUR + "Practice"}) == "performs action"
    assert leading_to(*action, {SUR + "Measure", SUR + "Omission"}) == "leaves undone"
    assert leading_to(*action, {SUR + "Measure", SUR + "Proposal"}) == "proposes"
    assert of_many(leading_to(*action, {SUR + "Measure", SUR + "Refusal"})) == "refuse"
    assert leading_to("2010-09-13", SUR + "isKnownTo", "is known to", {SUR + "Omission"}) == "is known by"


def test_each_of_several_values_has_its_article() -> None:
    parts = (Said("Republic of Borealia"), Said("Aquilonia"))
    found = write("Of {{ states | the }}", {"states": Said("", parts=parts)}, [], Horizons())
    assert found == "Of the Republic of Borealia and Aquilonia."


@pytest.mark.parametrize(("things", "words"), [(0, "None has."), (1, "One has."), (2, "Two have.")])
def test_a_number_goes_with_its_verb(things: int, words: str) -> None:
    assert write(f"{{{{ {things} | number('has', 'have') }}}}", {}, [], Horizons()) == words


def test_kinds_are_counted_and_the_last_is_joined_by_and() -> None:
    pairs = (("duty", "a"), ("duty", "b"), ("ban", "c"), ("permission", "d"), ("permission", "d"))
    given = [{"kind": Said(kind, kind), "norm": Said(norm, norm)} for kind, norm in pairs]
    found = write("{{ rows | tally('kind', 'norm') | list }}", {}, given, Horizons())
    assert found == "One ban, two duties and one permission."


def test_of_a_long_name_only_the_last_brackets_stay() -> None:
    name = f"{'a long name ' * 12}(by the way) and Article 6(1) (No harm) (China)"
    found = write("{{ name | brief }}", {"name": Said(name)}, [], Horizons())
    assert found == f"A{('a long name ' * 12)[1:]}and Article 6(1) (China)."
    assert write("{{ name | brief }}", {"name": Said("X (y) and z")}, [], Horizons()) == "X (y) and z."


@pytest.mark.parametrize("template", ["{{ nothing }}", "{{ rows.__class__.__mro__ }}", "{% for %}"])
def test_a_template_that_cannot_be_filled_is_refused(template: str) -> None:
    with pytest.raises(SurplaceError, match=r"^q: its sentence cannot be written .*: correct #\+ answer\.$"):
        write(template, {}, [], Horizons(), "q")


def test_names_of_columns_in_prose_are_words_and_names_with_a_prefix_stay() -> None:
    said = "shownBy says what shows it; sur:hasVerdict, ?asOf and id/someThing are names, CEDAW is none."
    assert titles_in(said) == said.replace("shownBy", "“shown by”")
    assert title("predicate") == "what is said of it"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Surplace", "Surplace"),
        ("China: party to eight treaties. · Surplace", "China: party to eight treaties. · Surplace"),
        (f"{'word ' * 60}· more · Surplace", f"{('word ' * 32).strip()}… · Surplace"),
        (f"{'x' * 158}&#34;{'x' * 400} · Surplace", f"{'x' * 158}… · Surplace"),
    ],
)
def test_a_title_has_the_length_of_one_and_keeps_the_name_of_the_site(title: str, shown: str) -> None:
    assert as_title(title) == shown
