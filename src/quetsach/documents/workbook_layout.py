"""The pages of a workbook for one form: which line asks for what, in Vietnamese and English."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from quetsach.forms.definition import (
    UNIT_LABELS,
    Choice,
    Field,
    Form,
    Kind,
    Label,
    Row,
    Section,
    Source,
    kind_of,
)
from quetsach.forms.values import Absent
from quetsach.texts import Language

SHEET = "Báo cáo"
TABLE_SHEET = "Bảng %d"
"""What the pages are called; they are found by these names again, so no language changes them."""

ID, NUMBER, CONTENT, UNIT, KNOWN, ANSWER, ABSENT, REASON, REMARK = range(9)
"""The columns of the page, from A; a line's id stands in the first, which is not shown."""

PICKED = "x"

ABSENCES = MappingProxyType(
    {
        Absent.NIL: Label("không phát sinh", "nothing to report"),
        Absent.NOT_COLLECTED: Label("không thu thập", "not collected"),
        Absent.NOT_APPLICABLE: Label("không áp dụng", "not applicable"),
    }
)
"""Why there is no answer, as the list of the column offers it."""


@dataclass(frozen=True)
class Line:
    """One line that asks for something: a field, or one choice of a field that may have several.

    Shapes: `table` is the number of the page on which the rows of a table field stand, else 0.
    """

    id: str
    number: str
    entry: Field | Row
    choice: Choice | None = None
    table: int = 0

    @property
    def is_known(self) -> bool:
        """Whether the program fills it in by itself: nobody is asked, and nobody may change it."""
        return isinstance(self.entry, Field) and self.entry.source is Source.UNIT

    @property
    def kind(self) -> Kind:
        """What it asks for."""
        return kind_of(self.entry)

    def label(self, language: Language) -> str:
        """Return what stands beside it."""
        label = self.entry.label.of(language)
        return label if self.choice is None else f"{label}: {self.choice.label.of(language)}"

    def unit(self, language: Language) -> str:
        """Return what it counts, "" if it counts nothing."""
        unit = self.entry.unit
        return "" if unit is None else UNIT_LABELS[unit].of(language)


def lines_of(form: Form) -> Iterator[tuple[Section, tuple[Line, ...]]]:
    """Yield each section with its lines, in the form's order."""
    tables = 0
    for section in form.sections:
        lines: list[Line] = []
        for place, entry in enumerate(_entries(section), 1):
            number = f"{section.number}.{place}"
            if isinstance(entry, Field) and entry.kind is Kind.CHOICE and entry.several:
                lines += [Line(f"{entry.id}/{one.id}", number, entry, one) for one in entry.choices]
            elif kind_of(entry) is Kind.TABLE:
                tables += 1
                lines.append(Line(entry.id, number, entry, table=tables))
            else:
                lines.append(Line(entry.id, number, entry))
        yield section, tuple(lines)


def _entries(section: Section) -> tuple[Field | Row, ...]:
    return (*section.fields, *(section.table.rows if section.table else ()))


def cell_name(row: int, column: int) -> str:
    """Return what a program calls a cell of the first 26 columns; `row` counts from 1."""
    return f"{chr(ord('A') + column)}{row}"
