"""Sightings aggregated: a finding per device and indicator, devices, and those not counted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.attribution.model import CERTAINTIES, Rival
from quetsach.attribution.questions import (
    TO_LOOK_AT,
    Attribution,
    MissingEvidence,
    SightingRole,
)
from quetsach.findings.steps import (
    format_hour,
    format_time,
    lack_text,
    machine_json,
    override_json,
    steps_json,
)
from quetsach.findings.to_look_at import LinesToLookAt, MentionedLine
from quetsach.indicators.allow.class_texts import CLASS_TEXTS
from quetsach.scanning.grades import SightingGrade
from quetsach.texts import _

MOST_SAMPLES = 10
"""How many sightings a finding names; all of them are in sightings.parquet."""

_TOLD = frozenset({SightingRole.RESOLVER, SightingRole.PROXY, SightingRole.GATEWAY})
_CONNECTIONS = frozenset({"zeek.conn", "suricata.flow", "suricata.netflow", "fortigate.traffic"})


@dataclass(frozen=True)
class ClaimedOfIndicator:
    """What the lists say of an indicator that goes with it wherever it is shown."""

    tlp: str | None = None
    confidence: int | None = None
    family: str = ""
    status: str = ""


@dataclass(frozen=True)
class SightingRow:
    """What of one sighting counts for the fold; `place` is that of a line to look at.

    `program` is the one that spoke on the device, "" where the record names none.
    """

    number: str
    attribution: Attribution
    key: str
    shown: str
    type: str
    label: str
    list_name: str | None
    list_row: int | None
    allow: tuple[str, ...]
    grade: SightingGrade
    dataset: str
    port: int | None
    when_us: int | None
    claimed: ClaimedOfIndicator = ClaimedOfIndicator()
    window: str | None = None
    confidence_then: int | None = None
    place: MentionedLine | None = None
    program: str = ""


@dataclass
class SightingCounts:
    """Counts over some sightings."""

    sightings: int = 0
    connections: int = 0
    first_us: int | None = None
    last_us: int | None = None
    best: SightingGrade = SightingGrade.ASKED
    ports: set[int] = field(default_factory=set)
    samples: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, sighting: SightingRow) -> None:
        """Count one sighting."""
        self.sightings += 1
        self.connections += sighting.dataset in _CONNECTIONS
        if sighting.grade.rank > self.best.rank:
            self.best = sighting.grade
        if sighting.port is not None:
            self.ports.add(sighting.port)
        if sighting.when_us is not None:
            times = [us for us in (self.first_us, self.last_us, sighting.when_us) if us is not None]
            self.first_us, self.last_us = min(times), max(times)
        self._sample(sighting)

    def _sample(self, row: SightingRow) -> None:
        # The strongest first, then the earliest: they are what a person wants to see.
        self.samples.append((-row.grade.rank, row.when_us or 0, row.number))
        if len(self.samples) > 4 * MOST_SAMPLES:
            self.samples = sorted(self.samples)[:MOST_SAMPLES]

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the counts under the names of the findings folder."""
        return {
            "sightings": self.sightings,
            "connections": self.connections,
            "first_seen": format_time(self.first_us, zone),
            "last_seen": format_time(self.last_us, zone),
            "best_grade": str(self.best),
            "samples": [number for _, _, number in sorted(self.samples)[:MOST_SAMPLES]],
        }


@dataclass
class _Finding:
    row: SightingRow
    tally: SightingCounts = field(default_factory=SightingCounts)
    windows: set[str] = field(default_factory=set)
    confidence_then: int | None = None

    def add(self, sighting: SightingRow) -> None:
        self.tally.add(sighting)
        if sighting.window:
            self.windows.add(sighting.window)
        left = (self.confidence_then, sighting.confidence_then)
        self.confidence_then = max((one for one in left if one is not None), default=None)

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        sighting = self.row
        return {
            "indicator": sighting.shown,
            "key": sighting.key,
            "type": sighting.type,
            "label": sighting.label,
            "list": sighting.list_name,
            "row": sighting.list_row,
            "allow": list(sighting.allow),
            **vars(sighting.claimed),
            "confidence_then": self.confidence_then,
            "window": sorted(self.windows),
            "ports": sorted(self.tally.ports),
            **self.tally.to_json(zone),
        }


MOST_PROGRAMS = 50
"""How many programs of a device are listed."""

_HOME = re.compile(r"(?i)([\\/](?:Users|Documents and Settings|home)[\\/])[^\\/]{1,128}(?=[\\/])")


