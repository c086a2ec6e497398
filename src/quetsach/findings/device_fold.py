"""A device as the findings folder tells it: its sightings counted, and what it met."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.attribution.model import RivalDevice
from quetsach.attribution.questions import Attribution
from quetsach.findings.met_indicator import SightedIndicator
from quetsach.findings.steps import (
    format_hour,
    format_time,
    machine_json,
    override_json,
    steps_json,
)
from quetsach.scanning.grades import SightingGrade

MOST_SAMPLES = 10
"""How many sightings a finding names; all of them are in sightings.parquet."""

MOST_PROGRAMS = 50
"""How many programs of a device are listed."""


@dataclass(slots=True)
class SightingCounts:
    """Counts over some sightings; `samples` are (rank below zero, time or 0, number)."""

    sightings: int = 0
    connections: int = 0
    first_us: int | None = None
    last_us: int | None = None
    best: SightingGrade = SightingGrade.ASKED
    samples: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, other: "SightingCounts") -> None:
        """Add the counts over other sightings."""
        self.sightings += other.sightings
        self.connections += other.connections
        if other.best.rank > self.best.rank:
            self.best = other.best
        if other.first_us is not None and other.last_us is not None:
            if self.first_us is None or other.first_us < self.first_us:
                self.first_us = other.first_us
            if self.last_us is None or other.last_us > self.last_us:
                self.last_us = other.last_us
        self.samples += other.samples

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the counts under the names of the findings folder."""
        # The strongest first, then the earliest: they are what a person wants to see.
        samples = sorted(self.samples)[:MOST_SAMPLES]
        first = format_time(self.first_us, zone)
        is_once = self.first_us == self.last_us
        return {
            "sightings": self.sightings,
            "connections": self.connections,
            "first_seen": first,
            "last_seen": first if is_once else format_time(self.last_us, zone),
            "best_grade": str(self.best),
            "samples": [f"{number:016x}" for _, _, number in samples],
        }


@dataclass(slots=True)
class IndicatorOfDevice:
    """All sightings of one indicator by one device; `met` is as its first sighting names it."""

    met: SightedIndicator
    tally: SightingCounts
    ports: list[int] = field(default_factory=list)
    windows: list[str] = field(default_factory=list)
    confidence_then: int | None = None

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the finding under the names of the findings folder."""
        return {
            "indicator": self.met.shown,
            "key": self.met.key,
            "type": self.met.type,
            "label": self.met.label,
            "list": self.met.list_name,
            "row": self.met.list_row,
            "allow": list(self.met.allow),
            **vars(self.met.claimed),
            "confidence_then": self.confidence_then,
            "window": sorted(self.windows),
            "ports": sorted(self.ports),
            **self.tally.to_json(zone),
        }


@dataclass
class DeviceNaming:
    """Who is behind some sightings, as far as each answer to them tells; `attribution` is the
    surest, among equals that of the earliest sighting."""

    attribution: Attribution
    addresses: set[str] = field(default_factory=set)
    rivals: dict[str, RivalDevice] = field(default_factory=dict)
    ways: set[str] = field(default_factory=set)
    overridden: dict[str, Attribution] = field(default_factory=dict)

    def take(self, attribution: Attribution) -> None:
        """Take in an answer, which comes after those that were taken in before."""
        self.addresses.add(attribution.address)
        self.ways.add(attribution.way)
        for rival in attribution.rivals:
            known = self.rivals.setdefault(rival.device, rival)
            if _order_of(rival) < _order_of(known):
                self.rivals[rival.device] = rival
        if attribution.override is not None:
            self.overridden.setdefault(attribution.evidence_device, attribution)


def _order_of(rival: RivalDevice) -> tuple[str, str, int]:
    place = rival.place
    return (rival.reason, place.path if place else "", place.offset if place else 0)


@dataclass
class DeviceTotals:
    """All sightings of one device in one role.

    Shapes: `hours` are sightings by the beginning of the hour, in hours since 1970 UTC, in order.
    """

    naming: DeviceNaming
    programs: list[str]
    hours: list[tuple[int, int]]
    findings: list[IndicatorOfDevice]
    tally: SightingCounts = field(default_factory=SightingCounts)

    def __post_init__(self) -> None:
        for one in self.findings:
            self.tally.add(one.tally)

    @property
    def only_allowed(self) -> bool:
        """Whether each indicator it met is also on an allow-list: a person must decide."""
        return all(one.met.allow for one in self.findings)

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the device under the names of the findings folder."""
        attribution = self.naming.attribution
        findings = sorted(self.findings, key=lambda one: (-one.tally.best.rank, one.met.key))
        rivals = sorted(
            (one for one in self.naming.rivals.values() if one.device != attribution.device),
            key=lambda one: one.device,
        )
        return {
            "device": attribution.device,
            "addresses": sorted(self.naming.addresses - {""}),
            "host_name": attribution.host_name or None,
            "mac": attribution.mac or None,
            "programs": sorted(self.programs),
            "grade": str(attribution.grade),
            "rivals": [one.device for one in rivals],
            "rivals_because": [
                {
                    "device": one.device,
                    "because": one.reason,
                    "path": one.place.path if one.place else None,
                    "offset": one.place.offset if one.place else None,
                }
                for one in rivals
            ],
            "ways": sorted(self.naming.ways - {""}),
            "path": steps_json(attribution.steps, zone),
            "machine": machine_json(attribution.machine),
            "overrides": [
                override_json(one) for _key, one in sorted(self.naming.overridden.items())
            ],
            "indicators": [one.met.shown for one in findings],
            "hours": _local_hours(self.hours, zone),
            "findings": [one.to_json(zone) for one in findings],
            **self.tally.to_json(zone),
        }


def _local_hours(hours: list[tuple[int, int]], zone: ZoneInfo) -> dict[str, int]:
    shown: dict[str, int] = {}
    for hour, count in hours:
        label = _hour_label(hour, zone)
        shown[label] = shown.get(label, 0) + count
    return shown


@lru_cache(maxsize=65_536)
def _hour_label(hour: int, zone: ZoneInfo) -> str:
    return format_hour(hour * HOUR_US, zone)


HOUR_US = 3_600_000_000

_HOME = re.compile(r"(?i)([\\/](?:Users|Documents and Settings|home)[\\/])[^\\/]{1,128}(?=[\\/])")


def without_person(path: str) -> str:
    """Return the path of a program without the account in whose folder it lies."""
    return _HOME.sub(r"\1...", path)
