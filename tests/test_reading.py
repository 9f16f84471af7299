"""Pages to read a source by: parts, neighbours, what each passage states, what is rejected, words at hand."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from service import Service, make_release, serving
from surplace.articles import wording_digest
from surplace.sourcetext import Passage, digest, normalised
from surplace.texts import NONE_HELD, Copy, Texts
from surplace.web.cells import Cell
from surplace.web.kinds.claim import ClaimShown, side_by_side
from surplace.web.kinds.claim import sentence as said_of_claim
from surplace.web.kinds.recommendation import RequestMade
from surplace.web.kinds.recommendation import sentence as said_of_request

SENTENCES = ("The Envoy arrived on a Tuesday.", "Nobody was surprised by the visit.")
CHANGED = "Nobody was in the least surprised by the visit."
BOOK = "https://w3id.org/surplace/source/book"


def passage(iri: str, number: int) -> str:
    words = SENTENCES[number - 1].split()
    return (
        f"<{iri}> a sur:TextPassage, sur:Passage ; sur:isPassageOf <{BOOK}> ; sur:hasOrder {number} ; "
        f"sur:hasParagraphNumber {number} ; sur:hasSentenceNumber 1 ; "
        f'skos:prefLabel "The book, paragraph {number}, sentence 1"@en ; '
        f'sur:beginsWith "{" ".join(words[:2])}" ; sur:endsWith "{" ".join(words[-2:])}" ; '
        f'sur:hasDigest "{digest(SENTENCES[number - 1])}" .'
    )


LEDGER = """Article 1
1. Ledgers are open to whoever asks.
2. Clerks may close them at noon.

Article 2
No clerk sells ink.
"""
TREATY = "https://w3id.org/surplace/id/instrument/ledger"


def provision(number: str, whole: str, words: str) -> str:
    path = number.replace("(", "/").replace(")", "")
    recorded = f' ; sur:hasDigest "{wording_digest(words)}"' if words else ""
    return f"""
GRAPH <{TEXT}/article/{path}> {{
  <{TREATY}/article/{path}> a sur:Provision ; skos:prefLabel "Ledger Treaty, Article {number}"@en ;
    sur:hasNumber "{number}" ; sur:isPartOf <{whole}> . }}
GRAPH <https://w3id.org/surplace/graph/provenance> {{
  <{TEXT}/article/{path}> a sur:ProvisionPassage, sur:Passage ; sur:isPassageOf <{TEXT}> ;
    skos:prefLabel "Text of the Ledger Treaty, Article {number}"@en ;
    sur:hasLocator "Article {number}"{recorded} . }}"""


TEXT = "https://w3id.org/surplace/source/text-ledger"
PROVISIONS = "".join(
    (
        provision("1", TREATY, ""),
        provision("1(1)", f"{TREATY}/article/1", "Ledgers are open to whoever asks."),
        provision("2", TREATY, "No clerk buys ink."),
    )
)
MORE = f"""
{PROVISIONS}
GRAPH <https://w3id.org/surplace/source/surplace/states> {{
  <{TREATY}> a sur:Treaty ; skos:prefLabel "Ledger Treaty"@en .
}}
GRAPH <https://w3id.org/surplace/graph/provenance> {{
  <{BOOK}> a sur:Source ; skos:prefLabel "The book"@en .
  <{TEXT}> a sur:Source ; skos:prefLabel "Text of the Ledger Treaty"@en ; sur:isCopyOf <{TREATY}> .
  {passage(f"{BOOK}/p1/s1", 1)}
  {passage(f"{BOOK}/p2/s1", 2)}
  <https://w3id.org/surplace/id/disagreement/visit> a sur:Disagreement ;
    skos:prefLabel "Who was surprised"@en ;
    sur:hasReason "The register outranks the book."@en ; sur:isBetween <{BOOK}/p2/s1> ;
    sur:rejects <https://w3id.org/surplace/graph/rejected/visit> .
}}
GRAPH <https://w3id.org/surplace/source/register/1> {{
  claim:clerk a sur:Claim ; skos:prefLabel "They do not cross for money"@en ; sur:isClaimedBy person:clerk .
  person:clerk a sur:Person, sur:Agent ; skos:prefLabel "Clerk of the register"@en .
  body:committee a sur:Organization . claim:envoy sur:isSpokenBy person:envoy .
  document:reply a sur:StateReply ; skos:prefLabel "Reply of Ruritania"@en ;
    sur:isReplyToDocument <https://w3id.org/surplace/id/document/inv-co-1/paragraph/7> .
}}
GRAPH <https://w3id.org/surplace/rule/entry> {{
  <https://w3id.org/surplace/id/finding/sale> a sur:Finding ; skos:prefLabel "ink is sold"@en ;
    sur:appliesProvision <{TREATY}/article/2> ; sur:concludes action:screening ;
    sur:hasVerdict <https://w3id.org/surplace/vocab/verdict/conflict> .
  <https://w3id.org/surplace/vocab/verdict/conflict> skos:prefLabel "conflict"@en .
  <https://w3id.org/surplace/id/contradiction/envoy> a sur:Contradiction, sur:Opposition ;
    sur:opposesClaim claim:envoy ; sur:opposes claim:clerk ; sur:givesReason "No motive is both."@en .
}}
GRAPH <{BOOK}/p1/s1> {{ state:RUR sur:isVisitedBy person:envoy ; skos:note "By mail coach."@en . }}
GRAPH <{BOOK}/p2/s1> {{ state:RUR sur:isFacedBy state:GRA . }}
GRAPH <https://w3id.org/surplace/graph/rejected/visit> {{ state:RUR sur:isFacedBy state:GRA . }}
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("read"), MORE)


