"""Whether a figure fits itself, without asking anybody below: its parts, its grades, its total."""

from quetsach.forms.definition import Field, Row, added_as
from quetsach.forms.figure import Figure
from quetsach.forms.values import Count


def parts_sum(figure: Figure) -> int:
    """Return own + children + adjustment - overlap."""
    own = None if figure.own is None else figure.own.value
    mine = own.number if isinstance(own, Count) else 0
    adjusted = 0 if figure.adjustment is None else figure.adjustment.amount
    return mine + (figure.children or 0) + adjusted - figure.overlap


def misfit(entry: Field | Row, figure: Figure) -> tuple[int, int] | None:
    """Return what stands as the total and what the figure's own parts, or grades, make instead.

    None where both fit, or where there is no number.
    """
    if added_as(entry) is None or not isinstance(figure.total, Count):
        return None
    total, graded = figure.total.number, sum(figure.grades.values())
    if (found := parts_sum(figure)) != total:
        return total, found
    return (total, graded) if figure.grades and graded != total else None
