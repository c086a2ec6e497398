"""`quetsach verdict`: which devices are proven clean, and what is missing for the others."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.terminal import more, wrapped
from quetsach.texts import _, plain, plain_json
from quetsach.verdicts.model import DeviceState, DeviceVerdict, day_text
from quetsach.verdicts.sentences import state_word

if TYPE_CHECKING:
    from quetsach.api.verdicts import VerdictReport

log = logging.getLogger(__name__)


@click.command(
    "verdict",
    help=_(
        "Show from the findings folders DIR of one or more sweeps which devices are infected, "
        "handled, proven clean or infected again, and what is missing for a proof.\n\nA device "
        "is verified clean only if after its last handling enough days are covered by every kind "
        "of log that showed it, it was active on enough of them, and no contact was seen. "
        "Silence without a log proves nothing.\n\n--handled is a CSV with the columns device, "
        "time and, optional, what and by; --scans a CSV with device, time, result (clean or "
        "infected) and, optional, signal (scan, collection or declared).\n\nExit: 0 all are "
        "verified clean, 1 not all, 2 failed, 3 not all was read."
    ),
)
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=shared.PATH)
@click.option("--handled", type=shared.PATH, help=_("CSV of the devices that were handled."))
@click.option("--scans", type=shared.PATH, help=_("CSV of results of scans and collections."))
@click.option(
    "--units",
    type=shared.PATH,
    help=_(
        "CSV with the columns subnet and unit, or a network plan as CSV; if not given, the units "
        "are those of the sweep's --plan."
    ),
)
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=shared.PATH,
    help=_("Folder that was swept; the folders in it are the units. May be given several times."),
)
@click.option(
    "--days", default=7, show_default=True, help=_("Number of covered days that a proof needs.")
)
@click.option(
    "--alive",
    default=3,
    show_default=True,
    help=_("Number of active days among them that it needs."),
)
@click.option(
    "--as-of", metavar="DAY", help=_("Day of the verdict, such as 2022-09-30; today if not given.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(
    folders: tuple[Path, ...],
    handled: Path | None,
    scans: Path | None,
    units: Path | None,
    roots: tuple[Path, ...],
    days: int,
    alive: int,
    as_of: str | None,
    as_json: bool,
) -> int:
    """Print the verdicts and return the exit code."""
    from quetsach.api import verdicts
    from quetsach.verdicts.model import Thresholds

    report = verdicts.verdicts(
        folders,
        handled=handled,
        scans=scans,
        units=units,
        roots=roots,
        thresholds=Thresholds(covered_days=days, alive_days=alive),
        as_of=as_of,
    )
    if as_json:
        click.echo(plain_json(report.to_json()))
    else:
        click.echo("\n".join(map(plain, lines_of(report))))
    return report.exit_code


MOST_SHOWN = 50
"""How many devices of one state, units and problems are printed; --json has all, -v all units."""

ORDER = (
    DeviceState.RECURRED,
    DeviceState.INFECTED,
    DeviceState.QUIET_NOT_PROVEN,
    DeviceState.CANNOT_TELL,
    DeviceState.HANDLED,
    DeviceState.VERIFIED_CLEAN,
)
"""The states in which something is to be done come first."""


def lines_of(report: "VerdictReport") -> Iterator[str]:
    """Yield the lines of a report; none is longer than 80 columns unless a word is."""
    facts = {
        "day": day_text(report.as_of),
        "days": report.thresholds.covered_days,
        "alive": report.thresholds.alive_days,
    }
    yield from wrapped(
        _("As of %(day)s; a proof needs %(days)s covered days, active on %(alive)s of them.")
        % facts
    )
    yield from _units(report)
    for state in ORDER:
        of_state = [one for one in report.devices if one[1].state is state]
        if of_state:
            yield ""
            yield _("%(state)s: %(count)s") % {
                "state": state_word(state).upper(),
                "count": len(of_state),
            }
        for unit, verdict in of_state[:MOST_SHOWN]:
            yield from _device(unit, verdict)
        yield from more(len(of_state), MOST_SHOWN)
    if not report.devices:
        yield ""
        yield _("No device is reported in these findings.")
    yield from _problems(report)


def _units(report: "VerdictReport") -> Iterator[str]:
    unexamined = [unit for unit in report.units if unit.is_unexamined]
    # One of them has room; of a whole network plan they would hide the result.
    are_named = len(unexamined) == 1 or log.isEnabledFor(logging.INFO)
    shown = [unit for unit in report.units if are_named or not unit.is_unexamined]
    most = len(shown) if log.isEnabledFor(logging.INFO) else MOST_SHOWN
    for unit in shown[:most]:
        name = unit.unit or _("(no unit named)")
        yield from wrapped(f"{name}: {unit.sentence}", "  ")
    yield from more(len(shown), most)
    if not are_named and unexamined:
        text = _(
            "%(count)s units not examined: no line with a time is known to belong to them. This "
            "is not a zero. -v and --json name them."
        )
        yield from wrapped(text % {"count": len(unexamined)}, "  ")


def _device(unit: str, verdict: DeviceVerdict) -> Iterator[str]:
    yield "  " + verdict.device + (f" ({unit})" if unit else "")
    yield from wrapped(verdict.because, "      ")
    for text in verdict.missing:
        yield from wrapped(_("missing: %(what)s") % {"what": text}, "      ")
    for text in verdict.signals:
        yield from wrapped(_("other than logs: %(what)s") % {"what": text}, "      ")
    for text in verdict.declared:
        yield from wrapped(_("declared only, no proof: %(what)s") % {"what": text}, "      ")
    if verdict.recheck:
        days = ", ".join(map(day_text, verdict.recheck))
        yield from wrapped(_("check again on: %(days)s") % {"days": days}, "      ")


def _problems(report: "VerdictReport") -> Iterator[str]:
    if report.problems or not report.complete:
        yield ""
        yield _("NOT ALL WAS READ:")
    for one in report.problems[:MOST_SHOWN]:
        yield from wrapped(str(one), "  ")
    yield from more(len(report.problems), MOST_SHOWN)
    if not report.complete:
        yield from wrapped(_("The sweeps could not read everything: see their reports."), "  ")
