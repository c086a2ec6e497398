"""Lines come out whole, once and in order, at every size of piece, block and split."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.evidence.lines import LineBlock, line_blocks


def _expected(data: bytes) -> list[tuple[int, bytes]]:
    offset, lines = 0, []
    for line in data.split(b"\n")[:-1]:
        lines.append((offset, line + b"\n"))
        offset += len(line) + 1
    if offset < len(data):
        lines.append((offset, data[offset:]))
    return lines


def _lines(blocks: list[LineBlock]) -> list[tuple[int, bytes]]:
    found = []
    for block in blocks:
        for place, line in _expected(bytes(block.view())):
            found.append((block.offset + place, line))
    return found


@given(
    data=st.text(alphabet="ab\n", max_size=200).map(str.encode),
    split=st.integers(1, 60),
    piece=st.integers(1, 40),
    block=st.integers(1, 50),
)
def test_every_line_belongs_to_exactly_one_split(
    data: bytes, split: int, piece: int, block: int
) -> None:
    found: list[tuple[int, bytes]] = []
    for offset in range(0, len(data), split):
        first = max(offset - 1, 0)
        pieces = [data[place : place + piece] for place in range(first, len(data), piece)]
        blocks = line_blocks(
            pieces, first, end=offset + split, skip_first=offset > 0, block_bytes=block
        )
        found += _lines(list(blocks))
    assert found == _expected(data)


@pytest.mark.parametrize("piece", [1, 7, 100, 1000])
def test_a_line_that_is_too_long_is_set_apart_and_the_next_is_read(piece: int) -> None:
    data = b"first\n" + b"x" * 300 + b"\nlast\n"
    pieces = [data[place : place + piece] for place in range(0, len(data), piece)]
    blocks = list(line_blocks(pieces, block_bytes=10, longest_line=64))
    whole = [block for block in blocks if not block.too_long]
    assert [line for _, line in _lines(whole)] == [b"first\n", b"last\n"]
    assert [block.offset for block in blocks if block.too_long] == [6]


def test_lines_are_the_same_at_any_block_size() -> None:
    source = random.Random(7)
    data = b"".join(
        bytes(source.choices(b"xyz", k=source.randrange(90))) + b"\n" for _ in range(400)
    )
    answers = {
        size: _lines(list(line_blocks([data[:1000], data[1000:]], block_bytes=size)))
        for size in (1, 64, 999, 1 << 20)
    }
    assert all(answer == _expected(data) for answer in answers.values())
