"""ZIP files, as which DOCX, XLSX, ODT and archives come, and the XML in them, for the readers.

Nothing is ever unpacked to the disk: a member's name is a name, never a path.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from quetsach.containers import office, xml
from quetsach.containers import zip as zip_files
from quetsach.containers.bounds import UnpackBounds
from quetsach.containers.office_kinds import OfficeRemark, declared_type, kind_of
from quetsach.containers.refusal import ContainerRefused, RefusalCode, reason_of
from quetsach.containers.signatures import is_compound, is_zip
from quetsach.containers.zip_directory import Directory, read_directory
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadLimits
from quetsach.texts import _

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_MEMBERS = 50_000
_SMALL_BYTES = 8 * 1024 * 1024
"""A member that is no larger than this may be packed as well as it likes."""

_HOSTILE = frozenset(
    {
        RefusalCode.SWELLS,
        RefusalCode.TOO_LARGE,
        RefusalCode.TOO_MANY,
        RefusalCode.NESTED,
        RefusalCode.CONTRADICTION,
        RefusalCode.DOCUMENT_TYPE,
    }
)


def names_of(raw: bytes) -> frozenset[str]:
    """Return the names in the ZIP file `raw`; none if it is no sound one."""
    if not is_zip(raw):
        return frozenset()
    try:
        directory = read_directory(BytesIO(raw), _bounds(ReadLimits()))
    except ContainerRefused:
        return frozenset()
    return frozenset(entry.name for entry in directory.entries)


def kind_in(raw: bytes) -> str:
    """Return the MIME type that an OpenDocument file or a like package names itself, or ""."""
    if not is_zip(raw):
        return ""
    file = BytesIO(raw)
    try:
        return declared_type(file, read_directory(file, _bounds(ReadLimits())))
    except ContainerRefused:
        return ""


def remarks_on(raw: bytes, name: str, limits: ReadLimits | None = None) -> tuple[OfficeRemark, ...]:
    """Return what a workbook holds beside values, worst first; nothing for text.

    Errors: E411, E412 and E414 as opening the file gives them.
    Cost: one pass over the unpacked parts, two over sheets with a formula.
    """
    with _as_problem(name):
        return remarks_within(raw, ReadLimits() if limits is None else limits)


def remarks_within(raw: bytes, limits: ReadLimits) -> tuple[OfficeRemark, ...]:
    """Return what a workbook holds beside values. Errors: ContainerRefused."""
    file = BytesIO(raw)
    if is_compound(raw):
        return office.old_book_remarks(file)
    if not is_zip(raw):
        return ()
    bounds = _bounds(limits)
    kind = kind_of(file, read_directory(file, bounds))
    return () if kind is None else office.remarks(file, kind, bounds=bounds)


def parse_xml(raw: bytes, where: str) -> "tuple[_Element, str]":
    """Return the root element, and what is damaged in it ("" if nothing).

    Errors: E414 for a document with a DTD, which no office program writes (ECMA-376 part 2, 8.1.4;
    ODF has none); E411 when nothing of it can be read, or it is too complex.
    """
    with _as_problem(where):
        return xml.recover(raw, where)


class ZipPackage:
    """An opened ZIP file; `names` are its members in order, folders left out.

    `is_archive` accepts names of any kind, as files of a person may have them.
    Errors: E411 when it is damaged, E414 when it was made to swell.
    """

    def __init__(
        self, raw: bytes, name: str, limits: ReadLimits, *, is_archive: bool = False
    ) -> None:
        self.name = name
        self._file = BytesIO(raw)
        bounds = _bounds(limits, is_archive=is_archive)
        self._refusals: dict[str, ContainerRefused] = {}
        with _as_problem(name):
            directory = read_directory(self._file, bounds)
            self._refuse_bomb(directory, len(raw), bounds)
            files = [entry for entry in directory.entries if not entry.is_folder]
            # Of two files of one name neither is read.
            self._members = {entry.name: entry for entry in files}
            for entry, refusal in zip_files.entry_refusals(self._file, directory, bounds):
                if entry is None:
                    raise refusal
                self._refusals.setdefault(entry.name, refusal)
        self.names = tuple(self._members)

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def size(self, member: str) -> int:
        """Return how many bytes a member has, unpacked."""
        return self._members[member].size

    def read(self, member: str) -> bytes:
        """Return the bytes of a member; never more than its size says.

        Errors: E411 when it is missing, damaged or refused, E412 when it is locked.
        """
        where = f"{self.name}, {member}"
        if member not in self._members:
            raise QuetsachError("E411", self.name, reason=_("without %(part)s") % {"part": member})
        try:
            if member in self._refusals:
                raise self._refusals[member]
            return b"".join(zip_files.pieces(self._file, self._members[member]))
        except ContainerRefused as refusal:
            if refusal.code is RefusalCode.ENCRYPTED:
                raise QuetsachError("E412", where) from refusal
            raise QuetsachError("E411", where, reason=reason_of(refusal)) from refusal

    def _refuse_bomb(self, directory: Directory, size: int, bounds: UnpackBounds) -> None:
        unpacked = sum(entry.size for entry in directory.entries)
        reason = ""
        if unpacked > bounds.unpacked:
            reason = _("%(count)s bytes when unpacked") % {"count": f"{unpacked:,}"}
        elif sum(entry.packed for entry in directory.entries) > size:
            # Source: D. Fifield, "A better zip bomb", 2019: members share the same packed bytes.
            reason = _("files that overlap in a ZIP file")
        elif unpacked > bounds.most_from(size) or any(
            entry.size > bounds.most_from(entry.packed) for entry in directory.entries
        ):
            reason = _("a file that swells when it is unpacked")
        if reason:
            raise QuetsachError("E414", self.name, reason=reason)


def _bounds(limits: ReadLimits, *, is_archive: bool = False) -> UnpackBounds:
    return UnpackBounds(
        entries=_MOST_MEMBERS,
        unpacked=limits.bytes_unpacked,
        ratio=limits.ratio,
        small=_SMALL_BYTES,
        any_name=is_archive,
        fold_case=not is_archive,
    )


@contextmanager
def _as_problem(where: str) -> Iterator[None]:
    """Raise a refusal as E411, E412 or E414."""
    try:
        yield
    except ContainerRefused as refusal:
        if refusal.code is RefusalCode.ENCRYPTED:
            raise QuetsachError("E412", where) from refusal
        if refusal.code is RefusalCode.TOO_MANY:
            count = f"{_MOST_MEMBERS:,}"
            reason = _("more than %(count)s files in a ZIP file") % {"count": count}
        else:
            reason = reason_of(refusal)
        code = "E414" if refusal.code in _HOSTILE else "E411"
        raise QuetsachError(code, where, reason=reason) from refusal