@pytest.fixture(scope="module")
def service(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    copies = tmp_path_factory.mktemp("copies")
    (copies / "book.txt").write_text(f"{SENTENCES[0]}\n\n{CHANGED}\n")
    (copies / "ledger.txt").write_text(LEDGER)
    (copies / "stranger.txt").write_text("Nothing of the kind.\n")
    with serving("--release", str(release), "--texts", str(copies)) as running:
        yield running


def words(service: Service, path: str) -> str:
    response = service.get(path, "text/html")
    assert response.status == 200
    main = response.text.partition("<main")[2].partition("All statements")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_a_short_source_is_read_whole_in_its_order(service: Service) -> None:
    text = words(service, "/source/book")
    read = (
        "The book is read here in two sentences in two paragraphs; one of these is disputed or open; on one"
    )
    assert f"{read} point other sources differ" in text
    assert text.index("Paragraph 1") < text.index("Ruritania") < text.index("Paragraph 2")


def test_a_part_leads_to_its_neighbours_and_another_is_refused(service: Service) -> None:
    text = words(service, "/source/book?part=p2")
    assert (
        "Paragraph 2 has one sentence, which states facts about one thing; on one point other sources differ"
        in text
    )
    assert 'href="/source/book?part=p1" rel="prev"' in service.get("/source/book?part=p2", "text/html").text
    refused = service.get("/source/book?part=p9", "text/html")
    assert refused.status == 400
    assert "use one of p1, p2" in unescape(refused.text)


def test_words_are_shown_where_they_fit_and_a_mismatch_is_said(service: Service) -> None:
    first, second = words(service, "/source/book/p1/s1"), words(service, "/source/book/p2/s1")
    assert SENTENCES[0] in first
    assert CHANGED not in second
    assert "Nobody was … the visit." in second
    assert "does not have this passage as it was read" in second


def test_a_text_among_statements_does_not_end_their_row(service: Service) -> None:
    text = words(service, "/source/book/p1/s1")
    assert "By mail coach" in text
    assert "By mail coach." not in text


def test_what_is_rejected_is_struck_with_the_reason_and_the_disagreement(service: Service) -> None:
    page = service.get("/source/book/p2/s1", "text/html").text
    assert re.search(r"<del><a href=\"/id/state/GRA\">Graustark</a></del>", page)
    text = words(service, "/source/book/p2/s1")
    assert "Who was surprised" in text
    assert "The register outranks the book." in text
    assert "<del>" not in service.get("/source/book/p1/s1", "text/html").text


def test_of_several_texts_the_one_that_fits_is_taken_and_a_stranger_is_none() -> None:
    known = [
        Passage(f"{BOOK}/p{number}/s1", " ".join(text.split()[:2]), " ".join(text.split()[-2:]), digest(text))
        for number, text in enumerate(SENTENCES, 1)
    ]
    right, half = normalised(" ".join(SENTENCES)), normalised(f"{SENTENCES[0]} {CHANGED}")
    alone = Texts([Copy("half.txt", half)])
    assert Texts([Copy("half.txt", half), Copy("right.txt", right)]).of(known).words == dict(
        zip([p.iri for p in known], SENTENCES, strict=True)
    )
    assert alone.of(known).amiss == {known[1].iri}
    assert Texts([Copy("other.txt", "Nothing of the kind.")]).of(known) == NONE_HELD
    assert (
        len({alone.digest, Texts([Copy("half.txt", right)]).digest, Texts([Copy("h.txt", half)]).digest}) == 3
    )
    rest = [Passage(f"{BOOK}/p{number}/s1", "No", "more.", "0" * 64) for number in range(3, 12)]
    assert alone.of([*known, *rest]) == NONE_HELD  # one sentence of eleven may stand in any text


AGREES = "As the copy at hand has it; its digest agrees with the copy that was read."
DIFFERS = "As the copy at hand has it, which differs from the copy that was read."


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/id/instrument/ledger/article/1/1", f"Ledgers are open to whoever asks. {AGREES}"),
        ("/source/text-ledger/article/1/1", f"Ledgers are open to whoever asks. {AGREES}"),
        ("/id/instrument/ledger/article/2", f"No clerk sells ink. {DIFFERS}"),
        ("/source/text-ledger", f"No clerk sells ink. {DIFFERS}"),
        ("/id/finding/sale", f"Ledger Treaty, Article 2 : No clerk sells ink. {DIFFERS}"),
        ("/explain?iri=id/instrument/ledger/article/2", f"No clerk sells ink. {DIFFERS}"),
        (
            "/id/instrument/ledger",
            "1. Ledgers are open to whoever asks. 2. Clerks may close them at noon. "
            "As the copy at hand has it; no digest is on record to compare it with.",
        ),
    ],
)
def test_articles_are_shown_as_the_copy_has_them(service: Service, path: str, said: str) -> None:
    assert said in words(service, path)


