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
    ("key", "quetsach.cli.indicators.key", N_("Make a pair of keys to sign with.")),
    ("sign", "quetsach.cli.indicators.sign", N_("Sign a release, findings or any file.")),
    (
        "verify",
        "quetsach.cli.indicators.verify",
        N_("Tell who signed it, and whether it was changed; also from paper."),
    ),
    ("sheet", "quetsach.cli.indicators.sheet", N_("Put digest, words and QR code on one page.")),
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
