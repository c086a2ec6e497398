"""`quetsach watch run`: logs followed, a line for each sighting."""

import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from quetsach.cli import terminal as shared
from quetsach.cli.watch import config, group, sensor_pushes
from quetsach.compiled import misfit
from quetsach.html_report.words import number, size, strength
from quetsach.lean_arrow import load_arrow
from quetsach.texts import _, compact_json, counted, plain

if TYPE_CHECKING:
    from quetsach.api.watches import (
        NewSightings,
        PlantedKey,
        SealedFolder,
        WatchCallbacks,
        WatchTotals,
    )
    from quetsach.cli.watch.sensor_pushes import SensorPushes
    from quetsach.errors.exceptions import Problem

_COLOURS = {"connected": "red", "moved": "red", "answered": "yellow", "asked": "yellow"}
_MOST_PATHS = 3


@click.command(
    "run",
    help=_(
        "Follow PATH... (files, folders, patterns in quotes) and print each sighting of an "
        "indicator as it comes: time, machine, indicator, what happened, where it stands. What "
        "was there before is read first; rotated logs are read to their end, also those of the "
        "time when no watch ran.\n\nExample: "
        "quetsach watch run /var/log/suricata/eve.json -i list.txt --leases /var/lib/kea\n\n"
        "With --listen or --dnstap it also receives: what routers, firewalls and name servers send "
        "is kept in the state, by the hour, and followed as any log.\n\n"
        "Ctrl-C ends it, and the next start goes on where it was. A changed list is taken by "
        "itself; SIGHUP has it read at once, SIGUSR1 prints the figures.\n\n"
        "Exit: 0 nothing found, 1 found, 2 failed, 3 something could not be followed or read."
    ),
)
@group.sources
@config.option
@group.sealing
@group.portal
@sensor_pushes.option
@group.receivers
@click.option(
    "--planted-key",
    metavar="F",
    type=shared.PATH,
    help=_(
        "Key of quetsach planted: what is planted today is looked for, is no sighting, and "
        "`status` says which places were seen. A portal plants its own."
    ),
)
@click.option(
    "--fingerprints",
    is_flag=True,
    help=_(
        "Keep in the state, day by day, keys of the names and addresses that the logs hold, which "
        "`indicators would-hit` can ask when the logs are gone; they never leave this machine."
    ),
)
@click.option("--once", is_flag=True, help=_("Read what is there, then end: for cron."))
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=_("Print each sighting as one line of JSON, with the names of docs/schema.md."),
)
@click.option("--quiet", is_flag=True, help=_("Only the sightings, no other text."))
def command(**options: Any) -> int:
    """Watch until it is ended; 1 where something was found, 3 where not all could be read."""
    load_arrow(remote=False)
    from quetsach.api import watches

    if (other := misfit()) is not None:
        click.echo(str(other), err=True)
    watches.check_followed(options["paths"])
    options["passphrase"] = group.passphrase_of(options)
    listen = group.listening_of(options)
    if listen and options["once"]:
        raise click.UsageError(_("--once ends the watch: nothing would be received."))
    state = group.state_or_usual(options["state"])
    portal = group.portal_of(options)
    takes_list = portal is not None and not options["lists"]
    if portal is not None and takes_list:
        options["lists"] = watches.first_list(state, portal)
    planted_key = _planted_key(options, state)
    request = group.request_of(options)
    wishes = watches.WatchOptions(
        request,
        options["lists"],
        lambda: group.request_of(options).indicators,
        state,
        once=options["once"],
        seal=options["seal"],
        listen=listen,
        spool_limit=group.spool_bytes(options),
        portal=portal,
        takes_list=takes_list,
        spool_days=options["spool_days"],
        planted_key=planted_key,
        fingerprints=options["fingerprints"],
    )
    screen = _Screen(
        ZoneInfo(request.options.zone), as_json=options["as_json"], is_quiet=options["quiet"]
    )
    ears = screen.ears()
    ears.begun = lambda: screen.say_beginning(wishes)
    pushes = sensor_pushes.pushes_of(options["sensors"], options, screen.say_sensor)
    if pushes is not None:
        pushes.begin()
        ears.new_list = screen.new_list_for(pushes)
    passing = watches.forwarding(options["commands"], options["webhooks"], ears.problem)
    with passing as screen.pass_on, _signals(ears):
        totals = watches.run_watch(wishes, ears)
    if pushes is not None:
        pushes.end()
    missing = watches.unmet(options["paths"])
    screen.say_end(totals, missing)
    if totals.problems or totals.figures.rejects or missing or (pushes and pushes.failures):
        return 3
    return 1 if totals.figures.sightings else 0


