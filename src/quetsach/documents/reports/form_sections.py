"""The form of an official report, section by section: its tables, words and rows as blocks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quetsach.documents.reports.figures import (
    first_small,
    grade_of,
    in_words,
    is_blank,
    other_than_derived,
    print_count,
    with_unit,
)
from quetsach.documents.reports.report import RecheckFigures
from quetsach.documents.typeset.content import (
    Block,
    DocumentTable,
    Paragraph,
    ParagraphRole,
    TextFitter,
    plain,
)
from quetsach.documents.typeset.text import column_widths
from quetsach.documents.typeset.wording import official_words
from quetsach.forms.definition import (
    Aggregation,
    CountTable,
    CountUnit,
    FormPart,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
    TextSource,
)
from quetsach.forms.values import (
    AbsenceReason,
    FieldRows,
    SummedFigure,
    UnitWords,
    Value,
)

_LONG_REMARK = 240
"""How many characters of a remark fit in its cell; a longer one is printed below the table."""

_WIDE_REMARK = 24
_CARRIED_OUT = "organisations_deployed"
_NARROW_MM = (11.0, 89.0, 23.0, 37.0)
_WIDE_MM = (11.0, 63.0, 24.0, 62.0)


@dataclass(frozen=True)
class FormContent:
    """What the sections of a form are made from."""

    figures: Mapping[str, SummedFigure]
    verified: Sequence[RecheckFigures]
    fitting: TextFitter = field(compare=False)
    looked: str = ""
    is_summed_below: bool = False


def form_blocks(form: ReportFormDefinition, content: FormContent) -> tuple[Block, ...]:
    """Return every section of `form` with its figures, each absence in words."""
    return tuple(block for section in form.sections for block in _section(section, content))


def _section(section: FormPart, content: FormContent) -> Iterator[Block]:
    yield plain(ParagraphRole.HEADING, f"{section.number}. {section.title.vi}")
    for each in section.fields:
        figure = content.figures.get(each.id)
        if each.kind is ReportFieldKind.COUNT:
            yield from _count_line(each, figure, content)
        elif each.kind is ReportFieldKind.TABLE:
            yield from _free_table(each, figure, content.fitting)
        else:
            yield from _assessed(each, figure, content)
    if section.table is not None:
        yield from _counts(section.table, content)


def _count_line(
    field: ReportField, figure: SummedFigure | None, content: FormContent
) -> Iterator[Paragraph]:
    printed = print_count(
        figure,
        [recheck for recheck in content.verified if recheck.field == field.id],
        is_summed_below=content.is_summed_below,
    )
    quantity = with_unit(field, printed.quantity)
    text = f"{quantity}; {first_small(printed.remark)}" if quantity else printed.remark
    yield from _labelled(field, content.fitting.text(text))


def _assessed(
    field: ReportField, figure: SummedFigure | None, content: FormContent
) -> Iterator[Paragraph]:
    """Yield a text; the first line of an assessment says what was looked at."""
    lines = list(_words(field, figure, content.fitting))
    if field.source is not TextSource.SWEEP or not content.looked:
        yield from lines
        return
    looked = plain(ParagraphRole.VALUE, content.fitting.line(content.looked))
    first, *more = lines
    label = f"- {content.fitting.line(field.label.vi)}:"
    rest = first.text.removeprefix(label).strip() if first.text.startswith(label) else first.text
    yield plain(ParagraphRole.ITEM, label)
    yield looked
    if rest:
        yield plain(ParagraphRole.VALUE, rest)
    yield from more


def _words(
    field: ReportField, figure: SummedFigure | None, fitting: TextFitter
) -> Iterator[Paragraph]:
    """Yield a text or a choice: the unit's own answer, then those of the units below, by name."""
    words = official_words().value
    own: Value = AbsenceReason.MISSING if figure is None else figure.total
    answers = () if figure is None else figure.said
    text = in_words(AbsenceReason.MISSING if is_blank(own) else own, field.choices)
    if field.aggregation is Aggregation.LATEST and answers:
        text = f"{text} ({words.latest % {'name': answers[0].name}})"
        answers = ()
    # If units below have answered, the unit's own missing answer is not printed.
    if not answers or own is not AbsenceReason.MISSING:
        yield from _labelled(field, fitting.text(text))
        for note in (grade_of(own), other_than_derived(None if figure is None else figure.own)):
            if note:
                yield plain(ParagraphRole.GRADE, f"({fitting.line(note)}.)")
    else:
        yield plain(ParagraphRole.ITEM, f"- {fitting.line(field.label.vi)}:")
    for answer, names in _alike(field, answers, fitting).items():
        first, *more = _lines(words.said % {"name": "; ".join(names), "text": answer})
        yield plain(ParagraphRole.VALUE, first)
        yield from (plain(ParagraphRole.VALUE, line) for line in more)


