"""`/person` and `/what-if`: the rules run again on what is supposed, in a process of its own.

What is said of a person comes by POST, so that no address and no log holds it, and is not kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from surplace.engine.protocol import EngineError
from surplace.engine.release import Release
from surplace.errors import SurplaceError
from surplace.explain.statements import to_iri
from surplace.namespaces import ID, SUR
from surplace.suppose.changes import Supposition
from surplace.suppose.person import Description
from surplace.suppose.process import suppose
from surplace.web.errors import Problem
from surplace.web.negotiation import HTML, prefers
from surplace.web.person import CLASSES, JSON, read_person
from surplace.web.service import only_known, service

NOTICE: Final = (
    "This is research on what sources say, not legal advice. Nothing about the person is stored or logged."
)
KINDS: Final = {"withdraw": "withdraws a reservation", "accede": "accedes", "denounce": "denounces"}

blueprint = Blueprint("supposing", __name__)


@blueprint.route("/person", methods=["GET", "POST"])
def person() -> Response | str:
    """Show the form (GET), or which grounds may apply to the person described (POST, form or JSON)."""
    only_known(request.args, [])
    page = _wants_page()
    knowledge = service().knowledge
    grounds: list[dict[str, Any]] | None = None
    problem, given = "", Description()
    if request.method == "POST":
        given = read_person(knowledge)
        try:
            grounds = _ask("assess", given)
        except EngineError:
            raise
        except SurplaceError as error:
            if not page:
                raise Problem("parameter", str(error)) from None
            problem = str(error)
    if not page:
        if request.method == "GET":
            raise Problem("method", "Describe a person with POST, as a form or as JSON.", {"Allow": "POST"})
        return _private(
            Response(json.dumps({"notice": NOTICE, "grounds": grounds}, indent=2, ensure_ascii=False))
        )
    groups = [(title, knowledge.choices(SUR + name)) for title, name in CLASSES]
    text = render_template(
        "person.html",
        groups=groups,
        states=knowledge.choices(SUR + "State"),
        given=given,
        grounds=grounds,
        problem=problem,
        notice=NOTICE,
    )
    response = Response(text, status=400 if problem else 200, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/what-if")
def what_if() -> Response | str:
    """Show the form, or what would differ: `kind`, `on`, and `reservation` or `state`, `treaty`, `effect`."""
    only_known(request.args, ["kind", "on", "reservation", "state", "treaty", "effect"])
    page = _wants_page()
    found: list[dict[str, Any]] | None = None
    problem = ""
    if request.args.get("kind") or not page:
        try:
            found = _ask("what-if", [_supposition(request.args)])
        except EngineError:
            raise
        except SurplaceError as error:
            if not page:
                raise Problem("parameter", str(error)) from None
            problem = str(error)
    if not page:
        return Response(
            json.dumps(found, indent=2, ensure_ascii=False), content_type=f"{JSON}; charset=utf-8"
        )
    knowledge = service().knowledge
    text = render_template(
        "what-if.html",
        kinds=KINDS,
        reservations=knowledge.choices(SUR + "Reservation"),
        states=knowledge.choices(SUR + "State"),
        treaties=knowledge.choices(SUR + "Treaty"),
        args=request.args,
        found=found,
        problem=problem,
    )
    return Response(text, status=400 if problem else 200, content_type="text/html; charset=utf-8")


def _wants_page() -> bool:
    """Tell whether the client prefers a page to JSON."""
    best = prefers(request, [JSON, HTML]) if not request.is_json else JSON
    if best is None:
        raise Problem(
            "not-acceptable", f"The answer comes as {JSON} or {HTML}: accept one.", offered=[JSON, HTML]
        )
    return best == HTML


def _ask(task: str, argument: Any) -> Any:
    """Have a supposition computed."""
    engine, limits = service().engine, service().limits
    folder = getattr(engine, "folder", None)
    if not isinstance(folder, Release):
        raise SurplaceError("Suppositions need a release on this machine, which an endpoint is not.")
    # only one runs at a time, so nobody may have more than half of that
    with engine.pool.charged(2):  # type: ignore[attr-defined]
        return suppose(task, folder, argument, limits.supposition_deadline, limits.supposition_memory)


def _supposition(args: Mapping[str, str]) -> Supposition:
    """Read what is supposed from the parameters."""
    kind = args.get("kind", "")
    if kind not in KINDS:
        raise SurplaceError(f'"{kind}" cannot be supposed: use one of {", ".join(KINDS)}.')
    effect = _date(args["effect"]) if args.get("effect") else None
    if kind == "withdraw":
        return Supposition(
            kind, _date(args.get("on", "")), reservation=to_iri(args.get("reservation", "")).value
        )
    state, treaty = _iri("state", args.get("state", "")), _iri("instrument", args.get("treaty", ""))
    return Supposition(kind, _date(args.get("on", "")), state=state, treaty=treaty, effect=effect)


def _iri(kind: str, text: str) -> str:
    """Return the IRI of a state or treaty, which may be given by its key."""
    return to_iri(text).value if ":" in text or "/" in text else to_iri(f"{ID}{kind}/{text}").value


def _date(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SurplaceError(f'"{text}" is not a day: write it as in 2012-01-01.') from None


def _private(response: Response) -> Response:
    """Keep an answer about a person out of every cache."""
    response.content_type = f"{JSON}; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response
