"""Two files that share a beginning, as a log and its grown copy: what both have counts once.

The lines of a common beginning have the same numbers in both files, and come first in both.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from quetsach.scanning.grades import SightingGrade

if TYPE_CHECKING:
    from quetsach.sweeping.lasting_codes import Codes

_NUMBER_BYTES = 8

_FIRST = 16
"""Files that share a beginning have at least one of so many first numbers in common."""


@dataclass
class _Family:
    """Files that share a beginning: the first one, and the numbers of all of their sightings."""

    file: int
    numbers: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class KeptRows:
    """What of a batch no earlier file has; `sightings` and `mentions` count what is left out.

    Shapes: `numbers` has eight bytes for each row; `file` is the one that has the rest, None where
    nothing is left out.
    """

    batch: pa.RecordBatch
    numbers: bytes
    sightings: int = 0
    mentions: int = 0
    file: int | None = None


class SharedBeginnings:
    """Finds sightings that an earlier file of the sweep has too.

    Cost: the eight bytes of each number are kept, and a few for each file; rows are looked at one
    by one only in files that share a beginning with another.
    """

    def __init__(self) -> None:
        self._families: dict[bytes, _Family] = {}
        self._file = -1
        self._own = _Family(-1)
        self._earlier: Codes | None = None

    def kept(self, file: int, batch: pa.RecordBatch, numbers: bytes) -> KeptRows:
        """Return the rows of the next batch that count; those of one file come together."""
        if file != self._file:
            self._begin(file, numbers)
        if self._earlier is None:
            self._own.numbers.append(numbers)
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
            import numpy as np

            self._earlier = np.unique(_as_numbers(b"".join(family.numbers)))

    def _new(self, batch: pa.RecordBatch, numbers: bytes, earlier: "Codes") -> KeptRows:
        import numpy as np

        from quetsach.sweeping.lasting_codes import arrow_of

        own = _as_numbers(numbers)
        near = np.minimum(np.searchsorted(earlier, own), len(earlier) - 1)
        is_new = earlier[near] != own
        if is_new.all():
            self._own.numbers.append(numbers)
            return KeptRows(batch, numbers)
        grades = batch.column("quetsach.grade").take(arrow_of(np.flatnonzero(~is_new))).to_pylist()
        mentions = grades.count(str(SightingGrade.MENTIONED))
        kept = own[is_new].tobytes()
        self._own.numbers.append(kept)
        rows = batch.take(arrow_of(np.flatnonzero(is_new)))
        return KeptRows(rows, kept, len(grades) - mentions, mentions, self._own.file)


def _as_numbers(numbers: bytes) -> "Codes":
    import numpy as np

    whole: Codes = np.frombuffer(numbers, np.int64)
    return whole
