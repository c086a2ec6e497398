"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): the rows of all sheets, hidden ones too."""

import datetime as dt
import posixpath
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from quetsach.errors import QuetsachError
from quetsach.papers.compound import is_compound, streams_of
from quetsach.papers.contract import Limits, Paper, Place
from quetsach.papers.gather import Gathering
from quetsach.papers.merged import merged_in_book, merged_in_open_sheets
from quetsach.papers.packages import Package, is_zip, kind_in, names_of
from quetsach.papers.parts import Parts
from quetsach.papers.safe_xml import parse_xml

_BOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin"})
_OLD_BOOKS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})
_OLD_MACROS = "_VBA_PROJECT_CUR"
_MOST_SHOWN_DIGITS = 15
_MOST_BEFORE = 64


class Sheet:
    """Reads a workbook by calamine; a row's number is the one that its program shows."""

    name = "xlsx"
    title = "Excel, OpenDocument (XLSX, XLSM, XLSB, XLS, ODS)"

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a workbook."""
        if is_compound(raw):
            return bool(_OLD_BOOKS & streams_of(raw))
        return bool(_BOOKS & names_of(raw)) or kind_in(raw).endswith(".opendocument.spreadsheet")

    def read(self, raw: bytes, name: str, limits: Limits) -> Paper:
        """Return the workbook.

        Shapes: a merged cell's text stands in its first cell, see `Paper.merged`; what a formula
        last came to counts.
        Errors: E411, E412 or E414 when nothing of it can be read.
        """
        out = Gathering(name, self.name, limits)
        package = Package(raw, name, limits) if is_zip(raw) else None
        if package is not None and _is_locked(package):
            raise QuetsachError("E412", name)
        if _has_macros(raw, package):
            out.problem("E415")
        with out.bounded():
            _sheets(raw, out)
            if package is not None:
                _beside(package, out)
                out.merged += merged_in_open_sheets(package, out)
        return out.paper(raw)


def _sheets(raw: bytes, out: Gathering) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
    except PasswordError as err:
        raise QuetsachError("E412", out.name) from err
    except (CalamineError, OSError, ValueError) as err:
        raise QuetsachError("E411", out.name, reason=str(err)) from err
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            found = book.get_sheet_by_name(sheet.name)
            _rows(found, out)
            out.merged += merged_in_book(found, out.limits.blocks)
        except (CalamineError, OSError, ValueError) as err:
            out.problem("E411", sheet.name, reason=str(err))


def _rows(sheet: Any, out: Gathering) -> None:
    start = sheet.start
    if start is None:
        return
    # calamine gives the empty rows before the first, but not the empty columns.
    empty = [""] * min(start[1], _MOST_BEFORE)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [shown(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        out.check()
        if cells:
            out.row(empty + cells, Place(sheet=sheet.name, row=number))


def shown(value: Any) -> str:
    """Return a cell's value as a person sees it: whole numbers without a point, dates as ISO."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**_MOST_SHOWN_DIGITS:
            return str(int(value))
        return f"{value:.{_MOST_SHOWN_DIGITS}g}"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _is_locked(package: Package) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in package and b"encryption-data" in package.read(manifest)


def _has_macros(raw: bytes, package: Package | None) -> bool:
    if package is None:
        return _OLD_MACROS in streams_of(raw)
    return any(one.endswith("vbaProject.bin") or one.startswith("Basic/") for one in package.names)


def _beside(package: Package, out: Gathering) -> None:
    """Take what calamine leaves out: link targets, notes, text boxes, embedded documents."""
    for target in dict.fromkeys(_targets(package, out)):
        out.paragraph("", Place(), links=(target,))
    line = 0
    for member in package.names:
        if re.fullmatch(r"xl/(comments|drawings/drawing|threadedComments/\w+)\d*\.xml", member):
            for text in _texts(package, member, out):
                line += 1
                out.paragraph(text, Place(line=line))
    parts = Parts(out)
    parts.pictures(package, "xl/media/")
    for member in package.names:
        if member.startswith("xl/embeddings/"):
            parts.read(package.read(member), posixpath.basename(member))


def _targets(package: Package, out: Gathering) -> Iterator[str]:
    for member in package.names:
        if re.fullmatch(r"xl/(worksheets|drawings)/_rels/[^/]+\.rels", member):
            root, _damage = parse_xml(package.read(member), f"{out.name}, {member}")
            for one in root:
                if one.get("TargetMode") == "External" and one.get("Type", "").endswith(
                    "/hyperlink"
                ):
                    yield one.get("Target", "")


def _texts(package: Package, member: str, out: Gathering) -> Iterator[str]:
    """Yield the paragraphs of a drawing, or the notes of a list of notes."""
    root, damage = parse_xml(package.read(member), f"{out.name}, {member}")
    if damage:
        out.problem("E411", member, reason=damage)
    whole = ("comment", "p", "threadedComment")
    for one in root.iter():
        if isinstance(one.tag, str) and one.tag.rpartition("}")[2] in whole:
            texts = (t.text or "" for t in one.iter() if _is_text(t))
            yield "".join(texts)


def _is_text(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] in ("t", "text")