def _without_person(path: str) -> str:
    """Return the path of a program without the account in whose folder it lies."""
    return _HOME.sub(r"\1...", path)


@dataclass
class _Device:
    """All sightings of one device in one role."""

    attribution: Attribution
    tally: SightingCounts = field(default_factory=SightingCounts)
    addresses: set[str] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)
    rank: tuple[int, bool, int, str] | None = None
    rivals: dict[str, Rival] = field(default_factory=dict)
    ways: set[str] = field(default_factory=set)
    overridden: dict[str, Attribution] = field(default_factory=dict)
    hours: dict[int, int] = field(default_factory=dict)
    findings: dict[str, _Finding] = field(default_factory=dict)

    def add(self, sighting: SightingRow) -> None:
        attribution = sighting.attribution
        # The surest sighting says how the device was found; among equals the earliest.
        rank = (
            CERTAINTIES.index(attribution.grade),
            sighting.when_us is None,
            sighting.when_us or 0,
            sighting.number,
        )
        if self.rank is None or rank < self.rank:
            self.attribution, self.rank = attribution, rank
        self.tally.add(sighting)
        self.addresses.add(attribution.address)
        if sighting.program and len(self.programs) < MOST_PROGRAMS:
            self.programs.add(_without_person(sighting.program))
        self.ways.add(attribution.way)
        for rival in attribution.rivals:
            known = self.rivals.setdefault(rival.device, rival)
            if _order_of(rival) < _order_of(known):
                self.rivals[rival.device] = rival
        if attribution.override is not None:
            self.overridden.setdefault(attribution.evidence_device, attribution)
        if sighting.when_us is not None:
            hour = sighting.when_us // 3_600_000_000 * 3_600_000_000
            self.hours[hour] = self.hours.get(hour, 0) + 1
        finding = self.findings.get(sighting.key)
        if finding is None:
            finding = self.findings[sighting.key] = _Finding(sighting)
        finding.add(sighting)

    @property
    def only_allowed(self) -> bool:
        """Whether each indicator it met is also on an allow-list: a person must decide."""
        return all(one.row.allow for one in self.findings.values())

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        findings = sorted(
            self.findings.values(), key=lambda one: (-one.tally.best.rank, one.row.key)
        )
        rivals = sorted(
            (one for one in self.rivals.values() if one.device != self.attribution.device),
            key=lambda one: one.device,
        )
        return {
            "device": self.attribution.device,
            "addresses": sorted(self.addresses - {""}),
            "host_name": self.attribution.host_name or None,
            "mac": self.attribution.mac or None,
            "programs": sorted(self.programs),
            "grade": str(self.attribution.grade),
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
            "ways": sorted(self.ways - {""}),
            "path": steps_json(self.attribution.steps, zone),
            "machine": machine_json(self.attribution.machine),
            "overrides": [override_json(one) for _key, one in sorted(self.overridden.items())],
            "indicators": [one.row.shown for one in findings],
            "hours": _local_hours(self.hours, zone),
            "findings": [one.to_json(zone) for one in findings],
            **self.tally.to_json(zone),
        }


_ASIDE = (
    *(SightingRole.RESOLVER, SightingRole.PROXY, SightingRole.GATEWAY, SightingRole.TARGET),
    SightingRole.OUTDATED,
)


