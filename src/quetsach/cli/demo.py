"""`quetsach demo`: the made-up district."""

import contextlib
import time
from datetime import datetime
from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.texts import _


@click.command(
    "demo",
    help=_(
        "Write the demo district Trà Cú (September 2022): logs of its offices, lists of "
        "indicators, and truth.json, which names the infected machines. All data are made up."
    ),
)
@click.option("--out", required=True, type=shared.PATH, help=_("Folder to write."))
@click.option(
    "--seed",
    type=int,
    default=2022,
    show_default=True,
    help=_("Seed; the same seed gives the same bytes."),
)
@click.option(
    "--size",
    type=click.Choice(["small", "medium", "large"]),
    default="small",
    show_default=True,
    help=_("About 5 MB, 100 MB or 1 GB."),
)
@click.option(
    "--week",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2022-09-12",
    show_default="2022-09-12",
    help=_("A day of the week in which everything happens."),
)
def demo_command(out: Path, seed: int, size: str, week: datetime) -> int:
    """Write the district and say what to do with it."""
    from quetsach.demo.district import build_district
    from quetsach.errors.exceptions import QuetsachError

    if out.exists() and any(out.iterdir()):
        raise QuetsachError("E301", str(out))
    build_district(out, seed, size, week=week.date())  # type: ignore[arg-type]  # click.Choice checked it
    click.echo(_("The demo district is in %(out)s. Next:") % {"out": out})
    click.echo(
        f"  quetsach sweep {out}/evidence -i {out}/indicators --allow {out}/allow "
        f"--inventory {out}/machines.csv --plan {out}/units.csv --sources {out}/sources.toml "
        "-o findings"
    )
    return 0


@click.command(
    "demo-live",
    help=_(
        "Write the traffic of one made-up office as it happens, until Ctrl-C: a sensor's EVE file "
        "and a router's syslog. After 20 and 75 seconds a machine contacts a listed address. "
        "Follow it with `quetsach watch run`."
    ),
)
@click.option("--out", required=True, type=shared.PATH, help=_("Folder to write."))
@click.option(
    "--syslog",
    "to_syslog",
    default="",
    metavar="udp://ADDRESS:PORT",
    help=_("Where the router sends its syslog; else it is a file below --out."),
)
@click.option(
    "--planted", multiple=True, metavar="NAME", help=_("A planted name that a machine asks for.")
)
@click.option(
    "--minutes", type=click.FloatRange(0), default=1440, show_default=True, help=_("For how long.")
)
def demo_live_command(out: Path, to_syslog: str, planted: tuple[str, ...], minutes: float) -> int:
    """Write the lists, then lines until the time is over."""
    from quetsach.demo.district import write_lists
    from quetsach.demo.live import EVE_FILE, ROUTER_FILE, LiveLogs, live_office, run_live

    try:
        logs = LiveLogs(out, to_syslog)
    except ValueError:
        raise click.BadParameter(to_syslog, param_hint="--syslog") from None
    write_lists(out)
    click.echo(
        _("Traffic of a made-up office goes to %(out)s. In another terminal:") % {"out": out}
    )
    router = f"--listen {to_syslog}" if to_syslog else out / ROUTER_FILE
    click.echo(f"  quetsach watch run {out / EVE_FILE} {router} -i {out}/indicators")
    with contextlib.suppress(KeyboardInterrupt):
        run_live(live_office(time.time_ns() // 1_000, planted), logs, minutes * 60)
    return 0


@click.command(
    "selftest",
    help=_("Check on this machine that the engine finds all known infections of the demo."),
)
def selftest_command() -> int:
    """Print each promise that was checked; 2 when one is broken."""
    from quetsach.scratch_folders import scratch_folder
    from quetsach.selftest import run_selftest

    with scratch_folder() as folder:
        checks = run_selftest(folder)
    for check in checks:
        click.echo(f"{'✓' if check.kept else '✗'} {check.promise}")
        if not check.kept:
            click.echo(f"    {check.found}")
    return 0 if all(check.kept for check in checks) else 2
