"""When a denunciation takes effect: as the clause of the treaty says, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Final

from pyoxigraph import Store

from surplace.errors import SurplaceError
from surplace.namespaces import VOCAB
from surplace.suppose.dataset import rows
from surplace.suppose.supposition import Supposition
from surplace.words.days import in_words

_DENOUNCING: Final = f"<{VOCAB}action/denouncing-a-treaty>"
_NOTICE: Final = f"<{VOCAB}rule-on-treaties/notice-without-a-clause>"


def day_of_leaving(supposed: Supposition, treaty: str, store: Store) -> date | None:
    """Return the day that must be given for a denunciation; None where a clause of the treaty fixes it.

    Raises SurplaceError if the treaty, called *treaty*, cannot be left, or not on the day that is given.
    """
    given = supposed.effect
    clause = _first_day(supposed, f"<{supposed.treaty}> sur:isDenouncedUnder ?clause .", store)
    if clause:
        if given and given.isoformat() != clause["day"]:
            raise SurplaceError(
                f"Under {clause['label']} the denunciation takes effect on {in_words(clause['day'])}, "
                f'not on {in_words(given.isoformat())}: leave out "effect".',
                parameter="effect",
            )
        return None
    _refuse_if_barred(supposed, store)
    silent = _first_day(
        supposed,
        f"<{supposed.treaty}> sur:isSilentOn {_DENOUNCING} . ?clause sur:statesRuleOnTreaties {_NOTICE} .",
        store,
    )
    if silent and (given is None or given.isoformat() < silent["day"]):
        raise SurplaceError(
            f"The {treaty} has no clause on denunciation, and whether it can be left is open "
            f"({silent['label']}): to suppose that it can, give a day from {in_words(silent['day'])} on "
            'as "effect".',
            parameter="effect",
        )
    if given is None:
        raise SurplaceError(
            f'Whether and when the {treaty} can be left is not recorded: give the day as "effect".',
            parameter="effect",
        )
    if given < supposed.on:
        raise SurplaceError(
            f"The denunciation cannot take effect on {in_words(given.isoformat())}, before its notice.",
            parameter="effect",
        )
    return given


def _refuse_if_barred(supposed: Supposition, store: Store) -> None:
    """Raise SurplaceError if the body that monitors the treaty holds that it cannot be left."""
    barred = rows(
        store,
        "SELECT ?label ?who ?document WHERE { "
        f"<{supposed.treaty}> sur:cannotBeLeftAsHeldIn ?view . ?view skos:prefLabel ?label ; "
        "sur:isClaimedBy/skos:prefLabel ?who ; sur:isStatedIn/skos:prefLabel ?document }",
    )
    if barred:
        # the name of the document names the body too
        held = barred[0]["label"].removesuffix(f" ({barred[0]['who']})")
        raise SurplaceError(f"{held}: {barred[0]['document']}.")


def _first_day(supposed: Supposition, found_by: str, store: Store) -> dict[str, str]:
    """Return `label` of a clause on notice and the first `day` of effect that it allows, if there is one."""
    found = rows(
        store,
        f"SELECT ?label ?day WHERE {{ {found_by} "
        "?clause sur:requiresNoticeOf ?notice ; skos:prefLabel ?label . "
        f'BIND("{supposed.on}"^^xsd:date - STRDT(CONCAT("-", STR(?notice)), DATATYPE(?notice)) AS ?day) }}',
    )
    return found[0] if found else {}
