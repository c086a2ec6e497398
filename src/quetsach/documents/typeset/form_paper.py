"""A filled form as the content of a report: counts, choices, texts and tables."""

import re
from collections.abc import Iterator
from dataclasses import replace

from quetsach.documents.letters.letter import DocumentOpening, numbered_as, opening
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import (
    Block,
    DocumentContent,
    DocumentTable,
    Paragraph,
    ParagraphRole,
    TextFitter,
    addressed_lines,
    dots,
    dots_beside,
    listed,
    plain,
    short_rule,
)
from quetsach.documents.typeset.letterhead import Letterhead, party_notation
from quetsach.documents.typeset.text import balanced_lines, column_aligns, column_widths
from quetsach.documents.typeset.wording import wording
from quetsach.forms.definition import (
    UNIT_LABELS,
    FormPart,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
)
from quetsach.forms.values import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    FilledForm,
    GradedCount,
    TextValue,
    checked,
    format_number,
)

_BLANK_ROWS = 3
_TICKED, _OPEN = "[x]", "[  ]"


def count_line(field: ReportField, count: GradedCount | AbsenceReason) -> Paragraph:
    """Return a count outside a table as one line: label, number, unit, grade."""
    label = f"- {field.label.vi}:"
    if count is AbsenceReason.MISSING:
        return plain(ParagraphRole.ITEM, label + dots_beside(label))
    if isinstance(count, AbsenceReason):
        return plain(ParagraphRole.ITEM, f"{label} {wording().absent[count]}")
    unit = "" if field.unit is None else f" {UNIT_LABELS[field.unit].vi}"
    parts = [wording().grade[count.grade], count.remark]
    remark = "; ".join(part for part in parts if part)
    return plain(ParagraphRole.ITEM, f"{label} {format_number(count.number)}{unit} ({remark})")


def choice_lines(field: ReportField, chosen: ChosenAnswers | AbsenceReason) -> Iterator[Paragraph]:
    """Yield a choice: its label, and each answer that it offers with a box."""
    label = f"- {field.label.vi}:"
    if isinstance(chosen, AbsenceReason) and chosen is not AbsenceReason.MISSING:
        yield plain(ParagraphRole.ITEM, f"{label} {wording().absent[chosen]}")
        return
    yield plain(ParagraphRole.ITEM, label)
    picked = chosen.choices if isinstance(chosen, ChosenAnswers) else ()
    for choice in field.choices:
        box = _TICKED if choice.id in picked else _OPEN
        yield plain(ParagraphRole.VALUE, f"{box} {choice.label.vi}")


def table_blocks(field: ReportField, table: FieldRows | AbsenceReason) -> Iterator[Block]:
    """Yield a table field: its label, and its rows, or blank ones to write into."""
    label = f"- {field.label.vi}:"
    if isinstance(table, AbsenceReason) and table is not AbsenceReason.MISSING:
        yield plain(ParagraphRole.ITEM, f"{label} {wording().absent[table]}")
        return
    yield plain(ParagraphRole.ITEM, label)
    heads = tuple(column.label.vi for column in field.columns)
    rows = table.rows if isinstance(table, FieldRows) else ((dots(6),) * len(heads),) * _BLANK_ROWS
    aligns = list(column_aligns(rows, len(heads)))
    for place, column in enumerate(field.columns):
        if column.kind is ReportFieldKind.COUNT:
            aligns[place] = "center"
    yield DocumentTable(heads, rows, column_widths(heads, rows), tuple(aligns))


