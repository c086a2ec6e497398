"""`quetsach card`: a sheet of paper for the person who goes to the machine."""

from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.texts import _, plain


@click.command(
    "card",
    help=_(
        "Write a one-page sheet (PDF) for each device in the findings folder DIR that is to be "
        "handled, or only for each DEVICE: which machine, where, why, how sure, and three steps "
        "with boxes to tick. A QR code leads back to the case.\n\n"
        'Example: quetsach card findings --tool "Kaspersky Virus Removal Tool"'
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH)
@click.argument("devices", metavar="[DEVICE]...", nargs=-1)
@click.option("-o", "--out", type=shared.PATH, help=_("Folder to write; DIR/cards if not given."))
@click.option("--html", is_flag=True, help=_("Write HTML pages instead of PDF."))
@click.option(
    "--case-url",
    metavar="URL",
    help=_("Address in the QR code; {device} is replaced by the device's key."),
)
@click.option(
    "--tool",
    default="",
    metavar="NAME",
    help=_("Name of the scanner that the campaign recommends."),
)
def command(
    folder: Path,
    devices: tuple[str, ...],
    out: Path | None,
    html: bool,
    case_url: str | None,
    tool: str,
) -> int:
    """Write the sheets and say where they are."""
    from quetsach.api import sheets

    written = sheets.cards(
        folder, devices=devices, out=out, html=html, case_url=case_url, tool=tool
    )
    for path in written:
        click.echo(plain(str(path)))
    if not written:
        click.echo(_("No device has to be handled: no sheet was written."), err=True)
    return 0
