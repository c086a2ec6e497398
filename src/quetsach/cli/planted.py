"""`quetsach planted`: a key for planted names, and the names and scripts made with it."""

from datetime import date, datetime
from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("key", "planted:key_command", N_("Make the secret key of an office, with its places.")),
    (
        "names",
        "planted:names_command",
        N_("Print what is planted day by day, or write the folder of each place."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="planted",
    help=_(
        "Harmless names that a PC of each subnet asks for on working days, to learn whether the "
        "logs would show a contact.\n\nFirst steps: quetsach planted key planted.key --place "
        "VP, then quetsach planted names --key-file planted.key --out folders, and "
        "quetsach sweep logs/ -i list.txt --planted-key planted.key"
    ),
)

places = click.option(
    "--place",
    "places",
    multiple=True,
    help=_("Place (subnet, room) with one PC that asks; may be given several times."),
)


@click.command("key", help=_("Write a new secret key to FILE. Whoever has it can make the names."))
@click.argument("file", type=shared.PATH)
@places
def key_command(file: Path, places: tuple[str, ...]) -> int:
    """Write the key."""
    from quetsach.api.planted import write_planted_key

    key = write_planted_key(file, places, datetime.now().astimezone().date())
    click.echo(
        plain(
            _("Key written: %(file)s; places: %(places)s")
            % {"file": file, "places": ", ".join(key.places) or "-"}
        )
    )
    return 0


@click.command(
    "names",
    help=_(
        "Print day, place, name and address of what is planted; with --out, write for each place "
        "a folder with the collector, the planted scripts and their names."
    ),
)
@click.option(
    "--key-file", "key_file", required=True, type=shared.PATH, help=_("The key of the office.")
)
@click.option(
    "--days",
    type=click.IntRange(1, 4000),
    metavar="N",
    default=400,
    show_default=True,
    help=_("For so many days, from the first on."),
)
@click.option("--from", "first", metavar="DAY", help=_("First day, YYYY-MM-DD; else today."))
@click.option("-o", "--out", type=shared.PATH, help=_("Folder to write the places' folders into."))
@places
def names_command(
    key_file: Path, days: int, first: str | None, out: Path | None, places: tuple[str, ...]
) -> int:
    """Print the names, or write the folders."""
    from quetsach.api import planted

    key = planted.read_planted_key(key_file, places)
    if not key.places:
        raise QuetsachError("E601", "--place", reason=_("the key file names no place"))
    begins = _day(first)
    if out is not None:
        for place, folder in planted.write_planted_folder(key, out, begins, days):
            click.echo(plain(f"{folder}  {place}"))
        return 0
    last = date.fromordinal(begins.toordinal() + days - 1)
    for contact in planted.planted_between(key, begins, last):
        if planted.is_working_day(contact.day):
            row = (contact.day.isoformat(), contact.name, contact.address, contact.place)
            click.echo(plain(" ".join(row)))
    return 0


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QuetsachError("E601", "--from", reason=text) from error
