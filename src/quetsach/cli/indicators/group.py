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
        "fetch",
        "quetsach.cli.indicators.fetch",
        N_("Fetch the list of a TAXII 2.1 or MISP server into a file."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="indicators",
    help=_("Lists of indicators: check, convert, compare, sign."),
)
