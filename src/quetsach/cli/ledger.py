"""`quetsach ledger`: what each of several sweeps brought of the same logs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.terminal import more, wrapped
from quetsach.html_report.words import number
from quetsach.texts import _, counted, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.ledger import ImportLedger, PartView

MOST_SHOWN = 50
"""How many logs are printed; --json prints all."""


@click.command(
    "ledger",
    help=_(
        "Show from the findings folders DIR of several sweeps, the oldest first, what each brought "
        "of the same logs: a log that has grown, was packed or copied counts each line and each "
        "sighting once.\n\nSweep with --earlier so that a log is compared with what it was before; "
        "else its first line and its sightings speak for it. A log whose first line "
        "was edited is another log.\n\nExit: 0, 1 a log was edited or "
        "damaged after it was first read, 2 failed."
    ),
)
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=shared.PATH)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(folders: tuple[Path, ...], as_json: bool) -> int:
    """Print the ledger and return the exit code."""
    from quetsach.api.ledger import import_ledger

    ledger = import_ledger(folders)
    if as_json:
        click.echo(plain_json(ledger.to_json()))
    else:
        click.echo("\n".join(map(plain, lines_of(ledger))))
    return 1 if ledger.has_diverged else 0


def lines_of(ledger: "ImportLedger") -> Iterator[str]:
    """Yield the lines of a ledger, logs that several folders have before others."""
    logs = sorted(zip(ledger.streams, ledger.parts, strict=True), key=lambda one: -len(one[1]))
    for stream, views in logs[:MOST_SHOWN]:
        yield f"{stream.name} ({stream.kind})"
        for time, view in enumerate(views, 1):
            yield from wrapped(_part_text(time, view), "  ")
    yield from more(len(logs), MOST_SHOWN)
    facts = {
        "logs": number(len(logs)),
        "lines": number(ledger.lines),
        "sightings": number(len(ledger.numbers)),
    }
    yield from wrapped(
        counted(
            _("Together, each once: %(logs)s logs, %(lines)s lines, %(sightings)s sightings."),
            facts,
        )
    )


def _part_text(time: int, view: "PartView") -> str:
    from quetsach.api.ledger import StreamChange

    part = view.part
    facts = {
        "time": number(time),
        "folder": view.folder,
        "sightings": number(part.sightings),
        "old": number(part.sightings - part.new_sightings),
        "new": number(part.new_sightings),
        "lines": number(part.new_lines),
    }
    change = {
        StreamChange.SAME: _("the same"),
        StreamChange.GROWN: _("grown by %(lines)s lines"),
        StreamChange.SHORTER: _("shorter, all of it known"),
        StreamChange.NEW: _("new, %(lines)s lines"),
        StreamChange.DIVERGED: _(
            "EDITED OR DAMAGED since it was last read; %(lines)s lines counted as new, sightings "
            "behind the edited place may count twice"
        ),
    }[part.change]
    counts = _("sweep %(time)s: %(sightings)s sightings, %(old)s known, %(new)s new")
    doubt = "" if part.is_proved else _(" (not compared byte by byte)")
    return counted(f"{counts}; {change}{doubt}: %(folder)s", facts)
