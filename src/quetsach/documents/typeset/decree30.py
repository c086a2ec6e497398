"""The measures of Nghị định 30/2020/NĐ-CP, Phụ lục I, and the values chosen within them.

Units: millimetres (_mm) and points (_pt).
"""

from typing import NamedTuple


class AllowedRange(NamedTuple):
    """A range that the decree allows, both ends included."""

    least: float
    most: float

    def holds(self, value: float) -> bool:
        """Tell whether `value` lies in the range, rounding of twentieths of a point aside."""
        return self.least - 0.06 <= value <= self.most + 0.06


FONT = "Times New Roman"
PAGE_MM = (210.0, 297.0)

# What the decree allows.
MARGIN_TOP_MM = MARGIN_BOTTOM_MM = AllowedRange(20, 25)
MARGIN_LEFT_MM = AllowedRange(30, 35)
MARGIN_RIGHT_MM = AllowedRange(15, 20)
NATION_PT = PARENT_PT = BODY_NAME_PT = AllowedRange(12, 13)
MOTTO_PT = PLACE_PT = TITLE_PT = TEXT_PT = SIGNER_PT = PAGE_NUMBER_PT = AllowedRange(13, 14)
NUMBER_PT = AllowedRange(13, 13)
ABOUT_PT = AllowedRange(12, 13)
ANNEX_PT = AllowedRange(14, 14)
RECIPIENTS_HEAD_PT = AllowedRange(12, 12)
RECIPIENTS_PT = AllowedRange(11, 11)
CONTACT_PT = PROOF_PT = AllowedRange(11, 12)
FIRST_LINE_MM = (10.0, 12.7)
PARAGRAPH_GAP_PT = 6.0
LINE_SPACING = AllowedRange(1, 1.5)
SHORT_RULE = (1 / 3, 1 / 2)

# The values chosen within these ranges.
TOP_MM = BOTTOM_MM = 20.0
CODED_BOTTOM_MM = 25.0
LEFT_MM = 30.0
RIGHT_MM = 20.0
TEXT_WIDTH_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
HEAD_COLUMNS_MM = (60.0, 100.0)
FOOT_COLUMNS_MM = (80.0, 80.0)
GRID_COLUMNS_MM = (11.0, 93.0, 23.0, 33.0)
FIRST_INDENT_MM = 12.7
LINES = 1.0
HEAD_PT = 13.0
SMALL_PT = 12.0
SMALLEST_PT = 11.0
BIG_PT = 14.0
GRID_PT = 13.0
GRID_KEPT_ROWS = 12  # a table no longer than this stays on one page
QR_MM = 26.0
FOOT_QR_MM = 18.0
ANNEX_QR_MM = 40.0
FOOT_QR_ABOVE_EDGE_MM = 5.5
FOOT_CODE_MM = FOOT_QR_MM + 8
FOOT_LINE_MM = TEXT_WIDTH_MM - FOOT_CODE_MM - 4  # beside the code, a cell's margins taken off
SIGNATURE_GAP_PT = 66.0
TITLE_GAP_PT = 14.0
RULE_SHARE = 0.4
RULE_PT = 0.75

_PT_PER_MM = 72 / 25.4


def points(mm: float) -> float:
    """Return `mm` millimetres in points."""
    return mm * _PT_PER_MM


def millimetres(pt: float) -> float:
    """Return `pt` points in millimetres."""
    return pt / _PT_PER_MM
