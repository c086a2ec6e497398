"""The layout rules of a report (báo cáo) with its annexes, in the order of the decree."""

from collections.abc import Callable

from tests.oracles.layout.annex import ANNEX_RULES
from tests.oracles.layout.letter import SHARED_RULES
from tests.oracles.layout.measures import Verdict
from tests.oracles.layout.parts import Parts
from tests.oracles.layout.proof import proof
from tests.oracles.layout.rules import RULES

REPORT_RULES: tuple[tuple[str, Callable[[Parts], Verdict]], ...] = (
    *RULES,
    *SHARED_RULES,
    *ANNEX_RULES,
    ("proof", proof),
)
