"""The devices of very many addresses of which something is known, by columns."""

from collections.abc import Callable, Sequence
from typing import Protocol

import pyarrow as pa

from quetsach.arrays import Numbers, np
from quetsach.attribution.hourly_columns import (
    IN_DOUBT,
    AskedHours,
    DeviceStretches,
    joined,
)
from quetsach.findings.changed_hands import ChangedHands, Stretches, arrow_of, listed

Over = Callable[[int], Stretches]
"""Gives the stretches of the address at a place."""


class ColumnNames(Protocol):
    """Anything that knows the devices of many addresses at once, or of some of them."""

    def columns(self, asked: AskedHours) -> DeviceStretches:
        """Return which devices these addresses were; those left out are to be asked for."""
        ...


def held_by(
    names: ColumnNames, over: Over, texts: Sequence[str], hours: tuple[Sequence[int], Sequence[int]]
) -> DeviceStretches:
    """Return the stretches of all these addresses: by columns, or `over` where it must be asked.

    Units: `hours` are the first and the last of each address in us.
    """
    first, last = (np.array(one, np.int64) for one in hours)
    by_columns = names.columns(AskedHours(texts, first, last))
    left = np.setdiff1d(np.arange(len(texts)), by_columns.answered)
    asked = listed([over(place) for place in left.tolist()], by_columns.names)
    by_place = DeviceStretches(left, left[asked.place], asked.since, asked.device)
    return joined([by_columns, by_place], asked.names)


def lasting(stretches: DeviceStretches, count: int) -> tuple[Numbers, pa.StringArray]:
    """Return the places of addresses that changed hands, and the device of each other, in order.

    Shapes: null where that is in doubt; `count` addresses in all.
    """
    times = np.bincount(stretches.place, minlength=count)
    changed = np.flatnonzero(times > 1)
    codes = np.full(count, IN_DOUBT)
    codes[stretches.place] = stretches.device
    codes = codes[times == 1]
    devices = pa.array([*stretches.names, None], pa.string())
    return changed, devices.take(
        arrow_of(np.where(codes < 0, len(stretches.names), codes), pa.int64())
    )


def changed_hands(
    hours: Sequence[int], addresses: Sequence[int], changed: Numbers, stretches: DeviceStretches
) -> ChangedHands:
    """Return who had which of the addresses at the places `changed`."""
    of_changed = np.full(len(addresses), -1)
    of_changed[changed] = np.arange(len(changed))
    places = of_changed[stretches.place]
    kept = places >= 0
    place, since, device = (one[kept] for one in (places, stretches.since, stretches.device))
    of_those = DeviceStretches(changed, place, since, device, stretches.names)
    return ChangedHands(hours, np.array(addresses, np.int64)[changed], of_those)
