"""`quetsach fingerprints`: what becomes of fingerprints and their keys."""

from datetime import datetime
from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.cli.terminal import wrapped
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import Problem
from quetsach.html_report.words import number
from quetsach.texts import _, plain

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "forget",
        "fingerprints:forget_command",
        N_("Delete the key of a month: its fingerprints answer nothing any more."),
    ),
    (
        "remove",
        "fingerprints:remove_command",
        N_("Remove the fingerprints of days before a given one."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="fingerprints",
    help=_(
        "Fingerprints of what was seen each day, as keys under a secret: they answer "
        "quetsach indicators would-hit when the logs are destroyed."
    ),
)


@click.command(
    "forget",
    help=_(
        "Delete the keys of MONTH (2026-09; undated for lines without a day). This cannot be "
        "undone: the fingerprints of the month, wherever a copy lies, answer nothing any more."
    ),
)
@click.argument("month", metavar="MONTH")
@click.option(
    "--keys",
    "secrets",
    metavar="DIR",
    required=True,
    type=shared.PATH,
    help=_("Folder of their keys."),
)
@click.option("--unit", metavar="NAME", help=_("Only those of this unit."))
def forget_command(month: str, secrets: Path, unit: str | None) -> int:
    """Delete keys and say which."""
    from quetsach.api.fingerprints import forget

    names = forget(month, secrets, unit)
    facts = {"count": number(len(names)), "month": month}
    click.echo("\n".join(wrapped(_("%(month)s: %(count)s keys deleted.") % facts)))
    for name in names:
        click.echo(plain(f"  {name}"))
    return 0


@click.command(
    "remove",
    help=_(
        "Remove from DIR the fingerprints of days before DAY. Their keys stay until forget deletes "
        "them."
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH)
@click.option(
    "--before",
    metavar="DAY",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("First day that stays (2026-09-01)."),
)
def remove_command(folder: Path, before: datetime) -> int:
    """Remove fingerprints and say how many."""
    from quetsach.api.fingerprints import remove_before

    problems: list[Problem] = []
    removed = remove_before(folder, before.date(), problems)
    sentence = _("%(count)s unit-days removed.") % {"count": number(len(removed))}
    click.echo("\n".join(wrapped(sentence)))
    for problem in problems:
        click.echo(problem, err=True)
    return 3 if problems else 0
