"""Sightings folded by device one by one: for few of them, and the judge of the fold by columns."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from quetsach.attribution.model import CERTAINTIES
from quetsach.attribution.questions import Attribution, MissingEvidence, SightingRole
from quetsach.findings.device_fold import (
    HOUR_US,
    MOST_PROGRAMS,
    MOST_SAMPLES,
    DeviceNaming,
    DeviceTotals,
    IndicatorOfDevice,
    SightingCounts,
    without_person,
)
from quetsach.findings.met_indicator import MentionedLine, SightedIndicator
from quetsach.scanning.grades import SightingGrade


@dataclass(frozen=True)
class SightingRow:
    """What of one sighting counts for the fold; `place` is where its line is.

    `program` is the one that spoke on the device, "" where the record names none.
    Units: `when_us` since 1970, UTC.
    """

    number: int
    attribution: Attribution
    met: SightedIndicator
    grade: SightingGrade
    is_connection: bool
    port: int | None
    when_us: int | None
    window: str
    confidence_then: int | None
    program: str
    place: MentionedLine


@dataclass
class _Met:
    """The sightings of one indicator by one device."""

    met: SightedIndicator
    tally: SightingCounts = field(default_factory=SightingCounts)
    ports: set[int] = field(default_factory=set)
    windows: set[str] = field(default_factory=set)
    confidence_then: int | None = None

    def add(self, sighting: SightingRow) -> None:
        when_us = sighting.when_us
        sample = (-sighting.grade.rank, when_us or 0, sighting.number)
        self.tally.add(
            SightingCounts(
                1, int(sighting.is_connection), when_us, when_us, sighting.grade, [sample]
            )
        )
        if len(self.tally.samples) > 4 * MOST_SAMPLES:
            self.tally.samples = sorted(self.tally.samples)[:MOST_SAMPLES]
        if sighting.port is not None:
            self.ports.add(sighting.port)
        if sighting.window:
            self.windows.add(sighting.window)
        left = (self.confidence_then, sighting.confidence_then)
        self.confidence_then = max((one for one in left if one is not None), default=None)


@dataclass
class _Device:
    """All sightings of one device in one role."""

    naming: DeviceNaming
    rank: tuple[int, bool, int, int] | None = None
    programs: dict[str, None] = field(default_factory=dict)
    hours: dict[int, int] = field(default_factory=dict)
    met: dict[str, _Met] = field(default_factory=dict)

    def add(self, sighting: SightingRow) -> None:
        attribution = sighting.attribution
        # The surest sighting says how the device was found; among equals the earliest.
        grade = CERTAINTIES.index(attribution.grade)
        rank = (grade, sighting.when_us is None, sighting.when_us or 0, sighting.number)
        if self.rank is None or rank < self.rank:
            self.naming.attribution, self.rank = attribution, rank
        self.naming.take(attribution)
        if sighting.program and len(self.programs) < MOST_PROGRAMS:
            self.programs[without_person(sighting.program)] = None
        if sighting.when_us is not None:
            hour = sighting.when_us // HOUR_US
            self.hours[hour] = self.hours.get(hour, 0) + 1
        if sighting.met.key not in self.met:
            self.met[sighting.met.key] = _Met(sighting.met)
        self.met[sighting.met.key].add(sighting)

    def folded(self) -> DeviceTotals:
        return DeviceTotals(
            self.naming,
            list(self.programs),
            sorted(self.hours.items()),
            [
                IndicatorOfDevice(
                    one.met, one.tally, sorted(one.ports), sorted(one.windows), one.confidence_then
                )
                for one in self.met.values()
            ],
        )


class RowGroups:
    """Sightings by device and role."""

    def __init__(self) -> None:
        self._devices: dict[tuple[SightingRole, str], _Device] = {}
        self._residue: dict[MissingEvidence, _Device] = {}

    def add(self, sighting: SightingRow) -> None:
        """Count a sighting, which comes after all that were counted."""
        attribution = sighting.attribution
        place = (attribution.role, attribution.device)
        if place not in self._devices:
            self._devices[place] = _Device(DeviceNaming(attribution))
        self._devices[place].add(sighting)
        if attribution.role is SightingRole.NOBODY:
            if attribution.lack not in self._residue:
                self._residue[attribution.lack] = _Device(DeviceNaming(attribution))
            self._residue[attribution.lack].add(sighting)

    def in_role(self, role: SightingRole) -> Iterator[DeviceTotals]:
        """Yield each device that has this role, the strongest first."""
        found = (one.folded() for (used, _), one in self._devices.items() if used is role)
        yield from sorted(
            found,
            key=lambda one: (
                -one.tally.best.rank,
                -one.tally.sightings,
                one.naming.attribution.device,
            ),
        )

    def nobody(self) -> DeviceTotals | None:
        """Return what has no device, all of it together."""
        device = self._devices.get((SightingRole.NOBODY, ""))
        return None if device is None else device.folded()

    def residue(self) -> Iterator[tuple[MissingEvidence, DeviceTotals]]:
        """Yield what has no device by the reason, in order."""
        for lack, device in sorted(self._residue.items()):
            yield lack, device.folded()
