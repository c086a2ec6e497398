"""`quetsach sensors push`: lists into resolvers and sensors that run, to watch with."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.errors.catalogue import N_
from quetsach.texts import _, counted, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.sensors import PushResult

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("push", "sensors:push_command", N_("Give lists to each sensor of a file, and reload it.")),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="sensors",
    help=_("Give lists to the resolvers and sensors of an office, so that they log who asks."),
)


@click.command(
    "push",
    help=_(
        "Give the lists to each sensor that the file SENSORS names, and let it reload. Nothing is "
        "ever blocked: resolvers log who asks for a listed name and answer as before. A list that "
        "is empty or lost more than half is refused, and what a program does not take is put back "
        "as it was.\n\nExit: 0 all use the new list, 2 failed, 3 some do not."
    ),
)
@click.argument("sensors", metavar="SENSORS", type=shared.PATH)
@click.option(
    "-i",
    "--indicators",
    "lists",
    multiple=True,
    required=True,
    type=shared.PATH,
    help=_("List of indicators, or a folder of lists; may be given several times."),
)
@click.option(
    "--belt",
    multiple=True,
    type=shared.PATH,
    help=_(
        "Never-block list: a file of names, addresses and networks, one a line, such as own "
        "resolvers, gateways and the authority's hosts. May be given several times."
    ),
)
@shared.decisions
@shared.accept_private
@click.option(
    "--accept-shrunken",
    is_flag=True,
    help=_("Also give a list that is empty or lost more than half."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def push_command(sensors: Path, **options: Any) -> int:
    """Print what became of the list at each sensor, and return the exit code."""
    from quetsach.api.sensors import PushRequest, push_lists, sensors_in

    request = PushRequest(
        lists=options["lists"],
        at=datetime.now().astimezone().replace(microsecond=0),
        decisions=options["decisions"],
        never_block=options["belt"],
        accept_private=options["accept_private"],
        accept_less=options["accept_shrunken"],
    )
    results = push_lists(sensors_in(sensors), request)
    if options["as_json"]:
        click.echo(plain_json([_facts(result) for result in results]))
    else:
        click.echo("\n".join(plain(line) for line in lines_of(results)))
    return 0 if all(result.is_in_use for result in results) else 3


def lines_of(results: Sequence["PushResult"]) -> list[str]:
    """Return a line a sensor: its name, what became of the list, and what it said."""
    from quetsach.api.sensors import PushState

    words = {
        PushState.LOADED: _("uses the new list"),
        PushState.MOVED: _("has the new list and reads it by itself"),
        PushState.REFUSED: _("KEEPS THE OLD LIST, the new one is refused"),
        PushState.FAILED: _("KEEPS THE OLD LIST, it did not take the new one"),
    }
    lines = []
    for result in results:
        before = "-" if result.before is None else str(result.before)
        facts = {"was": before, "now": str(result.entries), "state": words[result.state]}
        line = counted(_("%(state)s (%(was)s -> %(now)s entries)"), facts)
        detail = f": {result.detail}" if result.detail else ""
        lines.append(f"{result.name} ({result.kind}): {line}{detail}")
    return lines


def _facts(result: "PushResult") -> dict[str, Any]:
    return {
        "name": result.name,
        "kind": str(result.kind),
        "state": str(result.state),
        "entries": result.entries,
        "before": result.before,
        "detail": result.detail,
    }
