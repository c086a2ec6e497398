"""The values that we chose lie within what Nghị định 30/2020/NĐ-CP allows."""

import pytest

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.decree30 import AllowedRange, millimetres, points


@pytest.mark.parametrize(
    ("value", "allowed"),
    [
        (decree.TOP_MM, decree.MARGIN_TOP_MM),
        (decree.BOTTOM_MM, decree.MARGIN_BOTTOM_MM),
        (decree.CODED_BOTTOM_MM, decree.MARGIN_BOTTOM_MM),
        (decree.LEFT_MM, decree.MARGIN_LEFT_MM),
        (decree.RIGHT_MM, decree.MARGIN_RIGHT_MM),
        (decree.HEAD_PT, decree.NATION_PT),
        (decree.HEAD_PT, decree.MOTTO_PT),
        (decree.HEAD_PT, decree.NUMBER_PT),
        (decree.BIG_PT, decree.TEXT_PT),
        (decree.BIG_PT, decree.TITLE_PT),
        (decree.BIG_PT, decree.ANNEX_PT),
        (decree.SMALL_PT, decree.RECIPIENTS_HEAD_PT),
        (decree.SMALLEST_PT, decree.RECIPIENTS_PT),
        (decree.SMALLEST_PT, decree.PROOF_PT),
        (decree.LINES, decree.LINE_SPACING),
    ],
)
def test_each_chosen_value_is_allowed(value: float, allowed: AllowedRange) -> None:
    assert allowed.holds(value)


def test_the_first_line_and_the_short_rule_lie_within_their_bounds() -> None:
    low, high = decree.FIRST_LINE_MM
    assert low <= decree.FIRST_INDENT_MM <= high
    shortest, longest = decree.SHORT_RULE
    assert shortest <= decree.RULE_SHARE <= longest
    assert sum(decree.HEAD_COLUMNS_MM) == sum(decree.FOOT_COLUMNS_MM) == decree.TEXT_WIDTH_MM
    assert sum(decree.GRID_COLUMNS_MM) == decree.TEXT_WIDTH_MM


def test_twentieths_of_a_point_do_not_break_a_bound() -> None:
    allowed = AllowedRange(13, 14)
    assert allowed.holds(12.95)
    assert allowed.holds(14.05)
    assert not allowed.holds(12.9)
    assert not allowed.holds(14.1)


def test_points_and_millimetres_lead_back() -> None:
    assert points(25.4) == pytest.approx(72)
    assert millimetres(points(12.7)) == pytest.approx(12.7)
