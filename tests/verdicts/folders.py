"""Findings folders made for tests: days of logs, who was alive, who met what."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.findings.alive import SCHEMA, AliveAddress, write_alive
from quetsach.findings.folder import FORMAT, digests_of, write_json
from quetsach.schema import SIGHTING

ZONE = "Asia/Ho_Chi_Minh"
OFFICE = tuple(range(8, 17))


@dataclass
class Log:
    """One evidence file: its days with the hours that have lines, and the devices in it."""

    path: str
    days: Sequence[str]
    dataset: str = "zeek.dns"
    hours: Sequence[int] = OFFICE
    lines: int = 100
    alive: Sequence[tuple[str, str]] = (("10.0.0.5", "pc-1"),)
    twin_of: str | None = None

    @property
    def digest(self) -> str:
        """The digest of what it holds."""
        return hashlib.sha256(repr((self.days, self.dataset, self.path)).encode()).hexdigest()


@dataclass
class Seen:
    """One sighting in the first log, unless another is named."""

    time: str | None
    device: str = "pc-1"
    address: str = "10.0.0.5"
    log: int = 0
    more: dict[str, Any] = field(default_factory=dict)


def findings(
    folder: Path, logs: Sequence[Log], seen: Iterable[Seen], *, with_alive: bool = True, **more: Any
) -> Path:
    """Write the findings of one sweep and return their folder; `more` goes into the summary."""
    folder.mkdir(parents=True)
    rows = [_sighting(place, one, logs[one.log]) for place, one in enumerate(seen)]
    pq.write_table(pa.Table.from_pylist(rows, SIGHTING), folder / "sightings.parquet")
    write_json(folder / "devices.json", {"devices": _devices(rows), "not_blamed": []})
    write_json(folder / "coverage.json", {"sources": [_source(one) for one in logs]})
    write_json(folder / "rejects.json", {})
    if with_alive:
        rows = pa.RecordBatch.from_pylist([vars(one) for one in _alive(logs)], SCHEMA)
        write_alive(folder / "alive.parquet", [rows])
    manifest = {
        "format": FORMAT,
        "options": {"zone": ZONE},
        "lists": [],
        "evidence": [],
        "summary": {"unread": [], "rejects": 0, "sightings": len(rows), **more},
        "files": digests_of(folder),
    }
    write_json(folder / "manifest.json", manifest)
    return folder


def _sighting(place: int, one: Seen, log: Log) -> dict[str, Any]:
    when = None
    if one.time is not None:
        when = datetime.fromisoformat(one.time).replace(tzinfo=ZoneInfo(ZONE))
    number = hashlib.sha256(f"{log.digest}{place}".encode()).hexdigest()[:16]
    return {
        "quetsach.sighting.id": number,
        "@timestamp": when,
        "event.dataset": log.dataset,
        "event.hash": log.digest,
        "log.offset": place,
        "quetsach.indicator.key": "bad.example",
        "log.file.path": log.path,
        "threat.indicator.name": "bad.example",
        "quetsach.device": one.device,
        "quetsach.device.address": one.address,
        "quetsach.device.grade": "likely",
        "quetsach.device.role": "client",
        **one.more,
    }


def _devices(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    addresses: dict[str, set[str]] = {}
    for row in rows:
        if row["quetsach.device"] is None:
            continue
        addresses.setdefault(row["quetsach.device"], set()).add(row["quetsach.device.address"])
    return [
        {"device": device, "addresses": sorted(found), "host_name": None, "mac": None}
        for device, found in sorted(addresses.items())
    ]


def _source(log: Log) -> dict[str, Any]:
    return {
        "path": log.path,
        "blake3": log.digest,
        "sha256": None,
        "dataset": log.dataset,
        "duplicate_of": log.twin_of,
        "hours": {
            f"{day}T{hour:02}:00:00+07:00": log.lines for day in log.days for hour in log.hours
        },
    }


def _alive(logs: Sequence[Log]) -> Iterable[AliveAddress]:
    for number, log in enumerate(logs):
        for day in log.days if log.twin_of is None else ():
            for address, device in log.alive:
                yield AliveAddress(number, day, address, device or None, len(log.hours))
