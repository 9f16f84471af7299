"""What `/person` reads: each field that it does not understand is refused by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import make_release
from surplace.catalogue import Catalogue
from surplace.engine.blocking import Blocking, open_blocking
from surplace.engine.limits import Limits
from surplace.engine.release import find_release
from surplace.routes import suppositions
from surplace.routes.app import create_app
from surplace.suppose.description import PersonDescription
from surplace.suppose.person import Assessment

FORM, JSON, HTML = "application/x-www-form-urlencoded", "application/json", "text/html"
KEYS = ["left-without-permission", "sought-asylum", "work"]
EMPTY: dict[str, Any] = {field.name: "" if field.type == "str" else [] for field in fields(Assessment)}
MORE = """
GRAPH <https://w3id.org/surplace/source/report/p3/s1> {
  risk-factor:sought-asylum a sur:RiskFactor ; skos:prefLabel "sought asylum"@en ;
    skos:broader risk-factor:left-without-permission .
  risk-factor:left-without-permission a sur:RiskFactor ; skos:prefLabel "left without permission"@en .
  motive:work a sur:Motive ; skos:prefLabel "work"@en .
}
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blocking]:
    release = make_release(tmp_path_factory.mktemp("release"), MORE)
    engine = open_blocking(find_release(release), Limits(workers=1))
    yield engine
    engine.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[PersonDescription]:
    """Provide the descriptions that would be assessed."""
    found: list[PersonDescription] = []

    async def assess(_engine: object, _task: str, given: PersonDescription) -> dict[str, Any]:
        found.append(given)
        return EMPTY

    monkeypatch.setattr(suppositions, "suppose", assess)
    return found


@pytest.fixture
def client(engine: Blocking) -> FlaskClient:
    """Provide a client of the application, without the service around it."""
    return create_app(engine, Catalogue({}), Limits(client_errors=1000)).test_client()


def refused(client: FlaskClient, body: str, content_type: str) -> dict[str, Any]:
    """Send a description; return the members of the problem that tell the client what to change."""
    response = client.post("/person", data=body.encode(), content_type=content_type, headers={"Accept": JSON})
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    found = response.get_json()
    assert found["type"] == "/problems#parameter"
    return {name: found[name] for name in ("parameter", "detail", "allowed") if name in found}


def test_a_person_is_not_described_in_an_address(client: FlaskClient) -> None:
    refused = client.get("/person?stay=RUR&utm=x", headers={"Accept": HTML})
    assert refused.status_code == 400
    assert "&#34;stay&#34; stands in the address" in refused.text
    for accept in (JSON, HTML):
        assert (
            client.post("/person?stay=RUR", data={"day": ""}, headers={"Accept": accept}).status_code == 400
        )
    assert '<form class="describe"' in refused.text
    for near in ("Stay=RUR", "sought_asylum=yes", "SOUGHT-ASYLUM=yes", "sougth-asylum=yes"):
        answer = client.post(f"/person?{near}", data={"day": ""}, headers={"Accept": JSON})
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, near.partition("=")[0])
    assert client.get("/person?utm=x", headers={"Accept": HTML}).status_code == 200


@pytest.mark.parametrize("value", ["maybe", "on", "true", "Yes", "", " yes"])
def test_a_value_that_is_no_answer(client: FlaskClient, asked: list[PersonDescription], value: str) -> None:
    assert refused(client, f"sought-asylum={value}", FORM) == {
        "parameter": "sought-asylum",
        "detail": f'"sought-asylum" is "{value}": use yes, no or unknown.',
        "allowed": ["no", "unknown", "yes"],
    }
    assert asked == []


