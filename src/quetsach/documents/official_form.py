"""The form of an official report with its figures, section by section, as finished content."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quetsach.documents.columns import column_widths
from quetsach.documents.official_figures import (
    first_small,
    grade_of,
    in_words,
    is_blank,
    other_than_derived,
    told_count,
    with_unit,
)
from quetsach.documents.official_report import Recheck
from quetsach.documents.official_words import official_words
from quetsach.documents.paper import Block, Grid, Paragraph, Role, plain
from quetsach.documents.paper_lines import Fitting
from quetsach.forms.definition import Aggregation, Field, Form, Kind, Row, Section, Table
from quetsach.forms.figure import Figure, Said
from quetsach.forms.values import Absent, Rows, Value

_LONG_REMARK = 240
"""How many characters of a remark stand in its cell; a longer one is told below the table."""

_WIDE_REMARK = 24
_NARROW_MM = (11.0, 89.0, 23.0, 37.0)
_WIDE_MM = (11.0, 63.0, 24.0, 62.0)


@dataclass(frozen=True)
class FormContent:
    """What the sections of a form are made from."""

    figures: Mapping[str, Figure]
    verified: Sequence[Recheck]
    fitting: Fitting = field(compare=False)


def form_blocks(form: Form, content: FormContent) -> tuple[Block, ...]:
    """Return every section of `form` with its figures, each absence said in words."""
    return tuple(block for section in form.sections for block in _section(section, content))


def _section(section: Section, content: FormContent) -> Iterator[Block]:
    yield plain(Role.HEADING, f"{section.number}. {section.title.vi}")
    for each in section.fields:
        figure = content.figures.get(each.id)
        if each.kind is Kind.COUNT:
            yield from _count_line(each, figure, content)
        elif each.kind is Kind.TABLE:
            yield from _free_table(each, figure, content.fitting)
        else:
            yield from _words(each, figure, content.fitting)
    if section.table is not None:
        yield from _counts(section.table, content)


def _count_line(entry: Field, figure: Figure | None, content: FormContent) -> Iterator[Paragraph]:
    told = told_count(figure, [one for one in content.verified if one.field == entry.id])
    quantity = with_unit(entry, told.quantity)
    text = f"{quantity} ({first_small(told.remark)})" if quantity else told.remark
    yield from _labelled(entry, content.fitting.text(text))


def _words(entry: Field, figure: Figure | None, fitting: Fitting) -> Iterator[Paragraph]:
    """Yield a text or a choice: what the unit says, then what those below it say, by name."""
    words = official_words().value
    own: Value = Absent.MISSING if figure is None else figure.total
    said = () if figure is None else figure.said
    text = in_words(Absent.MISSING if is_blank(own) else own, entry.choices)
    if entry.aggregation is Aggregation.LATEST and said:
        text = f"{text} ({words.latest % {'name': said[0].name}})"
        said = ()
    # Where those below have answered, the unit's own silence is no answer of its own.
    if not said or own is not Absent.MISSING:
        yield from _labelled(entry, fitting.text(text))
        for note in (grade_of(own), other_than_derived(None if figure is None else figure.own)):
            if note:
                yield plain(Role.GRADE, f"({fitting.line(note)}.)")
    else:
        yield plain(Role.ITEM, f"- {fitting.line(entry.label.vi)}:")
    for told, names in _alike(entry, said, fitting).items():
        first, *more = _lines(words.said % {"name": "; ".join(names), "text": told})
        yield plain(Role.VALUE, first)
        yield from (plain(Role.VALUE, line) for line in more)


def _alike(entry: Field, said: Sequence[Said], fitting: Fitting) -> dict[str, list[str]]:
    """Return what is said, each text once with all that say it: forty times "nothing" is one."""
    found: dict[str, list[str]] = {}
    for one in said:
        text = fitting.text(in_words(one.value, entry.choices))
        found.setdefault(text, []).append(fitting.line(one.name))
    return found


def _labelled(entry: Field, text: str) -> Iterator[Paragraph]:
    label = f"- {entry.label.vi}:"
    lines = _lines(text)
    if lines and not entry.below:
        label = f"{label} {lines.pop(0)}"
    yield plain(Role.ITEM, label)
    yield from (plain(Role.VALUE, line) for line in lines)


def _free_table(entry: Field, figure: Figure | None, fitting: Fitting) -> Iterator[Block]:
    own: Value = Absent.MISSING if figure is None else figure.total
    said = () if figure is None else figure.said
    ours = official_words().children.sums["own"]
    rows = [(ours, row) for row in own.rows] if isinstance(own, Rows) else []
    for one in said:
        if isinstance(one.value, Rows):
            rows += [(one.name, row) for row in one.value.rows]
    if not rows:
        yield from _labelled(entry, fitting.text(in_words(_why_empty(own))))
        return
    yield plain(Role.ITEM, f"- {entry.label.vi}:")
    yield _grid_of(entry, rows, fitting, named=bool(said))
    note = grade_of(own)
    if note:
        yield plain(Role.GRADE, f"({note}.)")


def _why_empty(own: Value) -> Value:
    # A table without a row says nothing; that nothing happened is said by NIL alone.
    return Absent.MISSING if is_blank(own) else own


def _grid_of(
    entry: Field,
    rows: Sequence[tuple[str, tuple[str, ...]]],
    fitting: Fitting,
    *,
    named: bool,
) -> Grid:
    words = official_words().value
    heads = (*((words.unit_column,) if named else ()), *(one.label.vi for one in entry.columns))
    cells = tuple(
        (*((fitting.line(name),) if named else ()), *(fitting.text(one).strip() for one in row))
        for name, row in rows
    )
    aligns = ("left",) * named + tuple(
        "center" if column.kind is Kind.COUNT else "left" for column in entry.columns
    )
    return Grid(heads, cells, column_widths(heads, cells), aligns)


def _counts(table: Table, content: FormContent) -> Iterator[Block]:
    """Yield a table of counts; remarks that are too long for their cell follow below it."""
    words = official_words().value
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for number, row in enumerate(table.rows, 1):
        told = told_count(content.figures.get(row.id), _beside(row, content))
        remark = content.fitting.text(told.remark)
        if len(remark) > _LONG_REMARK:
            notes.append(words.below_head % {"number": number, "text": remark})
            remark = words.below % {"number": number}
            remark = remark[:1].upper() + remark[1:]
        rows.append((str(number), row.label.vi, told.quantity, " ".join(remark.split())))
    wide = any(len(row[3]) > _WIDE_REMARK for row in rows)
    heads = tuple(head.vi for head in table.columns)
    yield Grid(heads, tuple(rows), _WIDE_MM if wide else _NARROW_MM)
    for note in notes:
        yield from (plain(Role.VALUE, line) for line in _lines(note))


def _beside(row: Row, content: FormContent) -> list[Recheck]:
    return [one for one in content.verified if one.field == row.id]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
