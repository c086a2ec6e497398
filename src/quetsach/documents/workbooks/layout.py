"""The layout of a report workbook: its lines, its validation rules, and its sealed hidden page."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.checks import LONGEST_TEXT
from quetsach.forms.definition import (
    UNIT_LABELS,
    CheckRule,
    Choice,
    FormCheck,
    FormPart,
    Label,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
    TextSource,
    kind_of,
)
from quetsach.forms.value_json import CanonicalObject, NotCanonicalError, canonical, decoded
from quetsach.forms.values import AbsenceReason
from quetsach.texts import Language, _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


REPORT_SHEET = "Báo cáo"
TABLE_SHEET = "Bảng %d"
"""The names of the pages; reading finds them by these names, so they are not translated."""

ID, NUMBER, CONTENT, UNIT, KNOWN, ANSWER, ABSENT, REASON, REMARK = range(9)
"""The columns of the page, from A; a line's id is in the first, which is hidden."""

PICKED = "x"

ABSENCES = MappingProxyType(
    {
        AbsenceReason.NIL: Label("không phát sinh", "nothing to report"),
        AbsenceReason.NOT_COLLECTED: Label("không thu thập", "not collected"),
        AbsenceReason.NOT_APPLICABLE: Label("không áp dụng", "not applicable"),
    }
)
"""Why there is no answer, as the list of the column offers it."""


@dataclass(frozen=True)
class WorkbookLine:
    """One line that asks for something: a field, or one choice of a field that may have several.

    Shapes: `table` is the number of the page with the rows of a table field, else 0.
    """

    id: str
    number: str
    entry: ReportField | TableCount
    choice: Choice | None = None
    table: int = 0

    @property
    def is_known(self) -> bool:
        """Whether the program fills it in, and no person may change it."""
        return isinstance(self.entry, ReportField) and self.entry.source is TextSource.UNIT

    @property
    def kind(self) -> ReportFieldKind:
        """What it asks for."""
        return kind_of(self.entry)

    def label(self, language: Language) -> str:
        """Return its label."""
        label = self.entry.label.of(language)
        return label if self.choice is None else f"{label}: {self.choice.label.of(language)}"

    def unit(self, language: Language) -> str:
        """Return what it counts, "" if it counts nothing."""
        unit = self.entry.unit
        return "" if unit is None else UNIT_LABELS[unit].of(language)


def lines_of(form: ReportFormDefinition) -> Iterator[tuple[FormPart, tuple[WorkbookLine, ...]]]:
    """Yield each section with its lines, in the form's order."""
    tables = 0
    for section in form.sections:
        lines: list[WorkbookLine] = []
        for place, field in enumerate(_entries(section), 1):
            number = f"{section.number}.{place}"
            if (
                isinstance(field, ReportField)
                and field.kind is ReportFieldKind.CHOICE
                and field.several
            ):
                lines += [
                    WorkbookLine(f"{field.id}/{choice.id}", number, field, choice)
                    for choice in field.choices
                ]
            elif kind_of(field) is ReportFieldKind.TABLE:
                tables += 1
                lines.append(WorkbookLine(field.id, number, field, table=tables))
            else:
                lines.append(WorkbookLine(field.id, number, field))
        yield section, tuple(lines)


def _entries(section: FormPart) -> tuple[ReportField | TableCount, ...]:
    return (*section.fields, *(section.table.rows if section.table else ()))


def cell_name(row: int, column: int) -> str:
    """Return what a program calls a cell of the first 26 columns; `row` counts from 1."""
    return f"{chr(ord('A') + column)}{row}"


_MOST_DIGITS = 15


