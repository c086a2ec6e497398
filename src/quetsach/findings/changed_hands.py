"""Who had each address that changed hands in which hour, for all addresses of an hour at once."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pyarrow as pa
from pyroaring import BitMap

from quetsach.arrays import Numbers, np
from quetsach.attribution.hourly_columns import IN_DOUBT, DeviceStretches

Stretches: TypeAlias = Sequence[tuple[int, str | None]]
"""From which hour on (us) an address was which device, in order; None where that is in doubt."""

_CODE_BITS = 32


class ChangedHands:
    """Answers for addresses that changed hands in any of `hours` (us, rising).

    Shapes: a stretch is one number, the place of its address above that of its first hour; a device
    is a code, by the order of the texts.
    """

    def __init__(
        self, hours: Sequence[int], addresses: Numbers, stretches: DeviceStretches
    ) -> None:
        """Take who had each of `addresses` (rising): `stretches.place` is a place in these."""
        self._places = {hour: place for place, hour in enumerate(hours)}
        self._addresses = addresses
        texts = sorted({"", *stretches.names})
        ranks = {text: rank for rank, text in enumerate(texts)}
        # The last is for IN_DOUBT.
        rank_of = np.array([*(ranks[one] for one in stretches.names), 0], np.int64)
        self._devices = pa.array([text or None for text in texts], pa.string())
        begins = stretches.place << _CODE_BITS | np.searchsorted(np.array(hours), stretches.since)
        order = np.argsort(begins, kind="stable")
        self._begins: Numbers = begins[order]
        self._codes: Numbers = rank_of[stretches.device[order]].astype(np.int32)

    def of_hours(
        self, hours: Mapping[int, BitMap]
    ) -> tuple[pa.UInt32Array, pa.StringArray, pa.Int32Array]:
        """Return addresses, devices (null where in doubt) and in how many of `hours` each was it.

        Shapes: sorted by address and device; at least one address speaks.
        """
        pairs = [self._held(self._places[hour], one) for hour, one in hours.items() if one]
        pair, counts = np.unique(np.concatenate(pairs), return_counts=True)
        addresses = self._addresses[pair >> _CODE_BITS].astype(np.uint32)
        codes = arrow_of(pair & ((1 << _CODE_BITS) - 1), pa.int64())
        return (
            arrow_of(addresses, pa.uint32()),
            self._devices.take(codes),
            arrow_of(counts.astype(np.int32), pa.int32()),
        )

    def _held(self, hour: int, speakers: BitMap) -> Numbers:
        """Return each speaker's place with the code of its device below it, in one number."""
        places = np.searchsorted(self._addresses, np.frombuffer(speakers.to_array(), np.uint32))
        above = places.astype(np.int64) << _CODE_BITS
        stretches = np.searchsorted(self._begins, above | hour, side="right") - 1
        held: Numbers = above | self._codes[stretches]
        return held


def listed(changing: Sequence[Stretches], known: Sequence[str] = ()) -> DeviceStretches:
    """Return the stretches of addresses, by their places, as columns; `known` devices first."""
    names = {name: code for code, name in enumerate(known)}
    rows = [
        (place, since, IN_DOUBT if device is None else names.setdefault(device, len(names)))
        for place, one in enumerate(changing)
        for since, device in one
    ]
    place, since, device = (
        np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else ((), (), ()))
    )
    return DeviceStretches(np.arange(len(changing)), place, since, device, [*names])


def arrow_of(numbers: Numbers, kind: pa.DataType) -> pa.Array:
    """Return an array of NumPy as one of Arrow."""
    # A pyarrow that was loaded without NumPy takes its memory, and not the array itself.
    memory = pa.py_buffer(np.ascontiguousarray(numbers))
    return pa.Array.from_buffers(kind, len(numbers), [None, memory])
