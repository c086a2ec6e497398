"""The finished content of an official report, element by element; DOCX and PDF both print this."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from quetsach.documents import decree30 as decree
from quetsach.documents.dates import place_and_day
from quetsach.documents.fill import Absent, Count, Filling, Grade, Words, checked
from quetsach.documents.form import Field, Form, Row, Section
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.printable import printable
from quetsach.documents.times_width import balanced_lines, width_pt
from quetsach.documents.wording import wording


class Role(StrEnum):
    """What a paragraph is; the role decides how it is set."""

    LEAD = "lead"
    HEADING = "heading"
    ITEM = "item"
    VALUE = "value"
    GRADE = "grade"
    DOTS = "dots"
    CLOSING = "closing"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the content."""

    role: Role
    text: str


@dataclass(frozen=True)
class Grid:
    """A table of the content: its column heads, and its rows as text."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Paragraph | Grid


@dataclass(frozen=True)
class Paper:
    """All texts of a report in the order of the decree, with the lengths of its rules in points."""

    title: str
    nation: str
    motto: str
    motto_rule: float
    parent: tuple[str, ...]
    body: tuple[str, ...]
    body_rule: float
    number: str
    place: str
    kind: str
    subject: tuple[str, ...]
    subject_rule: float
    addressed: tuple[str, ...]
    blocks: tuple[Block, ...]
    recipients_head: str
    recipients: tuple[str, ...]
    signer_post: tuple[str, ...]
    signer_name: str
    unfit: frozenset[str]


def compose(form: Form, filling: Filling, head: Letterhead) -> Paper:
    """Return the report that `form`, filled with `filling`, makes under `head`.

    Errors: E403 when a value has no place in the form.
    """
    values, unfit_values = _fit_values(checked(form, filling))
    head, unfit_head = _fit_head(head)
    words = wording().head
    left = decree.points(decree.HEAD_COLUMNS_MM[0]) - 4
    body = _upper_lines(head.unit, left, bold=True)
    subject = balanced_lines(
        form.title.vi, decree.BIG_PT, decree.points(decree.TEXT_WIDTH_MM), bold=True
    )
    post = form.signer_post if head.signer_post is None else head.signer_post
    return Paper(
        title=f"{form.kind}: {form.title.vi}",
        nation=words.nation,
        motto=words.motto,
        motto_rule=width_pt(words.motto, decree.BIG_PT, bold=True),
        parent=_upper_lines(head.parent, left) if head.parent_shown else (),
        body=body,
        body_rule=_short_rule(body, decree.HEAD_PT),
        number=_number(form, head),
        place=_place(head),
        kind=form.kind,
        subject=subject,
        subject_rule=_short_rule(subject, decree.BIG_PT),
        addressed=_addressed(head),
        blocks=tuple(_blocks(form, values)),
        recipients_head=f"{words.recipients}:",
        recipients=_recipients(form),
        signer_post=tuple(post.upper().split("\n")),
        signer_name=_dots(24) if head.signer_name is None else head.signer_name,
        unfit=unfit_values | unfit_head,
    )


def _blocks(form: Form, values: Filling) -> Iterator[Block]:
    if form.basis is not None:
        yield Paragraph(Role.LEAD, form.basis)
    for section in form.sections:
        yield from _section(section, values)
    yield Paragraph(Role.CLOSING, form.closing)


def _section(section: Section, values: Filling) -> Iterator[Block]:
    yield Paragraph(Role.HEADING, f"{section.number}. {section.title.vi}")
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
            label += _dots_beside(label)
            below -= 1
        yield Paragraph(Role.ITEM, label)
        yield from [Paragraph(Role.DOTS, _dots_beside(""))] * below
        return
    text = value.text if isinstance(value, Words) else wording().absent[value]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and not field.below:
        label = f"{label} {lines.pop(0)}"
    yield Paragraph(Role.ITEM, label)
    yield from (Paragraph(Role.VALUE, line) for line in lines)
    # Words that a person typed into a text field are declared by their nature and carry no mark.
    if isinstance(value, Words) and value.grade in (Grade.MEASURED, Grade.ATTESTED):
        yield Paragraph(Role.GRADE, f"({wording().grade[value.grade]}.)")
    if isinstance(value, Words) and value.grade in (Grade.MEASURED, None):
        # A machine gives facts; the judgement is the office's own and gets its line.
        yield Paragraph(Role.DOTS, _dots_beside(""))


def _row(number: int, row: Row, values: Filling) -> tuple[str, ...]:
    value = values.count(row.id)
    if value is Absent.BLANK:
        quantity, remark = _dots(12), ""
    elif isinstance(value, Absent):
        quantity, remark = "", wording().absent[value]
    else:
        quantity = f"{value.number:,}".replace(",", ".")
        grade = wording().grade[value.grade]
        remark = f"{grade}; {value.remark}" if value.remark else grade
    return str(number), row.label.vi, quantity, remark


def _number(form: Form, head: Letterhead) -> str:
    number = _dots(8) if head.number is None else f"{head.number:02d}"
    return f"Số: {number}/{form.kind_code}-{_dots(10) if head.code is None else head.code.upper()}"


def _place(head: Letterhead) -> str:
    place = _dots(16) if head.place is None else head.place
    if head.signed_on is None:
        return f"{place}, ngày {_dots(5)} tháng {_dots(5)} năm {_dots(7)}"
    return place_and_day(place, head.signed_on)


def _addressed(head: Letterhead) -> tuple[str, ...]:
    label = f"{wording().head.addressed}:"
    if not head.addressees:
        return (f"{label} {_dots(60)}",)
    if len(head.addressees) == 1:
        return (f"{label} {head.addressees[0]}.",)
    return (label, *_listed(head.addressees))


def _recipients(form: Form) -> tuple[str, ...]:
    return tuple(_listed(form.recipients))


def _listed(names: tuple[str, ...]) -> Iterator[str]:
    for name in names[:-1]:
        yield f"- {name};"
    yield f"- {names[-1]}."


def _upper_lines(name: str | None, limit: float, *, bold: bool = False) -> tuple[str, ...]:
    if name is None:
        return (_dots(36),)
    return tuple(
        line
        for part in name.upper().split("\n")
        for line in balanced_lines(part, decree.HEAD_PT, limit, bold=bold)
    )


def _short_rule(lines: tuple[str, ...], size: float) -> float:
    widest = max((width_pt(line, size, bold=True) for line in lines), default=0.0)
    return widest * decree.RULE_SHARE


def _dots(count: int) -> str:
    return "." * count


def _dots_beside(label: str) -> str:
    """Return the dots that fill the rest of a line that begins with `label`."""
    room = decree.points(decree.TEXT_WIDTH_MM)
    if label:
        room -= decree.points(decree.FIRST_INDENT_MM) + width_pt(label, decree.BIG_PT)
    # Two dots less than fit, so that no word processor breaks the line; never fewer than a few.
    return _dots(max(8, int(room / width_pt(".", decree.BIG_PT)) - 2))


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


def _fit_head(head: Letterhead) -> tuple[Letterhead, frozenset[str]]:
    unfit: set[str] = set()

    def fit(text: str | None) -> str | None:
        if text is None:
            return None
        fitted, odd = printable(text)
        unfit.update(odd)
        return fitted

    fitted = replace(
        head,
        unit=fit(head.unit),
        parent=fit(head.parent),
        code=fit(head.code),
        place=fit(head.place),
        signer_post=fit(head.signer_post),
        signer_name=fit(head.signer_name),
        addressees=tuple(fit(name) or "" for name in head.addressees),
    )
    return fitted, frozenset(unfit)
