"""Which lines of a block are parsed besides the candidates, as (start, end) in the block."""

from collections.abc import Iterator

from quetsach.evidence.lines import Block


def header_at(block: Block, header: bytes, start: int) -> int:
    """Return where the next line from the line start `start` on begins with `header`, or -1."""
    if block.data.startswith(header, start, block.size):
        return start
    found = block.data.find(b"\n" + header, start, block.size)
    return found + 1 if found >= 0 else -1


def all_lines(data: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield every line of the first `size` bytes."""
    place = 0
    while place < size:
        end = data.find(b"\n", place, size)
        end = size if end < 0 else end
        yield place, end
        place = end + 1


def filled_lines(data: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that are not empty; a log may hold millions that are."""
    return ((start, end) for start, end in all_lines(data, size) if start < end)


def cut_line(data: bytes, size: int) -> list[tuple[int, int]]:
    """Return the last line where it has no end: what broke off must not pass as a quiet line."""
    return [] if data.endswith(b"\n", 0, size) else [(data.rfind(b"\n", 0, size) + 1, size)]


def samples(data: bytes, size: int, base: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a byte at a multiple of `step` in the evidence."""
    for place in range(-base % step, size, step):
        end = data.find(b"\n", place, size)
        yield data.rfind(b"\n", 0, place) + 1, size if end < 0 else end
