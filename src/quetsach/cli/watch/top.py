"""`quetsach watch top`: how a watch stands, drawn anew each second, until `q`."""

import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from quetsach.cli.watch import config, group
from quetsach.cli.watch.status import portal_lines, runs, zone_of
from quetsach.clocks import MICROSECONDS
from quetsach.html_report.words import number, size
from quetsach.texts import _, plain

EACH_S = 1.0
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
_OPEN, _CLOSE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


@click.command(
    "top",
    help=_(
        "Show how the watch stands, drawn anew each second: lines a second of each source, what is "
        "not read yet, what was lost, the devices met last. q ends it. Where the output is no "
        "terminal it is printed once.\n\nExit: 0, 2 no watch runs."
    ),
)
@group.state
@config.option
def command(state: Path | None) -> int:
    """Draw until `q`; once where there is no terminal."""
    from quetsach.api.watches import watch_status

    folder = group.state_or_usual(state)
    standing = watch_status(folder)
    rates = Rates()
    rates.take(standing, time.monotonic())
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("\n".join(top_lines(standing, rates, 100, 40)))
        return 0 if runs(standing) else 2
    with _screen() as pressed:
        while not pressed(EACH_S):
            standing = watch_status(folder)
            rates.take(standing, time.monotonic())
            width, height = shutil.get_terminal_size()
            shown = list(top_lines(standing, rates, width, height))[: height - 1]
            click.echo(_HOME + "".join(f"{one}{_CLEAR_LINE}\n" for one in shown) + _CLEAR_REST)
    return 0 if runs(standing) else 2


@dataclass
class Rates:
    """Lines a second of each source, and of all, between the last two looks."""

    of: dict[str, float] = field(default_factory=dict)
    _before: dict[str, int] = field(default_factory=dict)
    _at_s: float = 0.0

    def take(self, standing: Mapping[str, Any], now_s: float) -> None:
        """Take a look."""
        counts = {one["path"]: int(one["lines"]) for one in standing["files"]}
        counts |= {one["source"]: int(one["received"]) for one in standing.get("listeners", ())}
        counts[""] = int(standing["lines"])
        passed_s = max(now_s - self._at_s, 0.001)
        self.of = {
            name: max(0, count - self._before.get(name, count)) / passed_s
            for name, count in counts.items()
        }
        self._before, self._at_s = counts, now_s


def top_lines(standing: dict[str, Any], rates: Rates, width: int, height: int) -> Iterator[str]:
    """Yield the lines of the view, none longer than `width`; rows as `height` allows."""
    zone = zone_of(standing["zone"])
    clock = group.clock_text(int(time.time() * MICROSECONDS), zone)
    state = _("RUNS") if runs(standing) else _("DOES NOT RUN")
    facts = {
        "lines": number(standing["lines"]),
        "rate": number(round(rates.of.get("", 0))),
        "sightings": number(standing["sightings"]),
        "lag": size(standing["lag"]),
        "lost": number(lost_of(standing)),
        "indicators": number(standing["indicators"]),
    }
    colour = "yellow" if lost_of(standing) else None
    yield _styled(f"quetsach watch  {state}  {clock}", width, bold=True)
    yield _styled(
        _(
            "%(rate)s lines a second, %(lines)s in all; %(sightings)s sightings of %(indicators)s "
            "indicators; not read yet %(lag)s; lost %(lost)s"
        )
        % facts,
        width,
        fg=colour,
    )
    for text in portal_lines(standing.get("portal"), zone):
        yield _styled(text, width)
    rows = max((height - 9) // 2, 3)
    yield ""
    yield _styled(_("Lines a second, lines, not read yet, last growth, source"), width, dim=True)
    for text, is_odd in list(_sources(standing, zone, rates.of))[:rows]:
        yield _styled(text, width, fg="yellow" if is_odd else None)
    yield ""
    yield _styled(_("Met last: time, sightings, device, indicator"), width, dim=True)
    for met in standing["devices"][:rows]:
        device = plain(met["device"]) or _("nobody known")
        clock = group.clock_text(met["last_us"], zone)
        count = f"{number(met['sightings']):>8}"
        yield _styled(f"{clock:>12}  {count}  {device}  {plain(met['indicator'])}", width)
    for problem in standing["problems"][: max(height - 2 * rows - 9, 0)]:
        yield _styled(f"! {problem['code']} {plain(problem['path'])}", width, fg="yellow")
    yield _styled(_("q ends"), width, dim=True)


def lost_of(standing: Mapping[str, Any]) -> int:
    """Return how many messages were lost."""
    listeners = standing.get("listeners", ())
    return sum(sum(one["dropped"].values()) for one in listeners)


def _sources(
    standing: dict[str, Any], zone: ZoneInfo | None, rates: Mapping[str, float]
) -> Iterator[tuple[str, bool]]:
    """Yield a line for each file and listener, the quickest first, and whether it is odd."""
    rows = [
        (one["path"], one["lines"], one["lag"], one["grown_us"], one["is_silent"])
        for one in standing["files"]
    ]
    rows += [
        (one["source"], one["received"], one["lag"], one["last_us"], one["is_silent"])
        for one in standing.get("listeners", ())
    ]
    for path, lines, lag, grown_us, is_silent in sorted(
        rows, key=lambda row: (-rates.get(row[0], 0.0), row[0])
    ):
        cells = (
            f"{number(round(rates.get(path, 0.0))):>8}",
            f"{number(lines):>12}",
            f"{size(lag):>9}",
            f"{group.clock_text(grown_us, zone):>12}",
            plain(path) + ("  " + _("SILENT") if is_silent else ""),
        )
        yield "  ".join(cells), is_silent


def _styled(text: str, width: int, **style: Any) -> str:
    cut = text if len(text) <= width else text[: max(width - 1, 0)] + "…"
    return cut if group.wants_colour() is False else click.style(cut, **style)


@contextmanager
def _screen() -> Iterator[Any]:
    """Take the screen and single keys; give what waits for `q` and returns whether it came."""
    click.echo(_OPEN, nl=False)
    try:
        with _keys() as pressed:
            yield pressed
    except KeyboardInterrupt:
        pass
    finally:
        click.echo(_CLOSE, nl=False)


@contextmanager
def _keys() -> Iterator[Any]:
    try:
        import select
        import termios
        import tty
    except ImportError:
        yield _windows_key
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield (
            lambda wait_s: (
                bool(select.select([sys.stdin], [], [], wait_s)[0])
                and sys.stdin.read(1) in ("q", "Q", "")
            )
        )
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _windows_key(wait_s: float) -> bool:
    import msvcrt

    time.sleep(wait_s)
    return bool(msvcrt.kbhit()) and msvcrt.getwch() in ("q", "Q")  # type: ignore[attr-defined]
