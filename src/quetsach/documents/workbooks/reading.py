"""A filled workbook read back: its answers, or what is wrong, by page and cell.

Only values are read. A workbook with a formula, a link to another file, a macro, an unknown
hidden page or an embedded object is refused whole: its effect cannot be seen.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from quetsach.containers.office_kinds import OfficeRemark, RemarkKind
from quetsach.containers.refusal import ContainerRefused, RefusalCode, reason_of
from quetsach.containers.signatures import is_zip
from quetsach.documents.workbooks.layout import (
    ABSENCES,
    ABSENT,
    ANSWER,
    HEAD_SHEET,
    ID,
    PICKED,
    REASON,
    REMARK,
    REPORT_SHEET,
    TABLE_SHEET,
    WorkbookHead,
    WorkbookLine,
    cell_name,
    lines_of,
    read_head,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import ReportField, ReportFieldKind, ReportFormDefinition
from quetsach.forms.values import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    TextValue,
    Value,
    read_count,
)
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.readers.packages import ZipPackage, remarks_within
from quetsach.readers.read import read_paper
from quetsach.texts import _

LIMITS = ReadLimits(
    bytes_in=5 * 1024 * 1024,
    bytes_unpacked=40 * 1024 * 1024,
    blocks=50_000,
    depth=0,
    seconds=20.0,
    memory=1024 * 1024 * 1024,
    parts=0,
)
"""A workbook of ours has 30 KB; saved by an office program it may have ten times that."""

MOST_MEMBERS = 300
MOST_TEXT = 4_000
"""How long an answer in words may be, in characters."""

_USUAL = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/[^/]+|customXml/.+|xl/(?!embeddings/|media/).+"
)


@dataclass(frozen=True)
class WorkbookAnswer:
    """One answer of a workbook: its value, why it is not as recorded, and its cell."""

    value: Value
    reason: str
    cell: str


@dataclass(frozen=True)
class CellProblem:
    """One cell that cannot be read, in words; `field` is the form's, "" for none."""

    sheet: str
    cell: str
    field: str
    text: str


@dataclass(frozen=True)
class FilledWorkbook:
    """The content of a workbook: its answers by field, and the cells that are wrong.

    Shapes: `is_older` tells that the draft was changed after the workbook was made.
    """

    head: WorkbookHead
    answers: Mapping[str, WorkbookAnswer]
    problems: tuple[CellProblem, ...]
    is_older: bool = False


@dataclass(frozen=True)
class OpenedWorkbook:
    """A workbook with values only and its head; its answers are not read yet."""

    head: WorkbookHead
    name: str
    cells: "_Cells"

    def filled(self, form: ReportFormDefinition, expected: WorkbookHead) -> FilledWorkbook:
        """Return its answers, checked against the unit and form that it was made for.

        Errors: E475 when it was made for another unit or another edition of the form.
        """
        _hold_against(self.head, expected, self.name)
        reading = _Reading(self.cells, expected.unit, [])
        answers = dict(reading.answers(form))
        is_older = self.head.state != expected.state
        return FilledWorkbook(self.head, answers, tuple(reading.problems), is_older)

    def to_json(self) -> str:
        """Return it as one text, which `from_json` takes: it need not be read a second time."""
        return json.dumps({"head": asdict(self.head), "name": self.name, "cells": self.cells})

    @staticmethod
    def from_json(text: str) -> "OpenedWorkbook":
        """Return what `to_json` wrote."""
        fields = json.loads(text)
        cells = {
            sheet: {int(row): tuple(texts) for row, texts in rows.items()}
            for sheet, rows in fields["cells"].items()
        }
        return OpenedWorkbook(WorkbookHead(**fields["head"]), fields["name"], cells)


def read_workbook(
    raw: bytes, name: str, form: ReportFormDefinition, expected: WorkbookHead, *, key: bytes
) -> FilledWorkbook:
    """Return the answers in a workbook that was made for `expected` by the holder of `key`.

    Errors: those of `open_workbook` and `OpenedWorkbook.filled`.
    """
    return open_workbook(raw, name, key=key).filled(form, expected)


