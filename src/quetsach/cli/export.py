"""`quetsach export`: findings given to other programs."""

import sys
from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.errors.catalogue import N_
from quetsach.texts import _, plain

FORMS = ("ndjson", "csv", "parquet", "ecs", "timesketch", "cef", "stix-sighting", "misp")

SAID = {
    "written": N_("%(count)s sightings written"),
    "withheld": N_("%(count)s left out: the marking of their indicator (TLP) forbids it"),
    "no_contact": N_("%(count)s left out: they prove no contact"),
    "without_word": N_("%(count)s left out: the form has no word for such an indicator"),
    "without_time": N_("%(count)s left out: they have no time"),
}


@click.command(
    "export",
    help=_(
        "Write the sightings in the findings folder DIR for another program: to standard output, "
        "or to the file of -o. Without --with-machines no machine, person, address of yours or "
        "text of a log is in it.\n\nForms: ndjson, csv, parquet, ecs (a bulk request for "
        "Elasticsearch), timesketch, cef, and for others stix-sighting and misp, which tell of an "
        "indicator and a day how often it was met.\n\nExample: quetsach export findings --to ecs "
        "--with-machines -o sightings.bulk.ndjson"
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH)
@click.option(
    "--to", "form", required=True, type=shared.OfferedChoice(FORMS, "exports"), help=_("The form.")
)
@click.option("-o", "--out", type=shared.PATH_OR_DASH, help=_("File to write; - is stdout."))
@click.option(
    "--with-machines",
    is_flag=True,
    help=_("Also what names machines, people and places, and the raw lines."),
)
@click.option(
    "--for",
    "audience",
    type=click.Choice(["owner", "organisation", "clients", "community", "public"]),
    help=_(
        "Who gets it: what its TLP marking does not allow them is left out and counted. The own "
        "organisation if not given; the community for stix-sighting and misp."
    ),
)
@click.option("--as", "source", metavar="NAME", help=_("Name of the office that tells it."))
@click.option("--withdraw", is_flag=True, help=_("Take back what was told before (stix-sighting)."))
@click.option("--quiet", is_flag=True, help=_("Do not print what became of the sightings."))
def command(
    folder: Path,
    form: str,
    out: Path | None,
    with_machines: bool,
    audience: str | None,
    source: str | None,
    withdraw: bool,
    quiet: bool,
) -> int:
    """Write the export and say what became of each sighting."""
    from quetsach.api import exporting

    exported = exporting.export_findings(
        folder,
        exporting.export_named(form),
        with_machines=with_machines,
        audience=audience,
        source=source or exporting.SOURCE,
        withdraw=withdraw,
    )
    if out is None or str(out) == "-":
        for piece in exported.pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    else:
        exporting.write_export(exported, out)
    if not quiet:
        for name, text in SAID.items():
            count = getattr(exported.counts, name)
            if count or name == "written":
                click.echo(plain(_(text) % {"count": count}), err=True)
        if not with_machines:
            click.echo(_("Machines and people are left out; --with-machines adds them."), err=True)
    return 0
