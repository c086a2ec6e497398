"""Which lines of a split are parsed: the candidates of the sieve, the first lines, some samples.

Shapes: a line is (start, end) in the segment, without its newline.
"""

from collections.abc import Iterator
from itertools import islice

from quetsach.scanning.plan import Split
from quetsach.sieve.contract import LineChoice, SieveResult

SAMPLES = 2048
"""About how many lines of a file are parsed in full to learn which client asks which server."""

CLOSEST_SAMPLES = 64 * 1024
"""A small file has one such line in so many bytes."""


def choice_for(split: Split) -> LineChoice:
    """Return what is chosen of `split` beside its candidates."""
    heads = 0 if split.offset else split.head_lines
    return LineChoice(heads, max(CLOSEST_SAMPLES, split.file_size // SAMPLES))


class LineChooser:
    """The choice of the lines of one split, in plain Python."""

    def __init__(self, choice: LineChoice) -> None:
        self._heads_left, self._sample_bytes = choice.head_lines, choice.sample_bytes

    def choose(
        self, segment: bytes, base: int, scan: SieveResult, marker: bytes | None
    ) -> tuple[list[tuple[int, int]], list[int]]:
        """Return the lines of `segment` to parse, in order, and the starts of first lines.

        Shapes: `base` is the offset of the segment in the evidence.
        """
        size = len(segment)
        # A log of leases has b"" for its marker: each of its lines says who held an address.
        marked = filled_lines(segment, size) if marker == b"" else scan.marked
        heads = list(islice(all_lines(segment, size), self._heads_left))
        self._heads_left -= len(heads)
        chosen = {*scan.candidates, *marked, *heads, *cut_line(segment, size)}
        if self._sample_bytes:
            chosen.update(samples(segment, size, base, self._sample_bytes))
        return sorted(chosen), [start for start, _ in heads]


def all_lines(segment: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield every line of the first `size` bytes."""
    place = 0
    while place < size:
        end = segment.find(b"\n", place, size)
        end = size if end < 0 else end
        yield place, end
        place = end + 1


def filled_lines(segment: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that are not empty; a log may hold millions that are."""
    return ((start, end) for start, end in all_lines(segment, size) if start < end)


def cut_line(segment: bytes, size: int) -> list[tuple[int, int]]:
    """Return the last line where it has no end: what broke off must not pass as a quiet line."""
    if not size or segment.endswith(b"\n", 0, size):
        return []
    return [(segment.rfind(b"\n", 0, size) + 1, size)]


def samples(segment: bytes, size: int, base: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a byte at a multiple of `step` in the evidence."""
    for place in range(-base % step, size, step):
        end = segment.find(b"\n", place, size)
        yield segment.rfind(b"\n", 0, place) + 1, size if end < 0 else end
