"""`quetsach trace`: an authority's notices and evidence in, the machines behind them out."""

from pathlib import Path
from typing import Any

import click

from quetsach.cli import options as shared
from quetsach.texts import _


@click.command(
    "trace",
    help=_(
        "Find the machine behind each NOTICE of an authority: a public address of yours, with "
        "time and best with source port, met a botnet. Notices are Shadowserver CSV, n6, IntelMQ "
        "or XARF JSON, the unit's list as PDF, DOCX or XLSX, or a CSV with the columns timestamp, "
        "ip, port, dst_ip, dst_port (times in UTC unless an offset stands there).\n\n"
        "Each ends as a device, as candidates, not ours, no data (with the log that would have "
        "told, and how to switch it on), or cannot tell.\n\n"
        "Example: quetsach trace notice.csv -e logs/ --public 203.0.113.0/28"
    ),
)
@click.argument("notices", nargs=-1, required=True, metavar="NOTICE...")
@click.option(
    "-e",
    "--evidence",
    multiple=True,
    required=True,
    help=_("Logs, or a folder of them; may be given several times."),
)
@shared.own_tables
@shared.zone
@shared.inside
@shared.accept_private
@click.option("--since", metavar="T", help=_("Only what happened at T (ISO 8601) or later."))
@click.option("--until", metavar="T", help=_("Only what happened before T (ISO 8601)."))
@click.option("--workers", type=click.IntRange(1, 1024), help=_("Parallel workers; all cores."))
@click.option(
    "--router",
    default="",
    metavar="NAME",
    help=_("Show only how this device is made to log, such as mikrotik, fortigate, cisco."),
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help=_("Folder to write the whole answer to, as traces.json."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the answer as JSON."))
@click.option("--quiet", is_flag=True, help=_("No progress and no text, only the exit code."))
def command(as_json: bool, quiet: bool, **options: Any) -> int:
    """Trace the notices and print the answer."""
    from quetsach import api
    from quetsach.cli.progress import progress_bar
    from quetsach.cli.trace_text import trace_text

    options["plans"] = options.pop("plan")
    request = api.trace_request(**options)
    with progress_bar(quiet=quiet) as progress:
        answer = api.trace(request, progress)
    if as_json:
        for piece in api.trace_pieces(answer):
            click.echo(piece, nl=False)
    elif not quiet:
        click.echo(trace_text(answer))
    return api.trace_exit_code(answer)
