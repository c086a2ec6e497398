"""`quetsach report DIR`: findings into an official form."""

from pathlib import Path

import click

from quetsach.texts import _


@click.command(
    "fill",
    help=_(
        "Fill the form FORM from the findings folder DIR and write it as DOCX and PDF. What the "
        "evidence cannot tell stays blank for the clerk.\n\n"
        'Example: quetsach report findings --form phu-luc-2022 --unit "UBND xã Hàm Giang"'
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--form", required=True, help=_("Code of the form, such as phu-luc-2022."))
@click.option("--unit", help=_("Name of the unit that reports."))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help=_("Folder for the documents; DIR.")
)
def command(folder: Path, form: str, unit: str | None, out: Path | None) -> int:
    """Write the documents and say where they are."""
    from quetsach import api

    written = api.report(folder, form=form, unit=unit, out=out)
    for path in written.files:
        click.echo(path)
    for note in written.notes:
        click.echo(note, err=True)
    return 0