def _planted_key(options: dict[str, Any], state: Path) -> "PlantedKey | None":
    """Return the key that was given; what it plants today is among the lists afterwards."""
    from quetsach.api import watches

    if options["planted_key"] is None:
        return None
    if options["portal"] is not None:
        raise click.UsageError(_("--planted-key: the portal plants its own names."))
    key = watches.read_planted_key(options["planted_key"])
    planted = watches.first_planted(state, key, options["zone"])
    options["lists"] = (*options["lists"], planted)
    return key


@dataclass
class _Screen:
    """Prints what happens: sightings to standard output, all else to standard error."""

    zone: ZoneInfo
    as_json: bool
    is_quiet: bool
    pass_on: Callable[[Sequence[bytes]], None] = lambda _lines: None

    def ears(self) -> "WatchCallbacks":
        """Return who is told what."""
        from quetsach.api.watches import WatchCallbacks

        return WatchCallbacks(
            self._sightings, self._problem, self._new_list, self._figures, self._sealed
        )

    def say(self, text: str, **style: Any) -> None:
        """Print a line about the watch itself."""
        if not self.is_quiet:
            click.secho(text, err=True, color=group.wants_colour(), **style)

    def say_beginning(self, wishes: Any) -> None:
        """Print what is followed, for how many indicators, and where it is remembered."""
        from quetsach.api.watches import listed_count, planted_in, unmet

        paths = [*wishes.request.evidence, *(one.written for one in wishes.listen)]
        shown = ", ".join(plain(one) for one in paths[:_MOST_PATHS])
        self.say(
            counted(
                _(
                    "Following %(paths)s for %(count)s indicators. Ctrl-C ends it; it goes on from "
                    "%(state)s."
                ),
                {
                    "paths": shown + (" ..." if len(paths) > _MOST_PATHS else ""),
                    "count": number(
                        listed_count(wishes.request.indicators, planted_in(wishes.state))
                    ),
                    "state": wishes.state,
                },
            ),
            bold=True,
        )
        self._say_missing(() if wishes.once else unmet(wishes.request.evidence))

    def _say_missing(self, arguments: Iterable[str]) -> None:
        for argument in arguments:
            self.say(_("Not there, waited for: %(path)s") % {"path": plain(argument)}, fg="yellow")

    def _sightings(self, tidings: "NewSightings") -> None:
        self.pass_on([self._json(sighting).encode() for sighting, _count in tidings.shown])
        if self.as_json:
            for sighting in tidings.rows:
                click.echo(self._json(sighting))
            return
        for sighting, count in tidings.shown:
            click.echo(sighting_line(sighting, count, self.zone), color=group.wants_colour())

    def _json(self, sighting: dict[str, Any]) -> str:
        return compact_json(_told(sighting, self.zone))

    def _problem(self, problem: "Problem") -> None:
        self.say(str(problem), fg="yellow")

    def _new_list(self, count: int) -> None:
        self.say(
            counted(
                _("The changed list is in use: %(count)s indicators."), {"count": number(count)}
            )
        )

    def new_list_for(self, pushes: "SensorPushes") -> Callable[[int], None]:
        """Return who is told of a list that was taken, where sensors are given it, too."""

        def taken(count: int) -> None:
            self._new_list(count)
            pushes.begin()

        return taken

    def say_sensor(self, line: str, is_well: bool) -> None:
        """Print what became of the list at a sensor."""
        self.say(plain(line), fg=None if is_well else "red")

    def _sealed(self, folder: "SealedFolder") -> None:
        self.say(
            counted(
                _("Sealed: %(folder)s (%(count)s sightings)."),
                {"folder": plain(str(folder.path)), "count": number(len(folder.numbers))},
            )
        )

    def _figures(self, totals: "WatchTotals") -> None:
        self.say(figures_line(totals, self.zone))
        self._say_missing(totals.missing)

    def say_end(self, totals: "WatchTotals", missing: Sequence[str]) -> None:
        """Print what was found in how much, and what was not there."""
        facts = {
            "sightings": number(totals.figures.sightings),
            "lines": number(totals.figures.lines),
            "files": number(totals.texts),
        }
        self.say(
            counted(_("%(sightings)s sightings in %(lines)s lines of %(files)s files."), facts),
            bold=True,
        )
        if totals.figures.shared:
            self.say(
                _(
                    "%(count)s more stood in copies of lines that were read already; they "
                    "count once."
                )
                % {"count": number(totals.figures.shared)}
            )
        if totals.figures.rejects:
            self.say(
                counted(
                    _("%(count)s lines could not be read."),
                    {"count": number(totals.figures.rejects)},
                ),
                fg="yellow",
            )
        for argument in missing:
            self.say(_("Nothing is there: %(path)s") % {"path": plain(argument)}, fg="yellow")


