"""`quetsach sweep`: evidence and lists in, findings out."""

import gc
from pathlib import Path
from typing import Any

import click

from quetsach.cli import options as shared
from quetsach.texts import _, plain_json


@click.command(
    "sweep",
    help=_(
        "Look through EVIDENCE (files, folders, globs or -) for the indicators of the lists, name "
        "the devices that met them, and write a findings folder with an HTML report.\n\n"
        "Example: quetsach sweep logs/ -i list.txt -o findings"
    ),
)
@click.argument("evidence", nargs=-1, required=True)
@click.option(
    "-i",
    "--indicators",
    "lists",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help=_("List of indicators, or a folder of lists; may be given several times."),
)
@click.option(
    "--allow",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Allow-list (resolvers, CDNs ...), or `misp`; marks an indicator, never drops it."),
)
@shared.own_tables
@shared.decisions
@shared.zone
@shared.inside
@shared.accept_private
@shared.columns
@click.option("--since", metavar="T", help=_("Only what happened at T (ISO 8601) or later."))
@click.option("--until", metavar="T", help=_("Only what happened before T (ISO 8601)."))
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help=_("Where to compute: this machine, or a Spark cluster (extra `spark`)."),
)
@click.option("--workers", type=click.IntRange(1, 1024), help=_("Parallel workers; all cores."))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help=_("Findings folder to write; findings-DATE-TIME here if not given."),
)
@click.option(
    "--sign",
    metavar="KEY",
    type=click.Path(path_type=Path),
    help=_("Sign the findings at once with this private key: see quetsach indicators key."),
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help=_("File whose first line is the key's passphrase; else you are asked."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the summary as JSON."))
@click.option("--quiet", is_flag=True, help=_("No progress and no text, only the exit code."))
def command(**options: Any) -> int:
    """Run the sweep and print its answer."""
    from quetsach import api
    from quetsach.cli.progress import progress_bar
    from quetsach.cli.sweep_text import sweep_text

    passphrase = None
    if options["sign"] is not None:
        from quetsach.cli.passphrase import passphrase_for

        passphrase = passphrase_for(options["sign"], options["passphrase_file"])
    # A long list becomes a million small values that live to the end and point at nothing behind
    # them: looking through them for rings to collect took a quarter of a sweep.
    gc.disable()
    request = api.sweep_request(
        evidence=options["evidence"],
        lists=options["lists"],
        allow=options["allow"],
        decisions=options["decisions"],
        own=api.OwnTables(
            leases=options["leases"],
            nat=options["nat"],
            inventory=options["inventory"],
            plan=options["plan"],
            public=options["public"],
            overrides=options["overrides"],
        ),
        zone=options["zone"],
        inside=options["inside"],
        accept_private=options["accept_private"],
        since=options["since"],
        until=options["until"],
        engine=options["engine"],
        workers=options["workers"],
        out=options["out"],
        columns=options["columns"],
        sign=options["sign"],
        passphrase=passphrase,
    )
    gc.freeze()
    gc.enable()
    with progress_bar(quiet=options["quiet"]) as progress:
        summary = api.sweep(request, progress)
    if options["as_json"]:
        click.echo(plain_json(summary))
    elif not options["quiet"]:
        click.echo(sweep_text(summary))
    return api.exit_code(summary)