@pytest.mark.parametrize(
    ("body", "parameter", "detail"),
    [
        (
            "sought-asylum=yes&sought-asylum=no",
            "sought-asylum",
            '"sought-asylum" is given 2 times: give it once.',
        ),
        ("origin=RUR&origin=RUR", "origin", '"origin" is given 2 times: give it once.'),
        (
            "soght-asylum=yes",
            "soght-asylum",
            '"soght-asylum" is neither a circumstance nor day, nationality, origin or stay: did you mean '
            "sought-asylum? Use one of day, left-without-permission, nationality, origin, sought-asylum, "
            "stay, work.",
        ),
        (
            "yes=sought-asylum",
            "yes",
            '"yes" is neither a circumstance nor day, nationality, origin or stay: use one of day, '
            "left-without-permission, nationality, origin, sought-asylum, stay, work.",
        ),
        ("stay=XYZ", "stay", '"XYZ" is not a recorded state: give three letters such as CHN.'),
        (
            "stay=RUR/nowhere",
            "stay",
            '"RUR/nowhere" is no territory with treaties of its own: use one of RUR.',
        ),
        (
            "stay=RUR/",
            "stay",
            '"RUR/" is half a place: name a state, as CHN, or a territory, as CHN/hong-kong.',
        ),
        (
            "stay=/nowhere",
            "stay",
            '"/nowhere" is half a place: name a state, as CHN, or a territory, as CHN/hong-kong.',
        ),
        (
            "nationality=RUR&nationality=XYZ",
            "nationality",
            '"XYZ" is not a recorded state: give three letters such as CHN.',
        ),
        (
            "day=9.8.2010",
            "day",
            '"9.8.2010" is not a day here, for such figures read two ways: '
            "give a day such as 2010-09-13 or 13 September 2010.",
        ),
    ],
)
def test_a_field_that_is_not_understood(
    client: FlaskClient, asked: list[PersonDescription], body: str, parameter: str, detail: str
) -> None:
    found = refused(client, body, FORM)
    assert (found["parameter"], found["detail"]) == (parameter, detail)
    assert asked == []


LISTS = "is not read: send it as a list of circumstances, each a text."
NATIONALITIES = '"nationality" is not read: send it as a list of states, each a text.'


@pytest.mark.parametrize(
    ("body", "parameter", "detail"),
    [
        (
            '{"maybe": []}',
            "maybe",
            '"maybe" is not a member of a description: use one of day, nationality, no, origin, stay, yes.',
        ),
        (
            '{"orgin": "RUR"}',
            "orgin",
            '"orgin" is not a member of a description: did you mean origin? '
            "Use one of day, nationality, no, origin, stay, yes.",
        ),
        ('{"yes": "work"}', "yes", f'"yes" {LISTS}'),
        ('{"yes": null}', "yes", f'"yes" {LISTS}'),
        ('{"no": ["work", 1]}', "no", f'"no" {LISTS}'),
        ('{"no": {"work": true}}', "no", f'"no" {LISTS}'),
        ('{"origin": 3}', "origin", '"origin" is not a text: give a state as in CHN, or leave it out.'),
        ('{"day": 2010}', "day", '"day" is not a text: give a day as in 2010-09-13, or leave it out.'),
        ('{"nationality": "RUR"}', "nationality", NATIONALITIES),
        ('{"stay": null}', "stay", '"stay" is not a text: give a state as in CHN, or leave it out.'),
        (
            '{"origin": "A> ?p ?o"}',
            "origin",
            '"A> ?P ?O" is not a recorded state: give three letters such as CHN.',
        ),
        ('{"yes": [], "yes": ["work"]}', "yes", '"yes" is given twice: give it once.'),
        ('{"yes": ["work", "work"]}', "yes", '"work" stands twice in "yes": give it once.'),
        (
            '{"yes": ["work"], "no": ["work"]}',
            "no",
            "“work” is answered with yes and with no: choose one, or leave it out.",
        ),
        (
            '{"no": ["left-without-permit"]}',
            "no",
            '"left-without-permit" is not a circumstance: did you mean left-without-permission? Use one of '
            f"{', '.join(KEYS)}.",
        ),
        ('{"yes": ["\\ud800"]}', "yes", f'"?" is not a circumstance: use one of {", ".join(KEYS)}.'),
        (
            '{"' + "x" * 70 + '": 1}',
            "x" * 60 + "…",
            f'"{"x" * 60}…" is not a member of a description: '
            "use one of day, nationality, no, origin, stay, yes.",
        ),
    ],
)
def test_a_member_that_is_not_understood(
    client: FlaskClient, asked: list[PersonDescription], body: str, parameter: str, detail: str
) -> None:
    found = refused(client, body, JSON)
    assert (found["parameter"], found["detail"]) == (parameter, detail)
    assert asked == []


