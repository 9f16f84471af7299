"""The sources stage: files become named graphs, and what may not stand in them is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from conftest import World, sha256
from surplace.build.integrity import faults
from surplace.build.sources import Sources, read_sources
from surplace.errors import SurplaceError
from surplace.namespaces import CLAIM, PROVENANCE, SOURCE, SUR, sparql_prologue

CONSENT = "id/consent/accord/AAA"
TREATIES = "data/reference/treaties.trig: "


def read(world: World) -> Sources:
    """Read the data of a world."""
    return read_sources([world.inputs.data], world.inputs.additions)


def messages(world: World) -> list[str]:
    """Return the sentences of the sources stage."""
    return [violation.message for violation in faults(read(world))]


def test_sound_data_have_no_faults(small_world: World) -> None:
    assert messages(small_world) == []


def test_the_knowledge_lacks_what_is_rejected(small_world: World) -> None:
    types = {
        triple.object.value
        for triple in read(small_world).knowledge
        if triple.subject.value.endswith(CONSENT) and triple.predicate.value.endswith("#type")
    }
    assert types == {SUR + "Accession"}


def test_the_passage_keeps_what_is_rejected(small_world: World) -> None:
    sentence = "https://w3id.org/surplace/source/article/p1/s1"
    assert NamedNode(SUR + "Ratification") in [quad.object for quad in read(small_world).graph(sentence)]


def test_the_content_of_a_claim_is_no_knowledge(small_world: World) -> None:
    sources = read(small_world)
    content = [quad.triple for quad in sources.graph(CLAIM + "envoy")]
    assert len(content) == 1
    assert not set(content) & sources.knowledge


def test_a_turtle_file_is_about_provenance(small_world: World) -> None:
    small_world.add("more.ttl", 'source:new a sur:Source ; skos:prefLabel "New"@en .')
    assert NamedNode("https://w3id.org/surplace/source/new") in {
        quad.subject for quad in read(small_world).graph(PROVENANCE)
    }


def test_a_byte_order_mark_is_no_part_of_a_file(small_world: World) -> None:
    path = small_world.inputs.data / "more.ttl"
    path.write_text(f"\ufeff{sparql_prologue()}source:new sur:hasPartyCount 1.50 .", encoding="utf-8")
    found = read(small_world)
    assert NamedNode("https://w3id.org/surplace/source/new") in {q.subject for q in found.graph(PROVENANCE)}
    assert [violation.file for violation in found.violations] == ["data/more.ttl"]  # it says 1.5 in full


def test_an_additional_folder_adds_data(small_world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    extra = tmp_path_factory.mktemp("extra")
    (extra / "more.trig").write_text(
        "GRAPH <https://w3id.org/surplace/source/surplace/states> { <http://e/s> <http://e/p> <http://e/o> }",
        encoding="utf-8",
    )
    sources = read_sources([small_world.inputs.data, extra])
    assert faults(sources) == []
    assert len(sources.knowledge) == len(read(small_world).knowledge) + 1


def test_a_missing_folder_is_named(small_world: World) -> None:
    with pytest.raises(SurplaceError, match=r"nowhere is not a folder: name a folder laid out like data/\."):
        read_sources([small_world.inputs.data / "nowhere"])


def test_a_syntax_error_has_file_line_and_column(small_world: World) -> None:
    path = small_world.inputs.data / "broken.trig"
    path.write_text(
        "PREFIX sur: <https://w3id.org/surplace/ontology/>\nsur:a sur:b ;; .\n} \n", encoding="utf-8"
    )
    with pytest.raises(SurplaceError) as caught:
        read(small_world)
    assert str(caught.value).startswith("data/broken.trig, line 2, column 13: ")
    assert str(caught.value).endswith("so correct the statement that ends or begins there.")
    assert "\n" not in str(caught.value)


STATED = """PREFIX state: <https://w3id.org/surplace/id/state/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
GRAPH <https://w3id.org/surplace/source/a/p1> {
    state:AAA
        skos:prefLabel "Aland"@en ;
        skos:note "A state"@en ;
    .
}
GRAPH <https://w3id.org/surplace/source/a/p2> { }
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "PREFIX state: <https://w3id.org/surplace/id/state/>\n",
            "",
            "line 3, column 5: the prefix state: is not declared: "
            "add the line PREFIX state: <https://w3id.org/surplace/id/state/> at the top.",
        ),
        ("state:AAA", "stat:AAA", "line 4, column 5: the prefix stat: is not declared: did you mean state:?"),
        (
            "state:AAA",
            "zzz:AAA",
            "line 4, column 5: the prefix zzz: is not declared: correct it, or add its PREFIX line at the "
            "top.",
        ),
        (
            "PREFIX skos",
            "PREFX skos",
            "line 2, column 1: PREFX is not a valid subject or graph name: did you mean PREFIX?",
        ),
        ("}\n", "", "line 8, column 1: the graph before is not closed: write } at its end."),
        (
            '"A state"',
            '"A state',
            "line 6, column 19: what begins here is open where the file ends: write the full stop, bracket "
            "or quotation mark that closes it.",
        ),
        (
            '"Aland"@en',
            '"Aland@en',
            "line 5, column 35: the text on this line has no end: write its second quotation mark, "
            "or three of them on each side of a text of several lines.",
        ),
        (
            '"Aland"@en ;',
            '"Aland"@en',
            "line 6, column 9: a ; or . is missing before this: write ; between statements about one thing, "
            "and . after the last.",
        ),
        (
            '"A state"',
            "“A state”",
            'line 6, column 19: “ is no quotation mark of Turtle: write " around a text.',
        ),
        (
            '"Aland"@en ;',
            '"Aland"@en ,',
            'line 6, column 19: "A state" is not a valid subject or graph name: write ; between statements '
            "about one thing, and a comma only between values.",
        ),
    ],
)
def test_a_fault_of_turtle_says_what_to_do(small_world: World, old: str, new: str, said: str) -> None:
    assert old in STATED
    (small_world.inputs.data / "stated.trig").write_text(STATED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SurplaceError) as caught:
        read(small_world)
    assert str(caught.value) == f"data/stated.trig, {said}"


