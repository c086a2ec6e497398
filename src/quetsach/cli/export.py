"""`quetsach export`: findings given to other programs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.option_groups import told_to_others
from quetsach.errors.catalogue import N_
from quetsach.texts import _, counted, plain

if TYPE_CHECKING:
    from quetsach.api.exporting import ExportCounts, ExportedFindings

FORMS = (
    *("ndjson", "csv", "parquet", "ecs", "timesketch", "cef", "ocsf", "intelmq"),
    *("stix-sighting", "misp"),
)
BINARY = ("parquet",)
TEMPLATES = ("ecs",)

SAID = {
    "written": N_("%(count)s sightings written"),
    "withheld": N_("%(count)s left out: the marking of their indicator (TLP) forbids it"),
    "no_contact": N_("%(count)s left out: they prove no contact"),
    "without_word": N_("%(count)s left out: the form has no word for such an indicator"),
    "without_time": N_("%(count)s left out: they have no time"),
    "before": N_("%(count)s left out: they happened before --since"),
}


@click.command(
    "export",
    help=_(
        "Write the sightings in the findings folder DIR for another program: to standard output, "
        "or to the file of -o. Without --with-machines no machine, person, address of yours or "
        "text of a log is in it.\n\n"
        "Forms: ndjson, csv and parquet have the fields of docs/schema.md; ecs is a bulk request "
        "for Elasticsearch; timesketch, cef, ocsf and intelmq are read by what they are named "
        "after; stix-sighting and misp tell others how often an indicator was met on a day. "
        "docs/exports.md says how each program takes them.\n\n"
        "Examples:\n\n\b\n"
        "quetsach export findings --to ndjson | jq .\n"
        "quetsach export findings --to csv -o sightings.csv\n"
        "quetsach export findings --to parquet --with-machines -o all.parquet\n"
        "quetsach export --template ecs > template.json\n"
        "quetsach export findings --to ecs --with-machines -o bulk.ndjson\n"
        "quetsach export findings --to timesketch -o timeline.jsonl\n"
        "quetsach export findings --to cef --since 2026-11-30T00:00+07:00\n"
        "quetsach export findings --to ocsf -o findings.ocsf.ndjson\n"
        "quetsach export findings --to intelmq --as 'So A' -o events.jsonl\n"
        "quetsach export findings --to stix-sighting --as 'So A' -o bundle.json\n"
        "quetsach export findings --to misp --campaign 'Sweep 9' -o event.json"
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH, required=False)
@click.option("--to", "form", type=shared.OfferedChoice(FORMS, "exports"), help=_("The form."))
@click.option("-o", "--out", type=shared.PATH_OR_DASH, help=_("File to write; - is stdout."))
@told_to_others(
    machines=_("Also what names machines, people and places, and the raw lines."),
    audience=_(
        "Who gets it: what its TLP marking does not allow them is left out and counted. The own "
        "organisation if not given; the community for stix-sighting and misp."
    ),
    source=_("Name of the office that tells it."),
)
@click.option(
    "--campaign", metavar="TITLE", help=_("Title of the campaign: of the MISP event, as a label.")
)
@click.option("--since", metavar="T", help=_("Only what happened at T (ISO 8601) or later."))
@click.option(
    "--withdraw",
    is_flag=True,
    help=_("Take back what was told before (stix-sighting, misp): the same ids, revoked."),
)
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    help=_("Print the index template of the form, to load before the first export; no DIR."),
)
@click.option("--quiet", is_flag=True, help=_("Do not print what became of the sightings."))
def command(
    folder: Path | None,
    form: str | None,
    out: Path | None,
    with_machines: bool,
    audience: str | None,
    source: str | None,
    campaign: str | None,
    since: str | None,
    withdraw: bool,
    template: str | None,
    quiet: bool,
) -> int:
    """Write the export and say what became of each sighting."""
    from quetsach.api import exporting

    if template is not None:
        click.echo(exporting.template_text())
        return 0
    if folder is None:
        raise click.MissingParameter(param_hint="'DIR'", param_type="argument")
    if form is None:
        raise click.MissingParameter(param_hint="'--to'", param_type="option")
    if form in BINARY and (out is None or str(out) == "-") and sys.stdout.isatty():
        raise click.UsageError(
            _("%(form)s is no text for a terminal: give -o FILE") % {"form": form}
        )
    exported = exporting.export_findings(
        folder,
        exporting.export_named(form),
        with_machines=with_machines,
        audience=audience,
        source=source or exporting.SOURCE,
        withdraw=withdraw,
        title=campaign or "",
        since=None if since is None else shared.aware_moment("--since", since),
    )
    _write(exported, out)
    if not quiet:
        _tell(exported.counts, with_machines=with_machines)
        if source is None and exporting.export_named(form).takes_back:
            click.echo(
                _(
                    "No office is named (--as NAME): the ids are those of any other office that "
                    "names none, and each could take back what the other told."
                ),
                err=True,
            )
    return 0


def _write(exported: "ExportedFindings", out: Path | None) -> None:
    from quetsach.api import exporting

    if out is not None and str(out) != "-":
        exporting.write_export(exported, out)
        return
    for piece in exported.pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.flush()


def _tell(counts: "ExportCounts", *, with_machines: bool) -> None:
    for name, text in SAID.items():
        count = getattr(counts, name)
        if count or name == "written":
            click.echo(plain(counted(_(text), {"count": count})), err=True)
    if not with_machines:
        click.echo(_("Machines and people are left out; --with-machines adds them."), err=True)
