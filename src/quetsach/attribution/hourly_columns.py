"""Which device had each address in which hour, for many addresses at once.

What hourly_devices.py says of one address, by columns, where plain leases tell it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quetsach.arrays import Numbers, np
from quetsach.attribution.lease_runs import UNTOLD
from quetsach.attribution.steady import HALF_HOUR_US
from quetsach.attribution.sure_columns import SurePeriods

IN_DOUBT = -1
"""The code of no device."""


@dataclass(frozen=True)
class AskedHours:
    """Addresses that are asked for, and the hours of each: us of the first and of the last."""

    texts: Sequence[str]
    first: Numbers
    last: Numbers


@dataclass(frozen=True)
class DeviceStretches:
    """From which hour on an address was which device, for some of those asked for.

    Shapes: `answered` are places of addresses; `place`, `since` and `device` (a place in `names`,
    or IN_DOUBT) are of one length; those of an address stand together, by time, the first at the
    first hour asked for, and no two neighbours are the same.
    """

    answered: Numbers
    place: Numbers
    since: Numbers
    device: Numbers
    names: Sequence[str] = ()


def joined(parts: Sequence[DeviceStretches], names: Sequence[str]) -> DeviceStretches:
    """Return the stretches of different addresses as one; `names` are the devices of all."""
    none = np.zeros(0, np.int64)
    answered, place, since, device = (
        np.concatenate([none, *(getattr(one, column) for one in parts)])
        for column in ("answered", "place", "since", "device")
    )
    return DeviceStretches(answered, place, since, device, names)


def stretches(
    periods: SurePeriods, of_plain: Sequence[int], devices: Numbers, question: AskedHours
) -> DeviceStretches:
    """Return the stretches that these periods give; an hour is the device's that has its middle.

    Shapes: `of_plain` are the places, among those asked for, of the addresses of `periods.plain`,
    -1 where it is none of them; `devices` are codes, one for each period.
    """
    places = np.array(of_plain, np.int64)
    place = places[periods.place]
    first, last = question.first[place], question.last[place]
    since = np.maximum(periods.since - HALF_HOUR_US, first)
    until = periods.until - HALF_HOUR_US
    kept = (place >= 0) & (devices != IN_DOUBT) & (until > first) & (since <= last)
    columns = [one[kept] for one in (place, since, until, devices, last)]
    order = np.argsort(columns[0], kind="stable")
    place, since, until, device, last = (one[order] for one in columns)
    joins = np.zeros(len(place), bool)
    joins[1:] = (place[1:] == place[:-1]) & (since[1:] == until[:-1])
    goes_on = joins.copy()
    goes_on[1:] &= device[1:] == device[:-1]
    stops = until <= last
    stops[:-1] &= ~joins[1:]
    answered = np.sort(places[places >= 0])
    begun = np.full(len(question.first), -1)
    # The earliest of each address is written last.
    begun[place[::-1]] = since[::-1]
    late = answered[begun[answered] != question.first[answered]]
    in_doubt = np.full(np.count_nonzero(stops) + len(late), IN_DOUBT)
    all_places = np.concatenate([place[~goes_on], place[stops], late])
    all_since = np.concatenate([since[~goes_on], until[stops], question.first[late]])
    all_devices = np.concatenate([device[~goes_on], in_doubt])
    by_time = np.lexsort((all_since, all_places))
    return DeviceStretches(answered, all_places[by_time], all_since[by_time], all_devices[by_time])


def codes_of(
    periods: SurePeriods,
    whereabouts: Sequence[str],
    code_of: Callable[[int, int], int | None],
    code_of_text: Callable[[int], int],
) -> tuple[Numbers, set[int]]:
    """Return the code of the device of each period, and the places of addresses without an answer.

    A machine is asked for once at the same whereabouts. Shapes: `whereabouts` of each plain
    address; `code_of` takes a machine and the place of such an address, and may not know;
    `code_of_text` gives the device that is called like the address.
    """
    texts: dict[str, int] = {}
    here = np.array([texts.setdefault(one, len(texts)) for one in whereabouts], np.int64)
    devices = np.full(len(periods.place), IN_DOUBT)
    is_told = periods.machine != UNTOLD
    own = np.flatnonzero(~is_told)
    devices[own] = [code_of_text(place) for place in periods.place[own].tolist()]
    leased = np.flatnonzero(is_told)
    pairs = periods.machine[leased] << _MACHINE_SHIFT | here[periods.place[leased]]
    _pairs, first, back = np.unique(pairs, return_index=True, return_inverse=True)
    rows = leased[first]
    codes = [
        code_of(machine, place)
        for machine, place in zip(
            periods.machine[rows].tolist(), periods.place[rows].tolist(), strict=True
        )
    ]
    unknown = np.array([one is None for one in codes], bool)
    devices[leased] = np.array([one or 0 for one in codes], np.int64)[back]
    to_ask = set(periods.place[leased[unknown[back]]].tolist())
    return devices, to_ask


_MACHINE_SHIFT = 32
