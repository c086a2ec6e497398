"""`quetsach indicators diff`: what changed from one version to another."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click
import msgspec

from quetsach.cli.words import where_text
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.indicators.diff import Changed, Diff

MOST_SHOWN = 10
"""How many rows of one kind are printed; --json prints all."""

MOST_TEXT = 120


@click.command(
    "diff",
    help=_(
        "Tell what changed from BEFORE to AFTER. Each is a release, a list, a folder of lists, a "
        "store (its latest), or a version of one: STORE@DIGEST, of which the first digits do.\n\n"
        "Exit: 0 nothing changed, 1 something did."
    ),
)
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(before: str, after: str, *, as_json: bool) -> int:
    """Print the changes; 1 when there are any."""
    from quetsach import api

    found = api.diff_indicators(before, after)
    if as_json:
        answer = msgspec.to_builtins(found)
        answer["changes"] = [one._asdict() for one in found.changes]
        click.echo(plain_json(answer))
    else:
        click.echo("\n".join(map(plain, _text(found))))
    return 1 if found.changes else 0


def _text(found: "Diff") -> Iterator[str]:
    from quetsach.cli.indicators.words import change_word

    facts = {"before": found.before, "after": found.after}
    yield _("Indicators looked for: %(before)s before, %(after)s after") % facts
    if not found.changes:
        yield _("Nothing changed.")
    for change, group in groupby(found.changes, key=lambda one: one.change):
        count = found.counts[change]
        yield f"{change_word(change)}: {count}"
        for number, one in enumerate(group):
            if number < MOST_SHOWN:
                yield f"  {_row(one)}"
        if count > MOST_SHOWN:
            more = {"count": count - MOST_SHOWN}
            yield "  " + _("... and %(count)s more; --json prints all") % more
    moved = {name: pair for name, pair in found.sources.items() if pair[0] != pair[1]}
    if moved:
        yield _("By source list, before and after:")
        for name, (was, now) in list(moved.items())[:MOST_SHOWN]:
            yield f"  {name}: {was} -> {now}"
        if len(moved) > MOST_SHOWN:
            more = {"count": len(moved) - MOST_SHOWN}
            yield "  " + _("... and %(count)s more; --json prints all") % more


def _row(one: "Changed") -> str:
    states = " -> ".join(text for text in (one.before, one.after) if text)
    same = one.change in ("added", "removed", "withdrawn", "dropped")
    told = "" if same or not states else f": {states}"
    where = where_text(one.list_name, one.row, one.place)
    return f"{one.shown[:MOST_TEXT]}{told} ({where})" if one.list_name else f"{one.shown}{told}"
