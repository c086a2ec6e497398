"""Two files that share a beginning, as a log and its grown copy: what both have counts once.

The lines of a common beginning have the same numbers in both files, and come first in both. They
are the same sightings only where both files tell the same time of them, in the same circumstances
(see SourceCoverage): whoever puts a copy with an old date in its name beside a log without years
would else take what happened out of its time.
"""

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from quetsach.evidence.digests import blake3_each
from quetsach.scanning.grades import SightingGrade

if TYPE_CHECKING:
    from quetsach.arrays import Codes

_NUMBER_BYTES = 8

_FIRST = 16
"""Files that share a beginning have at least one of so many first numbers in common."""


@dataclass
class _Family:
    """Files that share a beginning: the first one, and numbers and times of their sightings.

    Shapes: `circumstances` are those of the first; eight bytes for each number and time, zeros for
    a sighting without a time.
    """

    file: int
    circumstances: tuple[str, ...] = ()
    numbers: list[bytes] = field(default_factory=list)
    times: list[bytes] = field(default_factory=list)

    def add(self, numbers: bytes, batch: pa.RecordBatch) -> None:
        """Take the sightings of `batch`, which have these numbers."""
        self.numbers.append(numbers)
        self.times.append(_times_of(batch))


@dataclass(frozen=True)
class KeptRows:
    """What of a batch no earlier file has; `sightings` and `mentions` count what is left out.

    Shapes: `numbers` has eight bytes for each row, those of what an earlier file has at another
    time made anew of number and time; `file` is the one that has the rest, None where nothing is
    left out.
    """

    batch: pa.RecordBatch
    numbers: bytes
    sightings: int = 0
    mentions: int = 0
    file: int | None = None


class SharedBeginnings:
    """Finds sightings that an earlier file of the sweep has too.

    Cost: 16 bytes of each sighting are kept, and a few for each file; rows are looked at one by
    one only in files that share a beginning with another.
    """

    def __init__(self) -> None:
        self._families: dict[bytes, _Family] = {}
        self._file = -1
        self._own = _Family(-1)
        self._earlier: tuple[Codes, Codes] | None = None
        self._apart = b""

    def kept(
        self, file: int, batch: pa.RecordBatch, numbers: bytes, circumstances: tuple[str, ...] = ()
    ) -> KeptRows:
        """Return the rows of the next batch that count; those of one file come together."""
        if file != self._file:
            self._begin(file, numbers)
            if self._own.file == file:
                self._own.circumstances = circumstances
            is_alike = self._own.circumstances == circumstances
            self._apart = b"" if is_alike else repr(circumstances).encode()
        if self._earlier is None:
            self._own.add(numbers, batch)
            return KeptRows(batch, numbers)
        return self._new(batch, numbers, self._earlier)

    def _begin(self, file: int, numbers: bytes) -> None:
        first = min(len(numbers), _FIRST * _NUMBER_BYTES)
        beginning = [
            numbers[place : place + _NUMBER_BYTES] for place in range(0, first, _NUMBER_BYTES)
        ]
        families = (self._families.get(number) for number in beginning)
        family = next(filter(None, families), None)
        self._file, self._earlier = file, None
        self._own = _Family(file) if family is None else family
        for number in beginning:
            self._families.setdefault(number, self._own)
        if family is not None:
            # Seldom, so that a sweep of few sightings has no need of NumPy.
            from quetsach.arrays import np

            earlier, first_of = np.unique(_as_numbers(b"".join(family.numbers)), return_index=True)
            self._earlier = earlier, _as_numbers(b"".join(family.times))[first_of]

    def _new(
        self, batch: pa.RecordBatch, numbers: bytes, earlier: "tuple[Codes, Codes]"
    ) -> KeptRows:
        from quetsach.arrays import np
        from quetsach.sweeping.lasting_codes import arrow_of

        own, times = _as_numbers(numbers), _as_numbers(_times_of(batch))
        near = np.minimum(np.searchsorted(earlier[0], own), len(earlier[0]) - 1)
        is_met = earlier[0][near] == own
        moved = np.flatnonzero(is_met & ((earlier[1][near] != times) | bool(self._apart)))
        if len(moved):
            own = _renumbered(own, times, moved, self._apart)
            near = np.minimum(np.searchsorted(earlier[0], own), len(earlier[0]) - 1)
            is_met = earlier[0][near] == own
        is_new = ~is_met
        if is_new.all():
            self._own.add(own.tobytes(), batch)
            return KeptRows(batch, own.tobytes())
        grades = batch.column("quetsach.grade").take(arrow_of(np.flatnonzero(~is_new))).to_pylist()
        mentions = grades.count(str(SightingGrade.MENTIONED))
        kept = own[is_new].tobytes()
        rows = batch.take(arrow_of(np.flatnonzero(is_new)))
        self._own.add(kept, rows)
        return KeptRows(rows, kept, len(grades) - mentions, mentions, self._own.file)


def _times_of(batch: pa.RecordBatch) -> bytes:
    """Return the time of each row, eight bytes each, zeros where it has none."""
    column = batch.column("@timestamp")
    if column.null_count == len(column):
        return bytes(8 * len(column))
    if column.null_count:
        return array("q", (one or 0 for one in column.view(pa.int64()).to_pylist())).tobytes()
    times: bytes = column.buffers()[1].slice(8 * column.offset, 8 * len(column)).to_pybytes()
    return times


def _renumbered(numbers: "Codes", times: "Codes", places: "Codes", apart: bytes) -> "Codes":
    """Return `numbers`, of which those at `places` are made anew of number, time and `apart`."""
    changed = numbers.copy()
    rows = zip(numbers[places].tolist(), times[places].tolist(), strict=True)
    pairs = [array("q", row).tobytes() + apart for row in rows]
    digests = blake3_each(pairs)
    changed[places] = _as_numbers(b"".join(digest[:_NUMBER_BYTES] for digest in digests))
    return changed


def _as_numbers(numbers: bytes) -> "Codes":
    from quetsach.arrays import np

    whole: Codes = np.frombuffer(numbers, np.int64)
    return whole
