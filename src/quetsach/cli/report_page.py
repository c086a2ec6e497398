"""`quetsach report page`: the HTML report of a findings folder as others may see it."""

from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.texts import _, plain_json


@click.command(
    "page",
    help=_(
        "Write the HTML report of the findings folder DIR for others: in place of the indicators "
        "that their marking (TLP) keeps from them stands how many there are. The report inside the "
        "folder names all and is for the person who sweeps.\n\nExample: quetsach report page "
        "findings --for clients -o report-for-others.html"
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH)
@click.option(
    "--for",
    "audience",
    type=click.Choice(["organisation", "clients", "community", "public"]),
    required=True,
    help=_("Who gets it: the own organisation, its clients as well, the community, everybody."),
)
@click.option("-o", "--out", type=shared.OUTPUT, required=True, help=_("File to write."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(folder: Path, audience: str, out: Path, *, as_json: bool) -> int:
    """Write the page and say how much it leaves out."""
    from quetsach.api import findings
    from quetsach.indicators.restriction import Audience, withheld_text

    withheld = findings.write_page(folder, out, Audience(audience))
    if as_json:
        click.echo(plain_json({"path": str(out), "for": audience, "withheld": withheld}))
        return 0
    click.echo(out)
    if withheld:
        click.echo(_("Left out: %(withheld)s") % {"withheld": withheld_text(withheld)})
    return 0