def open_workbook(raw: bytes, name: str, *, key: bytes) -> OpenedWorkbook:
    """Return a workbook that the holder of `key` made, whichever report it is of.

    Errors: E475 with the reason, when it is none of ours, or holds more than values; E410 to E417
    when it cannot be read.
    Cost: about 0.3 s, most of it for the process in which it is read.
    """
    if not is_zip(raw):
        raise _refused(name, _("it is not an XLSX file"))
    if len(raw) > LIMITS.bytes_in:
        raise _refused(name, _("it is too large"))
    _refuse_package(ZipPackage(raw, name, LIMITS), name)
    # Values from another file are named before the formulas that take them.
    of_sheets = (RemarkKind.HIDDEN, RemarkKind.FORMULA)
    for remark in sorted(_remarks(raw, name), key=lambda one: one.kind in of_sheets):
        _refuse_remark(remark, name)
    cells = _cells(read_paper(raw, name, LIMITS))
    hidden = cells.get(HEAD_SHEET, {})
    if REPORT_SHEET not in cells or not hidden:
        raise _refused(name, _("it was not downloaded here; download the workbook and fill it in"))
    lines = (_at(hidden, 1, 0), _at(hidden, 2, 0))
    return OpenedWorkbook(read_head(lines, key, name), name, cells)


_Cells = dict[str, dict[int, tuple[str, ...]]]


def _cells(paper: ReadDocument) -> _Cells:
    out: _Cells = {}
    for block in paper.blocks:
        place = block.place
        if place.sheet is not None and place.row is not None:
            out.setdefault(place.sheet, {})[place.row] = block.cells
    return out


def _at(rows: Mapping[int, tuple[str, ...]], row: int, column: int) -> str:
    cells = rows.get(row, ())
    return cells[column].strip() if column < len(cells) else ""


def _hold_against(head: WorkbookHead, expected: WorkbookHead, name: str) -> None:
    if (head.campaign, head.slot) != (expected.campaign, expected.slot):
        told = _("it was made for %(theirs)s, and this is the report of %(ours)s")
        raise _refused(name, told % {"theirs": head.unit[:200], "ours": expected.unit[:200]})
    if head.form_digest != expected.form_digest:
        raise _refused(name, _("it was made for another edition of the form; download it again"))


def _refuse_package(package: ZipPackage, name: str) -> None:
    if len(package.names) > MOST_MEMBERS:
        raise _refused(name, _("it contains too many packed parts"))
    for member in package.names:
        if not _USUAL.fullmatch(member) or member.endswith((".zip", ".exe", ".xlsx")):
            raise _refused(name, _("it contains another file (%(part)s)") % {"part": member[:100]})


def _remarks(raw: bytes, name: str) -> tuple[OfficeRemark, ...]:
    try:
        return remarks_within(raw, LIMITS)
    except ContainerRefused as refusal:
        if refusal.code is RefusalCode.DOCUMENT_TYPE:
            text = _("%(part)s defines entities, as no office program does")
            reason = text % {"part": refusal.facts["member"]}
        else:
            reason = reason_of(refusal)
        raise _refused(name, reason) from refusal


def _refuse_remark(remark: OfficeRemark, name: str) -> None:
    if remark.kind is RemarkKind.HIDDEN and remark.sheet == HEAD_SHEET:
        return
    if remark.kind is RemarkKind.EMBEDDED:
        raise _refused(name, _("it contains another file (%(part)s)") % {"part": remark.part[:100]})
    where = {"sheet": remark.sheet or "?", "cell": remark.cell or "?"}
    elsewhere = _("it takes values from other files; write the numbers themselves")
    reason = {
        RemarkKind.FORMULA: _(
            "page “%(sheet)s” contains a formula in cell %(cell)s; write the number itself"
        ),
        RemarkKind.FETCHED: elsewhere,
        RemarkKind.OTHER_BOOK: elsewhere,
        RemarkKind.MACRO: _("it contains macros; save it as XLSX"),
        RemarkKind.HIDDEN: _("page “%(sheet)s” is hidden; show it or remove it"),
        RemarkKind.OPAQUE: _("this kind of file is not accepted; save it as XLSX"),
    }[remark.kind]
    raise _refused(name, reason % where)


def _refused(name: str, reason: str) -> QuetsachError:
    return QuetsachError("E475", name, reason=reason)


