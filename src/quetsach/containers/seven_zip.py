"""7z archives: the list at their end, and their files one after another.

Read are files that are stored or packed by LZMA, LZMA2, bzip2 or Deflate, solid or not; what is
encrypted, filtered or packed in another way is refused.
Source: 7-Zip, DOC/7zFormat.txt and Methods.txt.
"""

import bz2
import lzma
import stat
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from quetsach.containers.bounds import ByteBudget, Member, UnpackBounds
from quetsach.containers.names import NameRegister, printable_name
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, cut_off
from quetsach.containers.seven_zip_list import BlockCoder, ListedFile, SolidBlock, list_of

MOST_WINDOW = 512 << 20
"""So much memory the window of LZMA may take, in bytes; `7z -mx=9` takes 64 MiB to 256 MiB."""

_PIECE_BYTES = 1 << 17
_COPY, _LZMA, _LZMA2, _BZIP2, _DEFLATE = (
    b"\x00",
    b"\x03\x01\x01",
    b"\x21",
    b"\x04\x02\x02",
    b"\x04\x01\x08",
)
_AES = b"\x06\xf1\x07\x01"
_HAS_UNIX_MODE, _IS_REPARSE_POINT = 0x8000, 0x400


def members(file: BinaryIO, bounds: UnpackBounds) -> Iterator[Member]:
    """Yield the files of a 7z archive in the order of its list, folders left out.

    Each member is to be read, or left, before the next is asked for. Whoever calls bounds the bytes
    of what is read; what is left out in a solid block is unpacked too.
    Errors: DamagedDataError; ContainerRefused ENCRYPTED, METHOD, TOO_LARGE, TOO_MANY.
    """
    folders, listed = list_of(file, _unpacked)
    if len(listed) > bounds.entries:
        raise ContainerRefused(RefusalCode.TOO_MANY, limit=bounds.entries)
    names = NameRegister(any_name=bounds.any_name, fold_case=bounds.fold_case)
    contents = _contents(file, folders, bounds.budget(file.seek(0, 2)))
    for listed_file in listed:
        content = next(contents, None) if listed_file.has_content else _Content(iter(()), 0, None)
        if content is None:
            raise DamagedDataError("more files than contents")
        if listed_file.is_folder:
            continue
        stored = listed_file.name.encode("utf-8", "replace")
        refusal = (
            names.refusal_of(listed_file.name, stored)
            or _refusal_of(listed_file)
            or content.refusal
        )
        yield Member(
            listed_file.name, listed_file.when, iter(()) if refusal else content.pieces(), refusal
        )
        content.skip_rest()


def _refusal_of(listed_file: ListedFile) -> ContainerRefused | None:
    mode = listed_file.attributes >> 16 if listed_file.attributes & _HAS_UNIX_MODE else 0
    if stat.S_ISLNK(mode) or listed_file.attributes & _IS_REPARSE_POINT:
        return ContainerRefused(RefusalCode.LINK, member=printable_name(listed_file.name))
    if stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return ContainerRefused(RefusalCode.SPECIAL_FILE, member=printable_name(listed_file.name))
    return None


@dataclass
class _Content:
    """The bytes of one file within the stream of its solid block."""

    stream: Iterator[bytes]
    rest: int
    digest: int | None
    refusal: ContainerRefused | None = None
    kept: list[bytes] = field(default_factory=list)
    crc: int = 0

    def pieces(self) -> Iterator[bytes]:
        while self.rest:
            piece = self.kept.pop() if self.kept else next(self.stream, b"")
            if not piece:
                raise cut_off()
            part, behind = piece[: self.rest], piece[self.rest :]
            if behind:
                self.kept.append(behind)
            self.rest -= len(part)
            self.crc = zlib.crc32(part, self.crc)
            yield part
        if self.digest is not None and self.crc != self.digest:
            raise DamagedDataError("a file does not add up")

    def skip_rest(self) -> None:
        """Leave what was not read, so that the next file begins where it should."""
        if self.refusal is None:
            try:
                for _piece in self.pieces():
                    pass
            except ContainerRefused:
                self.kept.clear()
                self.rest = 0


def _contents(
    file: BinaryIO, folders: Sequence[SolidBlock], budget: ByteBudget
) -> Iterator[_Content]:
    """Yield the content of each file that has any, in the order of the list."""
    for folder in folders:
        refusal: ContainerRefused | None = None
        stream: Iterator[bytes] = iter(())
        kept: list[bytes] = []
        try:
            stream = _counted(_unpacked(file, folder), budget)
        except ContainerRefused as refused:
            refusal = refused
        digests = folder.digests or [None] * len(folder.sizes)
        for size, digest in zip(folder.sizes, digests, strict=True):
            yield _Content(stream, size, digest, refusal, kept)


