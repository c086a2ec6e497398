"""Packed streams: how a file is packed, by its first bytes, and its bytes unpacked in pieces."""

import bz2
import codecs
import errno
import lzma
import os
import re
import stat
from collections.abc import Callable, Iterator
from enum import StrEnum
from io import FileIO
from itertools import chain
from pathlib import Path
from typing import Protocol

from isal import isal_zlib
from isal.isal_zlib import error as IsalError  # noqa: N812 - the name says whose it is

from quetsach.containers.bounds import ByteBudget
from quetsach.containers.refusal import DamagedDataError, cut_off

# Small, because what one call was unpacking when it met damage is lost with it.
READ_BYTES = 1 << 17


class Codec(StrEnum):
    """How a file is packed."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"
    XZ = "xz"
    BZIP2 = "bzip2"
    UTF16 = "utf-16"
    UTF16_LE = "utf-16-le"
    UTF16_BE = "utf-16-be"

    @property
    def is_text(self) -> bool:
        """True for text that is only coded in another way."""
        return self in _TEXTS


_TEXTS = frozenset({Codec.UTF16, Codec.UTF16_LE, Codec.UTF16_BE})


class ByteReader(Protocol):
    """Anything that returns its next bytes, b"" at the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes."""
        ...


def opened_here(location: Path) -> FileIO:
    """Return a file on this machine opened; a pipe or device that took its place is none.

    To open a pipe would wait for whoever writes into it. Errors: OSError.
    """
    return FileIO(location, opener=_without_waiting)


def _without_waiting(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        os.close(descriptor)
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), path)
    return descriptor


def start_of(location: Path, size: int) -> bytes:
    """Return the first `size` bytes of a file, as they lie there; fewer where it is shorter.

    Cost: a third of what a file object costs, which counts where thousands of files are asked.
    Errors: OSError.
    """
    binary = getattr(os, "O_BINARY", 0)
    descriptor = _without_waiting(os.fspath(location), os.O_RDONLY | binary)
    try:
        start = os.read(descriptor, size)
        while len(start) < size and (more := os.read(descriptor, size - len(start))):
            start += more
        return start
    finally:
        os.close(descriptor)


class PieceReader:
    """Pieces of bytes, read as a file is."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, b"" at the end."""
        if size < 0:
            whole = self._rest + b"".join(self._pieces)
            self._rest = b""
            return whole
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


_MAGIC = (
    (b"\x1f\x8b", Codec.GZIP),
    (b"\x28\xb5\x2f\xfd", Codec.ZSTD),
    (b"\xfd7zXZ\x00", Codec.XZ),
    (b"BZh", Codec.BZIP2),
    (b"\xff\xfe", Codec.UTF16),
    (b"\xfe\xff", Codec.UTF16),
)

_FIRST_BYTES = frozenset(magic[:1] for magic, _codec in _MAGIC)

_MOST_XZ_MEMORY = 128 << 20
"""An XZ file says how much memory it wants, up to 4 GiB; `xz -9` makes files that want 65 MiB."""


_UNMARKED = (
    (re.compile(rb"(?:[\t\r\n -~]\x00){4}"), Codec.UTF16_LE),
    (re.compile(rb"(?:\x00[\t\r\n -~]){4}"), Codec.UTF16_BE),
)
"""UTF-16 without a mark: the first letters of a log are ASCII, and no binary file begins so."""


def codec_of(start: bytes) -> Codec:
    """Return the codec of a file that begins with `start`, of which 8 bytes tell it."""
    if start[:1] in _FIRST_BYTES:
        for magic, codec in _MAGIC:
            if start.startswith(magic):
                return codec
    if b"\x00" not in start[:8]:
        return Codec.PLAIN
    return next((codec for form, codec in _UNMARKED if form.match(start)), Codec.PLAIN)


def unpacked(file: ByteReader, codec: Codec, budget: ByteBudget | None = None) -> Iterator[bytes]:
    """Yield the unpacked bytes of `file` in pieces, none empty, and spend `budget`.

    Errors: DamagedDataError after the last good piece; ContainerRefused SWELLS when the budget is
    spent; OSError from reading.
    Cost: memory for some pieces, and 128 MiB at most for the window of XZ or zstd.
    """
    pieces = _unpacked(file, codec)
    if budget is None:
        yield from pieces
        return
    for piece in pieces:
        budget.spend(len(piece))
        yield piece