def compose(form: ReportFormDefinition, filling: FilledForm, head: Letterhead) -> DocumentContent:
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
    return DocumentContent(
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


def blank_blocks(form: ReportFormDefinition) -> tuple[Block, ...]:
    """Return the sections of `form`, every value left open, as an annex of a letter has them."""
    return tuple(block for section in form.sections for block in _section(section, FilledForm()))


_NAMED_LETTER = re.compile(r"(?<=^Thực hiện )[^,]*\bsố\s+\d.*(?=, [^,]*báo cáo)")


def open_basis(basis: str) -> str:
    """Return what a form rests on with the letter that it names left open, as dots.

    The form may come from another campaign, whose letter is none of this report's.
    """
    return _NAMED_LETTER.sub(dots(40), basis)


def _blocks(form: ReportFormDefinition, values: FilledForm) -> Iterator[Block]:
    if form.basis is not None:
        yield plain(ParagraphRole.LEAD, open_basis(form.basis))
    for section in form.sections:
        yield from _section(section, values)
    yield plain(ParagraphRole.CLOSING, form.closing)


def _section(section: FormPart, values: FilledForm) -> Iterator[Block]:
    yield plain(ParagraphRole.HEADING, f"{section.number}. {section.title.vi}")
    for field in section.fields:
        yield from _any_field(field, values)
    if section.table is not None:
        rows = [_row(n, row, values) for n, row in enumerate(section.table.rows, 1)]
        yield DocumentTable(tuple(head.vi for head in section.table.columns), tuple(rows))


def _any_field(field: ReportField, values: FilledForm) -> Iterator[Block]:
    answer = values.value(field.id)
    if field.kind is ReportFieldKind.COUNT:
        yield count_line(field, values.count(field.id))
    elif field.kind is ReportFieldKind.CHOICE and isinstance(answer, ChosenAnswers | AbsenceReason):
        yield from choice_lines(field, answer)
    elif field.kind is ReportFieldKind.TABLE and isinstance(answer, FieldRows | AbsenceReason):
        yield from table_blocks(field, answer)
    else:
        yield from _field(field, values.words(field.id))


def _field(field: ReportField, text_value: TextValue | AbsenceReason) -> Iterator[Paragraph]:
    label = f"- {field.label.vi}:"
    if text_value is AbsenceReason.MISSING:
        below = field.lines
        if not field.below:
            label += dots_beside(label)
            below -= 1
        yield plain(ParagraphRole.ITEM, label)
        yield from [plain(ParagraphRole.DOTS, dots_beside(""))] * below
        return
    text = text_value.text if isinstance(text_value, TextValue) else wording().absent[text_value]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and not field.below:
        label = f"{label} {lines.pop(0)}"
    yield plain(ParagraphRole.ITEM, label)
    yield from (plain(ParagraphRole.VALUE, line) for line in lines)
    # Text typed by a person is always declared, so it has no grade printed.
    if isinstance(text_value, TextValue) and text_value.grade in (
        FigureGrade.MEASURED,
        FigureGrade.ATTESTED,
    ):
        yield plain(ParagraphRole.GRADE, f"({wording().grade[text_value.grade]}.)")
    if isinstance(text_value, TextValue) and text_value.grade in (FigureGrade.MEASURED, None):
        # Measured text states facts; a blank line is left for the office's own assessment.
        yield plain(ParagraphRole.DOTS, dots_beside(""))


def _row(number: int, counted: TableCount, values: FilledForm) -> tuple[str, ...]:
    count = values.count(counted.id)
    if count is AbsenceReason.MISSING:
        quantity, remark = dots(12), ""
    elif isinstance(count, AbsenceReason):
        quantity, remark = "", wording().absent[count]
    else:
        quantity = format_number(count.number)
        grade = wording().grade[count.grade]
        remark = f"{grade}; {count.remark}" if count.remark else grade
    return str(number), counted.label.vi, quantity, remark


def _number(form: ReportFormDefinition, start: DocumentOpening) -> str:
    head = start.head
    code = dots(10) if head.code is None else head.code.upper()
    by_kind = party_notation if head.is_party else "{}-{}".format
    return numbered_as(start.known_number, by_kind(form.kind_code, code))


def _recipients(form: ReportFormDefinition) -> tuple[str, ...]:
    return tuple(listed(form.recipients))


def _fit_values(filling: FilledForm, fitting: TextFitter) -> FilledForm:
    values = dict(filling.values)
    for key, answer in filling.values.items():
        if isinstance(answer, TextValue):
            values[key] = replace(answer, text=fitting.text(answer.text))
        elif isinstance(answer, GradedCount):
            values[key] = replace(answer, remark=fitting.line(answer.remark))
        elif isinstance(answer, FieldRows):
            rows = (tuple(fitting.text(cell).strip() for cell in row) for row in answer.rows)
            values[key] = replace(answer, rows=tuple(rows))
    return FilledForm(values)
