"""`surplace format`: one form for Turtle and TriG; idempotent; the comments stay; nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)
from rdflib import Graph

from surplace.cli import main
from surplace.errors import SurplaceError
from surplace.namespaces import PREFIXES, sparql_prologue
from surplace.rdf.formatting import formatted
from surplace.rdf.turtle import write

UGLY = """# The head of the file
# has two lines.

@prefix s: <https://w3id.org/surplace/id/state/> .
PREFIX sur: <https://w3id.org/surplace/ontology/>
# a remark among the prefixes
PREFIX unused: <https://w3id.org/surplace/unused/>

GRAPH <https://w3id.org/surplace/source/doc/p10> { s:BBB sur:isNeighbourOf s:AAA , s:CCC . }
# The second paragraph.
GRAPH <https://w3id.org/surplace/source/doc/p2> {
  # Aland is first.
  s:AAA sur:has "a # text", 1, true, "x\\ny"@en ; a sur:State
}
"""

NEAT = '''# The head of the file
# has two lines.

# a remark among the prefixes

BASE <https://w3id.org/surplace/>
PREFIX state: <https://w3id.org/surplace/id/state/>
PREFIX sur: <https://w3id.org/surplace/ontology/>

# The second paragraph.
GRAPH <source/doc/p2> {
    # Aland is first.
    state:AAA
        a sur:State ;
        sur:has
            1 ,
            "a # text" ,
            true ,
            """x
y"""@en ;
    .
}
GRAPH <source/doc/p10> {
    state:BBB
        sur:isNeighbourOf
            state:AAA ,
            state:CCC ;
    .
}
'''


def test_trig_in_one_form() -> None:
    assert formatted(UGLY, ".trig", "f") == NEAT


def test_neat_text_stays() -> None:
    assert formatted(NEAT, ".trig", "f") == NEAT


def test_turtle_with_lists_and_shapes() -> None:
    text = sparql_prologue() + (
        "# What is excluded.\nsur:Reservation a owl:Class ; owl:disjointUnionOf ( sur:A sur:B ) .\n"
        "shape:S sh:property [ sh:path sur:is ; sh:minCount 1 ], [ sh:path sur:has ] ; sh:in () ."
    )
    assert formatted(text, ".ttl", "f") == (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "PREFIX shape: <https://w3id.org/surplace/shape/>\n"
        "PREFIX sur: <https://w3id.org/surplace/ontology/>\n"
        "\n"
        "# What is excluded.\n"
        "sur:Reservation\n"
        "    a owl:Class ;\n"
        "    owl:disjointUnionOf (\n"
        "        sur:A\n"
        "        sur:B\n"
        "    ) ;\n"
        ".\n"
        "\n"
        "shape:S\n"
        "    sh:in () ;\n"
        "    sh:property\n"
        "        [\n"
        "            sh:minCount 1 ;\n"
        "            sh:path sur:is ;\n"
        "        ] ,\n"
        "        [\n"
        "            sh:path sur:has ;\n"
        "        ] ;\n"
        ".\n"
    )


def test_the_form_is_rdflibs_longturtle() -> None:
    text = sparql_prologue() + (
        'sur:A a owl:Class ; rdfs:subClassOf sur:B, sur:C ; skos:prefLabel "a"@en . sur:D a sur:E .'
    )
    theirs = Graph().parse(data=text, format="turtle").serialize(format="longturtle")
    ours = formatted(text, ".ttl", "f")

    def lines(turtle: str) -> list[str]:
        return [line for line in turtle.splitlines() if line.strip()]

    assert lines(ours) == lines(theirs)


def test_names_are_shortened_where_the_local_part_allows() -> None:
    text = sparql_prologue() + (
        "state:CHN sur:is <https://w3id.org/surplace/id/instrument/1951-convention>, "
        "<https://w3id.org/surplace/id/instrument/1951-convention/article/33/1>, "
        "<https://w3id.org/surplace/ontology/>, <https://w3id.org/surplace/ontology/a.>, "
        "<https://w3id.org/surplace/a:b>, <https://w3id.org/surplace//a>, "
        "<https://w3id.org/surplace/a/../b>, "
        "<https://w3id.org/surplace/>, <https://w3id.org/surplace/dataset#authors> ."
    )
    lines = formatted(text, ".ttl", "f").splitlines()
    assert lines[0] == "BASE <https://w3id.org/surplace/>"
    assert [line.strip(" ,;") for line in lines[1:] if line and not line.startswith("PREFIX")] == [
        "state:CHN",
        "sur:is",
        "<https://w3id.org/surplace/>",
        "<https://w3id.org/surplace//a>",
        "<https://w3id.org/surplace/a/../b>",
        "<https://w3id.org/surplace/a:b>",
        "<dataset#authors>",
        "instrument:1951-convention",
        "<id/instrument/1951-convention/article/33/1>",
        "<ontology/>",
        "<ontology/a.>",
        ".",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "state:AAA sur:has 1 . # behind a statement",
        "state:AAA\n# inside\nsur:has 1 .",
        "GRAPH claim:c {\nstate:AAA sur:has 1 .\n# before the brace\n}",
        "state:AAA sur:has 1 .\n# above a blank node\n[] sur:has 1 .",
        "state:AAA sur:has 1 .\n# above an empty graph\nGRAPH claim:c { }",
    ],
)
def test_a_comment_that_would_be_lost_is_refused(text: str) -> None:
    line = text[: text.index("#")].count("\n") + len(PREFIXES) + 1
    with pytest.raises(SurplaceError) as caught:
        formatted(sparql_prologue() + text, ".trig", "f.trig")
    assert str(caught.value) == (
        f"f.trig, line {line}: formatting would lose this comment, so put it above a subject, above a GRAPH "
        "line, or at the head of the file."
    )


def test_a_comment_at_the_end_stays() -> None:
    text = "<http://e/s> <http://e/p> <http://e/o> .\n# to be continued\n"
    assert formatted(text, ".ttl", "f").endswith("\n.\n\n# to be continued\n")


def test_comments_above_a_subject_move_together() -> None:
    text = "BASE <http://e/>\n<s> <p> 1 .\n\n# one\n\n# two\n<t> <p> 1 .\n"
    assert formatted(text, ".ttl", "f") == (
        "<http://e/s>\n    <http://e/p> 1 ;\n.\n\n# one\n# two\n<http://e/t>\n    <http://e/p> 1 ;\n.\n"
    )


def test_an_empty_file_stays_empty() -> None:
    assert formatted("", ".ttl", "f") == ""
    assert formatted("# nothing yet\n", ".ttl", "f") == "# nothing yet\n"


names = st.sampled_from(
    [
        NamedNode(PREFIXES[prefix] + local)
        for prefix in ("sur", "state", "harm")
        for local in ("a", "B1", "c/2", "9.")
    ]
)
blanks = st.sampled_from([BlankNode(name) for name in "abcd"])
texts = st.text(alphabet=st.sampled_from("ab \"'\\\n\r\t#<>{}.é\u2028"), max_size=8)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(Literal, texts, language=st.sampled_from(["en", "zh-hans"])),
    st.builds(Literal, texts, language=st.just("ar"), direction=st.just(BaseDirection.RTL)),
    st.builds(
        Literal,
        st.sampled_from(["1", "-07", "1.5", "true", "1982-09-24", "x"]),
        datatype=st.sampled_from(
            [
                NamedNode(PREFIXES["xsd"] + name)
                for name in ("integer", "decimal", "boolean", "date", "double")
            ]
        ),
    ),
)
quads = st.builds(
    Quad,
    st.one_of(names, blanks),
    names,
    st.one_of(names, blanks, literals),
    st.one_of(st.just(DefaultGraph()), names),
)


def canonical(quads: list[Quad]) -> Dataset:
    """Return a dataset that compares equal if the blank nodes do."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@settings(max_examples=200, deadline=None)
