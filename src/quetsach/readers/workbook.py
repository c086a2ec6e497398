"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): the rows of all sheets, hidden ones too."""

import posixpath
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from quetsach.containers.ole import root_names
from quetsach.containers.refusal import ContainerRefused, reason_of
from quetsach.containers.sheets import check_open_sheets
from quetsach.containers.signatures import is_compound, is_zip
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.attachments import AttachedDocuments, PartReader
from quetsach.readers.contract import BlockPlace, MergedCells, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.packages import ZipPackage, kind_in, names_of, parse_xml
from quetsach.texts import _

# Which cells of a workbook are merged: a unit written once beside all its machines, a wide title.

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_LAST_ROW = 2**20
_LAST_COLUMN = 2**14


def merged_in_book(sheet: Any, most: int) -> Iterator[MergedCells]:
    """Yield the merged cells of a sheet of calamine, `most` of them at most."""
    for (first_row, first_column), (last_row, last_column) in (sheet.merged_cell_ranges or ())[
        :most
    ]:
        yield MergedCells(sheet.name, first_row + 1, first_column, last_row + 1, last_column)


def merged_in_open_sheets(package: ZipPackage, out: BlockCollector) -> Iterator[MergedCells]:
    """Yield the merged cells of a workbook of OpenDocument; none of other packages.

    Errors: E411 and E414 as reading XML gives them.
    """
    if "content.xml" not in package:
        return
    root, _damage = parse_xml(package.read("content.xml"), f"{out.name}, content.xml")
    for table in root.iter(f"{_TABLE}table"):
        row_number = 1
        for row in table.iter(f"{_TABLE}table-row"):
            out.check()
            yield from _in_row(row, table.get(f"{_TABLE}name", ""), row_number)
            row_number += _count(row, "number-rows-repeated", _LAST_ROW)


def _in_row(row: Any, sheet: str, number: int) -> Iterator[MergedCells]:
    column = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        down = _count(cell, "number-rows-spanned", _LAST_ROW)
        right = _count(cell, "number-columns-spanned", _LAST_COLUMN)
        if down > 1 or right > 1:
            yield MergedCells(sheet, number, column, number + down - 1, column + right - 1)
        column += _count(cell, "number-columns-repeated", _LAST_COLUMN)


def _count(element: Any, name: str, most: int) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        return 1
    return max(1, min(int(written), most))


_BOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin"})
_OLD_BOOKS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})
_OLD_MACROS = "_VBA_PROJECT_CUR"
_MOST_SHOWN_DIGITS = 15
_MOST_BEFORE = 64


class WorkbookReader:
    """Reads a workbook by calamine; a row's number is the one that its program shows."""

    name = "xlsx"
    title = "Excel, OpenDocument (XLSX, XLSM, XLSB, XLS, ODS)"

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a workbook."""
        if is_compound(raw):
            return bool(_OLD_BOOKS & root_names(BytesIO(raw)))
        return bool(_BOOKS & names_of(raw)) or kind_in(raw).endswith(".opendocument.spreadsheet")

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the workbook.

        Shapes: a merged cell's text stands in its first cell (`ReadDocument.merged`); a formula
        counts as its last result.
        Errors: E411, E412 or E414 when nothing of it can be read.
        """
        out = BlockCollector(name, self.name, limits)
        package = ZipPackage(raw, name, limits) if is_zip(raw) else None
        if package is not None and _is_locked(package):
            raise QuetsachError("E412", name)
        if _has_macros(raw, package):
            out.problem("E415")
        with out.bounded():
            _sheets(raw, out)
            if package is not None:
                _beside(package, out, AttachedDocuments(out, self._read_part))
                out.merged += merged_in_open_sheets(package, out)
        return out.paper(raw)


def _sheets(raw: bytes, out: BlockCollector) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        check_open_sheets(BytesIO(raw))
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
    except PasswordError as err:
        raise QuetsachError("E412", out.name) from err
    except ContainerRefused as err:
        raise QuetsachError("E411", out.name, reason=reason_of(err)) from err
    except (CalamineError, OSError, ValueError) as err:
        raise QuetsachError("E411", out.name, reason=str(err)) from err
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            cells = book.get_sheet_by_name(sheet.name)
            _rows(cells, out)
            out.merged += merged_in_book(cells, out.limits.blocks)
        except (CalamineError, OSError, ValueError) as err:
            out.problem("E411", sheet.name, reason=str(err))


def _rows(sheet: Any, out: BlockCollector) -> None:
    start = sheet.start
    if start is None:
        return
    if max(start[0], (sheet.end or start)[0]) >= _LAST_ROW:
        # All the empty ones before it would be counted through.
        raise ValueError(_("a row is further down than a sheet goes"))
    # calamine gives the empty rows before the first, but not the empty columns.
    empty = [""] * min(start[1], _MOST_BEFORE)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [display_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        out.check()
        if cells:
            out.row(empty + cells, BlockPlace(sheet=sheet.name, row=number))


def display_cell(cell: Any) -> str:
    """Return a cell's value as a person sees it: whole numbers without a point, dates as ISO."""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 10**_MOST_SHOWN_DIGITS:
            return str(int(cell))
        return f"{cell:.{_MOST_SHOWN_DIGITS}g}"
    # A datetime's text has a space already, a date and a time are ISO as they are.
    return str(cell)


def _is_locked(package: ZipPackage) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in package and b"encryption-data" in package.read(manifest)


def _has_macros(raw: bytes, package: ZipPackage | None) -> bool:
    if package is None:
        return _OLD_MACROS in root_names(BytesIO(raw))
    return any(one.endswith("vbaProject.bin") or one.startswith("Basic/") for one in package.names)


def _beside(package: ZipPackage, out: BlockCollector, parts: AttachedDocuments) -> None:
    """Take what calamine leaves out: link targets, notes, text boxes, embedded documents."""
    for target in dict.fromkeys(_targets(package, out)):
        out.paragraph("", BlockPlace(), links=(target,))
    line = 0
    for member in package.names:
        if re.fullmatch(r"xl/(comments|drawings/drawing|threadedComments/\w+)\d*\.xml", member):
            for text in _texts(package, member, out):
                line += 1
                out.paragraph(text, BlockPlace(line=line))
    parts.pictures(package, "xl/media/")
    for member in package.names:
        if member.startswith("xl/embeddings/"):
            parts.read(package.read(member), posixpath.basename(member))


def _targets(package: ZipPackage, out: BlockCollector) -> Iterator[str]:
    for member in package.names:
        if re.fullmatch(r"xl/(worksheets|drawings)/_rels/[^/]+\.rels", member):
            root, _damage = parse_xml(package.read(member), f"{out.name}, {member}")
            for relation in root:
                if relation.get("TargetMode") == "External" and relation.get("Type", "").endswith(
                    "/hyperlink"
                ):
                    yield relation.get("Target", "")


def _texts(package: ZipPackage, member: str, out: BlockCollector) -> Iterator[str]:
    """Yield the paragraphs of a drawing, or the notes of a list of notes."""
    root, damage = parse_xml(package.read(member), f"{out.name}, {member}")
    if damage:
        out.problem("E411", member, reason=damage)
    whole = ("comment", "p", "threadedComment")
    for element in root.iter():
        if _local_name(element) in whole:
            yield "".join(
                inner.text or "" for inner in element.iter() if _local_name(inner) in ("t", "text")
            )


def _local_name(element: Any) -> str:
    # A comment's tag is a function.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
