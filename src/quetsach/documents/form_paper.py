"""A filled form as the finished content of a report."""

from collections.abc import Iterator
from dataclasses import replace

from quetsach.documents import decree30 as decree
from quetsach.documents.form_fields import choice_lines, count_line, table_blocks
from quetsach.documents.heading import head_lines, head_words, house_of, number_line, numbered_as
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Block, Grid, Paper, Paragraph, Role, plain
from quetsach.documents.paper_lines import (
    addressed_lines,
    dots,
    dots_beside,
    fit_head,
    listed,
    place_of,
    short_rule,
)
from quetsach.documents.party import party_notation
from quetsach.documents.printable import printable
from quetsach.documents.times_width import balanced_lines
from quetsach.documents.wording import wording
from quetsach.forms.definition import Field, Form, Kind, Row, Section
from quetsach.forms.numbers import shown
from quetsach.forms.values import Absent, Count, Filling, Grade, Picked, Rows, Words, checked


def compose(form: Form, filling: Filling, head: Letterhead) -> Paper:
    """Return the report that `form`, filled with `filling`, makes under `head`.

    Errors: E403 when a value has no place in the form.
    """
    values, unfit_values = _fit_values(checked(form, filling))
    head, unfit_head = fit_head(head)
    words = head_words(head)
    top = head_lines(head, words)
    subject = balanced_lines(
        form.title.vi, decree.BIG_PT, decree.points(decree.TEXT_WIDTH_MM), bold=True
    )
    post = form.signer_post if head.signer_post is None else head.signer_post
    return Paper(
        title=f"{form.kind}: {form.title.vi}",
        nation=top.nation,
        motto=top.motto,
        motto_rule=top.motto_rule,
        parent=top.parent,
        body=top.body,
        body_rule=top.body_rule,
        number=_number(form, head),
        place=place_of(head),
        kind=form.kind,
        subject=subject,
        subject_rule=short_rule(subject, decree.BIG_PT),
        addressed=addressed_lines(head.addressees),
        blocks=tuple(_blocks(form, values)),
        recipients_head=f"{words.recipients}:",
        recipients=_recipients(form),
        signer_post=tuple(post.upper().split("\n")),
        signer_name=dots(24) if head.signer_name is None else head.signer_name,
        unfit=unfit_values | unfit_head,
        house=house_of(head),
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


def _number(form: Form, head: Letterhead) -> str:
    number = dots(8) if head.number is None else f"{head.number:02d}"
    code = dots(10) if head.code is None else head.code.upper()
    by_kind = party_notation if head.is_party else "{}-{}".format
    return number_line(head, head_words(head), numbered_as(number, by_kind(form.kind_code, code)))


def _recipients(form: Form) -> tuple[str, ...]:
    return tuple(listed(form.recipients))


def _fit_values(filling: Filling) -> tuple[Filling, frozenset[str]]:
    unfit: frozenset[str] = frozenset()
    values = dict(filling.values)
    for key, value in filling.values.items():
        if isinstance(value, Words):
            text, odd = printable(value.text)
            values[key] = replace(value, text=text)
        elif isinstance(value, Count):
            text, odd = printable(value.remark)
            values[key] = replace(value, remark=" ".join(text.split()))
        elif isinstance(value, Rows):
            fit = [[printable(cell) for cell in row] for row in value.rows]
            texts = tuple(tuple(text.strip() for text, _odd in row) for row in fit)
            values[key] = replace(value, rows=texts)
            odd = frozenset[str]().union(*(bad for row in fit for _text, bad in row))
        else:
            continue
        unfit |= odd
    return Filling(values), unfit
