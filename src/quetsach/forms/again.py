"""Adding up again: whether a figure is what its parts give, mostly seen without making it anew.

The judge is `add_up` itself: what is not certain at a glance is added up and compared.
"""

from collections.abc import Mapping, Sequence

from quetsach.forms.adding import add_up, used_once
from quetsach.forms.definition import Aggregation, Form, Unit
from quetsach.forms.figure import Child, Figure, Mismatch
from quetsach.forms.own import Own
from quetsach.forms.told_apart import told_apart
from quetsach.forms.totals import figure_of, nothing_said
from quetsach.forms.values import Absent, Count

_NOBODY = Figure(None, None, None, Absent.MISSING)


def mismatches(
    form: Form, figures: Mapping[str, Figure], children: Sequence[Child]
) -> tuple[Mismatch, ...]:
    """Return the figures that their parts do not give when they are added up again.

    Nothing is repaired: the figures stay as they are. Errors: E451 as add_up.
    """
    if adds_up(form, figures, children):
        return ()
    known = {key: figures[key] for key in form.ids() if key in figures}
    again = add_up(
        form,
        {key: one.own for key, one in known.items() if one.own is not None},
        children,
        {key: one.adjustment for key, one in known.items() if one.adjustment is not None},
    )
    keys = (*again, *(key for key in figures if key not in again))
    return tuple(
        Mismatch(key, figures.get(key, _NOBODY), again.get(key, _NOBODY))
        for key in keys
        if figures.get(key) != again.get(key)
    )


def adds_up(form: Form, figures: Mapping[str, Figure], children: Sequence[Child]) -> bool:
    """Whether the figures are certainly what their parts give; False where it takes a closer look.

    Errors: E451, E452 as add_up.
    """
    used = used_once(children)
    parts = form.added()
    if len(figures) != len(parts):
        return False
    for entry, how in parts:
        figure = figures.get(entry.id)
        if figure is None:
            return False
        own = figure.own
        if used or figure.adjustment is not None:
            if figure != figure_of(entry, own, used, figure.adjustment):
                return False
        elif own is None:
            nothing = nothing_said(entry.unit, how)
            if figure is not nothing and figure != nothing:
                return False
        elif not _is_own(figure, own, entry.unit, how):
            return False
    return True


def _is_own(figure: Figure, own: Own, unit: Unit | None, how: Aggregation | None) -> bool:
    """Whether `figure` is what a unit says that has none below; `how` as of `added_as`."""
    value = own.value
    total = figure.total
    if (
        (total is not value and total != value)
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
    elif isinstance(value, Count):
        if absent or len(grades) != 1 or grades.get(value.grade) != value.number:
            return False
    elif not isinstance(value, Absent) or grades or absent != {value: 1}:
        return False
    if how is Aggregation.DISTINCT_ORGANISATIONS or own.sketch is not None:
        return _is_apart(figure, own, how)
    return figure.organisations is None and figure.sketch is None and figure.error is None


def _is_apart(figure: Figure, own: Own, how: Aggregation | None) -> bool:
    """Whether what can be told apart in `figure` is what its own part tells apart."""
    value = own.value
    apart = told_apart(how, own, ())
    error = apart.range_of(value) if isinstance(value, Count) else None
    return (figure.organisations, figure.sketch, figure.error) == (
        apart.organisations,
        apart.sketch,
        error,
    )
