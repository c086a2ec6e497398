"""What a watch says of itself each minute: its list, its sources, what waits, what was planted."""

import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quetsach import __version__
from quetsach.clocks import MICROSECONDS
from quetsach.watch.figures import standing
from quetsach.watch.outbox import outbox_standing
from quetsach.watch.receiving import SPOOL_FOLDER
from quetsach.watch.sources import MINUTE_US, source_of
from quetsach.watch.state import StreamState, WatchState

MOST_SOURCES = 200


def heartbeat_of(
    state: WatchState, name: str, follow: Sequence[str], now_us: int
) -> dict[str, Any]:
    """Return what the watch says of itself."""
    outbox = outbox_standing(state)
    devices = state.run("SELECT COUNT(DISTINCT device) FROM told")[0][0]
    return {
        "watch": state.uuid(),
        "name": name or platform.node() or "watch",
        "version": __version__,
        "at": moment(now_us),
        "started_at": moment(int(state.setting("started_us", "0"))),
        "list": {
            "release": state.setting("list_digest") or None,
            "indicators": int(state.setting("indicators", "0")),
            "read_at": moment(int(state.setting("list_read_us", "0"))),
            "problem": state.setting("list_problem") or None,
        },
        "sources": sources_json(state, follow, now_us)[:MOST_SOURCES],
        "sightings": state.run("SELECT COUNT(*) FROM sighting WHERE outbox >= -1")[0][0],
        "devices": devices,
        "outbox": {
            "waiting": outbox["waiting"],
            "oldest_at": moment(outbox["oldest_us"]),
            "refused": outbox["refused"],
        },
        "planted": [
            {"name": name, "source": source, "seen_at": moment(seen_us)}
            for name, source, seen_us in state.run(
                "SELECT name, source, seen_us FROM planted ORDER BY seen_us DESC LIMIT 50"
            )
        ],
    }


def sources_json(state: WatchState, arguments: Sequence[str], now_us: int) -> list[dict[str, Any]]:
    """Return how each source is, in the words of a heartbeat."""
    now = standing(state, now_us)
    spools = str(state.folder / SPOOL_FOLDER)
    files = _by_source(now["files"], arguments)
    problems = _by_source(now["problems"], arguments)
    totals = {row[0]: row[1:] for row in state.run("SELECT * FROM source_total")}
    named = [one for one in dict.fromkeys((*arguments, *totals)) if not one.startswith(spools)]
    return [
        *(
            _source(one, files.get(one, []), problems.get(one, []), totals.get(one), now_us)
            for one in named
        ),
        *(_listener(one, problems, totals, spools, now_us) for one in now["listeners"]),
    ]


def _listener(
    figures: Mapping[str, Any],
    problems: Mapping[str, Sequence[Mapping[str, Any]]],
    totals: Mapping[str, Sequence[Any]],
    spools: str,
    now_us: int,
) -> dict[str, Any]:
    """Return how a listener is: what it received, and what of it is not read yet."""
    name = str(figures.get("source", ""))
    own = f"{spools}/{figures.get('spool', '')}"
    total = next((row for source, row in totals.items() if source.startswith(own)), None)
    dropped = figures.get("dropped", {})
    as_file = _source(name, [], problems.get(name, []), total, now_us)
    return {
        **as_file,
        "kind": "listener",
        "form": figures.get("form") or None,
        "lag_bytes": figures.get("lag", 0),
        "lag_s": None if figures.get("lag") else 0.0,
        "received": figures.get("received", 0),
        "last_read_at": moment(figures.get("last_us")),
        "dropped": {
            "kernel": dropped.get("kernel", 0),
            "spool": dropped.get("spool", 0) + figures.get("let_go", 0),
            "length": dropped.get("length", 0),
        },
    }


def _by_source(
    rows: Iterable[Mapping[str, Any]], arguments: Sequence[str]
) -> dict[str, list[Mapping[str, Any]]]:
    by_source: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_source.setdefault(source_of(row["path"], arguments), []).append(row)
    return by_source


def _source(
    source: str,
    files: Sequence[Mapping[str, Any]],
    problems: Sequence[Mapping[str, Any]],
    total: Sequence[Any] | None,
    now_us: int,
) -> dict[str, Any]:
    lines, size, read_us, event_us, minute, minute_lines, last_lines = total or (0, 0, 0, *[0] * 4)
    newest = max(files, key=lambda one: one["grown_us"], default=None)
    lag = sum(one["lag"] for one in files)
    last = {0: last_lines, 1: minute_lines}.get(now_us // MINUTE_US - minute, 0)
    return {
        "source": source,
        "file": None if newest is None else newest["path"],
        "kind": _kind(source, newest),
        "form": None if newest is None else newest["form"] or None,
        "lines": lines,
        "bytes": size,
        "rate": round(last / 60, 2),
        "lag_bytes": lag,
        "lag_s": _lag_s(files, now_us) if lag else 0.0,
        "last_read_at": moment(read_us),
        "last_event_at": moment(event_us),
        "received": lines,
        "dropped": {"kernel": 0, "spool": 0, "length": 0},
        "problems": [one["code"] for one in problems],
    }


def _kind(source: str, newest: Mapping[str, Any] | None) -> str:
    if newest is not None and newest["state"] == StreamState.WHOLE:
        return "whole"
    return "folder" if Path(source).is_dir() else "file"


def _lag_s(files: Sequence[Mapping[str, Any]], now_us: int) -> float:
    oldest_us = min(int(one["grown_us"]) for one in files if one["lag"])
    return max(0.0, (now_us - oldest_us) / MICROSECONDS)


def moment(when_us: int | None) -> str | None:
    """Return a time as a heartbeat writes it, None for none."""
    if not when_us:
        return None
    try:
        return datetime.fromtimestamp(when_us / MICROSECONDS, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return None
