"""Adding up a unit's own figures and its children's, and checking figures that were added up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from quetsach.forms.definition import (
    Aggregation,
    CountUnit,
    ReportField,
    ReportFormDefinition,
    TableCount,
    added_as,
)
from quetsach.forms.distinct import measure_overlap
from quetsach.forms.totals import figure_of, missing_figure, wrong
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChildUse,
    GradedCount,
    Mismatch,
    OwnValue,
    SummedFigure,
)
from quetsach.texts import _


def add_up(
    form: ReportFormDefinition,
    own: Mapping[str, OwnValue],
    children: Sequence[ChildContribution],
    adjustments: Mapping[str, Adjustment],
) -> dict[str, SummedFigure]:
    """Return each figure of `form`: own + used children + adjustment, overlaps counted once.

    A child whose form does not have the field has not collected it. Errors: E451 when a child is
    left out, or a figure adjusted, without a reason; when a unit, or one that continues another
    and the other, occur twice; when unlike units would be added; when a total is below zero.
    """
    used = used_once(children)
    for key in (*own, *adjustments):
        if form.entry(key) is None:
            raise wrong(key, _("the form does not have it"))
    return {
        entry.id: figure_of(entry, own.get(entry.id), used, adjustments.get(entry.id))
        for entry in form.entries()
    }


def counted_once(children: Sequence[ChildContribution]) -> tuple[ChildContribution, ...]:
    """Return `children`, each unit used at most once: its newest version, the others left out.

    A unit that reports on two lines occurs twice; each one left out has a reason.
    """
    best: dict[str, int] = {}
    for place, child in enumerate(children):
        if child.used is ChildUse.EXCLUDED:
            continue
        held = best.get(child.node)
        if held is None or child.version > children[held].version:
            best[child.node] = place
    return tuple(
        child
        if child.used is ChildUse.EXCLUDED or best[child.node] == place
        else replace(child, used=ChildUse.EXCLUDED, reason=_("counted already on another line"))
        for place, child in enumerate(children)
    )


def without_answer(
    key: str, children: Sequence[ChildContribution]
) -> tuple[tuple[str, AbsenceReason], ...]:
    """Return the used children that give no value for `key`: name, and why."""
    unanswered = []
    for child in children:
        if child.used is ChildUse.EXCLUDED:
            continue
        figure = child.figures.get(key)
        total = AbsenceReason.NOT_COLLECTED if figure is None else figure.total
        if isinstance(total, AbsenceReason):
            unanswered.append((child.name, total))
    return tuple(unanswered)


def used_once(children: Sequence[ChildContribution]) -> tuple[ChildContribution, ...]:
    """Return those of `children` that go into a total.

    Errors: E451 for one left out without a reason, or a unit that would be counted twice.
    """
    used = tuple(child for child in children if child.used is not ChildUse.EXCLUDED)
    for child in children:
        if child.used is ChildUse.EXCLUDED and not child.reason.strip():
            raise wrong(child.name, _("it is left out without a reason"))
    names: dict[str, str] = {}
    for child in used:
        if child.node in names:
            raise wrong(child.name, _("the unit is listed twice"))
        names[child.node] = child.name
    for child in used:
        for before in child.continues:
            if before in names:
                told = _("it continues %(unit)s, which is listed as well") % {"unit": names[before]}
                raise wrong(child.name, told)
    return used


_NOBODY = SummedFigure(None, None, None, AbsenceReason.MISSING)


def mismatches(
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    children: Sequence[ChildContribution],
) -> tuple[Mismatch, ...]:
    """Return the figures that their parts do not give when they are added up again.

    Nothing is repaired: the figures stay as they are. Errors: E451 as add_up.
    """
    if adds_up(form, figures, children):
        return ()
    stored = {key: figures[key] for key in form.ids() if key in figures}
    again = add_up(
        form,
        {key: figure.own for key, figure in stored.items() if figure.own is not None},
        children,
        {key: figure.adjustment for key, figure in stored.items() if figure.adjustment is not None},
    )
    keys = (*again, *(key for key in figures if key not in again))
    return tuple(
        Mismatch(key, figures.get(key, _NOBODY), again.get(key, _NOBODY))
        for key in keys
        if figures.get(key) != again.get(key)
    )


def adds_up(
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    children: Sequence[ChildContribution],
) -> bool:
    """Whether the figures are certainly what their parts give; False if that must be recomputed.

    Errors: E451, E452 as add_up.
    """
    used = used_once(children)
    parts = form.added()
    if len(figures) != len(parts):
        return False
    for field, how in parts:
        figure = figures.get(field.id)
        if figure is None:
            return False
        own = figure.own
        if used or figure.adjustment is not None:
            if figure != figure_of(field, own, used, figure.adjustment):
                return False
        elif own is None:
            nothing = missing_figure(field.unit, how)
            if figure is not nothing and figure != nothing:
                return False
        elif not _is_own(figure, own, field.unit, how):
            return False
    return True


def _is_own(
    figure: SummedFigure, own: OwnValue, unit: CountUnit | None, how: Aggregation | None
) -> bool:
    """Whether `figure` is the own figure of a unit without children; `how` as of `added_as`."""
    answer = own.value
    total = figure.total
    if (
        (total is not answer and total != answer)
        or figure.unit is not unit
        or figure.children is not None
        or figure.overlap
        or figure.said
    ):
        return False
    grades, absent = figure.grades, figure.absent
    if how is None:
        if grades or absent:
            return False
    elif isinstance(answer, GradedCount):
        if absent or len(grades) != 1 or grades.get(answer.grade) != answer.number:
            return False
    elif not isinstance(answer, AbsenceReason) or grades or absent != {answer: 1}:
        return False
    if how is Aggregation.DISTINCT_ORGANISATIONS or own.sketch is not None:
        return _is_apart(figure, own, how)
    return figure.organisations is None and figure.sketch is None and figure.error is None


def _is_apart(figure: SummedFigure, own: OwnValue, how: Aggregation | None) -> bool:
    """Whether the names or the sketch of `figure` are those of its own part."""
    value = own.value
    apart = measure_overlap(how, own, ())
    error = apart.range_of(value) if isinstance(value, GradedCount) else None
    return (figure.organisations, figure.sketch, figure.error) == (
        apart.organisations,
        apart.sketch,
        error,
    )


def parts_sum(figure: SummedFigure) -> int:
    """Return own + children + adjustment - overlap."""
    own = None if figure.own is None else figure.own.value
    mine = own.number if isinstance(own, GradedCount) else 0
    adjusted = 0 if figure.adjustment is None else figure.adjustment.amount
    return mine + (figure.children or 0) + adjusted - figure.overlap


def misfit(field: ReportField | TableCount, figure: SummedFigure) -> tuple[int, int] | None:
    """Return the stored total and the sum of the figure's parts, or grades, that differs from it.

    None where both fit, or where there is no number.
    """
    if added_as(field) is None or not isinstance(figure.total, GradedCount):
        return None
    total, graded = figure.total.number, sum(figure.grades.values())
    if (summed := parts_sum(figure)) != total:
        return total, summed
    return (total, graded) if figure.grades and graded != total else None
