"""The layout rules of a report (báo cáo) with its annexes, in the order of the decree."""

from collections.abc import Callable

from quetsach.documents.layout_annex import ANNEX_RULES
from quetsach.documents.layout_letter import SHARED_RULES
from quetsach.documents.layout_measures import Verdict
from quetsach.documents.layout_parts import Parts
from quetsach.documents.layout_proof import proof
from quetsach.documents.layout_rules import RULES

REPORT_RULES: tuple[tuple[str, Callable[[Parts], Verdict]], ...] = (
    *RULES,
    *SHARED_RULES,
    *ANNEX_RULES,
    ("proof", proof),
)
