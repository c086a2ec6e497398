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
        "convert",
        "quetsach.cli.indicators.convert",
        N_("Write the files that devices watch or block with, or exchange forms."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="indicators",
    help=_("Lists of indicators: check, convert, compare, sign."),
)