@pytest.mark.usefixtures("asked")
def test_a_body_that_is_no_description(client: FlaskClient) -> None:
    for body in (b"", b"[]", b'"yes"', b"{", b"[" * 100_000, b'{"yes": "\xff"}'):
        response = client.post("/person", data=body, content_type=JSON, headers={"Accept": JSON})
        assert (response.status_code, response.get_json()["type"]) == (400, "/problems#bad-request")


def test_the_same_person_as_form_and_as_json(client: FlaskClient, asked: list[PersonDescription]) -> None:
    form = (
        "sought-asylum=yes&work=no&left-without-permission=unknown&origin=rur&stay=&day=2010-09-13"
        "&nationality=rur&nationality=RUR"
    )
    members = {
        "yes": ["sought-asylum"],
        "no": ["work"],
        "origin": "RUR",
        "nationality": ["RUR"],
        "day": "2010-09-13",
    }
    for body, content_type in ((form, FORM), (json.dumps(members), JSON), ("", FORM), ("{}", JSON)):
        response = client.post("/person", data=body, content_type=content_type, headers={"Accept": JSON})
        assert response.status_code == 200, response.text
    one = PersonDescription(("sought-asylum",), ("work",), "RUR", "", ("RUR",), "2010-09-13")
    assert asked == [one, one, PersonDescription(), PersonDescription()]


def test_the_form_sends_what_is_understood(client: FlaskClient, asked: list[PersonDescription]) -> None:
    page = client.get("/person", headers={"Accept": HTML}).text
    names = dict.fromkeys(re.findall(r'name="([^"]+)"', page.partition('<form class="describe"')[2]))
    assert sorted(names) == ["day", KEYS[0], "nationality", "origin", KEYS[1], "stay", KEYS[2]]
    empty = ("origin", "stay", "day")
    untouched = {name: "" if name in empty else "unknown" for name in names if name != "nationality"}
    given = {**untouched, "work": "yes", "origin": "RUR"}
    for data in (untouched, given):
        response = client.post("/person", data=data, headers={"Accept": HTML})
        assert (response.status_code, response.mimetype) == (200, HTML)
    assert asked == [PersonDescription(), PersonDescription(("work",), origin="RUR")]
    assert 'name="work" value="yes" checked' in response.text
    sent = {"sought-asylum": "yes", "origin": "RUR", "day": "soon", "nationality": ["RUR"]}
    wrong = client.post("/person", data=sent, headers={"Accept": HTML})
    assert wrong.status_code == 400
    assert '<a href="#day-fault">' in wrong.text
    field = wrong.text.partition('<label for="day">')[2].partition("</div>")[0]
    assert '<p class="fault" id="day-fault">&#34;soon&#34; is not a day' in field
    assert 'value="soon" aria-describedby="day-fault day-hint" aria-invalid=true' in field
    assert 'name="sought-asylum" value="yes" checked' in wrong.text
    assert wrong.text.count('follows told">taken for yes: follows from “sought asylum”') == 1
    # without a kind that is given, it is there for the style sheet to show when one is chosen
    assert page.count('<p class="hint follows">taken for yes: a kind of it is chosen') == 1
    assert wrong.text.count('value="RUR" selected') == 1
    assert 'name="nationality" value="RUR" checked' in wrong.text
    refused = client.post("/person", data={"work": "maybe"}, headers={"Accept": HTML})
    assert (refused.status_code, refused.mimetype) == (400, HTML)
    assert "use yes, no or unknown" in refused.text
