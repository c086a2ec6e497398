"""The parts of a packed file unpacked side by side: the same text as one after the other."""

import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path

from quetsach.containers.streams import READ_BYTES, ByteReader, Codec, opened_here, unpacked
from quetsach.evidence.packed_parts import PackedPart, known_parts, unpacked_part

_MOST_THREADS = 4

_RESUMED = frozenset({Codec.GZIP, Codec.BZIP2})
"""Codecs whose members are read afresh, so that reading can begin at any of them."""


def side_by_side(
    location: Path, codec: Codec, passing: ByteReader
) -> Generator[bytes, None, None] | None:
    """Return the text of the file at `location`; None where fewer than two parts of it are known.

    Its own bytes are read from `passing` in order, each once, up to the last part. From the first
    part on that is not sound, the text is unpacked as a file without parts is: what is lost where
    it is damaged does not depend on the parts. Errors: as `unpacked`.
    Cost: a thread for each core, four at most, and the text of so many parts and two more.
    """
    parts = _parts(location, codec)
    first = list(islice(parts, 2))
    if len(first) < 2:
        parts.close()
        return None
    return _read(location, codec, passing, chain(first, parts))


def _parts(location: Path, codec: Codec) -> Generator[PackedPart, None, None]:
    with opened_here(location) as file:
        yield from known_parts(file, codec)


def _read(
    location: Path, codec: Codec, passing: ByteReader, parts: Iterator[PackedPart]
) -> Generator[bytes, None, None]:
    count = max(1, min(os.cpu_count() or 1, _MOST_THREADS))
    place = done = length = 0
    back = _Held(0 if codec in _RESUMED else READ_BYTES)
    pieces: list[bytes] | None = None
    waiting: deque[tuple[PackedPart, Future[list[bytes] | None]]] = deque()
    pool = ThreadPoolExecutor(count, thread_name_prefix="unpacking")
    try:
        while True:
            for part in islice(parts, count + 2 - len(waiting)):
                _exactly(passing, part.offset - place)
                packed = _exactly(passing, part.length)
                place = part.offset + part.length
                waiting.append((part, pool.submit(unpacked_part, packed, part, codec)))
            if not waiting:
                break
            part, work = waiting.popleft()
            pieces = work.result()
            if pieces is None:
                break
            done = part.offset + part.length
            for piece in back.put(pieces):
                length += len(piece)
                yield piece
    finally:
        pool.shutdown(cancel_futures=True)
    if codec not in _RESUMED and not waiting and pieces is not None:
        yield back.rest()
        return
    yield from _rest(location, codec, done, length)


def _rest(location: Path, codec: Codec, done: int, length: int) -> Generator[bytes, None, None]:
    """Yield what comes behind the first `length` bytes of text, packed in the first `done`."""
    with opened_here(location) as file:
        if codec not in _RESUMED:
            yield from _behind(unpacked(file, codec), length)
            return
        file.seek(done)
        # Read in the same places as from the beginning: what is lost with damage depends on them.
        yield from unpacked(_InPlaces(file, done), codec)


def _behind(pieces: Iterator[bytes], length: int) -> Iterator[bytes]:
    for piece in pieces:
        if length < len(piece):
            yield piece[length:]
        length = max(0, length - len(piece))


class _Held:
    """Text of which the last bytes are held back: with damage just behind them they may be lost.

    A library that unpacks over the border of two parts loses what it had not returned yet.
    """

    def __init__(self, size: int) -> None:
        self._size, self._rest = size, b""

    def put(self, pieces: list[bytes]) -> list[bytes]:
        """Take the next text; return what may be told."""
        if not self._size:
            return pieces
        text = b"".join((self._rest, *pieces))
        cut = max(0, len(text) - self._size)
        self._rest = text[cut:]
        return [text[:cut]] if cut else []

    def rest(self) -> bytes:
        """Return what is held back."""
        return self._rest


class _InPlaces:
    """A file read from a member's end on, without padding, up to multiples of the usual size."""

    def __init__(self, file: ByteReader, place: int) -> None:
        self._file, self._place = file, place
        self._is_padding = place > 0

    def read(self, size: int = READ_BYTES, /) -> bytes:
        while piece := self._file.read(min(size, READ_BYTES - self._place % READ_BYTES)):
            self._place += len(piece)
            if self._is_padding:
                piece = piece.lstrip(b"\x00")
                self._is_padding = not piece
            if piece:
                return piece
        return b""


def _exactly(file: ByteReader, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
