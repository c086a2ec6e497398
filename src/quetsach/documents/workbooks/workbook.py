"""A report form as a workbook to be filled in without a network (XLSX).

Only the cells for answers can be written in; what is chosen from a list is offered as one. All
that is written is text or a number: no cell is ever a formula, whatever the form, the
unit's name or an answer contains. What is typed is checked by the validation rules of the cells
(layout.py). Answers are text cells, so that no program turns 1.234 into 1,234.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quetsach.documents.workbooks.layout import (
    ABSENCES,
    ABSENT,
    ANSWER,
    CONTENT,
    HEAD_SHEET,
    ID,
    KNOWN,
    NUMBER,
    PICKED,
    REASON,
    REMARK,
    REPORT_SHEET,
    TABLE_SHEET,
    UNIT,
    WorkbookHead,
    WorkbookLine,
    head_lines,
    highlight_contradictions,
    lines_of,
    validate_kind,
)
from quetsach.forms.definition import ReportField, ReportFieldKind, ReportFormDefinition
from quetsach.forms.values import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    GradedCount,
    OwnValue,
    TextValue,
    Value,
    format_number,
    format_value,
)
from quetsach.texts import Language, _, language

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TABLE_ROWS = 200
"""How many rows of a table can be filled in."""

_WIDTHS = (0, 7, 52, 12, 16, 24, 20, 30, 24)
_MOST_IN_LIST = 255
"""How many characters the choices of a list may have (ECMA-376 part 1, 18.3.1.32)."""

_LINE_HEIGHT, _MOST_HEIGHT = 15.0, 400.0
"""In points; a sheet's rows may not be higher than 409."""


@dataclass(frozen=True)
class WorkbookPaper:
    """What a workbook is made of: its head, the form, what is known by now, and two titles.

    Shapes: `own` are the answers of the draft by field; `titles` are lines above the form.
    """

    head: WorkbookHead
    form: ReportFormDefinition
    own: Mapping[str, OwnValue]
    titles: tuple[str, ...] = ()