def test_a_text_of_which_nothing_can_be_shown_is_named(service: Service) -> None:
    expected = (
        "surplace: stranger.txt holds no passage of any source as it was read: give the text of one, or name "
        "the copy of a treaty after it (ledger.txt).\n"
    )
    for _ in range(100):
        if expected in service.log.read_text():
            break
        time.sleep(0.05)
    assert [line for line in service.log.read_text().splitlines(True) if "txt" in line] == [expected]


def test_a_claim_is_shown_with_speaker_day_words_and_what_is_against_it(service: Service) -> None:
    text = words(service, "/claim/envoy")
    assert (
        "Envoy of Ruritania said so on 2 January 2010; it is contradicted by Clerk of the register." in text
    )
    assert "are moved by economic betterment" in text
    assert "Clerk of the register: They do not cross for money contradicted by No motive is both." in text


def test_claims_side_by_side_say_what_is_between_them(service: Service) -> None:
    page = service.get("/claims?claim=envoy&claim=clerk", "text/html").text
    assert (
        "Two claims of Envoy of Ruritania and Clerk of the register: between them one contradiction." in page
    )
    refused = service.get("/claims?claim=nobody", "text/html")
    assert (refused.status, "is no claim here" in refused.text) == (400, True)


def test_three_who_speak_or_ask_are_listed_with_one_and() -> None:
    who = (Cell("Envoy of Ruritania"), Cell("Sea Tribunal, First Chamber"), Cell("local officials"))
    claim = ClaimShown(Cell("x"), "x", "x", who, (), (), (), "", "", (), (), ())
    said = "Envoy of Ruritania, the Sea Tribunal, First Chamber, and local officials"
    assert said_of_claim(claim) == f"{said} said so; nothing on record is found to contradict it."
    assert side_by_side([claim])[0] == f"One claim of {said}: nothing sets them against each other."
    request = RequestMade(Cell("x"), "x", who, who, False, (Cell("screening"),), "", (), (), (), ())
    assert said_of_request(request) == (
        f"{said} asked of {said}: screening; what became of it: nothing is recorded; no reply is on record."
    )


def test_a_request_tells_a_reply_to_the_document_from_one_to_the_request(service: Service) -> None:
    text = words(service, "/id/recommendation/screening")
    assert "The Committee on Invented Matters asked of Ruritania on 4 May 2009: screening" in text
    assert "its document was replied to, but no reply on record deals with this request." in text
    assert "Reply of Ruritania" in text


def test_a_body_has_what_it_asked_and_a_person_what_it_said(service: Service) -> None:
    body = words(service, "/id/body/committee")
    assert "The Committee on Invented Matters: one request is on record." in body
    assert "Screen all arrivals" in body
    person = words(service, "/id/person/envoy")
    assert "The envoy on the motives of those who cross" in person


def test_who_is_contradicted_is_told_too(service: Service) -> None:
    text = words(service, "/claim/clerk")
    assert "Clerk of the register said so; it is contradicted by Envoy of Ruritania." in text
