"""How a state stands to a treaty on the day of a supposition, as its consents and notices are recorded."""

from __future__ import annotations

from pyoxigraph import Store

from surplace.namespaces import SUR, XSD
from surplace.suppose.dataset import rows
from surplace.suppose.supposition import Supposition


def signed(supposed: Supposition, store: Store) -> bool:
    """Tell whether the state has signed the treaty by that day, so that it would ratify and not accede."""
    return bool(
        store.query(
            f"PREFIX sur: <{SUR}> PREFIX xsd: <{XSD}> ASK {{ ?s a sur:Signature ; "
            f"sur:isSignedBy <{supposed.state}> ; sur:signs <{supposed.treaty}> ; sur:isSignedOn ?day . "
            f'FILTER(?day <= "{supposed.on}"^^xsd:date) }}'
        )
    )


def recorded(supposed: Supposition, store: Store) -> bool:
    """Tell whether a record says how the state stands to the treaty."""
    state, treaty = f"<{supposed.state}>", f"<{supposed.treaty}>"
    return bool(
        store.query(
            f"PREFIX sur: <{SUR}> ASK {{ {{ {state} sur:isNotPartyTo {treaty} }} UNION "
            f"{{ ?act sur:isDoneBy {state} ; sur:concernsTreaty {treaty} }} }}"
        )
    )


def party(supposed: Supposition, store: Store) -> bool:
    """Tell whether the state has consented to the treaty by that day and not left it."""
    day = f'"{supposed.on}"^^xsd:date'
    return bool(
        store.query(
            f"PREFIX sur: <{SUR}> PREFIX xsd: <{XSD}> ASK {{ ?c sur:isGivenBy <{supposed.state}> ; "
            f"sur:isGivenTo <{supposed.treaty}> ; sur:isDepositedOn ?d . FILTER(?d <= {day}) "
            f"FILTER NOT EXISTS {{ ?x sur:isDoneBy <{supposed.state}> ; "
            f"sur:concernsTreaty <{supposed.treaty}> ; "
            f"sur:takesEffectOn ?e . FILTER(?e > ?d && ?e <= {day}) }} }}"
        )
    )


def start(supposed: Supposition, store: Store) -> str:
    """Return from when the treaty is in force for the state by its last consent; empty where unknown."""
    found = rows(
        store,
        f"SELECT ?day WHERE {{ ?c sur:isGivenBy <{supposed.state}> ; sur:isGivenTo <{supposed.treaty}> ; "
        "sur:isDepositedOn ?deposit ; sur:entersIntoForceOn ?day . "
        f'FILTER(?deposit <= "{supposed.on}"^^xsd:date) }} ORDER BY DESC(?deposit)',
    )
    return found[0]["day"] if found else ""


def pending_notice(supposed: Supposition, store: Store) -> str:
    """Return the day of a recorded notice of leaving that has yet to take effect; empty if there is none."""
    found = rows(
        store,
        f"SELECT ?day WHERE {{ ?leaving sur:isDoneBy <{supposed.state}> ; "
        f"sur:concernsTreaty <{supposed.treaty}> ; sur:isNotifiedOn ?day ; sur:takesEffectOn ?effect ; "
        "a sur:Denunciation . "
        f'FILTER(?day <= "{supposed.on}"^^xsd:date && ?effect > "{supposed.on}"^^xsd:date) }} ORDER BY ?day',
    )
    return found[0]["day"] if found else ""