def _counted(pieces: Iterator[bytes], budget: ByteBudget) -> Iterator[bytes]:
    """Yield the pieces; what is left out of a solid block counts as well."""
    for piece in pieces:
        budget.spend(len(piece))
        yield piece


class _Unpacker(Protocol):
    @property
    def needs_input(self) -> bool: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, packed: bytes, max_length: int = ..., /) -> bytes: ...


class _Deflate:
    """Deflate with the interface that the other unpackers have."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(-15)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    def decompress(self, packed: bytes, max_length: int = -1, /) -> bytes:
        plain = self._unpacker.decompress(self._unpacker.unconsumed_tail + packed, max_length)
        self.needs_input = not self._unpacker.unconsumed_tail
        return plain


def _unpacked(file: BinaryIO, folder: SolidBlock) -> Iterator[bytes]:
    """Return the pieces of a solid block. Errors: ContainerRefused at once for its method."""
    if any(coder.method == _AES for coder in folder.coders):
        raise ContainerRefused(RefusalCode.ENCRYPTED, member="")
    if len(folder.coders) != 1:
        methods = "+".join(coder.method.hex() for coder in folder.coders)
        raise ContainerRefused(RefusalCode.METHOD, member="", number=methods)
    coder = folder.coders[0]
    if coder.method == _COPY:
        return _raw(file, folder)
    if coder.method not in _UNPACKERS:
        raise ContainerRefused(RefusalCode.METHOD, member="", number=coder.method.hex())
    return _through(_UNPACKERS[coder.method](coder, folder.size), _raw(file, folder), folder.size)


def _through(unpacker: _Unpacker, packed: Iterator[bytes], rest: int) -> Iterator[bytes]:
    """Yield what `packed` unpacks to, up to `rest` bytes. Errors: DamagedDataError."""
    piece = b""
    while rest and not unpacker.eof:
        if unpacker.needs_input:
            piece = next(packed, b"")
        try:
            plain = unpacker.decompress(piece, min(_PIECE_BYTES, rest))
        except (lzma.LZMAError, OSError, EOFError, zlib.error) as error:
            raise DamagedDataError(str(error)) from error
        if not plain and not piece and unpacker.needs_input:
            raise cut_off()
        piece = b""
        rest -= len(plain)
        if plain:
            yield plain


def _raw(file: BinaryIO, folder: SolidBlock) -> Iterator[bytes]:
    place, rest = folder.place, folder.packed
    while rest:
        file.seek(place)
        piece = file.read(min(_PIECE_BYTES, rest))
        if not piece:
            raise cut_off()
        place, rest = place + len(piece), rest - len(piece)
        yield piece


def _lzma(coder: BlockCoder, size: int) -> _Unpacker:
    if len(coder.properties) != 5 or coder.properties[0] >= 225:
        raise DamagedDataError("properties of LZMA")
    rest, lc = divmod(coder.properties[0], 9)
    pb, lp = divmod(rest, 5)
    window = _window(int.from_bytes(coder.properties[1:], "little"), size)
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": window, "lc": lc, "lp": lp, "pb": pb}]
    return _raw_lzma(filters)


def _lzma2(coder: BlockCoder, size: int) -> _Unpacker:
    if len(coder.properties) != 1 or coder.properties[0] > 40:
        raise DamagedDataError("properties of LZMA2")
    bits = coder.properties[0]
    window = 0xFFFFFFFF if bits == 40 else (2 | bits & 1) << (bits // 2 + 11)
    return _raw_lzma([{"id": lzma.FILTER_LZMA2, "dict_size": _window(window, size)}])


def _raw_lzma(filters: Sequence[dict[str, int]]) -> _Unpacker:
    try:
        return lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=filters)
    except (lzma.LZMAError, ValueError, MemoryError) as error:
        raise DamagedDataError(str(error)) from error


def _window(declared: int, size: int) -> int:
    """Return the window that is needed: none reaches back behind the beginning of the block."""
    window = max(4096, min(declared, size))
    if window > MOST_WINDOW:
        raise ContainerRefused(RefusalCode.TOO_LARGE, member="", limit=MOST_WINDOW)
    return window


_UNPACKERS: dict[bytes, Callable[[BlockCoder, int], _Unpacker]] = {
    _LZMA: _lzma,
    _LZMA2: _lzma2,
    _BZIP2: lambda _coder, _size: bz2.BZ2Decompressor(),
    _DEFLATE: lambda _coder, _size: _Deflate(),
}
