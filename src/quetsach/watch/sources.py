"""The sources of a watch, as its user named them, and what each brought."""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.clocks import MICROSECONDS
from quetsach.watch.state import WatchState

MINUTE_US = 60 * MICROSECONDS


@dataclass
class SourceFigures:
    """What a round read of one source; `event_us` is the newest time in its lines."""

    lines: int = 0
    bytes: int = 0
    event_us: int | None = None

    def add(self, lines: int, size: int, event_us: int | None) -> None:
        """Add what was read of a text."""
        self.lines += lines
        self.bytes += size
        if event_us is not None:
            self.event_us = max(event_us, self.event_us or event_us)


def source_of(path: str, arguments: Sequence[str]) -> str:
    """Return the argument that `path` is followed by, also when rotation has renamed it."""
    for argument in arguments:
        if path == argument or path.startswith(argument.rstrip("/") + "/"):
            return argument
    for argument in arguments:
        if fnmatch.fnmatch(path, argument):
            return argument
    for argument in arguments:
        name = Path(argument)
        if Path(path).parent == name.parent and Path(path).name.startswith(name.stem):
            return argument
    return next((one for one in arguments if Path(path).parent == Path(one).parent), path)


def keep_sources(state: WatchState, figures: Mapping[str, SourceFigures], now_us: int) -> None:
    """Add what a round read to the totals of the sources."""
    minute = now_us // MINUTE_US
    for source, read in figures.items():
        state.run(
            "INSERT INTO source_total VALUES(?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT(source) "
            "DO UPDATE SET lines = lines + excluded.lines, bytes = bytes + excluded.bytes, "
            "read_us = excluded.read_us, event_us = COALESCE(excluded.event_us, event_us), "
            "last_lines = CASE excluded.minute - minute WHEN 0 THEN last_lines "
            "WHEN 1 THEN minute_lines ELSE 0 END, minute_lines = excluded.minute_lines + "
            "CASE WHEN excluded.minute = minute THEN minute_lines ELSE 0 END, "
            "minute = excluded.minute",
            *(source, read.lines, read.bytes, now_us, read.event_us, minute, read.lines),
        )
