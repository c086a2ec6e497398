"""The group `quetsach avreport` and the list of its commands."""

from quetsach.cli.lazy import LazyGroup
from quetsach.errors import N_
from quetsach.texts import _

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("export", "quetsach.cli.avreport.export", N_("Write findings as a signed AVReport.")),
    ("read", "quetsach.cli.avreport.read", N_("Read an AVReport, and tell whether to trust it.")),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="avreport",
    help=_("The edXML message AVReport (công văn 2290/BTTTT-CATTT): write, sign, read."),
)