class Aggregator:
    """The growing totals of a sweep. Cost: memory per device and indicator, not per sighting."""

    def __init__(self) -> None:
        self._devices: dict[tuple[SightingRole, str], _Device] = {}
        self._residue: dict[MissingEvidence, _Device] = {}
        self._indicators: dict[str, str] = {}
        self._to_look_at = LinesToLookAt()

    def add(self, rows: Iterable[SightingRow]) -> None:
        """Count `rows`."""
        for sighting in rows:
            attribution = sighting.attribution
            if attribution.lack in TO_LOOK_AT:
                self._look_at(sighting)
                continue
            self._indicators[sighting.key] = sighting.shown
            place = (attribution.role, attribution.device)
            device = self._devices.get(place)
            if device is None:
                device = self._devices[place] = _Device(attribution)
            device.add(sighting)
            if attribution.role is SightingRole.NOBODY:
                self._residue.setdefault(attribution.lack, _Device(attribution)).add(sighting)

    def _look_at(self, sighting: SightingRow) -> None:
        """List a line that only mentions an indicator: it enters no count of sightings."""
        place = sighting.place or MentionedLine("", 0, "", sighting.dataset)
        listed = {
            "sighting": sighting.number,
            "indicator": sighting.shown,
            "tlp": sighting.claimed.tlp,
            "why": str(sighting.attribution.lack),
        }
        self._to_look_at.add(place, sighting.key, listed)

    def indicators_hit(self) -> list[str]:
        """Return the indicators that were met, as people read them, in order of their keys.

        One that lines only mention was not met, as far as is known.
        """
        return [self._indicators[key] for key in sorted(self._indicators)]

    def keys_met(self) -> list[str]:
        """Return the keys of the indicators that were met, in order."""
        return sorted(self._indicators)

    def to_json(self, zone: ZoneInfo, because: Mapping[str, str]) -> dict[str, Any]:
        """Return the content of `devices.json`; `because` says why an address is a resolver."""
        nobody = self._devices.get((SightingRole.NOBODY, ""))
        clients = self._in_role(SightingRole.CLIENT)
        aside = [(role, device) for role in _ASIDE for device in self._in_role(role)]
        aside += [(SightingRole.ALLOWED, client) for client in clients if client.only_allowed]
        return {
            "devices": [client.to_json(zone) for client in clients if not client.only_allowed],
            "not_blamed": [_not_blamed(device, role, zone, because) for role, device in aside],
            "unattributed": _unattributed(nobody, self._residue, zone),
            "lines_to_look_at": self._to_look_at.to_json(),
        }

    def _in_role(self, role: SightingRole) -> list[_Device]:
        return sorted(
            (one for (used, _), one in self._devices.items() if used is role),
            key=lambda one: (-one.tally.best.rank, -one.tally.sightings, one.attribution.device),
        )


def _order_of(rival: Rival) -> tuple[str, str, int]:
    place = rival.place
    return (rival.reason, place.path if place else "", place.offset if place else 0)


def _not_blamed(
    device: _Device, role: SightingRole, zone: ZoneInfo, because: Mapping[str, str]
) -> dict[str, Any]:
    whole = device.to_json(zone)
    shown = ("device", "addresses", "indicators", "sightings", "first_seen", "last_seen")
    reason = because.get(device.attribution.device, "") if role in _TOLD else ""
    if not reason and device.attribution.lack is not MissingEvidence.NONE:
        reason = lack_text(device.attribution.lack)
    if role is SightingRole.OUTDATED:
        reason = _window_text(device)
    if role is SightingRole.ALLOWED:
        classes = sorted({one for found in device.findings.values() for one in found.row.allow})
        reason = _("the indicator is also on an allow-list: %(classes)s") % {
            "classes": ", ".join(_(CLASS_TEXTS.get(one, one)) for one in classes)
        }
    return {
        **{name: whole[name] for name in (*shown, "best_grade", "samples", "findings")},
        "role": str(role),
        "because": reason,
    }


def _window_text(device: _Device) -> str:
    """Return on which side of their validity the indicators were at the time of the contacts."""
    windows = {window for finding in device.findings.values() for window in finding.windows}
    if windows == {"before"}:
        return _("before the indicator became valid, as its list states")
    if windows == {"after"}:
        return _("after the indicator's validity ended, as its list states")
    return _("outside the time for which the list states that the indicator is valid")


def _unattributed(
    nobody: "_Device | None", residue: Mapping[MissingEvidence, _Device], zone: ZoneInfo
) -> dict[str, Any]:
    """Return the sightings without a device, and per reason the evidence that is missing."""
    if nobody is None:
        return {
            "sightings": 0,
            "indicators": [],
            "samples": [],
            "addresses": [],
            "missing": "",
            "groups": [],
        }
    whole = nobody.to_json(zone)
    groups = [
        {"lack": str(lack), "missing": lack_text(lack), **_residue_of(device, zone)}
        for lack, device in sorted(residue.items())
    ]
    return {
        **{name: whole[name] for name in ("sightings", "indicators", "samples", "findings")},
        "addresses": sorted(nobody.addresses - {""}),
        "missing": " ".join(str(one["missing"]) for one in groups),
        "groups": groups,
    }


def _residue_of(device: _Device, zone: ZoneInfo) -> dict[str, Any]:
    whole = device.to_json(zone)
    shown = ("sightings", "indicators", "samples", "first_seen", "last_seen", "best_grade")
    return {name: whole[name] for name in shown} | {"addresses": sorted(device.addresses - {""})}


def _local_hours(hours: Mapping[int, int], zone: ZoneInfo) -> dict[str, int]:
    shown: dict[str, int] = {}
    for hour, count in sorted(hours.items()):
        label = format_hour(hour, zone)
        shown[label] = shown.get(label, 0) + count
    return shown