def workbook_bytes(paper: WorkbookPaper, key: bytes) -> bytes:
    """Return the workbook; `key` seals its head, so that only its maker takes it back."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        _Pages(book, paper, language()).write(key)
    return out.getvalue()


class _Pages:
    """The pages of one workbook while it is written."""

    def __init__(self, book: "Workbook", paper: WorkbookPaper, tongue: Language) -> None:
        self.book, self.paper, self.tongue = book, paper, tongue
        wrapped = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#B1B4B6"}
        self.fixed = book.add_format({**wrapped, "bg_color": "#F3F2F1"})
        self.number = book.add_format({**wrapped, "bg_color": "#F3F2F1", "num_format": "#,##0"})
        self.open = book.add_format({**wrapped, "num_format": "@", "locked": False})
        self.head = book.add_format({**wrapped, "bold": True, "bg_color": "#DEE0E2"})
        self.section = book.add_format({"bold": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.plain = book.add_format({"text_wrap": False, "valign": "top"})
        self.red = book.add_format({"bg_color": "#F6D7D2", "font_color": "#942514"})

    def write(self, key: bytes) -> None:
        """Write all pages; the hidden one last."""
        page = self._page(REPORT_SHEET)
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width, None, {"hidden": column == ID})
        at = self._titles(page)
        tables: list[WorkbookLine] = []
        counts: dict[str, int] = {}
        for section, lines in lines_of(self.paper.form):
            page.write_string(at, NUMBER, section.number, self.section)
            page.write_string(at, CONTENT, section.title.of(self.tongue), self.section)
            at = self._heads(page, at + 1)
            for line in lines:
                self._line(page, at, line)
                if line.kind is ReportFieldKind.COUNT:
                    counts[line.id] = at
                at += 1
            tables += [line for line in lines if line.table]
            at += 1
        highlight_contradictions(page, self.paper.form, counts, self.red)
        for line in tables:
            self._table(line)
        self._hidden(key)

    def _page(self, title: str) -> "Worksheet":
        page = self.book.add_worksheet(title)
        page.protect("", {"format_columns": True, "format_rows": True})
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        return page

    def _titles(self, page: "Worksheet") -> int:
        page.write_string(0, NUMBER, self.paper.form.title.of(self.tongue), self.title)
        lines = (
            *self.paper.titles,
            _("Fill in only the white cells. Write numbers as 1234 or 1.234."),
            _("Where there is no figure, choose why beside it; an empty cell means: not reported."),
            _("A number turns red where it does not fit the other numbers of the form."),
        )
        for place, text in enumerate(lines, 1):
            page.write_string(place, NUMBER, text, self.plain)
        return len(lines) + 2

    def _heads(self, page: "Worksheet", at: int) -> int:
        heads = {
            NUMBER: _("No."),
            CONTENT: _("Content"),
            UNIT: _("Counts"),
            KNOWN: _("By the records"),
            ANSWER: _("Answer"),
            ABSENT: _("No figure, because"),
            REASON: _("Why not as recorded"),
            REMARK: _("Remark"),
        }
        for column, text in heads.items():
            page.write_string(at, column, text, self.head)
        page.set_row(at, _height(heads))
        return at + 1

    def _line(self, page: "Worksheet", at: int, line: WorkbookLine) -> None:
        own = self.paper.own.get(line.entry.id)
        page.write_string(at, ID, line.id, self.fixed)
        page.write_string(at, NUMBER, line.number, self.fixed)
        page.write_string(at, CONTENT, line.label(self.tongue), self.fixed)
        page.write_string(at, UNIT, line.unit(self.tongue), self.fixed)
        self._write_derived(page, at, None if own is None else own.derived)
        own_value = AbsenceReason.MISSING if own is None else own.value
        answer = ""
        if line.table:
            pointer = _("on page “%(page)s”") % {"page": TABLE_SHEET % line.table}
            page.write_string(at, ANSWER, pointer, self.fixed)
        elif line.is_known:
            answer = self.paper.head.unit
            page.write_string(at, ANSWER, answer, self.fixed)
        else:
            answer = self._answer(line, own_value)
            page.write_string(at, ANSWER, answer, self.open)
            self._offer(page, at, line)
            validate_kind(page, at, line)
        if line.is_known:
            page.write_string(at, ABSENT, "", self.fixed)
        else:
            self._absence(page, at, own_value)
        reason = "" if own is None else own.reason
        page.write_string(at, REASON, reason, self.fixed if line.is_known else self.open)
        remark = own_value.remark if isinstance(own_value, GradedCount) else ""
        is_count = line.kind is ReportFieldKind.COUNT
        page.write_string(at, REMARK, remark, self.open if is_count else self.fixed)
        texts = {
            CONTENT: line.label(self.tongue),
            UNIT: line.unit(self.tongue),
            ANSWER: answer,
            REASON: reason,
            REMARK: remark,
        }
        page.set_row(at, _height(texts))

    def _write_derived(self, page: "Worksheet", at: int, derived: Value | None) -> None:
        if isinstance(derived, GradedCount):
            page.write_number(at, KNOWN, derived.number, self.number)
        else:
            text = "" if derived is None else format_value(derived)
            page.write_string(at, KNOWN, text, self.fixed)

    def _answer(self, line: WorkbookLine, own_value: Value) -> str:
        if isinstance(own_value, GradedCount):
            return format_number(own_value.number)
        if isinstance(own_value, TextValue):
            return own_value.text
        if isinstance(own_value, ChosenAnswers) and line.choice is not None:
            return PICKED if line.choice.id in own_value.choices else ""
        if isinstance(own_value, ChosenAnswers) and isinstance(line.entry, ReportField):
            return "; ".join(
                choice.label.of(self.tongue)
                for choice in line.entry.choices
                if choice.id in own_value.choices
            )  # fmt: skip
        return ""

    def _offer(self, page: "Worksheet", at: int, line: WorkbookLine) -> None:
        if line.choice is not None:
            offered: list[str] = [PICKED]
        elif line.kind is ReportFieldKind.CHOICE and isinstance(line.entry, ReportField):
            offered = [one.label.of(self.tongue) for one in line.entry.choices]
        else:
            return
        _list(page, at, ANSWER, offered)

    def _absence(self, page: "Worksheet", at: int, value: Value) -> None:
        label = ABSENCES.get(value) if isinstance(value, AbsenceReason) else None
        page.write_string(at, ABSENT, "" if label is None else label.of(self.tongue), self.open)
        _list(page, at, ABSENT, [one.of(self.tongue) for one in ABSENCES.values()])

    def _table(self, line: WorkbookLine) -> None:
        assert isinstance(line.entry, ReportField)
        own = self.paper.own.get(line.entry.id)
        value = None if own is None else own.value
        rows = value.rows if isinstance(value, FieldRows) else ()
        page = self._page(TABLE_SHEET % line.table)
        page.write_string(0, 0, line.label(self.tongue), self.section)
        page.set_column(0, len(line.entry.columns) - 1, 28)
        for column, one in enumerate(line.entry.columns):
            page.write_string(1, column, one.label.of(self.tongue), self.head)
            for at in range(TABLE_ROWS):
                text = rows[at][column] if at < len(rows) else ""
                page.write_string(at + 2, column, text, self.open)
        page.freeze_panes(2, 0)

    def _hidden(self, key: bytes) -> None:
        page = self.book.add_worksheet(HEAD_SHEET)
        for row, text in enumerate(head_lines(self.paper.head, key)):
            page.write_string(row, 0, text)
        page.protect()
        page.very_hidden()


def _height(texts: Mapping[int, str]) -> float:
    # Programs keep the row height of the file: wrapped text would overlap the next row.
    lines = max(
        sum(-(-max(len(part), 1) // (_WIDTHS[column] - 2)) for part in text.split("\n"))
        for column, text in texts.items()
    )
    return min(lines * _LINE_HEIGHT, _MOST_HEIGHT)


def _list(page: "Worksheet", at: int, column: int, offered: list[str]) -> None:
    # A comma parts the choices; a list that is too long is left out, and read all the same.
    if len(",".join(offered)) <= _MOST_IN_LIST and not any("," in one for one in offered):
        page.data_validation(at, column, at, column, {"validate": "list", "source": offered})
