"""Read a register of units from XLSX, ODS, XLS or CSV into rows and row problems."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from quetsach.api.inventory import (
    OfficeRemark,
    ReadLimits,
    RemarkKind,
    TableLine,
    remarks_on,
    tables_in,
)
from quetsach.api.problems import QuetsachError
from quetsach_portal.units.models import line_of
from quetsach_portal.units.register_file import cells
from quetsach_portal.units.register_file.cells import kind_by_name
from quetsach_portal.units.register_file.rows import RegisterFlaw, RowProblem, UnitRow
from quetsach_portal.units.register_file.tables import (
    RegisterColumn,
    RegisterHeading,
    RegisterSheet,
    register_in,
)
from quetsach_portal.units.searching import IdentifierForm, form_of
from quetsach_portal.web.acts import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 60_000
LIMITS = ReadLimits(
    bytes_in=MOST_BYTES,
    bytes_unpacked=200 * 1024 * 1024,
    ratio=100,
    blocks=MOST_ROWS,
    seconds=30.0,
    ocr_pages=0,
    memory=1024 * 1024 * 1024,
)
_GROUP_MARK = re.compile(r"^(?:[IVXL]{1,6}|[A-Z]|[0-9]{1,2})[.)]?\s+")
_LONGEST = {
    RegisterColumn.NAME: 255,
    RegisterColumn.SHORT_NAME: 120,
    RegisterColumn.DOC_CODE: 40,
    RegisterColumn.PERSON: 120,
}


@dataclass
class RegisterFile:
    """What a file gave: sound rows, errors of the others, and how many rows name no unit."""

    rows: list[UnitRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    passed_over: int = 0
    hidden_sheets: tuple[str, ...] = ()


def read_register(raw: bytes, name: str) -> RegisterFile:
    """Return the rows of a register and the errors in it.

    Errors: Refused for a file that is no register, contains formulas, links or macros, or cannot be
    read.
    Cost: 15,000 rows in about 2 s; a workbook is read in the sandbox.
    """
    try:
        tables = tables_in(raw, name, LIMITS)
        remarks = remarks_on(raw, name, LIMITS)
    except QuetsachError as err:
        raise Refused(f"{err.problem.what()}. {err.problem.todo()}", field="file") from err
    if any(problem.code in ("E413", "E414") for problem in tables.unread):
        raise Refused(_("The file is too large. Split it and load the parts."), field="file")
    _refuse_remarks(remarks)
    hidden = tuple(one.sheet for one in remarks if one.kind is RemarkKind.HIDDEN)
    shown = [table for table in tables.tables if table.sheet not in hidden]
    registers = [one for table in shown if (one := register_in(table)) is not None]
    if not registers:
        raise Refused(
            _(
                "No heading row with a code and a name was found. Use the headings “Mã đơn vị” "
                "and “Tên đơn vị”, as in the template."
            ),
            field="file",
        )
    out = RegisterFile(hidden_sheets=hidden)
    for register in registers:
        _read_sheet(register, out)
    return out


def _refuse_remarks(remarks: Sequence[OfficeRemark]) -> None:
    # A formula that names another workbook is refused as what it takes from there.
    for remark in sorted(remarks, key=lambda remark: remark.kind is RemarkKind.FORMULA):
        where = {"sheet": remark.sheet or "?", "cell": remark.cell or "?"}
        elsewhere = _(
            "The workbook takes values from other files. "
            "Paste the table as values only, and load the file again."
        )
        other_kind = _("Workbooks of this kind are not accepted. Save the file as XLSX.")
        reason = {
            RemarkKind.FORMULA: _(
                "Sheet “%(sheet)s” contains a formula (cell %(cell)s). Copy the table, paste it "
                "as values only, and load the file again."
            ),
            RemarkKind.FETCHED: elsewhere,
            RemarkKind.OTHER_BOOK: elsewhere,
            RemarkKind.MACRO: _("The workbook contains macros. Save it as XLSX without macros."),
            RemarkKind.OPAQUE: other_kind,
            RemarkKind.EMBEDDED: other_kind,
        }.get(remark.kind)
        if reason is not None:
            raise Refused(reason % where, field="file")


def _read_sheet(register: RegisterSheet, out: RegisterFile) -> None:
    heading = register.heading
    group_line = ""
    for line in register.lines:
        if line.fault:
            out.problems.append(
                RowProblem(line.number, "", RegisterFlaw.UNREADABLE, "", register.sheet)
            )
            continue
        code, name = (
            _cell(line, heading, RegisterColumn.CODE),
            _cell(line, heading, RegisterColumn.NAME),
        )
        filled = [cell.strip() for cell in line.cells if cell.strip()]
        if _is_no_unit(code, name, len(filled)):
            named = cells.line_of(_GROUP_MARK.sub("", name or (filled[-1] if filled else "")))
            group_line = group_line if named is None else named.value
            out.passed_over += bool(filled)
            continue
        reading = _Reading(line, heading, register.sheet)
        row = reading.unit(group_line)
        out.problems += reading.problems
        if not reading.problems:
            out.rows.append(row)


def _is_no_unit(code: str, name: str, filled: int) -> bool:
    """Return whether a row is a line above a group ("I. Khối Đảng"), a total or a signature."""
    if filled > 2:
        return False
    return not code or (not name and cells.CODE.fullmatch(code) is None)


def _cell(line: TableLine, heading: RegisterHeading, column: RegisterColumn) -> str:
    return next(iter(_cells(line, heading, column)), "")


def _cells(line: TableLine, heading: RegisterHeading, column: RegisterColumn) -> Iterator[str]:
    for place in heading.places(column):
        if place < len(line.cells) and (text := line.cells[place].strip()):
            yield text


@dataclass
class _Reading:
    """One row being read: its cells asked one by one, and what was wrong with them."""

    line: TableLine
    heading: RegisterHeading
    sheet: str
    problems: list[RowProblem] = field(default_factory=list)

    def unit(self, group_line: str) -> UnitRow:
        name = self._text(RegisterColumn.NAME)
        kind = self._kind(name)
        identifiers = self._identifiers()
        if not name and not self.problems:
            self._wrong(RegisterColumn.NAME, RegisterFlaw.NO_NAME)
        return UnitRow(
            row=self.line.number,
            sheet=self.sheet,
            code=self._code(),
            name=name,
            parent=self._text(RegisterColumn.PARENT, 255),
            kind=kind,
            line=self._line(group_line, kind),
            short_name=self._text(RegisterColumn.SHORT_NAME),
            doc_code=self._text(RegisterColumn.DOC_CODE),
            id_old=identifiers.get(IdentifierForm.OLD, ""),
            id_new=identifiers.get(IdentifierForm.NEW, ""),
            area_code=self._checked(RegisterColumn.AREA, cells.area_of, RegisterFlaw.BAD_AREA)
            or "",
            staff=self._checked(RegisterColumn.STAFF, cells.staff_of, RegisterFlaw.BAD_STAFF),
            mail=self._checked(RegisterColumn.MAIL, cells.mail_of, RegisterFlaw.BAD_MAIL) or "",
            phone=self._checked(RegisterColumn.PHONE, cells.phone_of, RegisterFlaw.BAD_PHONE) or "",
            person=self._text(RegisterColumn.PERSON),
        )

    def _wrong(self, column: RegisterColumn, flaw: RegisterFlaw, value: str = "") -> None:
        places = self.heading.places(column)
        title = self.heading.titles[places[0]] if places else ""
        self.problems.append(RowProblem(self.line.number, title, flaw, value[:80], self.sheet))

    def _text(self, column: RegisterColumn, longest: int = 0) -> str:
        written = _cell(self.line, self.heading, column)
        text, flaw = cells.text_of(written, longest or _LONGEST[column])
        if flaw is not None:
            self._wrong(column, flaw, "" if flaw is RegisterFlaw.CONTROL else written)
        return text

    def _code(self) -> str:
        written = _cell(self.line, self.heading, RegisterColumn.CODE)
        if written and cells.CODE.fullmatch(written):
            return written
        flaw = RegisterFlaw.BAD_CODE if written else RegisterFlaw.NO_CODE
        self._wrong(RegisterColumn.CODE, flaw, written)
        return ""

    def _checked(
        self, column: RegisterColumn, check: Callable[[str], Any], flaw: RegisterFlaw
    ) -> Any:
        written = _cell(self.line, self.heading, column)
        if not written:
            return None
        value = check(written)
        if value is None:
            self._wrong(column, flaw, written)
        return value

    def _kind(self, name: str) -> str:
        written = _cell(self.line, self.heading, RegisterColumn.KIND)
        if not written:
            return kind_by_name(name).value
        kind = cells.kind_of(written)
        if kind is None:
            self._wrong(RegisterColumn.KIND, RegisterFlaw.BAD_KIND, written)
            return ""
        return kind.value

    def _line(self, group_line: str, kind: str) -> str:
        written = _cell(self.line, self.heading, RegisterColumn.LINE)
        if not written:
            return group_line or line_of(kind)
        line = cells.line_of(written)
        if line is None:
            self._wrong(RegisterColumn.LINE, RegisterFlaw.BAD_LINE, written)
            return ""
        return line.value

    def _identifiers(self) -> Mapping[IdentifierForm, str]:
        identifiers: dict[IdentifierForm, str] = {}
        for written in _cells(self.line, self.heading, RegisterColumn.IDENTIFIER):
            for identifier in re.split(r"[\s;,]+", written):
                form = form_of(identifier)
                if form is None:
                    self._wrong(RegisterColumn.IDENTIFIER, RegisterFlaw.BAD_IDENTIFIER, identifier)
                else:
                    identifiers[form] = identifier
        return identifiers
