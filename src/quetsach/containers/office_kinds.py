"""What an office document is, and what is noticed in it; a caller puts both into words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from quetsach.containers.refusal import ContainerRefused
from quetsach.containers.zip import pieces
from quetsach.containers.zip_directory import Directory

_TYPES = "[content_types].xml"
_MIMETYPE, _MOST_MIMETYPE_BYTES = "mimetype", 200
_OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"
_OPEN_TEXT = "application/vnd.oasis.opendocument.text"


class RemarkKind(StrEnum):
    """What is noticed, worst first; `OPAQUE` is a workbook that cannot be looked through."""

    MACRO = "macro"
    FETCHED = "fetched"
    EMBEDDED = "embedded"
    OPAQUE = "opaque"
    HIDDEN = "hidden"
    FORMULA = "formula"
    OTHER_BOOK = "other-book"

    @property
    def order(self) -> int:
        """Return its place among all kinds, the worst first."""
        return list(RemarkKind).index(self)


@dataclass(frozen=True)
class OfficeRemark:
    """One remark: the part it is on, its sheet, and of the first formula there its cell.

    Shapes: what is not known or does not apply is ""; `sheet` of code names some of the sheets.
    """

    kind: RemarkKind
    part: str = ""
    sheet: str = ""
    cell: str = ""


class OfficeKind(StrEnum):
    """What an office document is, by the parts that it holds."""

    XLSX = "xlsx"
    DOCX = "docx"
    ODS = "ods"
    ODT = "odt"
    OTHER = "other"


def kind_of(file: BinaryIO, directory: Directory) -> OfficeKind | None:
    """Return the kind of office document that a ZIP file is, None for an archive of other files."""
    by_name = {entry.part: entry for entry in directory.entries}
    if _TYPES in by_name:
        if "xl/workbook.xml" in by_name:
            return OfficeKind.XLSX
        return OfficeKind.DOCX if "word/document.xml" in by_name else OfficeKind.OTHER
    declared = declared_type(file, directory)
    if declared.startswith(_OPEN_SHEET):
        return OfficeKind.ODS
    if declared.startswith(_OPEN_TEXT):
        return OfficeKind.ODT
    return OfficeKind.OTHER if declared.startswith("application/vnd.") else None


def declared_type(file: BinaryIO, directory: Directory) -> str:
    """Return the MIME type that an OpenDocument file declares (ODF 1.2 part 3, 3.3), or ""."""
    entries = (entry for entry in directory.entries if entry.part == _MIMETYPE)
    entry = next(entries, None)
    if entry is None or entry.size > _MOST_MIMETYPE_BYTES:
        return ""
    try:
        return b"".join(pieces(file, entry)).decode("ascii", "replace").strip()
    except ContainerRefused:
        return ""
