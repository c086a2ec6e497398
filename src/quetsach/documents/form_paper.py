"""A filled form as the finished content of a report."""

from collections.abc import Iterator
from dataclasses import replace

from quetsach.documents import decree30 as decree
from quetsach.documents.fill import Absent, Count, Filling, Grade, Words, checked
from quetsach.documents.form import Field, Form, Row, Section
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
    upper_lines,
)
from quetsach.documents.printable import printable
from quetsach.documents.times_width import balanced_lines, width_pt
from quetsach.documents.wording import wording


def compose(form: Form, filling: Filling, head: Letterhead) -> Paper:
    """Return the report that `form`, filled with `filling`, makes under `head`.

    Errors: E403 when a value has no place in the form.
    """
    values, unfit_values = _fit_values(checked(form, filling))
    head, unfit_head = fit_head(head)
    words = wording().head
    left = decree.points(decree.HEAD_COLUMNS_MM[0]) - 4
    body = upper_lines(head.unit, left, bold=True)
    subject = balanced_lines(
        form.title.vi, decree.BIG_PT, decree.points(decree.TEXT_WIDTH_MM), bold=True
    )
    post = form.signer_post if head.signer_post is None else head.signer_post
    return Paper(
        title=f"{form.kind}: {form.title.vi}",
        nation=words.nation,
        motto=words.motto,
        motto_rule=width_pt(words.motto, decree.BIG_PT, bold=True),
        parent=upper_lines(head.parent, left) if head.parent_shown else (),
        body=body,
        body_rule=short_rule(body, decree.HEAD_PT),
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
        yield from _field(field, values.words(field.id))
    if section.table is not None:
        rows = [_row(n, row, values) for n, row in enumerate(section.table.rows, 1)]
        yield Grid(tuple(head.vi for head in section.table.columns), tuple(rows))


def _field(field: Field, value: Words | Absent) -> Iterator[Paragraph]:
    label = f"- {field.label.vi}:"
    if value is Absent.BLANK:
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
    if value is Absent.BLANK:
        quantity, remark = dots(12), ""
    elif isinstance(value, Absent):
        quantity, remark = "", wording().absent[value]
    else:
        quantity = f"{value.number:,}".replace(",", ".")
        grade = wording().grade[value.grade]
        remark = f"{grade}; {value.remark}" if value.remark else grade
    return str(number), row.label.vi, quantity, remark


def _number(form: Form, head: Letterhead) -> str:
    number = dots(8) if head.number is None else f"{head.number:02d}"
    code = dots(10) if head.code is None else head.code.upper()
    return f"{wording().head.number}: {number}/{form.kind_code}-{code}"


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
        else:
            continue
        unfit |= odd
    return Filling(values), unfit
