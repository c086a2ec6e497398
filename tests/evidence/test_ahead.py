"""Pieces made ahead are those that were asked for, with what went wrong, and no thread stays."""

import threading
from collections.abc import Generator

import pytest

from quetsach.evidence.ahead import made_ahead


class _Made:
    """Counts what was made, and tells whether it was closed."""

    def __init__(self) -> None:
        self.count, self.closed = 0, False

    def pieces(self, last: int, error: Exception | None = None) -> Generator[bytes, None, None]:
        try:
            for number in range(last):
                self.count += 1
                yield b"%d" % number
            if error is not None:
                raise error
        finally:
            self.closed = True


def _threads() -> int:
    return sum(one.name == "unpacking" for one in threading.enumerate())


def test_pieces_come_in_order() -> None:
    made = _Made()
    assert list(made_ahead(made.pieces(1000), 3)) == [b"%d" % number for number in range(1000)]
    assert made.closed
    assert not _threads()


def test_an_error_comes_after_the_pieces_before_it() -> None:
    pieces = made_ahead(_Made().pieces(5, OSError(5, "broken")))
    seen: list[bytes] = []
    with pytest.raises(OSError, match="broken"):
        seen += pieces
    assert len(seen) <= 5
    assert not _threads()


def test_who_breaks_off_ends_the_thread_and_little_was_made_ahead() -> None:
    made = _Made()
    pieces = made_ahead(made.pieces(100_000), 4)
    for _ in range(10):
        next(pieces)
    pieces.close()
    assert made.closed
    assert made.count <= 16
    assert not _threads()
