"""`quetsach indicators take-in`: rows that a list sets aside, taken in because a person says so."""

from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.texts import _, plain_json


@click.command(
    "take-in",
    help=_(
        "Write what LISTS contain and a sweep leaves aside as a list of its own: attributes that "
        "their sender does not mark for detection (MISP: to_ids=false), and with --under HOST "
        "paths without a host, looked for on that host. Give the file to `sweep` with -i beside "
        "the lists.\n\nExample: quetsach indicators take-in event.json -o more.jsonl"
    ),
)
@click.argument("lists", nargs=-1, required=True, type=shared.INPUT)
@click.option(
    "--under",
    "hosts",
    multiple=True,
    metavar="HOST",
    help=_("Host on which paths without a host are looked for. May be given several times."),
)
@click.option("-o", "--out", type=shared.OUTPUT, required=True, help=_("File to write."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(lists: tuple[Path, ...], hosts: tuple[str, ...], out: Path, *, as_json: bool) -> int:
    """Write the list and say how many indicators it holds."""
    from quetsach.api import lists as api_lists

    count = api_lists.take_in(lists, hosts, out)
    if as_json:
        click.echo(plain_json({"path": str(out), "indicators": count}))
    else:
        click.echo(_("Indicators taken in: %(count)s") % {"count": count})
        click.echo(out)
    return 0
