"""The group `quetsach indicators` and the list of its commands."""

from quetsach.cli.lazy import LazyGroup
from quetsach.errors import N_
from quetsach.texts import _

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "check",
        "quetsach.cli.indicators.check",
        N_("Tell what was taken, what was refused and why, and what needs a second look."),
    ),
    (
        "columns",
        "quetsach.cli.indicators.columns",
        N_("Show how the columns of a sender's table are read, and save it."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="indicators",
    help=_("Lists of indicators: check, convert, compare, sign."),
)