def sighting_line(sighting: dict[str, Any], count: int, zone: ZoneInfo) -> str:
    """Return a sighting as one line: time, machine, indicator, what happened, where it stands."""
    from quetsach.api.watches import who

    when = sighting["@timestamp"]
    clock = "--:--:--" if when is None else f"{when.astimezone(zone):%d/%m %H:%M:%S}"
    device = who(sighting) or _("nobody known")
    address = sighting["quetsach.device.address"]
    name = device if not address or address == device else f"{device} [{address}]"
    if (
        sighting["quetsach.device.grade"] not in ("certain", None)
        and sighting["quetsach.device"] != address
    ):
        name += " ?"
    role = sighting["quetsach.device.role"]
    if role == "client" and sighting.get("quetsach.indicator.allow"):
        role = "allowed"
    grade = sighting["quetsach.grade"]
    what = _("line to look at") if grade == "mentioned" else strength(grade).name
    where = f"{sighting['log.file.path']}:{sighting['log.offset']}"
    times = f" ×{number(count)}" if count > 1 else ""
    colour = _COLOURS.get(sighting["quetsach.grade"]) if role == "client" else None
    parts = (
        click.style(clock, dim=True),
        click.style(plain(f"{name:<28}"), bold=True),
        click.style(plain(sighting["threat.indicator.name"]), fg=colour),
        plain(f"{what}{times}"),
        "" if role in ("client", None) else f"({shared_role(role)})",
        click.style(plain(where), dim=True),
    )
    return "  ".join(part for part in parts if part)


def shared_role(role: str) -> str:
    """Return what an address was, where it is not the machine that is to be handled."""
    from quetsach.cli.terminal import role_word

    return _("no machine is named") if role == "nobody" else role_word(role)


def figures_line(totals: "WatchTotals", zone: ZoneInfo) -> str:
    """Return what was looked at since the last such line."""
    text = _(
        "%(time)s  looked at %(lines)s lines (%(rate)s a second), %(sightings)s sightings, "
        "%(lag)s not read yet"
    ) % {
        "time": f"{datetime.now(zone):%H:%M:%S}",
        "lines": number(totals.figures.lines),
        "rate": number(round(totals.rate)),
        "sightings": number(totals.figures.sightings),
        "lag": size(totals.lag),
    }
    if not totals.silent:
        return text
    paths = ", ".join(plain(one) for one in totals.silent[:_MOST_PATHS])
    more = " ..." if len(totals.silent) > _MOST_PATHS else ""
    return text + ". " + _("Silent for ten minutes: %(paths)s") % {"paths": paths + more}


def _told(sighting: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """Return a sighting without its empty fields, its times written out."""
    return {
        name: content.astimezone(zone).isoformat() if isinstance(content, datetime) else content
        for name, content in sighting.items()
        if content is not None
    }


class _signals:  # noqa: N801 - reads as a function
    """Signals as they are heard while a watch runs."""

    def __init__(self, ears: "WatchCallbacks") -> None:
        heard = {"SIGINT": ears.stop, "SIGTERM": ears.stop, "SIGHUP": ears.reload}
        heard["SIGUSR1"] = ears.ask
        self._events = {
            numbered: event
            for name, event in heard.items()
            if (numbered := getattr(signal, name, None)) is not None
        }
        self._before: dict[Any, Any] = {}

    def __enter__(self) -> None:
        for numbered, event in self._events.items():
            self._before[numbered] = signal.signal(numbered, _setting(event))

    def __exit__(self, *_facts: object) -> None:
        for numbered, before in self._before.items():
            signal.signal(numbered, before)


def _setting(event: Any) -> Callable[[int, FrameType | None], None]:
    def heard(_signal: int, _frame: FrameType | None) -> None:
        event.set()

    return heard
