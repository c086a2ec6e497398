"""ZIP files, as which DOCX, XLSX, ODT and archives come, opened so that they cannot swell.

Nothing is ever unpacked to the disk: a member's name is a name, never a path.
"""

import lzma
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadLimits
from quetsach.texts import _

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_MOST_MEMBERS = 50_000
_MOST_KIND_BYTES = 200
_SMALL_BYTES = 8 * 1024 * 1024
"""A member that is no larger than this may be packed as well as it likes."""

_DAMAGE = (
    BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,  # also NotImplementedError; by itself it asks for a password
    ValueError,
    OSError,
    KeyError,
)
_PLAIN_METHODS = (ZIP_STORED, ZIP_DEFLATED)


def is_zip(raw: bytes) -> bool:
    """Return whether `raw` begins as a ZIP file."""
    return raw.startswith(_SIGNATURES)


def names_of(raw: bytes) -> frozenset[str]:
    """Return the names in the ZIP file `raw`; none if it is no sound one."""
    if not is_zip(raw) or _has_too_many(raw):
        return frozenset()
    try:
        return frozenset(ZipFile(BytesIO(raw)).namelist())
    except _DAMAGE:
        return frozenset()


def kind_in(raw: bytes) -> str:
    """Return the MIME type that an OpenDocument file or a like package names itself, or ""."""
    if "mimetype" not in names_of(raw):
        return ""
    try:
        with ZipFile(BytesIO(raw)) as packed:
            # Unpacked outside of the bounded process: LZMA takes what memory the file asks for.
            if packed.getinfo("mimetype").compress_type not in _PLAIN_METHODS:
                return ""
            member = packed.open("mimetype")
            return member.read(_MOST_KIND_BYTES).decode("ascii", "replace").strip()
    except _DAMAGE:
        return ""


class ZipPackage:
    """An opened ZIP file; `names` are its members in order, folders left out.

    Errors: E411 when it is damaged, E414 when it was made to swell, E412 when it is locked.
    """

    def __init__(self, raw: bytes, name: str, limits: ReadLimits) -> None:
        self.name = name
        if _has_too_many(raw):
            reason = _("more than %(count)s files in a ZIP file") % {"count": f"{_MOST_MEMBERS:,}"}
            raise QuetsachError("E414", name, reason=reason)
        try:
            self._zip = ZipFile(BytesIO(raw))
        except _DAMAGE as err:
            raise QuetsachError("E411", name, reason=str(err)) from err
        members = self._zip.infolist()
        self._refuse_bombs(members, len(raw), limits)
        self._members = {one.filename: one for one in members if not one.is_dir()}
        self.names = tuple(self._members)

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def size(self, member: str) -> int:
        """Return how many bytes a member has, unpacked."""
        return self._members[member].file_size

    def is_locked(self, member: str) -> bool:
        """Return whether a password is asked for this member."""
        return bool(self._members[member].flag_bits & 1)

    def read(self, member: str) -> bytes:
        """Return the bytes of a member; never more than its size says."""
        where = f"{self.name}, {member}"
        if member not in self._members:
            raise QuetsachError("E411", self.name, reason=_("without %(part)s") % {"part": member})
        if self.is_locked(member):
            raise QuetsachError("E412", where)
        try:
            return self._zip.read(self._members[member])
        except _DAMAGE as err:
            raise QuetsachError("E411", where, reason=str(err)) from err

    def pieces(self, member: str, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the bytes of a member in pieces of `size`, so that it is never whole in memory.

        Errors: as `read`.
        """
        where = f"{self.name}, {member}"
        if self.is_locked(member):
            raise QuetsachError("E412", where)
        try:
            with self._zip.open(self._members[member]) as opened:
                while piece := opened.read(size):
                    yield piece
        except _DAMAGE as err:
            raise QuetsachError("E411", where, reason=str(err)) from err

    def _refuse_bombs(self, members: list[ZipInfo], size: int, limits: ReadLimits) -> None:
        unpacked = sum(one.file_size for one in members)
        packed = sum(one.compress_size for one in members)
        reason = ""
        if unpacked > limits.bytes_unpacked:
            reason = _("%(count)s bytes when unpacked") % {"count": f"{unpacked:,}"}
        elif packed > size:
            # Source: D. Fifield, "A better zip bomb", 2019: members share the same packed bytes.
            reason = _("files that overlap in a ZIP file")
        elif any(_swells(one, limits) for one in members):
            reason = _("a file that swells when it is unpacked")
        if reason:
            raise QuetsachError("E414", self.name, reason=reason)


def _has_too_many(raw: bytes) -> bool:
    # The library would make an object of each before anyone could count them.
    return raw.count(b"PK\x01\x02") > _MOST_MEMBERS


def _swells(member: ZipInfo, limits: ReadLimits) -> bool:
    return member.file_size > max(_SMALL_BYTES, limits.ratio * member.compress_size)
