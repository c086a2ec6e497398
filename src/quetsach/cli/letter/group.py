"""The group `quetsach letter` and the list of its commands."""

from quetsach.cli.lazy import LazyGroup
from quetsach.errors import N_
from quetsach.texts import _

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "read",
        "quetsach.cli.letter.read",
        N_("Tell what a letter asks for, of whom and until when, and what is unsure."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="letter",
    help=_("Letters of authorities: what they ask for, of whom, and until when."),
)
