"""The figures of a watch: what was looked at in each minute, how it stands, who was met last."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from quetsach.clocks import MICROSECONDS
from quetsach.formats import received
from quetsach.watch.files import identity_at
from quetsach.watch.keeping import RoundFigures
from quetsach.watch.outbox import outbox_standing
from quetsach.watch.planted import planted_standing
from quetsach.watch.receiving import SPOOL_FOLDER, kept_figures
from quetsach.watch.state import StreamState, WatchState

SILENT_US = 600 * MICROSECONDS
"""A file that did not grow for so long is named as silent."""

KEPT_MINUTES = 30 * 24 * 60
MOST_DEVICES = 20

_TAIL_BYTES = 16 << 10
_MINUTE_US = 60 * MICROSECONDS

# A copy, packed or not, is the same text: its chain says so.
_LINES_OF_TEXTS = """
SELECT COALESCE(SUM(lines), 0), COUNT(*) FROM (SELECT MAX(lines) AS lines FROM stream
GROUP BY CASE WHEN cursor = 0 OR state = 'whole' THEN number ELSE chain END)
"""


def add_minute(state: WatchState, figures: RoundFigures, lag: int, now_us: int) -> None:
    """Add a round to the figures of its minute."""
    minute = now_us // _MINUTE_US
    state.run(
        "INSERT INTO loss VALUES(?, '', ?, ?, ?) ON CONFLICT(minute, path) DO UPDATE SET "
        "lines = lines + excluded.lines, bytes = bytes + excluded.bytes, lag = excluded.lag",
        *(minute, figures.lines, figures.bytes, lag),
    )
    state.run("DELETE FROM loss WHERE minute < ?", minute - KEPT_MINUTES)


def standing(state: WatchState, now_us: int | None = None) -> dict[str, Any]:
    """Return how a watch stands.

    Shapes: `files` are the followed texts with their figures; `minute` is what was looked at in the
    last whole minute; `listeners` are as ListenerFigures, with what is read of their spools; `zone`
    is that in which times are shown; `devices` are those met last, each with an indicator;
    `planted` is what the key of an office plants today, each place; `put_off` counts machines that
    were told only in their turn, as a flood had too many at once; `problems` are counted; `portal`
    is None where none is told.
    Units: times in us since 1970; `lag` in bytes.
    """
    now_us = int(time.time() * MICROSECONDS) if now_us is None else now_us
    files = list(_files(state, now_us))
    last = now_us // _MINUTE_US - 1
    minute = state.run("SELECT lines, bytes FROM loss WHERE minute = ?", last) or [(0, 0)]
    lag = state.run("SELECT lag FROM loss ORDER BY minute DESC LIMIT 1") or [(0,)]
    lines = state.run(_LINES_OF_TEXTS)[0]
    return {
        "state": str(state.folder),
        "pid": int(state.setting("pid", "0")),
        "started_us": int(state.setting("started_us", "0")),
        "alive_us": int(state.setting("alive_us", "0")),
        "zone": state.setting("zone", ""),
        "indicators": int(state.setting("indicators", "0")),
        "follow": msgspec.json.decode(state.setting("follow", "[]")),
        "lines": lines[0],
        "texts": lines[1],
        "sightings": state.run("SELECT COUNT(*) FROM sighting WHERE outbox >= -1")[0][0],
        "minute": {"lines": minute[0][0], "bytes": minute[0][1]},
        "lag": lag[0][0],
        "put_off": int(state.setting("put_off", "0")),
        "files": [one for one in files if not one["spool"]],
        "listeners": list(_listeners(state, files, now_us)),
        "portal": _portal(state),
        "planted": planted_standing(state),
        "devices": _devices(state),
        "problems": [
            {"code": code, "path": path, "facts": msgspec.json.decode(facts), "count": count}
            for code, path, facts, count in state.run(
                "SELECT code, path, facts, count FROM problem ORDER BY first_us"
            )
        ],
    }


def _portal(state: WatchState) -> dict[str, Any] | None:
    """Return how the portal is and what waits for it, None where none is told."""
    answered = state.setting("portal_us")
    problem = state.setting("portal_problem")
    if not answered and not problem:
        return None
    return {
        "unit": state.setting("portal_unit"),
        "answered_us": int(answered or "0"),
        "problem": problem,
        **outbox_standing(state),
    }


def _files(state: WatchState, now_us: int) -> Any:
    over = (StreamState.DONE, StreamState.PACKED)
    base, spools = Path(state.setting("folder")), state.folder / SPOOL_FOLDER
    for stream in state.streams():
        # What was rotated or deleted while no watch ran cannot fall silent.
        if stream.state in over or identity_at(base / stream.path) != (stream.dev, stream.ino):
            continue
        path = Path(stream.path)
        yield {
            "path": stream.path,
            "spool": path.parent.name if path.parent.parent == spools else "",
            "state": str(stream.state),
            "form": stream.form.split(" ")[0],
            "lines": stream.lines,
            "rejects": stream.counts.get("rejects", 0),
            "read": stream.cursor,
            "lag": _lag(base / stream.path, stream.cursor, stream.state),
            "grown_us": stream.taken_us,
            "is_silent": now_us - stream.taken_us > SILENT_US,
        }


def _listeners(
    state: WatchState, files: Iterable[Mapping[str, Any]], now_us: int
) -> Iterator[Mapping[str, Any]]:
    spooled = [one for one in files if one["spool"]]
    started_us = int(state.setting("started_us", "0"))
    for figures in kept_figures(state):
        own = [one for one in spooled if one["spool"] == figures.get("spool")]
        heard_us = max(int(figures.get("last_us", 0)), started_us)
        yield {
            **figures,
            "form": _form_received(state.folder / SPOOL_FOLDER, own),
            "lag": sum(one["lag"] for one in own),
            "lines": sum(one["lines"] for one in own),
            "is_silent": now_us - heard_us > SILENT_US,
        }


def _form_received(spools: Path, own: Sequence[Mapping[str, Any]]) -> str:
    """Return in which form most of the messages came that were received last, "" for none."""
    newest = max(own, key=lambda one: one["grown_us"], default=None)
    if newest is None or newest["form"] != received.NAME:
        return "" if newest is None else str(newest["form"])
    path = spools / str(newest["spool"]) / Path(newest["path"]).name
    try:
        with path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _TAIL_BYTES, 0))
            return received.usual_form(file.read()) or received.NAME
    except OSError:
        return received.NAME


def _lag(path: Path, cursor: int, state: StreamState) -> int:
    if state is StreamState.WHOLE or path.suffix in (".gz", ".xz", ".zst", ".bz2"):
        return 0
    try:
        return max(path.stat().st_size - cursor, 0)
    except OSError:
        return 0


def _devices(state: WatchState) -> list[Mapping[str, Any]]:
    """Return the devices that were told last, with what of them was met last."""
    rows = state.run(
        "SELECT device, key, first_us, shown_us, count FROM told ORDER BY shown_us DESC LIMIT ?",
        MOST_DEVICES,
    )
    return [
        {"device": device, "indicator": key, "first_us": first, "last_us": last, "sightings": count}
        for device, key, first, last, count in rows
    ]
