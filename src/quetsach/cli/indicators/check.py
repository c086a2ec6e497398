"""`quetsach indicators`: lists checked before they are used."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.indicators.check import CheckReport
    from quetsach.indicators.model import Indicator

MOST_SHOWN = 20
"""How many rows of one kind are printed; --json prints all."""

MOST_TEXT = 120
"""How much of a row is printed, in characters."""


@click.command(
    "check",
    help=_(
        "Read the LISTS as a sweep would, and tell what was taken, what was refused and why, and "
        "what needs a second look: duplicates, names above other names, well-known services."
    ),
)
@click.argument("lists", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--allow",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Allow-list (resolvers, CDNs ...); marks an indicator, never drops it."),
)
@click.option(
    "--accept-private",
    is_flag=True,
    help=_("Accept indicators in private ranges (laboratories, segmented networks)."),
)
@click.option(
    "--columns",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Saved column map of a sender, or a folder of them; see `indicators columns`."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(
    lists: tuple[Path, ...],
    allow: tuple[Path, ...],
    accept_private: bool,
    columns: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Print the check; 2 when no indicator is left, 3 when rows were refused."""
    from quetsach import api

    report = api.check_indicators(
        lists, allow=allow, accept_private=accept_private, columns=columns
    )
    if as_json:
        click.echo(plain_json(msgspec.to_builtins(report)))
    else:
        click.echo("\n".join(map(plain, _text(report))))
    if not sum(report.kinds.values()):
        return 2
    partly = (one.reading.refused or one.reading.problems for one in report.lists)
    return 3 if any(partly) else 0


def _text(report: "CheckReport") -> Iterator[str]:
    from quetsach.indicators.check import reason_text

    for one in report.lists:
        reading = one.reading
        yield from map(str, reading.problems)
        if reading.form == "column-map":
            continue
        facts = {
            "name": reading.list_name,
            "form": reading.form + (f", {reading.column}" if reading.column else ""),
            "rows": reading.rows,
            "taken": reading.taken,
            "refused": reading.refused,
        }
        yield _("%(name)s (%(form)s): %(rows)s rows, %(taken)s taken, %(refused)s refused") % facts
        for refusal in one.refusals[:MOST_SHOWN]:
            row = _("row %(row)s") % {"row": refusal.origin.row}
            where = refusal.origin.place or row
            yield f"  {where}: {refusal.origin.text[:MOST_TEXT]}: {reason_text(refusal.reason)}"
        yield from _more(reading.refused)
    kinds = ", ".join(f"{kind} {count}" for kind, count in report.kinds.items())
    yield _("Indicators: %(kinds)s") % {"kinds": kinds or "0"}
    yield from _named(_("In more than one row, counted once:"), report.duplicates)
    yield from _named(
        _("Web addresses without a path, met in logs of pages only:"), report.whole_sites
    )
    for of_class, found in report.allow.items():
        yield from _named(_("Also on the allow-list %(class)s:") % {"class": of_class}, found)


def _named(heading: str, found: "tuple[Indicator, ...]") -> Iterator[str]:
    if found:
        yield heading
        for one in found[:MOST_SHOWN]:
            yield f"  {one.shown[:MOST_TEXT]}"
        yield from _more(len(found))


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more; --json prints all") % {"count": count - MOST_SHOWN}
