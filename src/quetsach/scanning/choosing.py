"""Which lines of a split are parsed: the candidates of the sieve, the first lines, some samples.

Shapes: a chosen line is (start, end) in the segment, without its newline.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Self, TypeAlias

from quetsach.evidence.lines import LineBlock
from quetsach.formats.contract import LogLayout
from quetsach.scanning.plan import Split
from quetsach.sieve.contract import SieveResult

HEAD_LINES = 200
"""How many first lines of a file are parsed in full, so that a misread log never looks clean."""

SAMPLES = 2048
"""About how many lines of a file are parsed in full to learn which client asks which server."""

CLOSEST_SAMPLES = 64 * 1024
"""A small file has one such line in so many bytes."""

ChosenLine: TypeAlias = tuple[int, tuple[int, bool]]
"""Start of a line, its end, and whether it is a candidate."""


@dataclass
class LineChooser:
    """The choice of the lines of one split that are parsed.

    Shapes: `head_offsets` are those of the file's first lines, filled in as they pass.
    Units: one line in every `sample_bytes` is a sample.
    """

    has_head: bool
    sample_bytes: int
    head_offsets: set[int] = field(default_factory=set)

    @classmethod
    def of_split(cls, split: Split) -> Self:
        """Return the chooser for `split`."""
        return cls(not split.offset, max(CLOSEST_SAMPLES, split.file_size // SAMPLES))

    def choose(
        self, segment: bytes, size: int, base: int, scan: SieveResult, layout: LogLayout
    ) -> list[ChosenLine]:
        """Return the lines of the first `size` bytes of `segment` to parse, in order.

        Shapes: `base` is the offset of the segment in the evidence.
        """
        chosen: dict[int, tuple[int, bool]] = {s: (e, True) for s, e in scan.candidates}
        # A log of leases has b"" for its marker: each of its lines says who held an address.
        marked = filled_lines(segment, size) if layout.marker == b"" else scan.marked
        extra = [*marked, *self._head_lines(segment, size, base)]
        extra += samples(segment, size, base, self.sample_bytes)
        extra += cut_line(segment, size)
        for start, end in extra:
            chosen.setdefault(start, (end, False))
        return sorted(chosen.items())

    def _head_lines(self, segment: bytes, size: int, base: int) -> Iterator[tuple[int, int]]:
        """Yield the first lines of a file that were not chosen yet."""
        if not self.has_head:
            return
        for start, end in islice(all_lines(segment, size), HEAD_LINES - len(self.head_offsets)):
            self.head_offsets.add(base + start)
            yield start, end


def header_at(block: LineBlock, header: bytes, start: int) -> int:
    """Return where the next line from the line start `start` on begins with `header`, or -1."""
    if block.data.startswith(header, start, block.size):
        return start
    newline = block.data.find(b"\n" + header, start, block.size)
    return newline + 1 if newline >= 0 else -1


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
    if segment.endswith(b"\n", 0, size):
        return []
    return [(segment.rfind(b"\n", 0, size) + 1, size)]


def samples(segment: bytes, size: int, base: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a byte at a multiple of `step` in the evidence."""
    for place in range(-base % step, size, step):
        end = segment.find(b"\n", place, size)
        yield segment.rfind(b"\n", 0, place) + 1, size if end < 0 else end