def peek(pieces: Iterator[bytes], count: int) -> tuple[bytes, Iterator[bytes]]:
    """Return the first `count` bytes, or all if there are fewer, and all pieces again."""
    first: list[bytes] = []
    size = 0
    while size < count and (piece := next(pieces, None)) is not None:
        first.append(piece)
        size += len(piece)
    return b"".join(first)[:count], chain(first, pieces)


def _unpacked(file: ByteReader, codec: Codec) -> Iterator[bytes]:
    if codec is Codec.PLAIN:
        yield from iter(lambda: file.read(READ_BYTES), b"")
    elif codec is Codec.ZSTD:
        yield from _zstd(file)
    elif codec.is_text:
        yield from _utf16(file, codec)
    else:
        yield from _members(file, codec)


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, packed: bytes, max_length: int = ..., /) -> bytes: ...


_DAMAGE = (IsalError, lzma.LZMAError, OSError, EOFError)

_UNPACKERS: dict[Codec, Callable[[], _Unpacker]] = {
    Codec.GZIP: lambda: isal_zlib.decompressobj(wbits=31),
    Codec.XZ: lambda: lzma.LZMADecompressor(memlimit=_MOST_XZ_MEMORY),
    Codec.BZIP2: bz2.BZ2Decompressor,
}


def _members(file: ByteReader, codec: Codec) -> Iterator[bytes]:
    """Yield from packed members that follow one another, as rotation and `cat` leave them."""
    unpacker = _UNPACKERS[codec]()
    fresh = True
    packed = file.read(READ_BYTES)
    while packed:
        try:
            pieces = _bounded(unpacker, packed, codec)
            for piece in pieces:
                if piece:
                    yield piece
        except _DAMAGE as error:  # type: ignore[misc]  # the stub of isal hides that it is a type
            raise DamagedDataError(str(error)) from error
        fresh = False
        if unpacker.eof:
            # Padding with zeros behind the last member is common on tapes and old tools.
            packed = unpacker.unused_data.lstrip(b"\x00")
            unpacker, fresh = _UNPACKERS[codec](), True
            packed = packed or _after_padding(file)
        else:
            packed = file.read(READ_BYTES)
    if not fresh:
        raise cut_off()


def _bounded(unpacker: _Unpacker, packed: bytes, codec: Codec) -> Iterator[bytes]:
    """Yield what `packed` unpacks to in small pieces, however well it was packed."""
    limit = READ_BYTES
    yield unpacker.decompress(packed, limit)
    while not unpacker.eof:
        rest = unpacker.unconsumed_tail if codec is Codec.GZIP else b""  # type: ignore[attr-defined]  # only zlib's has it
        if codec is Codec.GZIP and not rest:
            return
        if codec is not Codec.GZIP and getattr(unpacker, "needs_input", True):
            return
        yield unpacker.decompress(rest, limit)


def _after_padding(file: ByteReader) -> bytes:
    while packed := file.read(READ_BYTES):
        if stripped := packed.lstrip(b"\x00"):
            return stripped
    return b""


class _KeptOpen:
    """A file that pyarrow may close, and that stays open for its owner."""

    closed = False

    def __init__(self, file: ByteReader) -> None:
        self.read = file.read

    def close(self) -> None:
        """Do nothing."""


def _zstd(file: ByteReader) -> Iterator[bytes]:
    import pyarrow as pa  # Only zstd needs it, and it takes a third of a second to load.

    source = pa.PythonFile(_KeptOpen(file), mode="r")
    try:
        with pa.CompressedInputStream(source, "zstd") as stream:
            while piece := stream.read(READ_BYTES):
                yield piece
    except (OSError, pa.ArrowInvalid) as error:
        raise DamagedDataError(str(error)) from error


def _utf16(file: ByteReader, codec: Codec) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec.value)(errors="replace")
    while packed := file.read(READ_BYTES):
        if text := decoder.decode(packed):
            yield text.encode()
    if rest := decoder.decode(b"", final=True):
        yield rest.encode()