def validate_kind(page: "Worksheet", at: int, line: WorkbookLine) -> None:
    """Let the answer in row `at` be a whole number, or a text that is not too long."""
    cell = cell_name(at + 1, ANSWER)
    if line.kind is ReportFieldKind.COUNT:
        message = _("Only digits: a whole number such as 1234 or 1.234, without a sign or a comma.")
        rule: dict[str, object] = {"validate": "custom", "value": _only_digits(cell)}
    elif line.kind is ReportFieldKind.TEXT:
        message = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}
        rule = {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}
    else:
        return
    page.data_validation(at, ANSWER, at, ANSWER, {**rule, "error_message": message})


def highlight_contradictions(
    page: "Worksheet", form: ReportFormDefinition, rows: Mapping[str, int], red: "Format"
) -> None:
    """Colour answers that the form's checks contradict.

    Shapes: `rows` has the row of each line that asks for a count, by its id.
    """
    for check in form.checks:
        if (
            check.rule in (CheckRule.NOT_MORE, CheckRule.SUM_OF)
            and {check.field, *check.of} <= rows.keys()
        ):
            cell = (rows[check.field], ANSWER, rows[check.field], ANSWER)
            rule = {"type": "formula", "criteria": _contradicted(check, rows), "format": red}
            page.conditional_format(*cell, rule)


def _only_digits(cell: str) -> str:
    # Shorter than the 255 characters that a rule may have; a number that was typed is its digits.
    left = cell
    for sign in ('"."', '" "', *range(10)):
        left = f'SUBSTITUTE({left},{sign},"")'
    return f"=AND(LEN({cell})<={_MOST_DIGITS},LEN({left})=0)"


def _contradicted(check: FormCheck, rows: Mapping[str, int]) -> str:
    sign = ">" if check.rule is CheckRule.NOT_MORE else "<>"
    others = "+".join(_number(rows[one]) for one in check.of)
    # An empty cell is no number, and shows no message.
    return f"=IFERROR({_number(rows[check.field])}{sign}({others}),FALSE)"


def _number(row: int) -> str:
    cell = f"${chr(ord('A') + ANSWER)}${row + 1}"
    return f'VALUE(SUBSTITUTE(SUBSTITUTE({cell},".","")," ",""))'


FORMAT = "quetsach-workbook/1"
HEAD_SHEET = "kiem-tra"
"""The hidden page; no other page of a workbook may be hidden."""

MOST_BYTES = 8 * 1024


@dataclass(frozen=True)
class WorkbookHead:
    """Which form, by its digest, which slot of which campaign, whose, and which state of it.

    Shapes: `slot` is the caller's number of the slot; `state` names the state of the draft when
    the workbook was made: what one that is older than the draft changes is looked at the closer.
    """

    form: str
    form_digest: str
    campaign: str
    slot: str
    unit: str
    state: str


def head_lines(head: WorkbookHead, key: bytes) -> tuple[str, str]:
    """Return the two cells of the hidden page: the head as JSON, and its seal by `key`."""
    said = canonical({"format": FORMAT, **asdict(head)})
    return said.decode(), _seal(said, key)


def read_head(lines: tuple[str, str], key: bytes, where: str) -> WorkbookHead:
    """Return the head on the hidden page. Errors: E475 when it is none, or was changed."""
    head = lines[0].encode("utf-8", "replace")
    if not hmac.compare_digest(_seal(head, key).encode(), lines[1].encode("utf-8", "replace")):
        raise _changed(where)
    try:
        fields = CanonicalObject(decoded(head, MOST_BYTES), "head")
        if fields.text("format") != FORMAT:
            raise NotCanonicalError("format")
        return WorkbookHead(
            fields.text("form"),
            fields.text("form_digest"),
            fields.text("campaign"),
            fields.text("slot"),
            fields.text("unit"),
            fields.text("state"),
        )
    except NotCanonicalError as error:
        raise _changed(where) from error


def _changed(where: str) -> QuetsachError:
    return QuetsachError(
        "E475", where, reason=_("the hidden page that identifies the workbook was changed")
    )


def _seal(said: bytes, key: bytes) -> str:
    return hmac.new(key, said, hashlib.sha256).hexdigest()
