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
        "decide",
        "quetsach.cli.indicators.decide",
        N_("Record what a person decided on a doubtful indicator, with reason and end date."),
    ),
    (
        "try",
        "quetsach.cli.indicators.trial",
        N_("Tell whom a new set would name in past evidence, before it goes live."),
    ),
    (
        "release",
        "quetsach.cli.indicators.release",
        N_("Write the lists as one version that never changes, named by its digest."),
    ),
    ("diff", "quetsach.cli.indicators.diff", N_("Tell what changed between two versions.")),
    (
        "withdrawn",
        "quetsach.cli.indicators.withdrawn",
        N_("Tell which past findings rest on indicators that were taken back."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="indicators",
    help=_("Lists of indicators: check, convert, compare, sign."),
)
