"""Codecs: how a file is packed, told from its first bytes, and its bytes unpacked as a stream."""

import bz2
import lzma
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Protocol

import pyarrow as pa
from isal import isal_zlib
from isal.isal_zlib import error as IsalError  # noqa: N812 - the name says whose it is

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


class DamagedDataError(Exception):
    """The packed data break off or are damaged; what was unpacked before is good."""


class ByteReader(Protocol):
    """Anything that gives its next bytes, b"" at the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes."""
        ...


_MAGIC = (
    (b"\x1f\x8b", Codec.GZIP),
    (b"\x28\xb5\x2f\xfd", Codec.ZSTD),
    (b"\xfd7zXZ\x00", Codec.XZ),
    (b"BZh", Codec.BZIP2),
    (b"\xff\xfe", Codec.UTF16),
    (b"\xfe\xff", Codec.UTF16),
)

_MOST_XZ_MEMORY = 128 << 20
"""An XZ file says how much memory it wants, up to 4 GiB; `xz -9` makes files that want 65 MiB."""

# Kinds of file that are no text log, by their first bytes.
_OTHER_KINDS = (
    (b"\xd4\xc3\xb2\xa1", "pcap"),
    (b"\xa1\xb2\xc3\xd4", "pcap"),
    (b"\x4d\x3c\xb2\xa1", "pcap"),
    (b"\xa1\xb2\x3c\x4d", "pcap"),
    (b"\x0a\x0d\x0d\x0a", "pcapng"),
    (b"ElfFile\x00", "evtx"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"%PDF", "pdf"),
    (b"PAR1", "parquet"),
)

_ARCHIVES = (
    (b"PK\x03\x04", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
)


def codec_of(start: bytes) -> Codec:
    """Return the codec of a file that begins with `start`."""
    for magic, codec in _MAGIC:
        if start.startswith(magic):
            return codec
    return Codec.PLAIN


def archive_kind(start: bytes) -> str | None:
    """Return the kind of archive whose (unpacked) bytes begin with `start`, or None."""
    if start[257:262] == b"ustar":
        return "tar"
    return next((kind for magic, kind in _ARCHIVES if start.startswith(magic)), None)


def binary_kind(start: bytes) -> str | None:
    """Return what kind of binary data begins with `start`, or None where it may be a text log.

    A text log may hold a few stray bytes, and a run of NULs where a machine lost its power.
    """
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            return kind
    text = start.strip(b"\x00")
    strange = sum(text.count(bytes([code])) for code in (*range(7), *range(14, 27), 127))
    return "unknown" if strange * 20 > len(text) or (start and not text) else None


def unpacked(file: ByteReader, codec: Codec) -> Iterator[bytes]:
    """Yield the unpacked bytes of `file` in pieces, none empty.

    Errors: DamagedDataError after the last good piece; OSError from reading.
    """
    if codec is Codec.PLAIN:
        yield from iter(lambda: file.read(READ_BYTES), b"")
    elif codec is Codec.ZSTD:
        yield from _zstd(file)
    elif codec is Codec.UTF16:
        yield from _utf16(file)
    else:
        yield from _members(file, codec)


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


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
    data = file.read(READ_BYTES)
    while data:
        try:
            pieces = _bounded(unpacker, data, codec)
            for piece in pieces:
                if piece:
                    yield piece
        except _DAMAGE as error:  # type: ignore[misc]  # the stub of isal hides that it is a type
            raise DamagedDataError(str(error)) from error
        fresh = False
        if unpacker.eof:
            # Padding with zeros behind the last member is common on tapes and old tools.
            data = unpacker.unused_data.lstrip(b"\x00")
            unpacker, fresh = _UNPACKERS[codec](), True
            data = data or _after_padding(file)
        else:
            data = file.read(READ_BYTES)
    if not fresh:
        raise DamagedDataError("cut off")


def _bounded(unpacker: _Unpacker, data: bytes, codec: Codec) -> Iterator[bytes]:
    """Yield what `data` unpacks to in small pieces, however well it was packed."""
    limit = READ_BYTES
    yield unpacker.decompress(data, limit)
    while not unpacker.eof:
        rest = unpacker.unconsumed_tail if codec is Codec.GZIP else b""  # type: ignore[attr-defined]  # only zlib's has it
        if codec is Codec.GZIP and not rest:
            return
        if codec is not Codec.GZIP and getattr(unpacker, "needs_input", True):
            return
        yield unpacker.decompress(rest, limit)


def _after_padding(file: ByteReader) -> bytes:
    while data := file.read(READ_BYTES):
        if stripped := data.lstrip(b"\x00"):
            return stripped
    return b""


def _zstd(file: ByteReader) -> Iterator[bytes]:
    try:
        with pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd") as stream:
            while piece := stream.read(READ_BYTES):
                yield piece
    except (OSError, pa.ArrowInvalid) as error:
        raise DamagedDataError(str(error)) from error


def _utf16(file: ByteReader) -> Iterator[bytes]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    while data := file.read(READ_BYTES):
        yield decoder.decode(data).encode()
    if rest := decoder.decode(b"", final=True):
        yield rest.encode()
