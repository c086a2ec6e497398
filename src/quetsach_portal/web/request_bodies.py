"""The body of a request, taken in before anybody answers: bounded in time, size and number.

A body that comes slowly or not at all holds no thread of those that answer: it is waited for beside
all others, and given up when its time is over. It lies in memory while it is small, then on disk.
"""

import asyncio
import io
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SMALL = 1 << 20
"""So many bytes anybody may send; who sends more is asked for first."""

SILENCE_S = 10.0
GRACE_S = 10.0
LEAST_BYTES_A_SECOND = 512
LONGEST_SMALL_S = 300.0
"""A small body is over by then, however it comes."""

AT_ONCE = 64
"""So many bodies of one address are under way in one process."""

_IN_MEMORY = 1 << 16


class TooSlow(OSError):
    """The body came too slowly, or broke off."""


class TooMany(Exception):
    """Too many bodies of this address are under way."""


class TooLarge(Exception):
    """More came than may come."""


@dataclass(frozen=True)
class RequestBody:
    """A body at its beginning, and whether all of it came."""

    body: IO[bytes]
    is_whole: bool


class BrokenBody:
    """What came of a body that broke off: it can be read, and then TooSlow is raised."""

    def __init__(self, came: IO[bytes]) -> None:
        self._came = came

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes. Errors: TooSlow where there are no more."""
        if not (piece := self._came.read(size)) and size != 0:
            raise TooSlow("the body broke off")
        return piece

    def readline(self, size: int = -1, /) -> bytes:
        """Return up to the next line's end. Errors: TooSlow."""
        if not (line := self._came.readline(size)) and size != 0:
            raise TooSlow("the body broke off")
        return line

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield self.readline()


class BodyBudget:
    """Counts the bodies under way by address; those of `uncounted` have as many as they like."""

    def __init__(self, uncounted: frozenset[str] = frozenset()) -> None:
        self._uncounted = uncounted
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def for_one(self, address: str) -> Iterator[None]:
        """Hold a place while a body of `address` comes. Errors: TooMany."""
        if address in self._uncounted:
            yield
            return
        if self._under_way[address] >= AT_ONCE:
            raise TooMany(address)
        self._under_way[address] += 1
        try:
            yield
        finally:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]


async def read_body(
    pieces: AsyncIterator[bytes],
    most: int,
    folder: Callable[[], Path],
    clock: Callable[[], float] = time.monotonic,
) -> RequestBody:
    """Return the body; what is more than a little lies in a nameless file in `folder()`.

    Units: `most` in bytes. Errors: TooLarge, OSError when the disk takes no more.
    """
    body: IO[bytes] = io.BytesIO()
    started, came, is_whole = clock(), 0, True
    while (piece := await _next_of(pieces)) != b"":
        if piece is None:
            is_whole = False
            break
        came += len(piece)
        if came > most:
            body.close()
            raise TooLarge
        if came > _IN_MEMORY and isinstance(body, io.BytesIO):
            small, body = body, tempfile.TemporaryFile(dir=folder())  # noqa: SIM115 - closed with the request
            body.write(small.getvalue())
        body.write(piece)
        if _is_too_slow(clock() - started, came, most):
            is_whole = False
            break
    body.seek(0)
    return RequestBody(body, is_whole)


async def _next_of(pieces: AsyncIterator[bytes]) -> bytes | None:
    """Return the next piece that is not empty, b"" at the end, None where it broke off."""
    while True:
        try:
            piece = await asyncio.wait_for(anext(pieces), SILENCE_S)
        except StopAsyncIteration:
            return b""
        except (TimeoutError, OSError, RuntimeError):
            return None
        if piece:
            return piece


def _is_too_slow(passed: float, came: int, most: int) -> bool:
    if passed > GRACE_S and came < (passed - GRACE_S) * LEAST_BYTES_A_SECOND:
        return True
    return most <= SMALL and passed > LONGEST_SMALL_S
