"""`quetsach verdict`: which devices are proven clean, and what is missing for the others."""

from pathlib import Path

import click

from quetsach.texts import _, plain, plain_json

_PATH = click.Path(path_type=Path)


@click.command(
    "verdict",
    help=_(
        "Tell from the findings folders DIR of one or more sweeps which devices are infected, "
        "handled, proven clean or come back, and name what is missing for a proof.\n\n"
        "A device is verified clean only when after its last handling enough days are covered by "
        "every kind of log that showed it, it was alive on enough of them, and no contact was "
        "seen. Silence without a log proves nothing.\n\n"
        "--handled is a CSV with the columns device, time and, optional, what and by; --scans one "
        "with device, time, result (clean or infected) and, optional, signal (scan, collection "
        "or declared).\n\n"
        "Exit: 0 all are verified clean, 1 not all, 2 failed, 3 not all was read."
    ),
)
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=_PATH)
@click.option("--handled", type=_PATH, help=_("CSV of the devices that were handled."))
@click.option("--scans", type=_PATH, help=_("CSV of results of scans and collections."))
@click.option(
    "--units",
    type=_PATH,
    help=_(
        "CSV with the columns subnet and unit, or a network plan as CSV; if not given, the units "
        "are those of the sweep's --plan."
    ),
)
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=_PATH,
    help=_("Folder that was swept; the folders in it are the units. May be given several times."),
)
@click.option("--days", default=7, show_default=True, help=_("Covered days that a proof needs."))
@click.option(
    "--alive", default=3, show_default=True, help=_("Days alive among them that it needs.")
)
@click.option("--as-of", metavar="DAY", help=_("Judge as of this day, such as 2022-09-30; today."))
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
    from quetsach import api
    from quetsach.cli.verdict_text import lines_of
    from quetsach.verdicts.model import Thresholds

    report = api.verdicts(
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
