"""An answer with a row for each other state and clause is light, and folded, where there are 180 states."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from pathlib import Path

import pytest

from service import make_release, serving
from test_accessibility import LIGHT

ASKED = "/queries/can-one-state-bring-another-before-the-court"
LAW = """
BASE <https://w3id.org/surplace/>
GRAPH <https://w3id.org/surplace/source/surplace/treaties> {
  action:shelter a sur:Action, skos:Concept ; skos:prefLabel "shelter"@en .
  body:world-court a sur:Court ; skos:prefLabel "World Court"@en .
  standing-kind:excluded a sur:StandingKind ; skos:prefLabel "excluded"@en .
  standing-kind:not-party a sur:StandingKind ; skos:prefLabel "not party"@en .
  standing-kind:party a sur:StandingKind ; skos:prefLabel "party"@en .
"""
TREATY = """
  instrument:{key} a sur:Treaty ; skos:prefLabel "{name} relating to Shelter"@en .
  <id/instrument/{key}/article/1> sur:imposes norm:{key} ; sur:isPartOf instrument:{key} .
  norm:{key} sur:concernsAction action:shelter .
  <id/instrument/{key}/article/9> a sur:Provision ; skos:prefLabel "{name}, Article 9"@en ;
    sur:isPartOf instrument:{key} ; sur:confersJurisdictionOn body:world-court .
"""
STANDING = """
  <id/participation/{treaty}/{code}> a sur:Participation ; sur:isStandingTo instrument:{treaty} ;
    sur:isStandingOf state:{code} ; sur:hasStandingKind standing-kind:{kind} ;
    sur:holdsFrom "{since}"^^xsd:date ; sur:givesReason "{reason}"@en .
"""
ACCEPTANCE = """
  <id/acceptance/{treaty}/{code}> a sur:AcceptanceOfJurisdiction ; sur:opensTheWayTo body:world-court ;
    sur:concernsState state:{code} ; sur:appliesProvision <id/instrument/{treaty}/article/9> ;
    sur:holdsFrom "{since}"^^xsd:date ; sur:holdsBefore "2015-03-15"^^xsd:date ;
    sur:givesReason "{title}, Article 9 binds {name} since {since}, so that it may bring each \
other state that the clause binds at the time before the World Court over the treaty, and be brought, \
on the terms of the clause."@en ;
    sur:hasCaveat "{name} has access to the World Court as party to its Statute, since {since}."@en .
"""
EXCLUSION = """
  <id/standing/{treaty}/{code}> sur:isStandingTo <id/instrument/{treaty}/article/9> ;
    sur:isStandingOf state:{code} ; sur:hasStandingKind standing-kind:excluded ;
    sur:holdsFrom "{since}"^^xsd:date ; sur:holdsBefore "2015-03-15"^^xsd:date ;
    sur:givesReason "A reservation of {name} excludes it."@en ;
    sur:usesPremise <id/reservation/{treaty}/{code}> .
  <id/reservation/{treaty}/{code}> a sur:Reservation ; skos:prefLabel "{name}: reservation to Article 9"@en .
"""
SYLLABLES = tuple(re.findall(r"\w+", "ba dor el fa gru hil ka lo mer na os pri sta tu va zem"))


def world(states: int) -> str:
    """Write the world: each state accepts the clause of one treaty, and reserved another or is no party."""
    text = [LAW]
    for key, name in (("accord", "Accord"), ("pact", "Pact")):
        text.append(TREATY.format(key=key, name=name))
    for number in range(states):
        digest = sha256(str(number).encode()).digest()
        name = "".join(SYLLABLES[byte % 16] for byte in digest[:4]).capitalize()
        code = "".join(chr(ord("A") + number // 26**place % 26) for place in (2, 1, 0))
        since = f"{1950 + digest[4] % 60}-{1 + digest[5] % 12:02}-{1 + digest[6] % 28:02}"
        text.append(
            f'state:{code} a sur:State, sur:Agent ; skos:prefLabel "{name}"@en ; sur:hasIsoCode "{code}" .'
        )
        names = {"code": code, "name": name, "since": since}
        text.append(ACCEPTANCE.format(treaty="accord", title="Accord", **names))
        kind = "party" if number % 2 else "not-party"
        reason = f"{name} has given no consent, as the record shows."
        text.append(STANDING.format(treaty="accord", kind="party", reason="", **names))
        text.append(STANDING.format(treaty="pact", kind=kind, reason=reason, **names))
        if number % 2:
            text.append(EXCLUSION.format(treaty="pact", **names))
    return "\n".join([*text, "}"])


def answered(folder: Path, states: int) -> tuple[int, str]:
    """Return the bytes of the first view of the answer in a world of so many states, and its page."""
    release = make_release(folder, world(states))
    with serving("--release", str(release)) as service:
        answer = service.get(f"{ASKED}?state=AAA&action=shelter&as_of=2010-09-13", "text/html")
        assert answer.status == 200, answer.text
        sheet = service.get("/static/surplace.css").body
    return len(gzip.compress(sheet)) + len(gzip.compress(answer.body)), answer.text


def below(text: str, heading: str) -> list[tuple[int, str]]:
    """Return the entries of each table below a heading that ends so, each with the fold that it is in."""
    part = text.partition(f"{heading}</a></h3>")[2].partition("</h3>")[0]
    pieces = re.split(r'<details class="fold"><summary>(.*?)</summary>', part)
    return [
        (len(re.findall(r"<tr><td data-title=", table)), fold)
        for fold, table in zip(["", *pieces[1::2]], pieces[::2], strict=True)
        if "<tbody>" in table
    ]


def test_of_a_long_list_twelve_entries_are_shown_and_the_page_is_light(tmp_path: Path) -> None:
    size, text = answered(tmp_path, 180)
    assert size <= LIGHT, size
    assert below(text, "Accord relating to Shelter, Article 9") == [(12, ""), (167, "167 more entries")]
    assert below(text, "Pact relating to Shelter, Article 9")[:2] == [(12, ""), (78, "78 more entries")]


@pytest.mark.parametrize(("states", "tables"), [(21, [(20, "")]), (22, [(12, ""), (9, "9 more entries")])])
def test_a_list_is_folded_from_twenty_one_entries_on(
    tmp_path: Path, states: int, tables: list[tuple[int, str]]
) -> None:
    _, text = answered(tmp_path, states)
    assert below(text, "Accord relating to Shelter, Article 9") == tables
