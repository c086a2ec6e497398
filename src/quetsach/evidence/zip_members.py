"""ZIP archives: their files one after another, of which none is trusted.

Source: PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16 (where the directory stands and how long it is).
"""

import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from quetsach.evidence.codecs import DamagedDataError
from quetsach.evidence.member import ArchiveMember
from quetsach.texts import _

MOST_DIRECTORY = 16 << 20
"""A longer directory of files is not read, in bytes: it is held in memory as a whole."""

_END = b"PK\x05\x06"
_END_BYTES = 22
_FAR_END = b"PK\x06\x06"
_FAR_END_BYTES = 56
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_LONGEST_COMMENT = (1 << 16) - 1
_IN_64_BITS = 0xFFFFFFFF
_PIECE_BYTES = 1 << 20
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, NotImplementedError)
# LZMA and bzip2 within ZIP report their damage as other kinds of error.
_UNPACKED_WITHOUT_SURPRISE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OFFICE_PART = "[Content_Types].xml"


def zip_members(file: BinaryIO) -> Iterator[ArchiveMember]:
    """Yield the files of the ZIP archive `file` in the order of its directory.

    Errors: DamagedDataError when its directory cannot be read; OSError from reading.
    """
    with _archive(file) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            yield ArchiveMember(info.filename, _when(info), _content(archive, info), _refused(info))


def is_document(location: Path) -> bool:
    """Return whether a ZIP file is an office document: no log, and no archive of logs."""
    try:
        with location.open("rb") as file, _archive(file) as archive:
            return _OFFICE_PART in archive.namelist()
    except (DamagedDataError, OSError):
        return False


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    if _directory_bytes(file) > MOST_DIRECTORY:
        raise DamagedDataError(_("its list of files is too long"))
    try:
        return zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise DamagedDataError(_("the ZIP file is damaged or cut off")) from error


def _directory_bytes(file: BinaryIO) -> int:
    """Return how long the directory says it is: what zipfile would read at once."""
    size = file.seek(0, 2)
    start = max(size - _END_BYTES - _LONGEST_COMMENT - _LOCATOR_BYTES, 0)
    file.seek(start)
    tail = file.read()
    place = len(tail) - _END_BYTES
    # Without a comment the record is the very last, and its numbers may spell another one.
    if not (tail[max(place, 0) :].startswith(_END) and tail.endswith(b"\x00\x00")):
        place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        return 0
    (length,) = struct.unpack_from("<L", tail, place + 12)
    if tail[max(place - _LOCATOR_BYTES, 0) : place].startswith(_LOCATOR):
        file.seek(max(start + place - _LOCATOR_BYTES - _FAR_END_BYTES, 0))
        far = file.read(_FAR_END_BYTES)
        if far.startswith(_FAR_END):
            return int(struct.unpack_from("<Q", far, 40)[0])
    return int(length) if length != _IN_64_BITS else MOST_DIRECTORY + 1


def _refused(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return _("it is locked with a password")
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("a link is not followed")
    if info.compress_type not in _UNPACKED_WITHOUT_SURPRISE:
        return _("it is packed in an uncommon way (%(number)s)") % {"number": info.compress_type}
    return None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as opened:
            while piece := opened.read(_PIECE_BYTES):
                yield piece
    except _DAMAGE as error:
        raise DamagedDataError(str(error)) from error


def _when(info: zipfile.ZipInfo) -> float:
    """Return when a file was written; a ZIP file says it in the local time of whoever packed it.

    That is taken for the zone of this machine: it is the nearest guess, and called rough later.
    """
    try:
        return max(time.mktime((*info.date_time, 0, 0, -1)), 0)
    except (ValueError, OverflowError):
        return 0
