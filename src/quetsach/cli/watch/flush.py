"""`quetsach watch flush`: what is in no folder yet, sealed and handed in now."""

import time
from pathlib import Path

import click

from quetsach.cli.watch import config, group
from quetsach.html_report.words import number
from quetsach.texts import _, plain

_WAIT_S = 60.0
_LOOK_S = 0.25


@click.command(
    "flush",
    help=_(
        "Have the running watch seal what is in no folder yet, and hand in what waits, at once.\n\n"
        "Exit: 0 done, 2 no watch runs or it seals nothing, 3 it was not done within a minute."
    ),
)
@group.state
@config.option
def command(state: Path | None) -> int:
    """Ask the watch beside, and wait for its answer."""
    from quetsach.api import watches

    folder = group.state_or_usual(state)
    if not watches.is_running(watches.watch_status(folder)):
        click.secho(_("No watch runs here; the next one seals what is left."), err=True)
        return 2
    if not watches.is_sealing(folder):
        click.secho(
            _("This watch seals nothing: start it with --seal DIR or --portal URL."), err=True
        )
        return 2
    question = watches.ask_to_seal(folder)
    last_s = time.monotonic() + _WAIT_S
    while time.monotonic() < last_s:
        sealed = watches.sealed_since(folder, question)
        if sealed is not None and not sealed.waiting:
            for path in sealed.folders:
                click.echo(plain(path))
            return 0
        time.sleep(_LOOK_S)
    waiting = watches.sealed_since(folder, question)
    click.secho(
        _("It is not done yet; %(count)s folders wait.")
        % {"count": number(0 if waiting is None else waiting.waiting)},
        err=True,
        fg="yellow",
    )
    return 3
