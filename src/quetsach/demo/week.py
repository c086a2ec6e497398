"""All that happens in one unit, hour after hour, in the order of time."""

from collections.abc import Iterator

from quetsach.demo.benign import BUSY, Hour, present, visits
from quetsach.demo.calendar import HOUR_US, day_start_us
from quetsach.demo.chance import Chance, chance_for
from quetsach.demo.contacts import (
    LOOK_ALIKE_DAY,
    SCAN_DAY,
    Forwarder,
    contacts,
    handouts,
    near_misses,
    scan,
)
from quetsach.demo.plan import FORWARDING_UNIT, Unit
from quetsach.demo.traffic import Event, Lookup


def hours(unit: Unit, seed: int, pace: tuple[float, int]) -> Iterator[tuple[int, list[Event]]]:
    """Yield (day, events of one hour in the order of time) for each logged hour of the week.

    Cost: holds one hour, so memory does not grow with the week.
    """
    chance = chance_for(seed, f"{unit.place.code}/week")
    forwarder = Forwarder(unit, chance) if unit.place.code == FORWARDING_UNIT else None
    for day in unit.days:
        planned = _planned(unit, day, chance)
        for hour in range(24):
            start_us = day_start_us(day) + hour * HOUR_US
            events = visits(Hour(unit, day, hour, start_us), chance, pace)
            events += [one for one in planned if start_us <= one.when_us < start_us + HOUR_US]
            events.sort(key=_when)
            yield day, _forwarded(events, forwarder) if forwarder else events


def _planned(unit: Unit, day: int, chance: Chance) -> list[Event]:
    out = contacts(unit, day, chance)
    started = sorted({n for hour in BUSY for n in present(unit, day, hour)})
    out += handouts(unit, day, started, chance=chance)
    if day == LOOK_ALIKE_DAY:
        out += near_misses(unit, chance)
    if day == SCAN_DAY:
        out += scan(unit, chance)
    return out


def _when(one: Event) -> tuple[int, int]:
    return one.when_us, one.serial


def _forwarded(events: list[Event], forwarder: Forwarder) -> list[Event]:
    out: list[Event] = []
    for one in events:
        out.append(one)
        if isinstance(one, Lookup):
            asked = forwarder.asks(one)
            if asked:
                out.append(asked)
    return out
