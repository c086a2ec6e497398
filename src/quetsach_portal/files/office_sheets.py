"""The sheets of a workbook: their names, which are hidden, and which of them calculate.

A reader of ours takes the values last shown; the remarks say where these came from a formula.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from quetsach_portal.files.member_names import printable_name
from quetsach_portal.files.office_links import refuse_reaching, short_pieces
from quetsach_portal.files.problems import FileProblem
from quetsach_portal.files.xml_streams import walk
from quetsach_portal.files.zip_directory import ZipDirectory, ZipEntry
from quetsach_portal.files.zip_layout import pieces_of

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s>/]")
_OTHER_BOOK = re.compile(rb"<(?:\w{1,20}:)?f(?:\s[^<>]{0,200})?>[^<]{0,400}\[\d{1,4}\]")
_OVERLAP_BYTES = 1_024
_MOST_SHEETS = 1_000


@dataclass(frozen=True)
class XlsxSheets:
    """The sheets of an XLSX workbook: name by part (in small letters), and which are hidden."""

    by_part: Mapping[str, str]
    hidden_names: tuple[str, ...]

    def hidden(self) -> Iterator[FileProblem]:
        """Yield a remark for each hidden sheet."""
        for name in self.hidden_names:
            yield FileProblem("P141", "", {"sheet": name})

    def remarks_on(self, entry: ZipEntry, pieces: Iterator[bytes]) -> Iterator[FileProblem]:
        """Yield remarks on the formulas of one part, if it is a sheet; reads it to its end."""
        name = self.by_part.get(entry.name.casefold())
        if name is None:
            return
        calculates = linked = False
        held = b""
        for piece in pieces:
            held += piece
            calculates = calculates or _FORMULA.search(held) is not None
            linked = linked or _OTHER_BOOK.search(held) is not None
            held = held[-_OVERLAP_BYTES:]
        if calculates:
            yield FileProblem("P140", "", {"sheet": name})
        if linked:
            yield FileProblem("P142", "", {"sheet": name})


def sheets_of(file: BinaryIO, directory: ZipDirectory) -> XlsxSheets:
    """Return the sheets that an XLSX workbook names.

    Errors: P106, P108, P118 for a damaged, too long or hostile list of sheets.
    """
    parts = {one.name.casefold(): one for one in directory.entries}
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []
    hidden: list[str] = []

    def relation(tag: str, found: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.join("/xl", found.get("Target", ""))
            targets[found.get("Id", "")] = posixpath.normpath(target).lstrip("/").casefold()

    def sheet(tag: str, found: Mapping[str, str]) -> None:
        if tag == "sheet" and len(named) < _MOST_SHEETS:
            name = printable_name(found.get("name", ""))
            named.append((found.get("id", ""), name))
            if found.get("state", "visible") != "visible":
                hidden.append(name)

    for name, on_start in ((_RELATIONS, relation), (_BOOK, sheet)):
        if name in parts:
            walk(short_pieces(file, parts[name]), on_start, printable_name(name))
    return XlsxSheets({targets[key]: name for key, name in named if key in targets}, tuple(hidden))


def open_sheets(file: BinaryIO, content: ZipEntry) -> list[FileProblem]:
    """Return remarks on the sheets of an OpenDocument spreadsheet.

    Errors: P106, P118; P119 for data exchange and tables from elsewhere, P117 for event scripts.
    """
    reading = _OpenSheets()
    walk(pieces_of(file, content), reading.start, content.name)
    return reading.remarks


class _OpenSheets:
    """What is seen while the elements of a content.xml go by."""

    def __init__(self) -> None:
        self.remarks: list[FileProblem] = []
        self._sheet = ""
        self._style = ""
        self._hiding: set[str] = set()
        self._told: set[tuple[str, str]] = set()

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take one element."""
        refuse_reaching(tag, found)
        if tag == "style":
            self._style = found.get("name", "")
        elif tag == "table-properties" and found.get("display") == "false":
            self._hiding.add(self._style)
        elif tag == "table":
            self._sheet = printable_name(found.get("name", ""))
            if found.get("style-name") in self._hiding:
                self._tell("P141")
        formula = found.get("formula")
        if formula is not None:
            self._tell("P140")
            if "'file:" in formula or "://" in formula:
                self._tell("P142")

    def _tell(self, code: str) -> None:
        if (code, self._sheet) not in self._told and len(self._told) < _MOST_SHEETS:
            self._told.add((code, self._sheet))
            self.remarks.append(FileProblem(code, "", {"sheet": self._sheet}))
