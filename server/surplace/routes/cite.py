"""`/cite/bibtex` and its like: how an answer or a name is cited."""

from __future__ import annotations

from typing import Final

from surplace.export.citation import FORMATS
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.problems import Problem
from surplace.http.route import Api, Parameter, Route
from surplace.rdf.formats import content_type
from surplace.web.citing import cited


def cite(call: Call) -> HttpResponse:
    """Send a citation as a file, its text to be read at once."""
    form = FORMATS[call.variables["form"]]
    of = call.first("of")
    if not of:
        raise Problem(
            "parameter", 'Nothing is named: give "of", the path of an answer or of a name.', parameter="of"
        )
    found = cited(of, call.service)
    how = "inline" if form.name == "text" else "attachment"
    return HttpResponse(
        form.write(found).encode(),
        content_type(form.media_type),
        headers=[("Content-Disposition", f'{how}; filename="{found.key}.{form.suffix}"')],
    )


ROUTES: Final = (
    Route(
        "cite",
        f"/cite/<any({', '.join(FORMATS)}):form>",
        "Cite an answer or a name, with its release and day",
        cite,
        tag="names",
        parameters=(
            Parameter(
                "of",
                "The path of a name or of an answer below the base, or its IRI.",
                example="id/state/CHN",
            ),
        ),
        problems=("parameter", "not-found", "gone"),
        robots="closed",
        api=Api(
            content=tuple(form.media_type for form in FORMATS.values()), headers=("Content-Disposition",)
        ),
    ),
)
