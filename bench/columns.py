"""Columns of random values for made logs: the same for the same seed, thousands of rows at once."""

import random
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc


class Draw:
    """Draws columns of `rows` values each; the seed and the order of the calls decide them all."""

    def __init__(self, seed: str, rows: int) -> None:
        self._random = random.Random(seed)
        self.rows = rows

    def numbers(self, low: int, high: int) -> pa.Array:
        """Return whole numbers from `low` up to, not including, `high`."""
        raw = pa.py_buffer(self._random.randbytes(4 * self.rows))
        drawn = pa.Array.from_buffers(pa.uint32(), self.rows, [None, raw]).cast(pa.int64())
        # Multiply and shift: an even spread over any span below 2 ** 31, without a division.
        return pc.add(pc.shift_right(pc.multiply(drawn, high - low), 32), low)

    def digits(self, low: int, high: int) -> pa.Array:
        """Return such numbers as text."""
        return self.numbers(low, high).cast(pa.string())

    def of(self, pool: pa.Array) -> pa.Array:
        """Return values of `pool`, each as often as any other."""
        return pool.take(self.numbers(0, len(pool)))

    def popular(self, pool: pa.Array) -> pa.Array:
        """Return values of `pool`, the first far more often than the last, as people browse."""
        even = pc.divide(self.numbers(0, 1 << 30).cast(pa.float64()), float(1 << 30))
        place = pc.multiply(pc.power(even, 4.0), float(len(pool)))
        return pool.take(pc.floor(place).cast(pa.int64()))

    def one_in(self, count: int) -> pa.Array:
        """Return a mask that is true in about one row of `count`."""
        return pc.equal(self.numbers(0, count), 0)

    def planted(self, column: pa.Array, pool: Sequence[str], every: int) -> pa.Array:
        """Return `column` with a value of `pool` in about one row of `every`."""
        mask = self.one_in(every)
        count = pc.sum(mask).as_py() or 0
        chosen = pa.array(self._random.choices(pool, k=count), pa.string())
        return pc.replace_with_mask(column, mask, chosen)

    def mixed(self, shares: Sequence[int], columns: Sequence[pa.Array]) -> pa.Array:
        """Return a column that takes each row from one of `columns`, by its share in percent."""
        which = [place for place, share in enumerate(shares) for _ in range(share)]
        return pc.choose(self.of(pa.array(which)), *columns)


def glued(*parts: pa.Array | str) -> pa.Array:
    """Return a column that has all `parts` of a row one behind the other."""
    return pc.binary_join_element_wise(*_columns(parts), "")


def joined(separator: str, *parts: pa.Array | str) -> pa.Array:
    """Return a column that has all `parts` of a row with `separator` between them."""
    return pc.binary_join_element_wise(*_columns(parts), separator)


def _columns(parts: Sequence[pa.Array | str]) -> list[pa.Array | pa.Scalar]:
    return [pa.scalar(one) if isinstance(one, str) else one for one in parts]


def as_bytes(lines: pa.Array) -> bytes:
    """Return the rows of a column of text as they lie in memory: one behind the other."""
    size = pc.sum(pc.binary_length(lines)).as_py() or 0
    return memoryview(lines.buffers()[2])[:size].tobytes()
