"""The figures of an official report: single values in words, and its form section by section."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from quetsach.documents.typeset.wording import official_words, wording
from quetsach.forms.definition import (
    UNIT_LABELS,
    Aggregation,
    Choice,
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
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    TextValue,
    UnitWords,
    Value,
    format_number,
)

_MINUS = "−"


@dataclass(frozen=True)
class PrintedFigure:
    """A figure as it is printed: the number or its replacement, and the remark beside it."""

    quantity: str
    remark: str


def signed(number: int) -> str:
    """Return a number with its sign, as an adjustment or a difference has one."""
    if number == 0:
        return "0"
    return f"{_MINUS if number < 0 else '+'}{format_number(abs(number))}"


def absent_in_words(why: AbsenceReason) -> str:
    """Return what a report says in the place of a value; no two are alike, and none is 0."""
    return official_words().value.absent[why]


def print_count(
    figure: SummedFigure | None,
    verified: Sequence[RecheckFigures] = (),
    *,
    is_summed_below: bool = False,
) -> PrintedFigure:
    """Return a count as it is printed, with its grade, its parts, and what it lacks.

    Where an annex shows how the sum is made (`is_summed_below`), its parts are not said twice.
    """
    if figure is None:
        return PrintedFigure("", absent_in_words(AbsenceReason.MISSING))
    total = figure.total
    if not isinstance(total, GradedCount):
        why = total if isinstance(total, AbsenceReason) else AbsenceReason.MISSING
        lines = [absent_in_words(why), *_own_differs(figure.own), *_lacking(figure)]
        return PrintedFigure("", "; ".join(lines))
    parts = [] if is_summed_below else _parts(figure)
    remarks = [_grade(figure, total), *_estimate(figure), *parts, *_lacking(figure)]
    remarks += _own_differs(figure.own)
    remarks += _own_reason(figure.own)
    remarks += [_beside(one) for one in verified]
    return PrintedFigure(
        format_number(total.number), "; ".join(part for part in (*remarks, total.remark) if part)
    )


def short_value(answer: Value) -> str:
    """Return a count for a narrow column: the number, or the sign of why there is none."""
    if isinstance(answer, GradedCount):
        return format_number(answer.number)
    return official_words().children.sign[
        answer if isinstance(answer, AbsenceReason) else AbsenceReason.MISSING
    ]


def with_unit(field: ReportField | TableCount, quantity: str) -> str:
    """Return a number with the name of what it counts."""
    if not quantity or field.unit is None:
        return quantity
    facts = {"number": quantity, "unit": UNIT_LABELS[field.unit].vi}
    return official_words().value.figure % facts


def in_words(answer: Value, choices: Sequence[Choice] = ()) -> str:
    """Return any value as one text, a table line by line; for fields other than counts."""
    if answer is AbsenceReason.MISSING:
        return official_words().value.no_words
    if isinstance(answer, AbsenceReason):
        return absent_in_words(answer)
    if isinstance(answer, GradedCount):
        return format_number(answer.number)
    if isinstance(answer, TextValue):
        return answer.text
    if isinstance(answer, ChosenAnswers):
        labels = {choice.id: choice.label.vi for choice in choices}
        return official_words().value.chosen.join(
            labels.get(choice_id, choice_id) for choice_id in answer.choices
        )
    return "\n".join(" | ".join(row) for row in answer.rows)


def grade_of(value: Value) -> str:
    """Return the words of a grade; "" where a person's own words or choice are declared by it."""
    grade = None if isinstance(value, AbsenceReason) else value.grade
    return "" if grade is None or grade is FigureGrade.DECLARED else wording().grade[grade]


def first_small(text: str) -> str:
    """Return a remark as part of a sentence."""
    return text[:1].lower() + text[1:]


def other_than_derived(own: OwnValue | None) -> str:
    """Return why a text differs from the records; "" when it does not, or no reason is known."""
    if own is None or not own.differs or not own.reason.strip():
        return ""
    return official_words().value.derived_words % {"reason": _sentence_part(own.reason)}


def is_blank(answer: Value) -> bool:
    """Tell whether the value is blank: an empty text, choice or table."""
    if isinstance(answer, TextValue):
        return not answer.text.strip()
    if isinstance(answer, ChosenAnswers):
        return not answer.choices
    return isinstance(answer, FieldRows) and not answer.rows


def _grade(figure: SummedFigure, total: GradedCount) -> str:
    graded = {of: number for of, number in figure.grades.items() if number}
    is_added = figure.children is not None or figure.adjustment is not None
    if is_added and not graded and total.number and total.grade is not FigureGrade.MEASURED:
        # The share is unknown when an overlap or an adjustment changed the sum.
        weakest = first_small(wording().grade[total.grade])
        return official_words().value.weakest % {"grade": weakest}
    if len(graded) < 2:
        return wording().grade[total.grade]
    words = official_words().value.graded
    told = (words[of] % {"number": format_number(graded[of])} for of in FigureGrade if of in graded)
    shares = ", ".join(told)
    return shares[:1].upper() + shares[1:]


def _estimate(figure: SummedFigure) -> Iterator[str]:
    if figure.error is not None:
        low, high = (format_number(one) for one in figure.error)
        yield official_words().value.estimate % {"low": low, "high": high}


def _parts(figure: SummedFigure) -> Iterator[str]:
    words = official_words().value
    parts = []
    if figure.own is not None and isinstance(figure.own.value, GradedCount):
        whose = words.own_of_all if figure.own_is_of_all else words.own
        parts.append(whose % {"number": format_number(figure.own.value.number)})
    if figure.children is not None:
        parts.append(words.children % {"number": format_number(figure.children)})
    if figure.adjustment is not None:
        facts = {
            "number": signed(figure.adjustment.amount),
            "reason": _sentence_part(figure.adjustment.reason),
        }
        parts.append(words.adjustment % facts)
    if figure.overlap:
        parts.append(words.overlap % {"number": format_number(figure.overlap)})
    # A figure without children needs no remark on its parts.
    if figure.children is not None or figure.adjustment is not None or figure.overlap:
        yield words.parts % {"parts": ", ".join(parts)}


def _lacking(figure: SummedFigure) -> Iterator[str]:
    below = figure.absent
    own = None if figure.own is None else figure.own.value
    words = official_words().value.absent_units
    for why in AbsenceReason:
        # The unit's own absence is already the figure itself.
        count = below.get(why, 0) - (1 if own is why else 0)
        if count > 0:
            yield words[why] % {"count": format_number(count)}


def _own_differs(own: OwnValue | None) -> Iterator[str]:
    if own is None or not own.differs or own.derived is None:
        return
    words = official_words().value
    derived = in_words(own.derived)
    if own.reason.strip():
        yield words.derived % {"value": derived, "reason": _sentence_part(own.reason)}
    else:
        yield words.derived_unsaid % {"value": derived}


def _own_reason(own: OwnValue | None) -> Iterator[str]:
    """Yield the reason of a figure that agrees with the records and was asked for another one."""
    if own is not None and own.reason.strip() and not (own.differs and own.derived is not None):
        yield official_words().value.reason % {"reason": _sentence_part(own.reason)}


def _beside(verified: RecheckFigures) -> str:
    return official_words().value.verified % percents(verified)


def percents(verified: RecheckFigures) -> Mapping[str, int]:
    """Return point, low and high of a re-check in whole per cent."""
    point, low, high = verified.share.percents()
    return {"point": point, "low": low, "high": high}


def _sentence_part(text: str) -> str:
    return " ".join(text.split()).rstrip(" .;,")


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
