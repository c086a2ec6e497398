"""TAR archives as a stream: their files one after another, with no memory of those before.

Source: POSIX.1-2017, pax, ustar Interchange Format and pax Header Block; GNU tar manual, Basic
Tar Format. Python's own reader takes as much memory as a header asks for, so it is not used.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from quetsach.containers.bounds import Member, UnpackBounds
from quetsach.containers.names import NameRegister, printable_name
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, cut_off

_BLOCK = 512
_LONGEST_HEADER = 1 << 16
_FILES = (b"0", b"\x00", b"7")
_LINKS = (b"1", b"2")
_LONG_NAME, _LONG_LINK = b"L", b"K"
_PAX, _PAX_ALL = (b"x", b"X"), b"g"
_FOLDER = b"5"
_SPARSE_KEY = b"GNU.sparse."
_MOST_HEADERS_AHEAD = 16
"""Headers that describe one file; a usual archive has at most three."""


def members(pieces: Iterator[bytes], bounds: UnpackBounds) -> Iterator[Member]:
    """Yield the files of the TAR archive whose unpacked bytes are `pieces`.

    Each member is to be read, or left, before the next is asked for. Folders are left out, unless
    their name is unsafe. Whoever calls bounds the bytes: `pieces` may spend a budget.
    Errors: DamagedDataError for a damaged header, when the archive breaks off, or when something
    lies behind its end; ContainerRefused TOO_MANY for more files and folders than `bounds` accept.
    """
    stream = _Stream(pieces)
    names = NameRegister(any_name=bounds.any_name, fold_case=bounds.fold_case)
    folders = NameRegister(any_name=bounds.any_name, fold_case=False)
    count = 0
    while (header := _next_header(stream)) is not None:
        count += 1
        if count > bounds.entries:
            raise ContainerRefused(RefusalCode.TOO_MANY, limit=bounds.entries)
        content = _Content(stream, header.size)
        if header.kind == _FOLDER:
            refusal = folders.refusal_of(header.name, _stored(header.name))
            if refusal is not None and refusal.code is RefusalCode.UNSAFE_NAME:
                yield Member(header.name, header.when, iter(()), refusal)
        else:
            refusal = names.refusal_of(header.name, _stored(header.name)) or _refusal_of(header)
            readable = iter(()) if refusal is not None else content.pieces()
            yield Member(header.name, header.when, readable, refusal)
        if header.kind in _LINKS:
            # The size of a hard link is that of its target; nothing of it is stored here.
            content.size = content.rest = 0
        content.skip_rest()
    _refuse_bytes_behind(stream)


@dataclass
class _Header:
    """What the headers before a file tell of it."""

    kind: bytes
    name: str
    size: int
    when: float
    is_sparse: bool


class _Stream:
    """Bytes that come in pieces, read in the amounts that are needed."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def some(self, most: int) -> bytes:
        """Return 1 to `most` bytes, b"" at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        piece, self._rest = self._rest[:most], self._rest[most:]
        return piece

    def exactly(self, count: int) -> bytes:
        """Return exactly `count` bytes; none at the clean end."""
        parts, have = [], 0
        while have < count and (part := self.some(count - have)):
            parts.append(part)
            have += len(part)
        if 0 < have < count:
            raise cut_off()
        return b"".join(parts)

    def skip(self, count: int) -> None:
        """Leave out `count` bytes."""
        while count:
            part = self.some(count)
            if not part:
                raise cut_off()
            count -= len(part)


@dataclass
class _Content:
    """The bytes of one file that are still to be read."""

    stream: _Stream
    size: int
    rest: int = field(init=False)

    def __post_init__(self) -> None:
        self.rest = self.size

    def pieces(self) -> Iterator[bytes]:
        while self.rest:
            part = self.stream.some(self.rest)
            if not part:
                raise cut_off()
            self.rest -= len(part)
            yield part

    def skip_rest(self) -> None:
        """Leave what was not read, and what fills up the last block."""
        self.stream.skip(self.rest)
        # The very last block of a cut archive may lack its filling; nothing is lost by that.
        self.stream.exactly(_padded(self.size) - self.size)


def _next_header(stream: _Stream) -> _Header | None:
    """Return the header of the next file, None at the end of the archive."""
    extended: dict[str, str] = {}
    for _ahead in range(_MOST_HEADERS_AHEAD):
        block = stream.exactly(_BLOCK)
        if not block.strip(b"\x00"):
            return None
        size = _checked_size(block)
        kind = block[156:157]
        if kind == _LONG_NAME or kind in _PAX:
            extended |= _extended(kind, stream.exactly(_padded(_short(size)))[:size])
        elif kind == _PAX_ALL:
            if _extended(kind, stream.exactly(_padded(_short(size)))[:size]):
                # Some programs give all files behind it that name or size.
                raise DamagedDataError("a header for all files names one of them")
        elif kind == _LONG_LINK:
            stream.skip(_padded(size))
        else:
            return _Header(
                kind=kind,
                name=_name(block, extended),
                size=_pax_size(extended, size),
                when=_when(block),
                is_sparse="sparse" in extended,
            )
    raise DamagedDataError("headers that describe no file")


def _refusal_of(header: _Header) -> ContainerRefused | None:
    if header.kind in _LINKS:
        return ContainerRefused(RefusalCode.LINK, member=printable_name(header.name))
    if header.kind not in _FILES or header.is_sparse:
        # The bytes of a sparse file are a map of it and parts of it, not what it holds.
        return ContainerRefused(RefusalCode.SPECIAL_FILE, member=printable_name(header.name))
    return None


def _refuse_bytes_behind(stream: _Stream) -> None:
    """Refuse anything but zeros behind the end: a second archive there would be lost unnoticed."""
    while part := stream.some(1 << 20):
        if part.strip(b"\x00"):
            raise DamagedDataError("bytes behind the end of the archive")


def _checked_size(header: bytes) -> int:
    """Return the size in a header.

    Errors: DamagedDataError when the header does not add up.
    """
    claimed = _number(header[148:156])
    blanked = header[:148] + b" " * 8 + header[156:]
    size = _number(header[124:136])
    if claimed != sum(blanked) or size is None:
        raise DamagedDataError("a header does not add up")
    return size


def _number(digits: bytes) -> int | None:
    """Return a number in octal digits, or in base 256 as GNU tar writes great ones."""
    if digits[:1] == b"\x80":
        return int.from_bytes(digits[1:], "big")
    octal = digits.strip(b" \x00")
    if not octal:
        return 0
    return int(octal, 8) if octal.isdigit() and not octal.strip(b"01234567") else None


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _short(size: int) -> int:
    if size > _LONGEST_HEADER:
        raise DamagedDataError("an extended header is too long")
    return size


def _extended(kind: bytes, content: bytes) -> dict[str, str]:
    """Return path and size of the next file from an extended header, and "sparse"."""
    if kind == _LONG_NAME:
        return {"path": _text(content.rstrip(b"\x00"))}
    facts: dict[str, str] = {}
    place = 0
    while place < len(content):
        length, blank, _rest = content[place : place + 20].partition(b" ")
        end = place + int(length) if length.isdigit() else 0
        record = content[place + len(length) + 1 : max(end - 1, 0)]
        key, equals, text = record.partition(b"=")
        if not blank or not equals:
            raise DamagedDataError("a record of an extended header is damaged")
        if key in (b"path", b"size"):
            facts[key.decode()] = _text(text)
        elif key.startswith(_SPARSE_KEY):
            facts["sparse"] = ""
        place += int(length)
    return facts


def _pax_size(extended: dict[str, str], size: int) -> int:
    digits = extended.get("size", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else size


def _name(header: bytes, extended: dict[str, str]) -> str:
    if "path" in extended:
        return extended["path"]
    name = _text(header[:100].partition(b"\x00")[0])
    prefix = _text(header[345:500].partition(b"\x00")[0]) if header[257:263] == b"ustar\x00" else ""
    return f"{prefix}/{name}" if prefix else name


def _stored(name: str) -> bytes:
    return name.encode("utf-8", "replace")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _when(header: bytes) -> float:
    when = _number(header[136:148])
    return float(when) if when is not None and when < 1 << 33 else 0
