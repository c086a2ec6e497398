"""A filled form as the finished content of a report."""

from collections.abc import Iterator
from dataclasses import replace

from quetsach.documents import decree30 as decree
from quetsach.documents.form_fields import choice_lines, count_line, table_blocks
from quetsach.documents.heading import Opening, numbered_as, opening
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Block, Grid, Paper, Paragraph, Role, plain
from quetsach.documents.paper_lines import (
    Fitting,
    addressed_lines,
    dots,
    dots_beside,
    listed,
    short_rule,
)
from quetsach.documents.party import party_notation
from quetsach.documents.times_width import balanced_lines
from quetsach.documents.wording import wording
from quetsach.forms.definition import Field, Form, Kind, Row, Section
from quetsach.forms.numbers import shown
from quetsach.forms.values import Absent, Count, Filling, Grade, Picked, Rows, Words, checked


def compose(form: Form, filling: Filling, head: Letterhead) -> Paper:
    """Return the report that `form`, filled with `filling`, makes under `head`.

    Errors: E403 when a value has no place in the form.
    """
    start = opening(head)
    head, fitting = start.head, start.fitting
    values = _fit_values(checked(form, filling), fitting)
    subject = balanced_lines(
        form.title.vi, decree.BIG_PT, decree.points(decree.TEXT_WIDTH_MM), bold=True
    )
    post = form.signer_post if head.signer_post is None else head.signer_post
    return Paper(
        title=f"{form.kind}: {form.title.vi}",
        head=start.lines(_number(form, start)),
        kind=form.kind,
        subject=subject,
        subject_rule=short_rule(subject, decree.BIG_PT),
        addressed=addressed_lines(head.addressees),
        blocks=tuple(_blocks(form, values)),
        recipients_head=f"{start.words.recipients}:",
        recipients=_recipients(form),
        signer_post=tuple(post.upper().split("\n")),
        signer_name=dots(24) if head.signer_name is None else head.signer_name,
        unfit=fitting.unfit,
        beyond=frozenset(fitting.beyond),
        house=start.house,
    )


def blank_blocks(form: Form) -> tuple[Block, ...]:
    """Return the sections of `form`, every value left open, as an annex of a letter has them."""
    return tuple(block for section in form.sections for block in _section(section, Filling()))


def _blocks(form: Form, values: Filling) -> Iterator[Block]:
    if form.basis is not None:
        yield plain(Role.LEAD, form.basis)
    for section in form.sections:
        yield from _section(section, values)
    yield plain(Role.CLOSING, form.closing)


def _section(section: Section, values: Filling) -> Iterator[Block]:
    yield plain(Role.HEADING, f"{section.number}. {section.title.vi}")
    for field in section.fields:
        yield from _any_field(field, values)
    if section.table is not None:
        rows = [_row(n, row, values) for n, row in enumerate(section.table.rows, 1)]
        yield Grid(tuple(head.vi for head in section.table.columns), tuple(rows))


def _any_field(field: Field, values: Filling) -> Iterator[Block]:
    value = values.value(field.id)
    if field.kind is Kind.COUNT:
        yield count_line(field, values.count(field.id))
    elif field.kind is Kind.CHOICE and isinstance(value, Picked | Absent):
        yield from choice_lines(field, value)
    elif field.kind is Kind.TABLE and isinstance(value, Rows | Absent):
        yield from table_blocks(field, value)
    else:
        yield from _field(field, values.words(field.id))


def _field(field: Field, value: Words | Absent) -> Iterator[Paragraph]:
    label = f"- {field.label.vi}:"
    if value is Absent.MISSING:
        below = field.lines
        if not field.below:
            label += dots_beside(label)
            below -= 1
        yield plain(Role.ITEM, label)
        yield from [plain(Role.DOTS, dots_beside(""))] * below
        return
    text = value.text if isinstance(value, Words) else wording().absent[value]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and not field.below:
        label = f"{label} {lines.pop(0)}"
    yield plain(Role.ITEM, label)
    yield from (plain(Role.VALUE, line) for line in lines)
    # Words that a person typed into a text field are declared by their nature and carry no mark.
    if isinstance(value, Words) and value.grade in (Grade.MEASURED, Grade.ATTESTED):
        yield plain(Role.GRADE, f"({wording().grade[value.grade]}.)")
    if isinstance(value, Words) and value.grade in (Grade.MEASURED, None):
        # A machine gives facts; the judgement is the office's own and gets its line.
        yield plain(Role.DOTS, dots_beside(""))


def _row(number: int, row: Row, values: Filling) -> tuple[str, ...]:
    value = values.count(row.id)
    if value is Absent.MISSING:
        quantity, remark = dots(12), ""
    elif isinstance(value, Absent):
        quantity, remark = "", wording().absent[value]
    else:
        quantity = shown(value.number)
        grade = wording().grade[value.grade]
        remark = f"{grade}; {value.remark}" if value.remark else grade
    return str(number), row.label.vi, quantity, remark


def _number(form: Form, start: Opening) -> str:
    head = start.head
    code = dots(10) if head.code is None else head.code.upper()
    by_kind = party_notation if head.is_party else "{}-{}".format
    return numbered_as(start.known_number, by_kind(form.kind_code, code))


def _recipients(form: Form) -> tuple[str, ...]:
    return tuple(listed(form.recipients))


def _fit_values(filling: Filling, fitting: Fitting) -> Filling:
    values = dict(filling.values)
    for key, value in filling.values.items():
        if isinstance(value, Words):
            values[key] = replace(value, text=fitting.text(value.text))
        elif isinstance(value, Count):
            values[key] = replace(value, remark=fitting.line(value.remark))
        elif isinstance(value, Rows):
            rows = (tuple(fitting.text(cell).strip() for cell in row) for row in value.rows)
            values[key] = replace(value, rows=tuple(rows))
    return Filling(values)
