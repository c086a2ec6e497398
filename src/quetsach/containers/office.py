"""Office documents (XLSX, DOCX, ODS) looked through part by part, before any reader opens them.

What they hold beside values is returned as remarks; the caller decides what it refuses. Refused
here is only what is no sound container, and XML with a document type.
Sources: ECMA-376 parts 1 and 2; ODF 1.2.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from quetsach.containers import ole
from quetsach.containers.archives import START_BYTES, Look, refuse_archive
from quetsach.containers.bounds import IN_OFFICE_FILES, UnpackBounds
from quetsach.containers.names import printable_name
from quetsach.containers.office_kinds import OfficeKind, OfficeRemark, RemarkKind, link_remarks
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode
from quetsach.containers.sheets import BookSheets, open_sheet_remarks, sheets_of
from quetsach.containers.signatures import is_compound, is_program
from quetsach.containers.streams import peek
from quetsach.containers.xml import refuse_document_type
from quetsach.containers.zip import check_layout, pieces
from quetsach.containers.zip_directory import Directory, ZipEntry, read_directory

MOST_REMARKS = 1_000
_XML_ENDINGS = (".xml", ".rels", ".vml", ".rdf")
_MACRO_SHEETS = re.compile(r"xl/(intl)?macrosheets/|xl/dialogsheets/")
_CODE = re.compile(r"(^|/)vba\w*\.(bin|xml)$|vbaproject\.bin$|^basic(/|$)|^scripts(/|$)")
_OBJECTS = re.compile(r"(^|/)(embeddings|activex)/|(^|/)(oleobject|activex)\d*\.(bin|xml)$")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_OLD_BOOKS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})
_OLD_MACROS = "_VBA_PROJECT_CUR"
_OLD_FORMULA = 0x0006
"""The record of a cell with a formula ([MS-XLS] 2.4.127)."""


def remarks(
    file: BinaryIO,
    kind: OfficeKind,
    *,
    bounds: UnpackBounds = IN_OFFICE_FILES,
    look: Look | None = None,
) -> tuple[OfficeRemark, ...]:
    """Return what an office document holds beside values, text and pictures, worst first.

    `look` is called with the name and the first bytes of each part, and may refuse by raising.
    Errors: those of `read_directory`, `check_layout` and `pieces`; ContainerRefused ENCRYPTED,
    NESTED, DOCUMENT_TYPE, TOO_LARGE; DamagedDataError for damage in any part.
    Cost: unpacks each part once, sheets with a formula twice, in pieces.
    """
    directory = read_directory(file, bounds)
    check_layout(file, directory, bounds)
    sheets = sheets_of(file, directory)
    noted = [remark for zip_entry in directory.entries for remark in _by_name(zip_entry, sheets)]
    for zip_entry in directory.entries:
        if not zip_entry.is_folder:
            noted += _in_part(file, zip_entry, sheets, look)
    noted += sheets.hidden()
    if kind is OfficeKind.ODS:
        noted += open_sheet_remarks(file, _content_of(directory))
    unique = dict.fromkeys(sorted(noted, key=lambda remark: remark.kind.order))
    return tuple(unique)[:MOST_REMARKS]


def old_book_remarks(file: BinaryIO) -> tuple[OfficeRemark, ...]:
    """Return what an old workbook (XLS) holds beside values; OPAQUE for another file.

    Errors: DamagedDataError when its stream cannot be read.
    """
    names = ole.root_names(file)
    noted = [OfficeRemark(RemarkKind.MACRO)] if _OLD_MACROS in names else []
    # Excel 97 could save the workbook twice, in its own form and in that of Excel 5.
    streams = sorted(_OLD_BOOKS & names)
    if not streams:
        # A new workbook under a password lies in a compound file; none of its sheets can be seen.
        noted.append(OfficeRemark(RemarkKind.OPAQUE))
    if any(_OLD_FORMULA in ole.record_kinds(file, stream) for stream in streams):
        noted.append(OfficeRemark(RemarkKind.FORMULA))
    return tuple(noted)


def _content_of(directory: Directory) -> ZipEntry:
    content = next(
        (zip_entry for zip_entry in directory.entries if zip_entry.part == "content.xml"), None
    )
    if content is None:
        raise DamagedDataError("no content.xml")
    return content


def _by_name(zip_entry: ZipEntry, sheets: BookSheets) -> Iterator[OfficeRemark]:
    """Yield what the name of a part alone shows."""
    name, part = zip_entry.part, printable_name(zip_entry.name)
    if _MACRO_SHEETS.match(name):
        yield OfficeRemark(RemarkKind.MACRO, part, sheets.title_of(zip_entry))
    elif _CODE.search(name):
        yield OfficeRemark(RemarkKind.MACRO, part, ", ".join(sheets.some_titles()))
    if _OBJECTS.search(name) and not zip_entry.is_folder:
        yield OfficeRemark(RemarkKind.EMBEDDED, part)
    if name == "xl/connections.xml":
        yield OfficeRemark(RemarkKind.FETCHED, part)
    if name.startswith("xl/externallinks/") and not zip_entry.is_folder:
        yield OfficeRemark(RemarkKind.OTHER_BOOK, part)
    if name.endswith(".bin") and (name.startswith("xl/worksheets/") or name in sheets.titles):
        yield OfficeRemark(RemarkKind.OPAQUE, part)


def _in_part(
    file: BinaryIO, zip_entry: ZipEntry, sheets: BookSheets, look: Look | None
) -> Iterator[OfficeRemark]:
    part = printable_name(zip_entry.name)
    start, content = peek(pieces(file, zip_entry), START_BYTES)
    if look is not None:
        look(part, start)
    if not zip_entry.part.endswith(_XML_ENDINGS) and not sheets.is_sheet(zip_entry):
        refuse_archive(start, part)
        if is_compound(start) or is_program(start):
            yield OfficeRemark(RemarkKind.EMBEDDED, part)
    elif start:
        _refuse_other_coding(start)
        refuse_document_type(pieces(file, zip_entry), part)
        yield from link_remarks(file, zip_entry)
        yield from sheets.remarks_on(file, zip_entry, content)
    # All of it is unpacked, so that damage and lies about its size are noticed.
    for _piece in content:
        pass


def _refuse_other_coding(start: bytes) -> None:
    """Refuse XML whose first byte is no "<" in ASCII: in UTF-16 or EBCDIC it hides from searches.

    Office programs write UTF-8 (ECMA-376 part 2, 6.2.5 requires UTF-8 or UTF-16).
    """
    first = start.removeprefix(_BYTE_ORDER_MARK).lstrip(b" \t\r\n")
    if not first.startswith(b"<") or first.startswith(b"<\x00"):
        raise ContainerRefused(RefusalCode.DAMAGED, detail="XML in an uncommon coding")
