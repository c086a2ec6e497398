"""What was looked at: per source its kind, period, hours with lines and inside addresses alive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.findings.steps import format_hour, format_time, local_day
from quetsach.scanning.line_outcomes import LineCounts


@dataclass
class SourceCoverage:
    """One evidence file as it was read.

    Units: `hours` and `alive` by hour in us since 1970 UTC, None where no hour was read.
    """

    path: str
    format: str
    dataset: str
    codec: str
    size: int = 0
    sha256: str = ""
    read_bytes: int = 0
    sighting_rows: int = 0
    counts: LineCounts = field(default_factory=LineCounts)
    reject_reasons: dict[str, int] = field(default_factory=dict)
    hours: dict[int | None, int] = field(default_factory=dict)
    alive: dict[int | None, set[int]] = field(default_factory=dict)
    alive_cut: bool = False
    zone: str | None = None
    first_us: int | None = None
    last_us: int | None = None
    duplicate_of: str | None = None

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the source as it is in `coverage.json`."""
        hours: dict[str, int] = {}
        for hour in sorted(one for one in self.hours if one is not None):
            label = format_hour(hour, zone)
            hours[label] = hours.get(label, 0) + self.hours[hour]
        return {
            "path": self.path,
            "format": self.format,
            "dataset": self.dataset,
            "codec": self.codec,
            "sha256": self.sha256,
            "bytes": self.size,
            "lines": self.counts.lines,
            "candidates": self.counts.candidates,
            "sightings": self.sighting_rows,
            "rejects": self.counts.rejects,
            "first": format_time(self.first_us, zone),
            "last": format_time(self.last_us, zone),
            "hours": hours,
            "lines_without_hour": self.hours.get(None, 0),
            "alive": {day: len(found) for day, found in _alive_by_day(self.alive, zone).items()},
            "alive_cut": self.alive_cut,
            "zone": self.zone,
            "duplicate_of": self.duplicate_of,
        }


def coverage_json(sources: Sequence[SourceCoverage], zone: ZoneInfo) -> dict[str, Any]:
    """Return the content of `coverage.json`."""
    alive: dict[str, set[int]] = {}
    for source in sources:
        if source.duplicate_of is None:
            for day, addresses in _alive_by_day(source.alive, zone).items():
                alive.setdefault(day, set()).update(addresses)
    return {
        "zone": zone.key,
        "sources": [source.to_json(zone) for source in sources],
        "alive": {
            day: [str(IPv4Address(one)) for one in sorted(addresses)]
            for day, addresses in sorted(alive.items())
        },
    }


def _alive_by_day(alive: Mapping[int | None, set[int]], zone: ZoneInfo) -> dict[str, set[int]]:
    days: dict[str, set[int]] = {}
    for hour in sorted(one for one in alive if one is not None):
        days.setdefault(local_day(hour, zone), set()).update(alive[hour])
    return days