def test_graphs_in_a_file_of_turtle_are_told_its_suffix(small_world: World) -> None:
    (small_world.inputs.data / "stated.ttl").write_text(STATED, encoding="utf-8")
    with pytest.raises(SurplaceError, match=r"line 3, column 1: graphs stand in TriG alone: give the file"):
        read(small_world)


def test_a_file_that_is_not_utf_8_is_named(small_world: World) -> None:
    (small_world.inputs.data / "latin.ttl").write_bytes(b"#\r\n#\xe9")
    with pytest.raises(SurplaceError, match=r"data/latin\.ttl, line 2, is not UTF-8 \(byte 4\): save"):
        read(small_world)


@pytest.mark.parametrize(
    ("name", "addition", "expected"),
    [
        (
            "a blank node",
            "GRAPH <https://w3id.org/surplace/source/untc/I-1> { state:AAA sur:has [ sur:is 1 ] }",
            TREATIES + "a blank node stands beside state:AAA in source/untc/I-1: "
            "give the thing an IRI of its own.",
        ),
        (
            "no graph",
            "state:AAA sur:has 1 .",
            TREATIES + "what it says of state:AAA stands in no graph: put it inside "
            "GRAPH <…> { } with the IRI of the passage that states it.",
        ),
        (
            "a graph of another kind",
            "GRAPH graph:knowledge { state:AAA sur:has 1 }",
            TREATIES + "graph:knowledge is not the name of a graph for data: use "
            "source/DOCUMENT/PASSAGE, claim/NAME, graph/rejected/NAME or graph/provenance.",
        ),
        (
            "a source in place of a passage",
            "GRAPH source:untc { state:AAA sur:has 1 }",
            TREATIES + "source:untc is not the name of a graph for data: use "
            "source/DOCUMENT/PASSAGE, claim/NAME, graph/rejected/NAME or graph/provenance.",
        ),
        (
            "a passage without record",
            "GRAPH <https://w3id.org/surplace/source/untc/I-2> { state:AAA sur:has 1 }",
            TREATIES + "the graph source/untc/I-2 has no record of its passage: describe it "
            "in graph/provenance as a sur:TextPassage, RecordPassage, ProvisionPassage, DocumentPassage or "
            "EditorialPassage.",
        ),
        (
            "content of nobody's claim",
            "GRAPH claim:rumour { state:AAA sur:has 1 }",
            TREATIES + "the content of claim:rumour belongs to no claim: say in the graph "
            "of a passage who claims it (claim:rumour a sur:Claim ; sur:isClaimedBy …).",
        ),
        (
            "a rejection without disagreement",
            "GRAPH rejected:alone { <https://w3id.org/surplace/id/consent/accord/AAA> a sur:Ratification }",
            TREATIES + "no sur:Disagreement rejects rejected:alone: describe in "
            "graph/provenance which passage is preferred to it, and why.",
        ),
        (
            "a disagreement that rejects nothing",
            "GRAPH graph:provenance { disagreement:none a sur:Disagreement ; sur:rejects rejected:none }",
            TREATIES + "the graph rejected:none, which a sur:Disagreement rejects, is empty: write there "
            "what is rejected, or remove the disagreement.",
        ),
        (
            "a rejection of what nobody states",
            "GRAPH rejected:act { state:AAA a sur:Ratification }",
            "data/disagreements.trig, " + TREATIES + "rejected:act rejects “state:AAA rdf:type "
            "sur:Ratification”, which no passage states: correct or remove that line.",
        ),
        (
            "a rejection of what is preferred",
            "GRAPH rejected:act { <https://w3id.org/surplace/id/consent/accord/AAA> a sur:Accession }",
            "data/disagreements.trig, " + TREATIES + "rejected:act rejects “id/consent/accord/AAA "
            "rdf:type sur:Accession”, which the preferred passage source/untc/I-1/AAA states itself: "
            "remove that line from one of the two.",
        ),
    ],
)
def test_a_fault_of_the_files_is_one_sentence(
    small_world: World, name: str, addition: str, expected: str
) -> None:
    small_world.add("reference/treaties.trig", addition)
    assert messages(small_world) == [expected], name


