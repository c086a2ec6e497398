"""The figures of an official report: single values in words, each with its remark."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quetsach.documents.reports.report import RecheckFigures
from quetsach.documents.typeset.wording import official_words, wording
from quetsach.forms.definition import (
    UNIT_LABELS,
    Choice,
    ReportField,
    TableCount,
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
