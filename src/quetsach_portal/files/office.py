"""Office documents (XLSX, DOCX, ODS) looked through part by part, before any reader opens them.

Refused are macros, controls and embedded objects, what would fetch something from outside, and XML
with a document type. Formulas, hidden sheets and other workbooks are remarks that name the sheet.
Sources: ECMA-376 parts 1 and 2; ODF 1.2.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from quetsach_portal.files.archives import refuse_packed
from quetsach_portal.files.kinds import IN_OFFICE_FILES, FileKind
from quetsach_portal.files.member_names import printable_name
from quetsach_portal.files.office_links import refuse_links
from quetsach_portal.files.office_sheets import XlsxSheets, open_sheets, sheets_of
from quetsach_portal.files.problems import FileProblem, FileRefused
from quetsach_portal.files.streams import peek
from quetsach_portal.files.xml_streams import refuse_document_type
from quetsach_portal.files.zip_directory import ZipDirectory, ZipEntry, read_directory
from quetsach_portal.files.zip_layout import pieces_of, refuse_unsound

_XML_ENDINGS = (".xml", ".rels", ".vml", ".rdf")
_LOOKED_AT_BYTES = 4_096
_MOST_REMARKS = 50
_MOST_SHEETS_SHOWN = 5
_MACRO_SHEETS = re.compile(r"xl/(intl)?macrosheets/|xl/dialogsheets/")
_CODE = re.compile(r"(^|/)vba\w*\.(bin|xml)$|^basic/|^scripts/")
_OBJECTS = re.compile(r"(^|/)(embeddings|activex)/|(^|/)(oleobject|activex)\d*\.(bin|xml)$")
_OTHER_CODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")


def inspect_office(file: BinaryIO, kind: FileKind) -> list[FileProblem]:
    """Return remarks on an office document.

    Errors: what `refuse_unsound` refuses; P106 for damage in any part, P110 and P117 to P120, P123.
    Cost: unpacks each part once, in pieces; at most 100 MiB together.
    """
    directory = read_directory(file, IN_OFFICE_FILES)
    refuse_unsound(file, directory, IN_OFFICE_FILES)
    sheets = sheets_of(file, directory) if kind is FileKind.XLSX else XlsxSheets({}, ())
    for entry in directory.entries:
        _refuse_part(entry, sheets)
    remarks = list(sheets.hidden())
    for entry in directory.entries:
        if not entry.is_folder:
            remarks += _look_at(file, entry, sheets)
    if kind is FileKind.ODS:
        remarks += open_sheets(file, _part(directory, "content.xml"))
    return remarks[:_MOST_REMARKS]


def _part(directory: ZipDirectory, name: str) -> ZipEntry:
    found = next((one for one in directory.entries if one.name == name), None)
    if found is None:
        raise FileRefused("P106")
    return found


def _refuse_part(entry: ZipEntry, sheets: XlsxSheets) -> None:
    name = entry.name.casefold()
    if _MACRO_SHEETS.search(name):
        raise FileRefused("P117", part=sheets.by_part.get(name) or printable_name(entry.name))
    if _CODE.search(name):
        named = list(sheets.by_part.values())[:_MOST_SHEETS_SHOWN]
        raise FileRefused("P117", part=", ".join([printable_name(entry.name), *named]))
    if _OBJECTS.search(name) and not entry.is_folder:
        raise FileRefused("P120", part=printable_name(entry.name))
    if name == "xl/connections.xml":
        raise FileRefused("P119", part=printable_name(entry.name))


def _look_at(file: BinaryIO, entry: ZipEntry, sheets: XlsxSheets) -> Iterator[FileProblem]:
    part = printable_name(entry.name)
    start, pieces = peek(pieces_of(file, entry), _LOOKED_AT_BYTES)
    if not entry.name.casefold().endswith(_XML_ENDINGS):
        kind = refuse_packed(start, part)
        if kind in (FileKind.OLD_OFFICE, FileKind.PROGRAM):
            raise FileRefused("P120", part=part)
    elif start:
        _refuse_xml(file, entry, start, part)
        yield from sheets.remarks_on(entry, pieces)
    # All of it is unpacked, so that damage and lies about its size are seen.
    for _piece in pieces:
        pass


def _refuse_xml(file: BinaryIO, entry: ZipEntry, start: bytes, part: str) -> None:
    if start.startswith(_OTHER_CODINGS):
        raise FileRefused("P106")
    refuse_document_type(pieces_of(file, entry), part)
    refuse_links(file, entry, part)
