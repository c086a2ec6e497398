"""Packed streams (gzip, xz, bzip2, zstd): their unpacked bytes, within the room there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from quetsach.api.files import ByteReader, Codec, unpacked
from quetsach_portal.files.kinds import FileKind, size_text
from quetsach_portal.files.problems import FileRefused

_CODECS = {
    FileKind.GZIP: Codec.GZIP,
    FileKind.XZ: Codec.XZ,
    FileKind.BZIP2: Codec.BZIP2,
    FileKind.ZSTD: Codec.ZSTD,
}


class PieceReader:
    """Pieces of bytes, read as a file is; for readers that want one."""

    closed = False

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, b"" at the end."""
        if size < 0:
            return self._held + b"".join(self._pieces)
        if not self._held:
            self._held = next(self._pieces, b"")
        taken, self._held = self._held[:size], self._held[size:]
        return taken


@dataclass
class ByteBudget:
    """How many bytes one upload may still unpack to, in all its layers together."""

    limit: int
    spent: int = 0

    def spend(self, count: int) -> None:
        """Take `count` bytes from the budget.

        Errors: P108 when there are not so many left.
        """
        self.spent += count
        if self.spent > self.limit:
            raise FileRefused("P108", limit=size_text(self.limit))


def unpack(file: ByteReader, kind: FileKind, budget: ByteBudget) -> Iterator[bytes]:
    """Yield what `file` unpacks to, spending the budget.

    Errors: P108 as soon as it is spent; DamagedDataError where the packed data break off.
    """
    for piece in unpacked(file, _CODECS[kind]):
        budget.spend(len(piece))
        yield piece


def peek(pieces: Iterator[bytes], count: int) -> tuple[bytes, Iterator[bytes]]:
    """Return the first `count` bytes, or all if there are fewer, and all pieces again."""
    start = b""
    for piece in pieces:
        start += piece
        if len(start) >= count:
            break
    return start[:count], chain((start,) if start else (), pieces)
