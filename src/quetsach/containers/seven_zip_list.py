"""The list of a 7z archive: its solid blocks, and the files in them.

Source: 7-Zip, DOC/7zFormat.txt.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, cut_off

MAGIC = b"7z\xbc\xaf\x27\x1c"

LONGEST_LIST = 64 << 20
"""A list of files that is longer is refused, in bytes."""

_HEAD = struct.Struct("<QQI")
_HEAD_BYTES = 32
_MOST_CODERS = 32
_MOST_FOLDERS = 1 << 20
_MOST_FILES = 1 << 22
_END, _HEADER, _STREAMS, _FILES, _PACKS, _FOLDERS, _SUBSTREAMS = 0, 1, 4, 5, 6, 7, 8
_ARCHIVE, _SIZE, _DIGESTS, _FOLDER, _FOLDER_SIZES, _COUNTS = 2, 9, 10, 11, 12, 13
_EMPTY_STREAM, _EMPTY_FILE, _NAMES, _TIMES, _ATTRIBUTES, _PACKED_LIST = 14, 15, 17, 20, 21, 23
_FROM_1601_S = 11_644_473_600


@dataclass(frozen=True)
class BlockCoder:
    """One step by which a solid block was packed: the number of its method, its properties."""

    method: bytes
    properties: bytes


@dataclass
class SolidBlock:
    """A solid block: how it is packed, where, and the files in it one after another.

    Shapes: `sizes` and `digests` are those of its files. Units: bytes.
    """

    coders: Sequence[BlockCoder]
    size: int = 0
    digest: int | None = None
    place: int = 0
    packed: int = 0
    sizes: list[int] = field(default_factory=list)
    digests: list[int | None] = field(default_factory=list)
    is_divided: bool = False


@dataclass
class ListedFile:
    """A file as the list has it. Units: `when` in seconds since 1970, 0 where unknown."""

    name: str = ""
    when: float = 0
    attributes: int = 0
    has_content: bool = True
    is_folder: bool = False


Unpack = Callable[[BinaryIO, SolidBlock], Iterator[bytes]]
"""Returns the unpacked bytes of a block."""


def list_of(file: BinaryIO, unpack: Unpack) -> tuple[list[SolidBlock], list[ListedFile]]:
    """Return the solid blocks and the files of an archive.

    Errors: DamagedDataError; ContainerRefused TOO_LARGE for a list that is too long, and whatever
    `unpack` raises for a list that is packed.
    """
    head = file.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or not head.startswith(MAGIC):
        raise DamagedDataError("no head")
    place, size, crc = _HEAD.unpack_from(head, 12)
    if not size:
        return [], []
    if size > LONGEST_LIST:
        raise ContainerRefused(RefusalCode.TOO_LARGE, member="", limit=LONGEST_LIST)
    file.seek(_HEAD_BYTES + min(place, 1 << 62))
    raw = file.read(size)
    if len(raw) < size:
        raise cut_off()
    if zlib.crc32(raw) != crc:
        raise DamagedDataError("the list does not add up")
    for _layer in range(4):
        reading = _Fields(raw)
        kind = reading.number()
        if kind == _HEADER:
            return _read_header(reading)
        if kind != _PACKED_LIST:
            break
        raw = _unpacked_list(file, _read_streams(reading), unpack)
    raise DamagedDataError("no list")


def _unpacked_list(file: BinaryIO, folders: Sequence[SolidBlock], unpack: Unpack) -> bytes:
    if len(folders) != 1 or folders[0].size > LONGEST_LIST:
        raise DamagedDataError("a packed list")
    raw = b"".join(unpack(file, folders[0]))
    if len(raw) != folders[0].size or zlib.crc32(raw) != (folders[0].digest or zlib.crc32(raw)):
        raise DamagedDataError("the list does not add up")
    return raw


class _Fields:
    """The numbers and bytes of a list, read from its beginning on."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._place = raw, 0

    def bytes(self, count: int) -> bytes:
        """Return the next bytes. Errors: DamagedDataError where there are fewer."""
        end = self._place + count
        if end > len(self._raw):
            raise DamagedDataError("the list is cut off")
        part, self._place = self._raw[self._place : end], end
        return part

    def number(self) -> int:
        """Return a number: as many ones as its first byte begins with, so many bytes follow."""
        first = self.bytes(1)[0]
        mask, number = 0x80, 0
        for count in range(8):
            if not first & mask:
                return number | (first & (mask - 1)) << 8 * count
            number |= self.bytes(1)[0] << 8 * count
            mask >>= 1
        return number

    def count(self, most: int) -> int:
        """Return a number of things. Errors: DamagedDataError for more than there can be."""
        number = self.number()
        if number > most:
            raise DamagedDataError("a number is too large")
        return number

    def bits(self, count: int) -> list[bool]:
        """Return so many truths, eight in a byte."""
        raw = self.bytes((count + 7) // 8)
        return [bool(raw[n // 8] & 0x80 >> n % 8) for n in range(count)]

    def defined(self, count: int) -> list[bool]:
        """Return which of so many things are told; a byte may say that all are."""
        return [True] * count if self.bytes(1)[0] else self.bits(count)

    def digests(self, count: int) -> list[int | None]:
        """Return a digest for each of so many things, None where it is not told."""
        return [
            int.from_bytes(self.bytes(4), "little") if told else None
            for told in self.defined(count)
        ]

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._raw) - self._place


def _read_header(reading: _Fields) -> tuple[list[SolidBlock], list[ListedFile]]:
    folders: list[SolidBlock] = []
    files: list[ListedFile] = []
    while (kind := reading.number()) != _END:
        if kind == _ARCHIVE:
            while reading.number() != _END:
                reading.bytes(reading.count(reading.left))
        elif kind == _STREAMS:
            folders = _read_streams(reading)
        elif kind == _FILES:
            files = _read_files(reading)
        else:
            raise DamagedDataError("an unknown part of the list")
    return folders, files


def _read_streams(reading: _Fields) -> list[SolidBlock]:
    place, packed = 0, list[int]()
    folders: list[SolidBlock] = []
    while (kind := reading.number()) != _END:
        if kind == _PACKS:
            place = reading.number()
            count = reading.count(reading.left)
            while (inner := reading.number()) != _END:
                if inner == _SIZE:
                    packed = [reading.number() for _ in range(count)]
                elif inner == _DIGESTS:
                    reading.digests(count)
                else:
                    raise DamagedDataError("an unknown part of the packed streams")
        elif kind == _FOLDERS:
            folders = _read_folders(reading)
        elif kind == _SUBSTREAMS:
            _read_substreams(reading, folders)
        else:
            raise DamagedDataError("an unknown part of the streams")
    if len(packed) < len(folders):
        raise DamagedDataError("more blocks than streams")
    for folder, size in zip(folders, packed, strict=False):
        folder.place, folder.packed = _HEAD_BYTES + place, size
        place += size
        if not folder.is_divided:
            folder.sizes, folder.digests = [folder.size], [folder.digest]
    return folders


def _read_folders(reading: _Fields) -> list[SolidBlock]:
    if reading.number() != _FOLDER:
        raise DamagedDataError("no blocks")
    count = reading.count(min(reading.left, _MOST_FOLDERS))
    if reading.bytes(1)[0]:
        raise DamagedDataError("blocks that are told elsewhere")
    folders, outs = [], []
    for _ in range(count):
        coders, streams = _read_coders(reading)
        folders.append(SolidBlock(coders))
        outs.append(streams)
    while (kind := reading.number()) != _END:
        if kind == _FOLDER_SIZES:
            for folder, streams in zip(folders, outs, strict=True):
                folder.size = max([reading.number() for _ in range(streams)], default=0)
        elif kind == _DIGESTS:
            for folder, digest in zip(folders, reading.digests(count), strict=True):
                folder.digest = digest
        else:
            raise DamagedDataError("an unknown part of the blocks")
    return folders


def _read_coders(reading: _Fields) -> tuple[list[BlockCoder], int]:
    """Return how a block is packed, and how many streams come out of that."""
    coders = []
    ins = outs = 0
    for _ in range(reading.count(_MOST_CODERS)):
        flags = reading.bytes(1)[0]
        method = reading.bytes(flags & 0xF)
        first, second = (
            (reading.count(_MOST_CODERS), reading.count(_MOST_CODERS)) if flags & 0x10 else (1, 1)
        )
        ins, outs = ins + first, outs + second
        properties = reading.bytes(reading.count(reading.left)) if flags & 0x20 else b""
        coders.append(BlockCoder(method, properties))
    pairs = max(outs - 1, 0)
    for _ in range(2 * pairs):
        reading.number()
    for _ in range(ins - pairs if ins - pairs > 1 else 0):
        reading.number()
    return coders, outs


def _read_substreams(reading: _Fields, folders: Sequence[SolidBlock]) -> None:
    counts = [1] * len(folders)
    kind = reading.number()
    if kind == _COUNTS:
        counts = [reading.count(_MOST_FILES) for _ in folders]
        kind = reading.number()
    if sum(counts) > _MOST_FILES:
        raise DamagedDataError("more files than there can be")
    sizes = kind == _SIZE
    for folder, count in zip(folders, counts, strict=True):
        folder.is_divided = True
        if count:
            # All but the last are told; that one is what is left of the block.
            folder.sizes = [reading.number() if sizes else 0 for _ in range(count - 1)]
            folder.sizes.append(folder.size - sum(folder.sizes))
        if folder.sizes and folder.sizes[-1] < 0:
            raise DamagedDataError("files that are larger than their block")
    kind = reading.number() if sizes else kind
    digests: Iterator[int | None] = iter(())
    if kind == _DIGESTS:
        own = [
            not (count == 1 and folder.digest is not None)
            for folder, count in zip(folders, counts, strict=True)
        ]
        needed = sum(count for count, is_needed in zip(counts, own, strict=True) if is_needed)
        digests = iter(reading.digests(needed))
        kind = reading.number()
    if kind != _END:
        raise DamagedDataError("an unknown part of the contents")
    for folder, count in zip(folders, counts, strict=True):
        if count == 1 and folder.digest is not None:
            folder.digests = [folder.digest]
        else:
            folder.digests = [next(digests, None) for _ in range(count)]


def _read_files(reading: _Fields) -> list[ListedFile]:
    files = [ListedFile() for _ in range(reading.count(min(_MOST_FILES, 8 * reading.left)))]
    empty: list[ListedFile] = []
    while (kind := reading.number()) != _END:
        part = _Fields(reading.bytes(reading.count(reading.left)))
        if kind == _EMPTY_STREAM:
            for listed, is_empty in zip(files, part.bits(len(files)), strict=True):
                listed.has_content = not is_empty
                listed.is_folder = is_empty
            empty = [listed for listed in files if not listed.has_content]
        elif kind == _EMPTY_FILE:
            for listed, is_file in zip(empty, part.bits(len(empty)), strict=True):
                listed.is_folder = not is_file
        elif kind == _NAMES:
            _read_names(part, files)
        elif kind in (_TIMES, _ATTRIBUTES):
            _read_numbers(part, files, kind)
    return files


def _read_names(part: _Fields, files: Sequence[ListedFile]) -> None:
    if part.bytes(1)[0]:
        raise DamagedDataError("names that are told elsewhere")
    names = part.bytes(part.left).decode("utf-16-le", "replace").split("\0")
    if len(names) <= len(files):
        raise DamagedDataError("fewer names than files")
    for listed, name in zip(files, names, strict=False):
        listed.name = name


def _read_numbers(part: _Fields, files: Sequence[ListedFile], kind: int) -> None:
    told = part.defined(len(files))
    if part.bytes(1)[0]:
        raise DamagedDataError("times that are told elsewhere")
    for listed, is_told in zip(files, told, strict=True):
        if not is_told:
            continue
        if kind == _ATTRIBUTES:
            listed.attributes = int.from_bytes(part.bytes(4), "little")
        else:
            when = int.from_bytes(part.bytes(8), "little") / 10_000_000 - _FROM_1601_S
            listed.when = when if 0 < when < 1 << 33 else 0
