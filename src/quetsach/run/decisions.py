"""The decisions on indicators that are in force now."""

from pathlib import Path

from quetsach.indicators.decisions import Decisions, read_decisions
from quetsach.indicators.moments import us_now


def decisions_in(path: Path | None) -> Decisions:
    """Return the decisions of the file that are in force now; none without a file."""
    return Decisions() if path is None else read_decisions(path, us_now())
