"""Blocks of whole lines, cut from a stream of pieces: the same lines at every piece size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BLOCK_BYTES = 4 << 20
"""How much is gathered before whole lines are handed on, in bytes."""

LONGEST_LINE = 16 << 20
"""A longer line is left out and reported, in bytes."""

_EXCERPT = 200


@dataclass(frozen=True)
class Block:
    """Whole lines: the first `size` bytes of `data`, of which the first stands at `offset`.

    With `too_long` it is the beginning of one line that was too long and is left out.
    """

    offset: int
    data: bytes
    size: int
    too_long: bool = False

    def view(self) -> memoryview:
        """Return the lines without copying them."""
        return memoryview(self.data)[: self.size]


def line_blocks(
    pieces: Iterable[bytes],
    offset: int = 0,
    *,
    end: int | None = None,
    skip_first: bool = False,
    block_bytes: int = BLOCK_BYTES,
    longest_line: int = LONGEST_LINE,
) -> Iterator[Block]:
    """Yield the lines of `pieces`, whose first byte stands at `offset`, in blocks.

    With `skip_first` what stands before the first newline belongs to the split before, or to a
    line that was too long, and is left out. Lines that begin at `end` or later belong to the
    split behind.
    """
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        if skip_first:
            newline = piece.find(b"\n") + 1
            offset += newline or len(piece)
            if not newline:
                continue
            skip_first = False
            piece = piece[newline:]  # noqa: PLW2901 - the part that is ours
        if end is not None and offset >= end:
            return
        held.append(piece)
        length += len(piece)
        if length < block_bytes and (end is None or offset + length < end):
            continue
        data = held[0] if len(held) == 1 else b"".join(held)
        cut = _whole_lines(data, offset, end)
        if cut:
            yield from _checked(offset, data, cut, longest_line)
        elif length > longest_line:
            yield Block(offset, data[:_EXCERPT], min(length, _EXCERPT), too_long=True)
            cut, skip_first = length, True
        offset += cut
        held, length = [data[cut:]], length - cut
    if length and (end is None or offset < end):
        data = b"".join(held)
        cut = _last_of_ours(data, offset, end) or length
        yield from _checked(offset, data, cut, longest_line)


def _whole_lines(data: bytes, offset: int, end: int | None) -> int:
    """Return how many bytes of `data` are whole lines that are ours; 0 when none is whole."""
    if end is None or offset + len(data) < end:
        return data.rfind(b"\n") + 1
    return _last_of_ours(data, offset, end) or data.rfind(b"\n") + 1


def _last_of_ours(data: bytes, offset: int, end: int | None) -> int:
    """Return where the last line that begins before `end` is over, or 0 if that is not seen."""
    if end is None:
        return 0
    return data.find(b"\n", max(end - 1 - offset, 0)) + 1


def _checked(offset: int, data: bytes, size: int, longest_line: int) -> Iterator[Block]:
    """Yield the lines, setting apart those that are too long; they are rare."""
    if size <= longest_line:
        yield Block(offset, data, size)
        return
    start = 0
    while start < size:
        newline = data.find(b"\n", start, size) + 1 or size
        line = data[start:newline]
        if len(line) > longest_line:
            yield Block(offset + start, line[:_EXCERPT], _EXCERPT, too_long=True)
        else:
            yield Block(offset + start, line, len(line))
        start = newline
