"""Computing one figure from a unit's own value, its children's figures and its adjustment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import Aggregation, CountUnit, ReportField, TableCount, added_as
from quetsach.forms.distinct import measure_overlap
from quetsach.forms.values import (
    MOST_TOGETHER,
    AbsenceReason,
    Adjustment,
    ChildContribution,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    UnitWords,
    Value,
    weakest,
)
from quetsach.texts import _

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def figure_of(
    field: ReportField | TableCount,
    own: OwnValue | None,
    children: Sequence[ChildContribution],
    adjustment: Adjustment | None,
) -> SummedFigure:
    """Return the figure of `field` over `children`, all of which are used.

    Errors: E451 for what cannot be added up.
    """
    if not children and adjustment is None:
        if own is None:
            return missing_figure(field.unit, added_as(field))
        if added_as(field) is not None:
            return _alone(field, own)
    elif added_as(field) is not None:
        return _added(field, own, children, adjustment)
    if adjustment is not None:
        raise wrong(field.id, _("it is not added up, so there is nothing to adjust"))
    figures = [(child, _of_child(field, child)) for child in children]
    total = AbsenceReason.MISSING if own is None else own.value
    unit = field.unit
    if field.aggregation is Aggregation.LATEST:
        latest = _latest(figures) if isinstance(total, AbsenceReason) else None
        if latest is not None:
            return SummedFigure(own, None, None, latest.value, unit=unit, said=(latest,))
    if field.aggregation is Aggregation.TEXTS:
        return SummedFigure(own, None, None, total, unit=unit, said=tuple(_texts_of(figures)))
    return SummedFigure(own, None, None, total, unit=unit)


@cache
def missing_figure(unit: CountUnit | None, how: Aggregation | None) -> SummedFigure:
    """Return the figure of what a unit left out that has none below: one object for all such.

    Shapes: `how` as of `added_as`.
    """
    named: frozenset[str] = frozenset()
    is_named = how is Aggregation.DISTINCT_ORGANISATIONS
    return SummedFigure(
        None, None, None, AbsenceReason.MISSING, named if is_named else None, unit=unit
    )


def wrong(where: str, reason: str) -> QuetsachError:
    """Return the error of what cannot be added up."""
    return QuetsachError("E451", where, reason=reason)


def _of_child(entry: ReportField | TableCount, child: ChildContribution) -> SummedFigure | None:
    figure = child.figures.get(entry.id)
    if figure is not None and figure.unit is not entry.unit:
        raise _unlike(entry, child.name, figure.unit)
    return figure


def _unlike(field: ReportField | TableCount, child: str, theirs: CountUnit | None) -> QuetsachError:
    reason = _("%(unit)s counts %(theirs)s, not %(ours)s; unlike units are never added") % {
        "unit": child,
        "theirs": _unit_name(theirs),
        "ours": _unit_name(field.unit),
    }
    return wrong(field.id, reason)


def _unit_name(unit: CountUnit | None) -> str:
    return "-" if unit is None else unit.value


def _latest(found: Sequence[tuple[ChildContribution, SummedFigure | None]]) -> UnitWords | None:
    best: tuple[datetime, UnitWords] | None = None
    for child, figure in found:
        if figure is None or isinstance(figure.total, AbsenceReason):
            continue
        moment = _LONG_AGO if child.at is None else child.at
        if best is None or moment >= best[0]:
            best = (moment, UnitWords(child.node, child.name, figure.total))
    return None if best is None else best[1]


def _texts_of(
    found: Sequence[tuple[ChildContribution, SummedFigure | None]],
) -> Iterator[UnitWords]:
    for child, figure in found:
        if figure is None:
            continue
        if isinstance(figure.total, AbsenceReason):
            # A unit without a text of its own passes on the texts of the units below it.
            yield from figure.said
        else:
            yield UnitWords(child.node, child.name, figure.total)


def _alone(field: ReportField | TableCount, own: OwnValue) -> SummedFigure:
    """Return the figure of a count without children: most units have none below."""
    count = _count_or_absent(field.id, own.value)
    apart = measure_overlap(field.aggregation, own, ())
    return SummedFigure(
        own,
        None,
        None,
        count,
        apart.organisations,
        apart.sketch,
        apart.range_of(count),
        field.unit,
        0,
        {count.grade: count.number} if isinstance(count, GradedCount) else {},
        {count: 1} if isinstance(count, AbsenceReason) else {},
    )


def _added(
    field: ReportField | TableCount,
    own: OwnValue | None,
    children: Sequence[ChildContribution],
    adjustment: Adjustment | None,
) -> SummedFigure:
    """Return the figure of a count; the loop makes few calls, for it runs millions of times."""
    key, unit = field.id, field.unit
    grades: dict[FigureGrade, int] = {}
    absent: dict[AbsenceReason, int] = {}
    mine = below = 0
    if own is not None:
        answer = _count_or_absent(key, own.value)
        if isinstance(answer, GradedCount):
            mine = grades[answer.grade] = answer.number
        else:
            absent[answer] = 1
    used_grades = set(grades)
    is_below = False
    figures: list[SummedFigure] = []
    for child in children:
        figure = child.figures.get(key)
        if figure is None:
            absent[AbsenceReason.NOT_COLLECTED] = absent.get(AbsenceReason.NOT_COLLECTED, 0) + 1
            continue
        if figure.unit is not unit:
            raise _unlike(field, child.name, figure.unit)
        figures.append(figure)
        total = figure.total
        if isinstance(total, GradedCount):
            is_below = True
            below += total.number
            used_grades.add(total.grade)
        elif not isinstance(total, AbsenceReason):
            raise _no_number(key)
        for grade, number in figure.grades.items():
            grades[grade] = grades.get(grade, 0) + number
        if figure.absent:
            for why, number in figure.absent.items():
                absent[why] = absent.get(why, 0) + number
    if adjustment is not None:
        _check_adjustment(key, adjustment)
        used_grades.add(FigureGrade.DECLARED)
    apart = measure_overlap(field.aggregation, own, figures)
    amount = 0 if adjustment is None else adjustment.amount
    count = _total(key, mine + below + amount - apart.overlap, weakest(used_grades), own, absent)
    return SummedFigure(
        own,
        below if is_below else None,
        adjustment,
        count,
        apart.organisations,
        apart.sketch,
        apart.range_of(count),
        unit,
        apart.overlap,
        _split(count, grades, mine + below, amount),
        absent,
    )


def _split(
    total: GradedCount | AbsenceReason, grades: dict[FigureGrade, int], together: int, adjusted: int
) -> dict[FigureGrade, int]:
    """Return how much of `total` is of which grade; empty where that is unknown.

    Shapes: `together` is own and children together. The grade of an overlap or of a reduction is
    known only where all is of one grade.
    """
    if isinstance(total, AbsenceReason) or sum(grades.values()) != together:
        return {}
    if adjusted > 0:
        grades[FigureGrade.DECLARED] = grades.get(FigureGrade.DECLARED, 0) + adjusted
    if sum(grades.values()) == total.number:
        return grades
    is_of_one = all(grade is total.grade for grade, number in grades.items() if number)
    return {total.grade: total.number} if is_of_one else {}


def _total(
    key: str,
    number: int,
    grade: FigureGrade | None,
    own: OwnValue | None,
    absent: Mapping[AbsenceReason, int],
) -> GradedCount | AbsenceReason:
    if grade is None:
        return _why_none(absent)
    if number < 0:
        raise wrong(key, _("the total would be less than zero"))
    if number > MOST_TOGETHER:
        raise wrong(key, _("the total is implausibly large"))
    said = None if own is None else own.value
    return GradedCount(number, grade, said.remark if isinstance(said, GradedCount) else "")


def _why_none(absent: Mapping[AbsenceReason, int]) -> AbsenceReason:
    """Return why there is no number: NIL by one unit counts as the answer of all that answered.

    Units without an answer are counted in the figure's `absent`, and printed beside it.
    """
    for why in (
        AbsenceReason.NIL,
        AbsenceReason.MISSING,
        AbsenceReason.NOT_COLLECTED,
        AbsenceReason.NOT_APPLICABLE,
    ):
        if absent.get(why):
            return why
    return AbsenceReason.MISSING


def _check_adjustment(key: str, adjustment: Adjustment) -> None:
    if not adjustment.reason.strip():
        raise wrong(key, _("it is adjusted without a reason"))
    if abs(adjustment.amount) > MOST_TOGETHER:
        raise wrong(key, _("the adjustment is implausibly large"))


def _count_or_absent(key: str, value: Value) -> GradedCount | AbsenceReason:
    if isinstance(value, GradedCount | AbsenceReason):
        return value
    raise _no_number(key)


def _no_number(key: str) -> QuetsachError:
    return wrong(key, _("a text in place of a number"))
