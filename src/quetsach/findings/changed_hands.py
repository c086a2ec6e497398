"""Who had each address that changed hands in which hour, for all addresses of an hour at once."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

Stretches: TypeAlias = Sequence[tuple[int, str | None]]
"""From which hour on (us) an address was which device, in order; None where that is in doubt."""

_Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

_CODE_BITS = 32


class ChangedHands:
    """Answers for the addresses of `changing` in any of `hours` (us, rising).

    Shapes: a stretch is one number, the place of its address above that of its first hour; a device
    is a code, by the order of the texts.
    """

    def __init__(self, hours: Sequence[int], changing: Mapping[int, Stretches]) -> None:
        self._places = {hour: place for place, hour in enumerate(hours)}
        self._addresses = np.array(sorted(changing), np.int64)
        texts = sorted({device or "" for one in changing.values() for _since, device in one})
        codes = {text: code for code, text in enumerate(texts)}
        self._devices = pa.array([text or None for text in texts], pa.string())
        begins, code_of = array("q"), array("q")
        for place, address in enumerate(sorted(changing)):
            for since, device in changing[address]:
                begins.append(place << _CODE_BITS | bisect_left(hours, since))
                code_of.append(codes[device or ""])
        self._begins: _Numbers = np.frombuffer(begins, np.int64)
        self._codes: _Numbers = np.frombuffer(code_of, np.int64)

    def of_hours(
        self, hours: Mapping[int, BitMap]
    ) -> tuple[pa.UInt32Array, pa.StringArray, pa.Int32Array]:
        """Return addresses, devices (null where in doubt) and in how many of `hours` each was it.

        Shapes: sorted by address and device; at least one address speaks.
        """
        pairs = [self._held(self._places[hour], one) for hour, one in hours.items() if one]
        pair, counts = np.unique(np.concatenate(pairs), return_counts=True)
        addresses = self._addresses[pair >> _CODE_BITS].astype(np.uint32)
        codes = _arrow(pair & ((1 << _CODE_BITS) - 1), pa.int64())
        return (
            _arrow(addresses, pa.uint32()),
            self._devices.take(codes),
            _arrow(counts.astype(np.int32), pa.int32()),
        )

    def _held(self, hour: int, speakers: BitMap) -> _Numbers:
        """Return each speaker's place with the code of its device below it, in one number."""
        places = np.searchsorted(self._addresses, np.frombuffer(speakers.to_array(), np.uint32))
        above = places.astype(np.int64) << _CODE_BITS
        stretches = np.searchsorted(self._begins, above | hour, side="right") - 1
        held: _Numbers = above | self._codes[stretches]
        return held


def _arrow(numbers: "np.ndarray[Any, np.dtype[Any]]", kind: pa.DataType) -> pa.Array:
    # A pyarrow that was loaded without NumPy takes its memory, and not the array itself.
    memory = pa.py_buffer(np.ascontiguousarray(numbers))
    return pa.Array.from_buffers(kind, len(numbers), [None, memory])
