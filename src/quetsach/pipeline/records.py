"""Records of several lines kept whole, where a block or a batch would cut them.

An event of such a record has the offset of the line that begins it, which stands for all of it.
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

    def by_what_was_told(
        self, lines: Sequence[Line], candidates: set[int], told: set[int]
    ) -> tuple[list[Line], set[int]]:
        """Return the lines that belong to one event as one line, and the candidates among those.

        Shapes: `told` are the offsets of events and rejects; a line that tells nothing by itself
        belongs to the one told before it in its record, which is a candidate where any of its
        lines is.
        """
        joined: list[tuple[int, list[bytes]]] = []
        among: set[int] = set()
        for offset, line in lines:
            begins = offset in told or line.startswith(self.starts)
            if not joined or begins or joined[-1][0] not in told:
                joined.append((offset, []))
            joined[-1][1].append(line)
            if offset in candidates:
                among.add(joined[-1][0])
        return [(offset, b"\n".join(parts)) for offset, parts in joined], among

    def _take(self, count: int) -> tuple[list[Line], set[int]]:
        lines, self._lines = self._lines[:count], self._lines[count:]
        offsets = {offset for offset, _ in lines}
        taken, self._candidates = self._candidates & offsets, self._candidates - offsets
        return lines, taken