def _alike(
    field: ReportField, answers: Sequence[UnitWords], fitting: TextFitter
) -> dict[str, list[str]]:
    """Return each different answer with the names of the units that gave it."""
    names_by_text: dict[str, list[str]] = {}
    for answer in answers:
        text = fitting.text(in_words(answer.value, field.choices))
        names_by_text.setdefault(text, []).append(fitting.line(answer.name))
    return names_by_text


def _labelled(entry: ReportField, text: str) -> Iterator[Paragraph]:
    label = f"- {entry.label.vi}:"
    lines = _lines(text)
    if lines and not entry.below:
        label = f"{label} {lines.pop(0)}"
    yield plain(ParagraphRole.ITEM, label)
    yield from (plain(ParagraphRole.VALUE, line) for line in lines)


def _free_table(
    field: ReportField, figure: SummedFigure | None, fitting: TextFitter
) -> Iterator[Block]:
    own: Value = AbsenceReason.MISSING if figure is None else figure.total
    answers = () if figure is None else figure.said
    ours = official_words().children.sums["own"]
    rows = [(ours, row) for row in own.rows] if isinstance(own, FieldRows) else []
    for answer in answers:
        if isinstance(answer.value, FieldRows):
            rows += [(answer.name, row) for row in answer.value.rows]
    if not rows:
        yield from _labelled(field, fitting.text(in_words(_why_empty(own))))
        return
    yield plain(ParagraphRole.ITEM, f"- {field.label.vi}:")
    yield _grid_of(field, rows, fitting, named=bool(answers))
    note = grade_of(own)
    if note:
        yield plain(ParagraphRole.GRADE, f"({note}.)")


def _why_empty(own: Value) -> Value:
    # A table without rows is no answer; only NIL states that nothing happened.
    return AbsenceReason.MISSING if is_blank(own) else own


def _grid_of(
    field: ReportField,
    rows: Sequence[tuple[str, tuple[str, ...]]],
    fitting: TextFitter,
    *,
    named: bool,
) -> DocumentTable:
    words = official_words().value
    heads = (*((words.unit_column,) if named else ()), *(one.label.vi for one in field.columns))
    cells = tuple(
        (*((fitting.line(name),) if named else ()), *(fitting.text(one).strip() for one in row))
        for name, row in rows
    )
    aligns = ("left",) * named + tuple(
        "center" if column.kind is ReportFieldKind.COUNT else "left" for column in field.columns
    )
    return DocumentTable(heads, cells, column_widths(heads, cells), aligns)


def _counts(table: CountTable, content: FormContent) -> Iterator[Block]:
    """Yield a table of counts; remarks that are too long for their cell follow below it."""
    words = official_words().value
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for number, count in enumerate(table.rows, 1):
        printed = print_count(
            content.figures.get(count.id),
            _official_form_beside(count, content),
            is_summed_below=content.is_summed_below,
        )
        remark = content.fitting.text(_with_look(count, printed.remark, content.looked))
        if len(remark) > _LONG_REMARK:
            notes.append(words.below_head % {"number": number, "text": remark})
            remark = words.below % {"number": number}
            remark = remark[:1].upper() + remark[1:]
        rows.append((str(number), count.label.vi, printed.quantity, " ".join(remark.split())))
    wide = any(len(row[3]) > _WIDE_REMARK for row in rows)
    heads = tuple(head.vi for head in table.columns)
    yield DocumentTable(heads, tuple(rows), _WIDE_MM if wide else _NARROW_MM)
    for note in notes:
        yield from (plain(ParagraphRole.VALUE, line) for line in _lines(note))


def _with_look(count: TableCount, remark: str, looked: str) -> str:
    """Return the remark with what was looked at, for machines and for who carried it out."""
    is_of_looks = count.unit is CountUnit.MACHINES or count.derived == _CARRIED_OUT
    return "; ".join(part for part in (remark, looked) if part) if is_of_looks else remark


def _official_form_beside(row: TableCount, content: FormContent) -> list[RecheckFigures]:
    return [one for one in content.verified if one.field == row.id]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
