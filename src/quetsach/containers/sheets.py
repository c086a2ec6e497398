"""The sheets of a workbook: their names, which are hidden, and which of them calculate.

A reader of ours takes the values last shown; the remarks say where these came from a formula.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from quetsach.containers.bounds import IN_ARCHIVES
from quetsach.containers.names import key_of, printable_name
from quetsach.containers.office_kinds import OfficeRemark, RemarkKind, reaching_kind, short_pieces
from quetsach.containers.xml import Attributes, walk
from quetsach.containers.zip import pieces
from quetsach.containers.zip_directory import Directory, ZipEntry, read_directory

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_OPEN_CONTENT = "content.xml"
_TAIL_BYTES = 1 << 20
_MAYBE_FORMULA = re.compile(rb"[<:]f[\s/>]")
"""Every element called f is so written, whatever its prefix; text may be, too."""

_OTHER_BOOK = re.compile(r"\[\d{1,4}\]")
_OVERLAP_BYTES = 2
_MOST_SHEETS = 1_000
_MOST_TITLES = 5
_LONGEST_NUMBER = 8
"""How much of a formula's text is kept, so that a number of a workbook is read across pieces."""


@dataclass(frozen=True)
class BookSheets:
    """The sheets of an XLSX workbook: title by part (in small letters), and which are hidden."""

    titles: Mapping[str, str]
    hidden_titles: Sequence[str]

    def is_sheet(self, zip_entry: ZipEntry) -> bool:
        """Return whether a part is a sheet: where the workbook says, or in the usual folder."""
        name = zip_entry.part
        is_usual = name.startswith("xl/worksheets/") and name.endswith(".xml")
        return is_usual or (name in self.titles and not name.endswith(".bin"))

    def title_of(self, zip_entry: ZipEntry) -> str:
        """Return the title of the sheet that a part is, "" when the workbook names none."""
        return self.titles.get(zip_entry.part, "")

    def some_titles(self) -> list[str]:
        """Return the titles of the first sheets, for a remark on all."""
        return list(self.titles.values())[:_MOST_TITLES]

    def hidden(self) -> list[OfficeRemark]:
        """Return a remark for each hidden sheet."""
        return [OfficeRemark(RemarkKind.HIDDEN, sheet=title) for title in self.hidden_titles]

    def remarks_on(
        self, file: BinaryIO, zip_entry: ZipEntry, content: Iterator[bytes]
    ) -> Iterator[OfficeRemark]:
        """Yield remarks on the formulas of one part, if it is a sheet; reads `content` to its end.

        Errors: DamagedDataError when a sheet that seems to have formulas is no XML.
        """
        if not self.is_sheet(zip_entry):
            return
        before, is_likely = b"", False
        for piece in content:
            is_likely = is_likely or _MAYBE_FORMULA.search(before + piece) is not None
            before = (before + piece)[-_OVERLAP_BYTES:]
        if not is_likely:
            return
        reading = _Formulas()
        walk(
            pieces(file, zip_entry),
            reading.start,
            printable_name(zip_entry.name),
            on_text=reading.text,
        )
        part, title = printable_name(zip_entry.name), self.title_of(zip_entry)
        if reading.first_cell is not None:
            yield OfficeRemark(RemarkKind.FORMULA, part, title, reading.first_cell)
        if reading.has_other_book:
            yield OfficeRemark(RemarkKind.OTHER_BOOK, part, title)


