"""Claims side by side: who says what, and what of it cannot, or can hardly, be true on both sides."""

from __future__ import annotations

from typing import Final

from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.negotiation import Offer
from surplace.http.route import Api, Parameter, Route
from surplace.namespaces import SUR
from surplace.web.kinds.claim import COMPARED, beside, side_by_side


def claims(call: Call) -> HttpResponse:
    """Show claims side by side, with what is between them; or all claims, to choose from."""
    knowledge, chosen = call.service.knowledge, [key for key in call.values.get("claim", []) if key]
    shown = beside(chosen, knowledge)
    sentence, between = side_by_side(shown)
    return html_page(
        "claims.html",
        heading="Claims side by side",
        sentence=sentence,
        shown=shown,
        between=between,
        chosen=chosen,
        choices=knowledge.choices(SUR + "Claim"),
        most=COMPARED,
    )


ROUTES: Final = (
    Route(
        "claims",
        "/claims",
        "Set claims side by side",
        page=claims,
        tag="names",
        offer=Offer(page=True),
        parameters=(
            Parameter(
                "claim",
                "A claim to show beside others, by the last part of its IRI.",
                many=True,
                example=["economic-migrants-diplomat", "some-are-refugees-dean"],
                class_iri=f"{SUR}Claim",
            ),
        ),
        problems=("parameter",),
        robots="listed",
        api=Api(),
    ),
)
