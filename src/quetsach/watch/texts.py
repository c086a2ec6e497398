"""The text of a followed file: read at a place, a chunk of whole lines at a time."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence.digests import PIECE_BYTES
from quetsach.evidence.packed import PackedFile
from quetsach.evidence.storage import ShrunkError
from quetsach.open_files import read_at, write_at

CHUNK_BYTES = 4 << 20
"""So much is read of one text before another has its turn."""

BEFORE_BYTES = 4096
"""So much before the cursor tells that it is still the same text."""

_KEPT_FREE = 1 << 30


@dataclass(frozen=True)
class WholeLines:
    """The next lines of a text: `length` bytes from `place` on, and what stands before them.

    Shapes: `start` are their first bytes, all of them unless a line is very long.
    """

    place: int
    length: int
    before: bytes
    start: bytes


class GrowingText:
    """An open file whose text grows; it is closed with `close`."""

    def __init__(self, number: int) -> None:
        """Take the number of an open file."""
        self._number = number
        self._searched = 0

    def close(self) -> None:
        """Close it."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1

    @property
    def is_open(self) -> bool:
        """Whether it can be read."""
        return self._number >= 0

    def status(self) -> os.stat_result:
        """Return the status of the file. Errors: OSError."""
        return os.fstat(self._number)

    def read(self, place: int, size: int) -> bytes:
        """Return the bytes from `place` on, as many as there are. Errors: OSError."""
        parts = []
        while size and (part := read_at(self._number, place, size)):
            parts.append(part)
            place, size = place + len(part), size - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def pieces(self, place: int, end: int) -> Iterator[bytes]:
        """Yield the text between two places. Errors: OSError; ShrunkError where it is not there."""
        while place < end:
            piece = self.read(place, min(CHUNK_BYTES, end - place))
            if not piece:
                raise ShrunkError
            yield piece
            place += len(piece)

    def whole_lines(
        self, place: int, size: int, *, to_end: bool = False, most: int | None = None
    ) -> WholeLines:
        """Return the lines that are whole from `place` on, in the first `size` bytes of the text.

        With `to_end` the last one is taken as it is. Units: about `most` bytes, one line at least.

        A line that is longer than a chunk is searched for its end, and not kept meanwhile.
        """
        most = CHUNK_BYTES if most is None else most
        from_here = max(place - BEFORE_BYTES, 0)
        text = self.read(from_here, place - from_here + min(most, size - place))
        before, start = text[: place - from_here], text[place - from_here :]
        length = start.rfind(b"\n") + 1
        if not length and len(start) == most:
            length = self._long_line(place, place + len(start))
        if not length and to_end:
            length = max(size - place, 0)
            start = start if length == len(start) else b""
        return WholeLines(place, length, before, start[:length])

    def blocks(self, place: int, size: int, most: int) -> Iterator[tuple[int, bytes]]:
        """Yield whole lines from `place` on in blocks of about `size` bytes, `most` in all.

        A line that is longer than a block ends it.
        """
        end = place + most
        while place < end:
            text = self.read(place, size)
            length = text.rfind(b"\n") + 1
            if not length:
                return
            yield place, text[:length]
            place += length

    def _long_line(self, place: int, end: int) -> int:
        """Return how long the line at `place` is, which goes on at `end`; 0 where it has no end."""
        end = max(end, self._searched)
        while text := self.read(end, CHUNK_BYTES):
            newline = text.find(b"\n") + 1
            if newline:
                return end + newline - place
            end += len(text)
        self._searched = end
        return 0


def unpacked_text(path: Path, codec: Codec) -> Generator[bytes, None, None]:
    """Yield the text of a packed file as far as it is good. Errors: OSError."""
    with suppress(DamagedDataError, ShrunkError):
        yield from PackedFile(path, codec).read()


def unpacked_rest(path: Path, codec: Codec, cursor: int, folder: Path) -> GrowingText:
    """Return the text of a packed file from `cursor` on, in a file of its own without a name.

    Before it stands what a digest begins with, and before that is a hole.
    Errors: OSError, also where the disk has no room.
    """
    first = max(min(cursor - cursor % PIECE_BYTES, cursor - BEFORE_BYTES), 0)
    number, name = tempfile.mkstemp(dir=folder, prefix="unpacked-")
    try:
        Path(name).unlink()
        place = 0
        with closing(unpacked_text(path, codec)) as pieces:
            for piece in pieces:
                behind = piece[max(first - place, 0) :]
                if behind:
                    if shutil.disk_usage(folder).free < _KEPT_FREE:
                        raise OSError("no room to unpack it")
                    _write(number, behind, max(place, first))
                place += len(piece)
    except BaseException:
        os.close(number)
        raise
    return GrowingText(number)


def _write(number: int, text: bytes, place: int) -> None:
    while text:
        count = write_at(number, place, text)
        text, place = text[count:], place + count
