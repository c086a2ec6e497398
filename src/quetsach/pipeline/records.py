"""Records of several lines kept whole, where a block or a batch would cut them.

Of such a record the first line stands for all: its event has that line's offset, and it is a
candidate where any of its lines is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quetsach.formats.contract import Line

MOST_LINES = 4096
"""A record with more lines than this is none; what came so far is handed on."""


@dataclass
class WholeRecords:
    """Lines on their way to a parser; those of a record that may go on are kept back.

    Shapes: `starts` begin the first line of a record. With a candidate's offset goes its line.
    """

    starts: bytes | tuple[bytes, ...]
    _lines: list[Line] = field(default_factory=list)
    _candidates: set[int] = field(default_factory=set)

    def add(
        self, lines: Sequence[Line], candidates: set[int]
    ) -> Iterator[tuple[list[Line], set[int]]]:
        """Yield the lines up to the last record that began, with the candidates of them."""
        self._lines += lines
        self._candidates |= candidates
        last = next(
            (
                place
                for place in range(len(self._lines) - 1, -1, -1)
                if self._lines[place][1].startswith(self.starts)
            ),
            0,
        )
        if len(self._lines) - last > MOST_LINES:
            last = len(self._lines)
        if last:
            yield self._take(last)

    def rest(self) -> Iterator[tuple[list[Line], set[int]]]:
        """Yield what is left at the end of the file."""
        if self._lines:
            yield self._take(len(self._lines))

    def joined(self, lines: Sequence[Line]) -> list[Line]:
        """Return each record of `lines` as one line, at the offset of its first."""
        records: list[tuple[int, list[bytes]]] = []
        for offset, line in lines:
            if not records or line.startswith(self.starts):
                records.append((offset, []))
            records[-1][1].append(line)
        return [(offset, b"\n".join(parts)) for offset, parts in records]

    def _take(self, count: int) -> tuple[list[Line], set[int]]:
        lines, self._lines = self._lines[:count], self._lines[count:]
        taken: set[int] = set()
        first = lines[0][0]
        for offset, line in lines:
            if line.startswith(self.starts):
                first = offset
            if offset in self._candidates:
                self._candidates.discard(offset)
                taken.add(first)
        return lines, taken
