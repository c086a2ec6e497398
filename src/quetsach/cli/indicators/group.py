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
        "release",
        "quetsach.cli.indicators.release",
        N_("Write the lists as one version that never changes, named by its digest."),
    ),
    ("diff", "quetsach.cli.indicators.diff", N_("Tell what changed between two versions.")),
    (
        "try",
        "quetsach.cli.indicators.trial",
        N_("Tell whom a new set would name in past evidence, before it goes live."),
    ),
    (
        "withdrawn",
        "quetsach.cli.indicators.withdrawn",
        N_("Tell which past findings rest on indicators that were taken back."),
    ),
    (
        "convert",
        "quetsach.cli.indicators.convert",
        N_("Write the files that devices watch or block with, or exchange forms."),
    ),
    (
        "columns",
        "quetsach.cli.indicators.columns",
        N_("Show how the columns of a sender's table are read, and save it."),
    ),
    (
        "fetch",
        "quetsach.cli.indicators.fetch",
        N_("Fetch the list of a TAXII 2.1 or MISP server into a file."),
    ),
    ("key", "quetsach.cli.indicators.key", N_("Make a pair of keys to sign with.")),
    ("sign", "quetsach.cli.indicators.sign", N_("Sign a release, findings or any file.")),
    (
        "verify",
        "quetsach.cli.indicators.verify",
        N_("Tell who signed it, and whether it was changed; also from paper."),
    ),
    ("sheet", "quetsach.cli.indicators.sheet", N_("Put digest, words and QR code on one page.")),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="indicators",
    help=_("Lists of indicators: check, convert, compare, sign."),
)