@given(st.lists(quads, max_size=12))
def test_formatting_keeps_the_data_and_is_idempotent(data: list[Quad]) -> None:
    once = write(data)
    assert canonical(list(parse(once, format=RdfFormat.TRIG))) == canonical(data)
    assert formatted(once, ".trig", "f") == once


def test_the_order_of_the_input_does_not_matter() -> None:
    text = (
        sparql_prologue() + "_:a sur:is _:b, _:c . _:b sur:has 2 . _:c sur:has 1 . state:A sur:is _:a, _:d ."
    )
    data = list(parse(text, format=RdfFormat.TURTLE))
    assert write(data) == write(data[::-1])


def test_the_command_formats_and_checks(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.trig"
    path.parent.mkdir()
    path.write_text(UGLY, encoding="utf-8")
    (tmp_path / "other.txt").write_text("no Turtle")
    runner = CliRunner()
    checked = runner.invoke(main, ["format", "--check", str(tmp_path)])
    assert (checked.exit_code, checked.output) == (
        1,
        f"{path} is not formatted: run `surplace format {path}`.\n",
    )
    assert path.read_text(encoding="utf-8") == UGLY
    assert runner.invoke(main, ["format", str(tmp_path)]).output == f"Formatted {path}\n"
    assert path.read_text(encoding="utf-8") == NEAT
    path.write_text(f"\ufeff{NEAT}", encoding="utf-8")  # as programs on Windows begin a file
    assert runner.invoke(main, ["format", "--check", str(path)]).exit_code == 1
    runner.invoke(main, ["format", str(path)])
    assert path.read_text(encoding="utf-8") == NEAT
    again = runner.invoke(main, ["format", "--check", str(path)])
    assert (again.exit_code, again.output) == (0, "")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", b"<http://e/s> <http://e/p> .\n", "a.ttl, line 1, column 27: "),
        ("a.ttl", b"\xff", "a.ttl is not UTF-8: save the file as UTF-8."),
        ("a.json", b"{}", "a.json is neither Turtle (.ttl) nor TriG (.trig): leave it out."),
        ("a.ttl", None, "a.ttl does not exist: name a file or folder of Turtle or TriG."),
    ],
)
def test_the_command_names_what_it_cannot_format(
    tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = CliRunner().invoke(main, ["format", str(tmp_path / name)])
    assert result.exit_code == 1
    assert result.stderr.startswith("surplace: ")
    assert expected in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_empty_graph_is_not_lost_without_a_word() -> None:
    text = "GRAPH <https://w3id.org/surplace/source/doc/p1/s1> {\n}\n"
    with pytest.raises(SurplaceError) as caught:
        formatted(text, ".trig", "doc.trig")
    assert str(caught.value) == (
        "doc.trig: formatting would lose the empty graph <https://w3id.org/surplace/source/doc/p1/s1>: "
        "write what its passage states, or remove it."
    )
