"""Fields of a form that are no running text, as lines and tables of a paper."""

from collections.abc import Iterator

from quetsach.documents.columns import column_aligns, column_widths
from quetsach.documents.paper import Block, Grid, Paragraph, Role, plain
from quetsach.documents.paper_lines import dots, dots_beside
from quetsach.documents.wording import wording
from quetsach.forms.definition import UNIT_LABELS, Field, Kind
from quetsach.forms.numbers import shown
from quetsach.forms.values import Absent, Count, Picked, Rows

_BLANK_ROWS = 3
_TICKED, _OPEN = "[x]", "[  ]"


def count_line(field: Field, value: Count | Absent) -> Paragraph:
    """Return a count that stands outside a table as one line: label, number, unit, grade."""
    label = f"- {field.label.vi}:"
    if value is Absent.MISSING:
        return plain(Role.ITEM, label + dots_beside(label))
    if isinstance(value, Absent):
        return plain(Role.ITEM, f"{label} {wording().absent[value]}")
    unit = "" if field.unit is None else f" {UNIT_LABELS[field.unit].vi}"
    said = [wording().grade[value.grade], value.remark]
    told = "; ".join(one for one in said if one)
    return plain(Role.ITEM, f"{label} {shown(value.number)}{unit} ({told})")


def choice_lines(field: Field, value: Picked | Absent) -> Iterator[Paragraph]:
    """Yield a choice: its label, and each answer that it offers with a box."""
    label = f"- {field.label.vi}:"
    if isinstance(value, Absent) and value is not Absent.MISSING:
        yield plain(Role.ITEM, f"{label} {wording().absent[value]}")
        return
    yield plain(Role.ITEM, label)
    picked = value.choices if isinstance(value, Picked) else ()
    for choice in field.choices:
        box = _TICKED if choice.id in picked else _OPEN
        yield plain(Role.VALUE, f"{box} {choice.label.vi}")


def table_blocks(field: Field, value: Rows | Absent) -> Iterator[Block]:
    """Yield a table field: its label, and its rows, or blank ones to write into."""
    label = f"- {field.label.vi}:"
    if isinstance(value, Absent) and value is not Absent.MISSING:
        yield plain(Role.ITEM, f"{label} {wording().absent[value]}")
        return
    yield plain(Role.ITEM, label)
    heads = tuple(column.label.vi for column in field.columns)
    rows = value.rows if isinstance(value, Rows) else ((dots(6),) * len(heads),) * _BLANK_ROWS
    aligns = list(column_aligns(rows, len(heads)))
    for place, column in enumerate(field.columns):
        if column.kind is Kind.COUNT:
            aligns[place] = "center"
    yield Grid(heads, rows, column_widths(heads, rows), tuple(aligns))