def test_a_changed_digest_is_caught_without_the_text(small_world: World) -> None:
    before, after = sha256("Aland ratified the Accord."), "0" * 64
    small_world.change("documents/article.trig", before, after)
    (message,) = messages(small_world)
    second = sha256('Its envoy said so "twice".[1]')
    common = sha256("\n".join([after, second]))
    assert message.startswith(
        "data/documents/article.trig: the digests of the passages of “Article” (source:article) have "
        f"changed: their common digest (sur:hasPassagesDigest) is {common}, "
    )
    assert message.endswith("then restore the digest or record the new one.")


def test_another_folder_may_add_rows_to_a_register_but_no_sentence_to_a_text(
    small_world: World, tmp_path: Path
) -> None:
    row, sentence = f"{SOURCE}untc/I-1/BBB", f"{SOURCE}article/p1/s3"
    kept = sha256("row AAA")
    small_world.change(
        "reference/treaties.trig",
        "I-1/AAA> a sur:RecordPassage ;",
        f'I-1/AAA> a sur:RecordPassage ; sur:hasDigest "{kept}" ;',
    )
    small_world.add(
        "reference/treaties.trig",
        f'GRAPH graph:provenance {{ source:untc sur:hasPassagesDigest "{sha256(kept)}" }}\n',
    )
    (tmp_path / "more").mkdir()
    more = tmp_path / "more" / "rows.trig"
    added = 'GRAPH graph:provenance {{ <{}> a sur:{} ; sur:isPassageOf source:{} ; sur:hasDigest "{}" }}\n'
    more.write_text(sparql_prologue() + added.format(row, "RecordPassage", "untc", sha256("row BBB")))
    folders = [small_world.inputs.data, more.parent]
    assert faults(read_sources(folders)) == []
    more.write_text(sparql_prologue() + added.format(sentence, "TextPassage", "article", sha256("A third.")))
    (fault,) = faults(read_sources(folders))
    assert "the digests of the passages of “Article” (source:article) have changed" in fault.message


def test_the_common_digest_follows_the_order_of_the_text(small_world: World) -> None:
    small_world.change("documents/article.trig", "sur:hasOrder 1 ", "sur:hasOrder 3 ")
    assert len(messages(small_world)) == 1
