"""The group `quetsach report`; what is no command's name is a folder of findings to fill from."""

from click import Context

from quetsach.cli.lazy import LazyGroup
from quetsach.errors import N_
from quetsach.texts import _

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "fill",
        "quetsach.cli.report_fill",
        N_("Fill an official form from findings (DOCX and PDF); the word may be left out."),
    ),
    (
        "verify",
        "quetsach.cli.report_verify",
        N_("Tell what a report's proof bundle proves, without any network."),
    ),
    (
        "sign",
        "quetsach.cli.report_sign",
        N_("Put a signature into a PDF, by a key file or a token."),
    ),
    (
        "verify-pdf",
        "quetsach.cli.report_verify_pdf",
        N_("Tell whose signatures a PDF bears and what they are worth."),
    ),
)

_HELP = ("-h", "--help")


class _Report(LazyGroup):
    """`quetsach report DIR --form FORM` fills the form: so it was called before it was a group."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Take the arguments apart, with `fill` before them where no command is named."""
        names = (*self.list_commands(ctx), *_HELP)
        return super().parse_args(ctx, args if args[:1] and args[0] in names else ["fill", *args])


command = _Report(
    lazy=COMMANDS,
    name="report",
    help=_(
        "Reports: fill an official form from findings, verify the proof of a report, sign PDFs.\n\n"
        'Example: quetsach report findings --form phu-luc-2022 --unit "UBND xã Hàm Giang"'
    ),
)
