"""`quetsach watch status`: how a watch stands, asked from beside it."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from quetsach.cli.watch import config, group
from quetsach.errors.exceptions import problem_words
from quetsach.html_report.words import number, size
from quetsach.texts import _, counted, plain, plain_json

_MOST_ROWS = 20


@click.command(
    "status",
    help=_(
        "Show how the watch stands: whether it runs, each followed file with its lines, lag and "
        "last growth, what is received and lost, the devices met last, and what could not be "
        "followed.\n\n"
        "Exit: 0 it runs, 2 it does not, 3 something could not be followed or read."
    ),
)
@group.state
@config.option
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(state: Any, as_json: bool) -> int:
    """Print it; 2 where no watch runs, 3 where something could not be followed, else 0."""
    from quetsach.api.watches import watch_status

    standing = watch_status(group.state_or_usual(state))
    if as_json:
        click.echo(plain_json({**standing, "runs": runs(standing)}))
    else:
        click.echo("\n".join(status_lines(standing)))
    if not runs(standing):
        return 2
    return 3 if standing["problems"] else 0


def runs(standing: dict[str, Any]) -> bool:
    """Return whether the watch gave a sign of life lately."""
    from quetsach.api.watches import is_running

    return is_running(standing)


def status_lines(standing: dict[str, Any]) -> Iterator[str]:
    """Yield it in words."""
    zone = zone_of(standing["zone"])
    facts = {
        "pid": standing["pid"],
        "since": group.clock_text(standing["started_us"], zone),
        "alive": group.clock_text(standing["alive_us"], zone),
        "indicators": number(standing["indicators"]),
    }
    if runs(standing):
        yield counted(
            _("Runs since %(since)s (process %(pid)s), for %(indicators)s indicators."), facts
        )
    else:
        yield _("Does not run; its last sign of life was at %(alive)s.") % facts
    yield counted(
        _(
            "%(lines)s lines of %(texts)s files, %(sightings)s sightings; in the last minute "
            "%(minute)s lines; %(lag)s not read yet."
        ),
        {
            "lines": number(standing["lines"]),
            "texts": number(standing["texts"]),
            "sightings": number(standing["sightings"]),
            "minute": number(standing["minute"]["lines"]),
            "lag": size(standing["lag"]),
        },
    )
    if standing["put_off"]:
        yield _("In a flood too many machines came at once: %(count)s were told only later.") % {
            "count": number(standing["put_off"])
        }
    yield from portal_lines(standing.get("portal"), zone)
    yield from planted_lines(standing["planted"], zone)
    yield from _files(standing["files"], zone)
    yield from _listeners(standing["listeners"], zone)
    yield from _devices(standing["devices"], zone)
    for problem in standing["problems"]:
        what, todo = problem_words({**problem, "what": "", "todo": ""})
        yield plain(f"! {problem['code']} {problem['path']}: {what}. {todo}")


def portal_lines(portal: dict[str, Any] | None, zone: ZoneInfo | None) -> Iterator[str]:
    """Yield how the portal is, in words; nothing where none is told."""
    if portal is None:
        return
    yield counted(
        _("Portal (%(unit)s): answered last at %(when)s; %(waiting)s folders wait to be sent."),
        {
            "unit": plain(portal["unit"] or "?"),
            "when": group.clock_text(portal["answered_us"], zone),
            "waiting": number(portal["waiting"]),
        },
    )
    if portal["refused"]:
        yield _("Folders that the portal did not take: %(count)s.") % {
            "count": number(portal["refused"])
        }
    if portal["put_off"]:
        yield counted(
            _("Not taken yet: %(count)s folders (%(why)s); sent again at %(when)s."),
            {
                "count": number(portal["put_off"]),
                "why": plain(portal["put_off_for"]),
                "when": group.clock_text(portal["next_us"], zone),
            },
        )
    if portal["problem"]:
        yield plain(f"! {portal['problem']}")


def planted_lines(planted: list[dict[str, Any]], zone: ZoneInfo | None) -> Iterator[str]:
    """Yield which places' planted names were seen today; nothing where no key plants any."""
    if not planted:
        return
    yield counted(
        _("Planted today (%(seen)s of %(count)s places seen):"),
        {
            "seen": number(sum(place["seen_us"] is not None for place in planted)),
            "count": number(len(planted)),
        },
    )
    for place in planted[:_MOST_ROWS]:
        seen = _("not seen yet")
        if place["seen_us"] is not None:
            seen = f"{group.clock_text(place['seen_us'], zone)}  {plain(place['source'])}"
        yield f"  {plain(place['place'])}  {seen}"


def zone_of(name: str) -> ZoneInfo | None:
    """Return the zone in which the watch shows times; None, this machine's, where it has none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def _files(files: list[dict[str, Any]], zone: ZoneInfo | None) -> Iterator[str]:
    if files:
        yield ""
        yield _("Files (lines, not read yet, last growth):")
    for file in files[:_MOST_ROWS]:
        silent = "  " + _("SILENT") if file["is_silent"] else ""
        yield (
            f"  {plain(file['path'])}  {file['form']}  {number(file['lines'])}  "
            f"{size(file['lag'])}  {group.clock_text(file['grown_us'], zone)}{silent}"
        )


def _listeners(listeners: list[dict[str, Any]], zone: ZoneInfo | None) -> Iterator[str]:
    if listeners:
        yield ""
        yield _("Received at (messages, not read yet, last one):")
    for listener in listeners:
        lost, closed = sum(listener["dropped"].values()), sum(listener["closed"].values())
        notes = [_("SILENT")] if listener["is_silent"] else []
        notes += [_("LOST: %(count)s") % {"count": number(lost)}] if lost else []
        notes += [_("connections refused or broken: %(count)s") % {"count": number(closed)}] * bool(
            closed
        )
        yield "  ".join(
            (
                f"  {plain(listener['source'])}",
                plain(listener["form"] or "–"),
                number(listener["received"]),
                size(listener["lag"]),
                group.clock_text(listener["last_us"], zone),
                *notes,
            )
        )


def _devices(devices: list[dict[str, Any]], zone: ZoneInfo | None) -> Iterator[str]:
    if devices:
        yield ""
        yield _("Met last (device, indicator, sightings):")
    for met in devices[:_MOST_ROWS]:
        device = plain(met["device"]) or _("nobody known")
        yield (
            f"  {group.clock_text(met['last_us'], zone)}  {device}  {plain(met['indicator'])}  "
            f"{number(met['sightings'])}"
        )