@dataclass
class _Reading:
    """Reads the pages of one workbook and collects the problems."""

    cells: _Cells
    unit: str
    problems: list[CellProblem]

    def answers(self, form: ReportFormDefinition) -> Iterator[tuple[str, WorkbookAnswer]]:
        """Yield the answer of each field, in the form's order."""
        page = self.cells[REPORT_SHEET]
        rows: dict[str, int] = {}
        for row in sorted(page):
            if found := _at(page, row, ID):
                rows.setdefault(found, row)
        for _section, lines in lines_of(form):
            picked: dict[str, list[str]] = {}
            for line in lines:
                at = rows.get(line.id)
                if at is None:
                    self._add_problem("A1", line, _("the line of this field is missing"))
                elif line.choice is not None:
                    taken = picked.setdefault(line.entry.id, [])
                    taken += [line.choice.id] if self._is_picked(at, line) else []
                    # The reason and the absence of the last of its lines count.
                    value = ChosenAnswers(tuple(taken)) if taken else self._absent(at, line)
                    yield line.entry.id, self._answered(at, value)
                else:
                    yield line.entry.id, self._answered(at, self._value(at, line))

    def _answered(self, row: int, value: Value) -> WorkbookAnswer:
        reason = _at(self.cells[REPORT_SHEET], row, REASON)[:1000]
        return WorkbookAnswer(value, reason, cell_name(row, ANSWER))

    def _value(self, row: int, line: WorkbookLine) -> Value:
        typed = self._text(row, ANSWER, line)
        if line.is_known:
            return self._check_unit_name(row, line, typed)
        absent = self._absent(row, line)
        if line.table:
            answer = self._rows(line)
        elif not typed:
            return absent
        elif line.kind is ReportFieldKind.COUNT:
            answer = self._count(row, line, typed)
        elif line.kind is ReportFieldKind.CHOICE:
            answer = self._choice(row, line, typed)
        else:
            answer = TextValue(typed, FigureGrade.DECLARED)
        if isinstance(answer, AbsenceReason):
            return absent
        if absent is not AbsenceReason.MISSING:
            message = _("there is an answer, and a reason why there is none; keep one of them")
            self._add_problem(cell_name(row, ABSENT), line, message)
        return answer

    def _check_unit_name(self, row: int, line: WorkbookLine, typed: str) -> Value:
        if " ".join(typed.split()) != " ".join(self.unit.split()):
            told = _("the unit's name comes from the register and is not changed here: %(unit)s")
            self._add_problem(cell_name(row, ANSWER), line, told % {"unit": self.unit})
        return TextValue(self.unit, FigureGrade.DECLARED)

    def _count(self, row: int, line: WorkbookLine, typed: str) -> Value:
        cell = cell_name(row, ANSWER)
        try:
            number = read_count(typed, cell)
        except QuetsachError as error:
            self._add_problem(cell, line, error.problem.what())
            return AbsenceReason.MISSING
        return GradedCount(number, FigureGrade.DECLARED, self._text(row, REMARK, line))

    def _choice(self, row: int, line: WorkbookLine, typed: str) -> Value:
        assert isinstance(line.entry, ReportField)
        for one in line.entry.choices:
            if typed in (one.label.vi, one.label.en):
                return ChosenAnswers((one.id,))
        self._add_problem(cell_name(row, ANSWER), line, _("choose one of the answers of the list"))
        return AbsenceReason.MISSING

    def _rows(self, line: WorkbookLine) -> Value:
        assert isinstance(line.entry, ReportField)
        page = self.cells.get(TABLE_SHEET % line.table, {})
        width = len(line.entry.columns)
        filled = tuple(
            tuple(_at(page, row, column)[:MOST_TEXT] for column in range(width))
            for row in sorted(page)
            if row > 2 and any(_at(page, row, column) for column in range(width))
        )
        return FieldRows(filled) if filled else AbsenceReason.MISSING

    def _is_picked(self, row: int, line: WorkbookLine) -> bool:
        typed = self._text(row, ANSWER, line)
        if typed and typed.casefold() != PICKED:
            told = _("write x, or leave it empty")
            self._add_problem(cell_name(row, ANSWER), line, told)
        return typed.casefold() == PICKED

    def _absent(self, row: int, line: WorkbookLine) -> AbsenceReason:
        typed = _at(self.cells[REPORT_SHEET], row, ABSENT)
        for why, label in ABSENCES.items():
            if typed.casefold() in (label.vi, label.en):
                return why
        if typed:
            told = _("choose one of the reasons of the list")
            self._add_problem(cell_name(row, ABSENT), line, told)
        return AbsenceReason.MISSING

    def _text(self, row: int, column: int, line: WorkbookLine) -> str:
        text = _at(self.cells[REPORT_SHEET], row, column)
        if len(text) > MOST_TEXT:
            told = _("it is longer than %(most)s characters") % {"most": MOST_TEXT}
            self._add_problem(cell_name(row, column), line, told)
        return text[:MOST_TEXT]

    def _add_problem(self, cell: str, line: WorkbookLine, text: str) -> None:
        self.problems.append(CellProblem(REPORT_SHEET, cell, line.entry.id, text))
