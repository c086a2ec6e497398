"""What a workbook holds beside plain values: formulas, links to other files, macros, hidden sheets.

Whoever takes values over from a workbook asks this first. A formula is known by its mark in the
file, and never reckoned.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.compound import is_compound, streams_of
from quetsach.readers.contract import ReadLimits
from quetsach.readers.packages import ZipPackage, is_zip
from quetsach.readers.safe_xml import parse_xml

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]{0,200}?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]{0,200}>\s{0,20}$')
# A prefix may hold any sign that a name in XML may.
_FORMULA = re.compile(rb"<(?:[^\s<>/:]{1,200}:)?f[\s/>]")
_OPEN_FORMULA = re.compile(rb"\b(?:\w+:)?formula\s*=\s*[\"']")
_OPEN_TABLE = re.compile(rb"<(?:\w+:)?table\s[^>]{0,2000}?\bname=\"([^\"]{0,300})\"")
_OVERLAP = 4096
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OLD_FORMULA = 0x0006
_OLD_MOST_BYTES = 64 * 1024 * 1024


class TrapKind(StrEnum):
    """What is found; `OPAQUE` is a workbook that cannot be looked through."""

    FORMULA = "formula"
    EXTERNAL = "external"
    MACRO = "macro"
    HIDDEN = "hidden"
    OPAQUE = "opaque"


@dataclass(frozen=True)
class OfficeTrap:
    """One find: its sheet and, of the first formula there, its cell; "" where not known."""

    kind: TrapKind
    sheet: str = ""
    cell: str = ""


def traps_in(raw: bytes, name: str, limits: ReadLimits | None = None) -> tuple[OfficeTrap, ...]:
    """Return what a workbook holds beside values, the first formula of each sheet; none in text.

    Errors: E411, E412 and E414 as opening the file gives them.
    Cost: one pass over the unpacked sheets, about 0.1 s for each 10 MB.
    """
    if is_compound(raw):
        return tuple(_in_old_book(raw))
    if not is_zip(raw):
        return ()
    package = ZipPackage(raw, name, ReadLimits() if limits is None else limits)
    if "content.xml" in package:
        return tuple(_in_open_book(package))
    return tuple(_in_book(package))


def _in_book(package: ZipPackage) -> Iterator[OfficeTrap]:
    names = package.names
    if any(one.endswith("vbaProject.bin") for one in names):
        yield OfficeTrap(TrapKind.MACRO)
    if any(one.startswith("xl/externalLinks/") for one in names):
        yield OfficeTrap(TrapKind.EXTERNAL)
    if any(one.startswith("xl/worksheets/") and one.endswith(".bin") for one in names):
        yield OfficeTrap(TrapKind.OPAQUE)
    sheets = _sheets(package)
    yield from (OfficeTrap(TrapKind.HIDDEN, title) for title, _member, hidden in sheets if hidden)
    titles = {member: title for title, member, _hidden in sheets}
    for member in names:
        # A sheet lies where the workbook says, which need not be the usual folder.
        is_usual = member.startswith("xl/worksheets/") and member.endswith(".xml")
        if is_usual or member in titles:
            cell = _first_formula(package, member)
            if cell is not None:
                yield OfficeTrap(TrapKind.FORMULA, titles.get(member, ""), cell)


def _sheets(package: ZipPackage) -> list[tuple[str, str, bool]]:
    """Return the title, the member and whether it is hidden, of each sheet."""
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if book not in package or relations not in package:
        return []
    root, _damage = parse_xml(package.read(relations), f"{package.name}, {relations}")
    targets = {one.get("Id"): _member(one.get("Target", "")) for one in root}
    root, _damage = parse_xml(package.read(book), f"{package.name}, {book}")
    return [
        (
            one.get("name", ""),
            targets.get(one.get(f"{{{_RELATIONS}}}id"), ""),
            one.get("state", "visible") != "visible",
        )
        for one in root.iter()
        if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == "sheet"
    ]


def _member(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _first_formula(package: ZipPackage, member: str) -> str | None:
    """Return the cell of the first formula, "" if its cell is not told, None if there is none."""
    kept = b""
    for piece in package.pieces(member):
        text = kept + piece
        found = _FORMULA.search(text)
        if found is not None:
            before = _CELL.search(text[max(0, found.start() - _OVERLAP) : found.start()])
            return "" if before is None else before.group(1).decode("ascii")
        kept = text[-_OVERLAP:]
    return None


def _in_open_book(package: ZipPackage) -> Iterator[OfficeTrap]:
    if any(one.startswith("Basic/") for one in package.names):
        yield OfficeTrap(TrapKind.MACRO)
    sheet, kept = "", b""
    for piece in package.pieces("content.xml"):
        text = kept + piece
        found = _OPEN_FORMULA.search(text)
        until = len(text) if found is None else found.start()
        for table in _OPEN_TABLE.finditer(text, 0, until):
            sheet = table.group(1).decode("utf-8", "replace")
        if found is not None:
            yield OfficeTrap(TrapKind.FORMULA, sheet)
            return
        kept = text[-_OVERLAP:]


def _in_old_book(raw: bytes) -> Iterator[OfficeTrap]:
    names = streams_of(raw)
    if "_VBA_PROJECT_CUR" in names:
        yield OfficeTrap(TrapKind.MACRO)
    stream = next((one for one in ("Workbook", "Book", "WORKBOOK", "BOOK") if one in names), "")
    if not stream:
        # A new workbook under a password lies in a compound file; it has no sheets to be seen.
        yield OfficeTrap(TrapKind.OPAQUE)
        return
    if _OLD_FORMULA in _old_records(_old_stream(raw, stream)):
        yield OfficeTrap(TrapKind.FORMULA)


def _old_stream(raw: bytes, stream: str) -> bytes:
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(raw)) as opened:
            data: Any = opened.openstream(stream).read(_OLD_MOST_BYTES)
    except (OSError, ValueError, struct.error, IndexError, TypeError) as err:
        raise QuetsachError("E411", stream, reason=str(err)) from err
    return bytes(data)


def _old_records(data: bytes) -> set[int]:
    """Return the kinds of records in a stream of BIFF. Source: [MS-XLS], 2.1.4."""
    kinds: set[int] = set()
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        kinds.add(kind)
        at += 4 + size
    return kinds
