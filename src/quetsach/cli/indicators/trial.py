"""`quetsach indicators try`: whom a new set would name, before it goes live."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from quetsach.cli import terminal as shared
from quetsach.cli.sweep import command as sweep_command
from quetsach.cli.terminal import more, where_text
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.trials import RowEffect, Trial

MOST_SHOWN = 20
MOST_TEXT = 100

_OF_SWEEP = (
    *("allow", "decisions", "zone", "inside", "accept_private", "columns", "since", "until"),
    *("engine", "workers"),
)


@click.command(
    "try",
    help=_(
        "Sweep past EVIDENCE with the LISTS, and show how many devices and units they would "
        "report, and because of which rows; no findings folder is written. A row that matches "
        "very many devices is more often a common service than an epidemic.\n\nExample: quetsach "
        "indicators try new.csv -e logs/ --previous store"
    ),
)
@click.argument("lists", nargs=-1, required=True, type=shared.INPUT)
@click.option(
    "-e",
    "--evidence",
    multiple=True,
    type=shared.EVIDENCE,
    required=True,
    help=_("Evidence (file, folder, glob); may be given several times."),
)
@click.option(
    "--previous",
    metavar="FILE|DIR@DIGEST",
    help=_("Release in use now, to show what the new set would change."),
)
@click.option(
    "--units",
    type=shared.PATH,
    help=_(
        "CSV with the columns subnet and unit (mạng, đơn vị); if not given, a unit is the first "
        "folder below the evidence folder."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
@click.option("--quiet", is_flag=True, help=_("No progress and no notes; the answer stays."))
def command(**options: Any) -> int:
    """Print what the set would say; exit as a sweep does."""
    from quetsach.api import lists, problems, sweeps
    from quetsach.cli.terminal import progress_bar

    request = sweeps.sweep_request(
        evidence=options["evidence"],
        lists=options["lists"],
        out=Path("none"),
        **{name: options[name] for name in _OF_SWEEP},
        sources=options["sources"] or (),
    )
    with progress_bar(quiet=options["quiet"]) as progress:
        trial = lists.try_indicators(
            request,
            units=options["units"],
            allow=options["allow"],
            previous=options["previous"],
            progress=progress,
        )
    if options["as_json"]:
        click.echo(plain_json(msgspec.to_builtins(trial)))
    else:
        click.echo("\n".join(map(plain, _text(trial))))
    return problems.exit_code(trial.summary)


command.params.extend(one for one in sweep_command.params if one.name in (*_OF_SWEEP, "sources"))


def _text(trial: "Trial") -> Iterator[str]:
    facts = {"devices": trial.devices, "units": len(trial.units), "without": trial.without_unit}
    if trial.units:
        yield _("%(devices)s devices in %(units)s units would be reported.") % facts
    else:
        yield _("%(devices)s devices would be reported.") % facts
    if trial.without_unit:
        yield (
            _("The unit of %(without)s devices is unknown: give --units, or one folder a unit.")
            % facts
        )
    yield from _warnings(trial)
    if trial.asked:
        yield _(
            "%(count)s more matched only rows on allow-lists or to be watched; a person decides."
        ) % {"count": trial.asked}
    if trial.unattributed:
        yield _("%(count)s sightings belong to no known device.") % {"count": trial.unattributed}
    if mentions := trial.summary.get("lines_to_look_at"):
        yield _("%(count)s lines only mention an indicator: they name nobody, look at them.") % {
            "count": mentions
        }
    if trial.rows:
        yield _("By row, those with most devices first:")
        for one in trial.rows[:MOST_SHOWN]:
            yield f"  {_row(one)}"
        yield from more(len(trial.rows), MOST_SHOWN)
    yield _("%(count)s indicators matched nothing.") % {"count": trial.unmet}
    yield from _before(trial)
    yield from _unread(trial)


def _warnings(found: "Trial") -> Iterator[str]:
    for one in found.rows:
        if one.key in found.wide:
            facts = {"count": one.devices, "shown": one.shown[:MOST_TEXT], "where": _where(one)}
            facts |= {"only": one.only, "percent": round(one.share * 100)}
            yield (
                _(
                    "WARNING: %(count)s of them (%(percent)s %%) because of this one row, "
                    "%(only)s because of it alone: %(shown)s (%(where)s). Check it before the "
                    "set goes live."
                )
                % facts
            )


def _row(effect: "RowEffect") -> str:
    from quetsach.html_report.words import strength
    from quetsach.indicators.allow.classes import class_text

    facts = {
        "shown": effect.shown[:MOST_TEXT],
        "where": _where(effect),
        "devices": effect.devices,
        "only": effect.only,
        "units": effect.units,
        "sightings": effect.sightings,
        "grade": strength(effect.best_grade).name,
    }
    sentence = _(
        "%(shown)s (%(where)s): devices %(devices)s, because of it alone %(only)s, units "
        "%(units)s, sightings %(sightings)s, at most: %(grade)s"
    )
    classes = ", ".join(map(class_text, effect.allow))
    also = _("also on allow-lists: %(classes)s") % {"classes": classes} if classes else ""
    return f"{sentence % facts}; {also}" if also else sentence % facts


def _where(one: "RowEffect") -> str:
    return where_text(one.list_name, one.row, one.place)


def _before(trial: "Trial") -> Iterator[str]:
    if trial.previous is not None:
        facts = {
            "devices": trial.previous.devices,
            "added": len(trial.previous.added),
            "gone": len(trial.previous.gone),
        }
        yield (
            _(
                "The release in use reports %(devices)s devices: the new set adds %(added)s and "
                "drops %(gone)s."
            )
            % facts
        )
        for sign, devices in (("+", trial.previous.added), ("-", trial.previous.gone)):
            for one in devices[:MOST_SHOWN]:
                yield f"  {sign} {one}"
            yield from more(len(devices), MOST_SHOWN)


def _unread(found: "Trial") -> Iterator[str]:
    unread = found.summary["unread"]
    if unread or found.summary["rejects"]:
        facts = {"files": len(unread), "lines": found.summary["rejects"]}
        yield _("Not all was read: %(files)s files or parts, %(lines)s lines.") % facts
        for one in unread[:MOST_SHOWN]:
            yield f"  {one['code']} {one['path']}: {one['what']}"