def sheets_of(file: BinaryIO, directory: Directory) -> BookSheets:
    """Return the sheets that an XLSX workbook names; none for another document.

    Errors: ContainerRefused TOO_LARGE, DOCUMENT_TYPE; DamagedDataError for no XML.
    """
    parts = {zip_entry.part: zip_entry for zip_entry in directory.entries}
    targets: dict[str, set[str]] = {}
    named: list[tuple[str, str]] = []
    hidden: list[str] = []

    def relation(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            for key in attributes.get("Id", ()):
                places = targets.setdefault(key, set())
                places.update(map(_part_at, attributes.get("Target", ())))

    def sheet(tag: str, attributes: Attributes) -> None:
        if tag == "sheet" and len(named) < _MOST_SHEETS:
            title = printable_name(attributes.get("name", ("",))[0])
            named.extend((key, title) for key in attributes.get("id", ()))
            if any(state != "visible" for state in attributes.get("state", ())):
                hidden.append(title)

    for name, on_start in ((_RELATIONS, relation), (_BOOK, sheet)):
        if name in parts:
            walk(short_pieces(file, parts[name]), on_start, printable_name(name))
    titles: dict[str, str] = {}
    for key, title in named:
        for place in targets.get(key, ()):
            titles.setdefault(place, title)
    return BookSheets(titles, hidden)


def open_sheet_remarks(file: BinaryIO, content: ZipEntry) -> list[OfficeRemark]:
    """Return remarks on the sheets of an OpenDocument spreadsheet, in their order.

    Errors: ContainerRefused DOCUMENT_TYPE, TOO_COMPLEX; DamagedDataError for no XML.
    """
    reading = _OpenSheets()
    walk(pieces(file, content), reading.start, printable_name(content.name))
    return reading.remarks


def check_open_sheets(file: BinaryIO) -> None:
    """Refuse an OpenDocument spreadsheet whose content is no whole XML; any other file passes.

    calamine (0.9) looks for the end of content that breaks off for ever.
    Errors: those of `read_directory`, `pieces` and `walk`.
    Cost: the whole content once, in pieces.
    """
    file.seek(max(0, file.seek(0, 2) - _TAIL_BYTES))
    if _OPEN_CONTENT.encode() not in file.read():
        return
    for zip_entry in read_directory(file, IN_ARCHIVES).entries:
        if _OPEN_CONTENT in (zip_entry.name, zip_entry.raw_name.decode(errors="replace")):
            walk(pieces(file, zip_entry), lambda _tag, _attributes: None, _OPEN_CONTENT)


def _part_at(target: str) -> str:
    target = posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/")))
    return key_of(target, fold_case=True)


class _Formulas:
    """The first formula of a sheet, and whether one names another workbook."""

    def __init__(self) -> None:
        self.first_cell: str | None = None
        self.has_other_book = False
        self._cell = ""
        self._text = ""
        self._is_formula = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take one element."""
        self._is_formula = tag == "f"
        if tag == "c":
            self._cell = printable_name(attributes.get("r", ("",))[0]) if "r" in attributes else ""
        elif self._is_formula:
            self._text = ""
            if self.first_cell is None:
                self.first_cell = self._cell

    def text(self, text: str) -> None:
        """Take a piece of text; what follows a formula in its cell counts as well."""
        if self._is_formula and not self.has_other_book:
            text = self._text + text
            self.has_other_book = _OTHER_BOOK.search(text) is not None
            self._text = text[-_LONGEST_NUMBER:]


class _OpenSheets:
    """What is noticed while the elements of a content.xml go by."""

    def __init__(self) -> None:
        self.remarks: list[OfficeRemark] = []
        self._sheet = ""
        self._style = ""
        self._hiding: set[str] = set()
        self._noted: set[OfficeRemark] = set()

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take one element."""
        kind = reaching_kind(tag, attributes)
        if kind is not None:
            self._note(OfficeRemark(kind, tag))
        if tag == "style":
            self._style = attributes.get("name", ("",))[0]
        elif tag == "table-properties" and "false" in attributes.get("display", ()):
            self._hiding.add(self._style)
        elif tag == "table":
            self._sheet = printable_name(attributes.get("name", ("",))[0])
            if not self._hiding.isdisjoint(attributes.get("style-name", ())):
                self._note(OfficeRemark(RemarkKind.HIDDEN, sheet=self._sheet))
        formulas = attributes.get("formula", ())
        if formulas:
            self._note(OfficeRemark(RemarkKind.FORMULA, sheet=self._sheet))
        if any("'file:" in formula or "://" in formula for formula in formulas):
            self._note(OfficeRemark(RemarkKind.OTHER_BOOK, sheet=self._sheet))

    def _note(self, remark: OfficeRemark) -> None:
        if remark not in self._noted and len(self._noted) < _MOST_SHEETS:
            self._noted.add(remark)
            self.remarks.append(remark)
