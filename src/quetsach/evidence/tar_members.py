"""TAR archives as a stream: their files one after another, with no memory of those before.

Source: POSIX.1-2017, pax, ustar Interchange Format and pax Header Block; GNU tar manual, Basic
Tar Format. Python's own reader takes as much memory as a header asks for, so it is not used.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.evidence.codecs import DamagedDataError
from quetsach.evidence.member import ArchiveMember
from quetsach.texts import _

_BLOCK = 512
_LONGEST_HEADER = 1 << 20
_FILES = (b"0", b"\x00", b"7")
_LINKS = (b"1", b"2")
_LONG_NAME, _LONG_LINK = b"L", b"K"
_PAX, _PAX_ALL = (b"x", b"X"), b"g"
_FOLDER = b"5"


def tar_members(pieces: Iterator[bytes]) -> Iterator[ArchiveMember]:
    """Yield the files of the TAR archive whose unpacked bytes are `pieces`.

    Each member is to be read, or left, before the next is asked for.
    Errors: DamagedDataError for a damaged header or when the archive breaks off.
    """
    stream = _Stream(pieces)
    told: dict[str, str] = {}
    while True:
        header = stream.take(_BLOCK)
        if not header.strip(b"\x00"):
            return
        size = _read_header(header)
        kind = header[156:157]
        if kind == _LONG_NAME or kind in _PAX:
            told |= _extended(kind, stream.take(_padded(_short(size)))[:size])
            continue
        if kind in (_LONG_LINK, _PAX_ALL):
            stream.skip(_padded(size))
            continue
        size = _pax_size(told, size)
        name, when = _name(header, told), _when(header)
        told = {}
        place = _Content(stream, size)
        if kind in _FILES:
            yield ArchiveMember(name, when, place.pieces())
        elif kind != _FOLDER:
            reason = _("a link is not followed") if kind in _LINKS else _("it is no plain file")
            yield ArchiveMember(name, when, iter(()), reason)
            # The size of a hard link is that of its target; nothing of it stands here.
            place.left = 0 if kind in _LINKS else place.left
        place.skip_rest(size)


class _Stream:
    """Bytes that come in pieces, taken in the amounts that are wanted."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def some(self, most: int) -> bytes:
        """Return 1 to `most` bytes, b"" at the end."""
        if not self._held:
            self._held = next(self._pieces, b"")
        taken, self._held = self._held[:most], self._held[most:]
        return taken

    def take(self, wanted: int) -> bytes:
        """Return exactly `wanted` bytes; none at the clean end."""
        parts, have = [], 0
        while have < wanted:
            part = self.some(wanted - have)
            if not part:
                break
            parts.append(part)
            have += len(part)
        if 0 < have < wanted:
            raise DamagedDataError(_("the archive is cut off"))
        return b"".join(parts)

    def skip(self, count: int) -> None:
        while count:
            part = self.some(count)
            if not part:
                raise DamagedDataError(_("the archive is cut off"))
            count -= len(part)


@dataclass
class _Content:
    """What is left to read of one file."""

    stream: _Stream
    left: int

    def pieces(self) -> Iterator[bytes]:
        while self.left:
            part = self.stream.some(self.left)
            if not part:
                raise DamagedDataError(_("the archive is cut off"))
            self.left -= len(part)
            yield part

    def skip_rest(self, size: int) -> None:
        """Leave what was not read, and what fills up the last block."""
        padding = _padded(size) - size
        self.stream.skip(self.left)
        # The very last block of a cut archive may lack its filling; nothing is lost by that.
        self.stream.take(padding)


def _read_header(header: bytes) -> int:
    """Return the size that a header tells.

    Errors: DamagedDataError when the header does not add up.
    """
    if len(header) < _BLOCK:
        raise DamagedDataError(_("the archive is cut off"))
    told = _number(header[148:156])
    blanked = header[:148] + b" " * 8 + header[156:]
    size = _number(header[124:136])
    if told != sum(blanked) or size is None:
        raise DamagedDataError(_("a header in the archive is damaged"))
    return size


def _number(field: bytes) -> int | None:
    """Return a number in octal digits, or in base 256 as GNU tar writes great ones."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \x00")
    if not digits:
        return 0
    return int(digits, 8) if digits.isdigit() and not digits.strip(b"01234567") else None


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _short(size: int) -> int:
    if size > _LONGEST_HEADER:
        raise DamagedDataError(_("a header in the archive is damaged"))
    return size


def _extended(kind: bytes, content: bytes) -> dict[str, str]:
    """Return the path and the size that an extended header tells of the file behind it."""
    if kind == _LONG_NAME:
        return {"path": _text(content.rstrip(b"\x00"))}
    found: dict[str, str] = {}
    place = 0
    while place < len(content):
        length, blank, _rest = content[place : place + 20].partition(b" ")
        if not blank or not length.isdigit() or not int(length):
            break
        record = content[place + len(length) + 1 : place + int(length) - 1]
        key, equals, value = record.partition(b"=")
        if equals and key in (b"path", b"size"):
            found[key.decode()] = _text(value)
        place += int(length)
    return found


def _pax_size(told: dict[str, str], size: int) -> int:
    digits = told.get("size", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else size


def _name(header: bytes, told: dict[str, str]) -> str:
    if "path" in told:
        return told["path"]
    name = _text(header[:100].partition(b"\x00")[0])
    prefix = _text(header[345:500].partition(b"\x00")[0]) if header[257:263] == b"ustar\x00" else ""
    return f"{prefix}/{name}" if prefix else name


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _when(header: bytes) -> float:
    when = _number(header[136:148])
    return float(when) if when is not None and when < 1 << 33 else 0
