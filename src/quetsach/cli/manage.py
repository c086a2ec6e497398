"""`quetsach manage`: the portal's commands for whoever runs it."""

import click

from quetsach.cli.portal import run_portal
from quetsach.texts import _


@click.command(
    "manage",
    context_settings={"ignore_unknown_options": True},
    help=_(
        "Run one of the portal's commands, with its own words: migrate, work, audit verify, "
        "audit export. `quetsach manage help` lists them all, `quetsach manage help work` "
        "explains one."
    ),
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="WORDS...")
def command(words: tuple[str, ...]) -> int:
    """Run it and return its exit code."""
    return run_portal(words)
