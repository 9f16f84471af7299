"""What is on record of the norms looked at for a described person, and of how states stand to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Store

from surplace.errors import SurplaceError
from surplace.namespaces import ID
from surplace.suppose.changes import horizon_of
from surplace.suppose.description import PersonDescription
from surplace.suppose.leads import HOME, STAY, Rows, leads
from surplace.suppose.reach import categories
from surplace.suppose.standing import (
    Standing,
    TreatyCaveat,
    as_parts_stand,
    custom_beside,
    labels_of,
    of_treaties,
    parts_at_stake,
    standings,
)
from surplace.suppose.territory import Territory, territories_of


@dataclass(frozen=True)
class Record:
    """What is on record of the norms that are looked at: what leads to them, whom they reach, who is bound.

    *led* and *reached* are as `leads` and `categories` return them, *stands* is how a state stands to a norm,
    without the *caveats* on how it stands to whole treaties, *custom* what `custom_beside` returns.
    """

    day: str
    states: Mapping[str, str]
    names: Mapping[str, str]
    led: Mapping[tuple[str, str], Rows]
    stands: Mapping[str, Mapping[str, Sequence[Standing]]]
    reached: Mapping[str, Rows]
    apart: tuple[str, ...]
    custom: Mapping[str, tuple[str, bool]]
    territory: Territory | None
    caveats: tuple[TreatyCaveat, ...]


def record_for(
    store: Store,
    recorded: Store,
    given: PersonDescription,
    end: str,
    there: Territory | None,
    supposed: str = "",
) -> Record:
    """Read what is on record for the norms that the person's grounds and circumstances lead to.

    *store* holds what is concluded of the person, *recorded* the release with the standings of states; *end*
    is the last day of the record, *there* the territory of the stay, if it is one, and *supposed* a fact that
    is not given, for what it would put at stake.
    """
    day = given.day or end
    elsewhere = there is not None and not there.is_of_the_state(day)
    led = leads(store)
    states = {STAY: given.stay, HOME: given.home}
    stands = {
        where: standings(recorded, f"{ID}state/{state}", day, sorted({n for n, w in led if w == where}))
        for where, state in states.items()
        if day and state and any(w == where for _, w in led)
    }
    at_stake = parts_at_stake(store, supposed) if STAY in stands else {}
    parts = standings(recorded, f"{ID}state/{given.stay}", day, sorted(frozenset().union(*at_stake.values())))
    for norm in at_stake.keys() & stands.get(STAY, {}).keys():
        own = [stand for part in at_stake[norm] for stand in parts.get(part, ())]
        stands[STAY][norm] = as_parts_stand(stands[STAY][norm], own)
    names = labels_of(recorded, [state for state in (given.stay, given.home) if state])
    caveats: list[TreatyCaveat] = []
    # who stays at home is owed all by one state
    for state in dict.fromkeys(states[where] for where in stands):
        norms = [by_norm for where, by_norm in stands.items() if states[where] == state]
        owed = [stand for by_norm in norms for own in by_norm.values() for stand in own]
        whole = of_treaties(recorded, f"{ID}state/{state}", day, owed)
        for text in dict.fromkeys(text for own in whole.values() for text in own):
            treaties = tuple(name for name, own in whole.items() if text in own)
            if not elsewhere or state != given.stay:
                caveats.append(TreatyCaveat(names[state], treaties, text))
        for by_norm in norms:
            for norm, own in by_norm.items():
                by_norm[norm] = [stand.without(whole.get(stand.treaty, ())) for stand in own]
    apart = tuple(territories_of(recorded, given.stay).values()) if given.stay else ()
    if there and STAY in stands:
        stands[STAY] = {
            norm: [there.standing(norm, stand, day) for stand in own] for norm, own in stands[STAY].items()
        }
    # where another state answered, custom bound that one
    custom = {} if elsewhere else custom_beside(recorded, {norm for norm, _ in led})
    return Record(day, states, names, led, stands, categories(store), apart, custom, there, tuple(caveats))


def end_of(recorded: Store) -> str:
    """Return the last day of the record, or nothing."""
    try:
        return horizon_of(recorded).isoformat()
    except SurplaceError:
        return ""
