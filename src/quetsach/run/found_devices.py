"""The devices of a findings folder in a checked shape: an unsigned folder may hold anything."""

from datetime import datetime

import msgspec

from quetsach.errors import QuetsachError
from quetsach.findings.folder import Findings


class FoundPlace(msgspec.Struct, frozen=True):
    """Where a device stands, as the unit's own tables say."""

    unit: str | None = None
    unit_name: str | None = None
    room: str | None = None


class FoundFinding(msgspec.Struct, frozen=True):
    """An indicator that a device met; `samples` are numbers of sightings, the strongest first."""

    indicator: str
    key: str
    type: str
    sightings: int
    best_grade: str
    samples: list[str]
    label: str | None = None
    listed_in: str | None = msgspec.field(default=None, name="list")
    row: int | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None


class FoundDevice(msgspec.Struct, frozen=True):
    """A device that the findings blame; the times are aware, None where no record tells one."""

    device: str
    addresses: list[str]
    grade: str
    rivals: list[str]
    findings: list[FoundFinding]
    sightings: int
    best_grade: str
    host_name: str | None = None
    mac: str | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    place: FoundPlace | None = None


def devices_in(findings: Findings) -> list[FoundDevice]:
    """Return the devices that `findings` blame. Errors: E305 where they stand in no known form."""
    try:
        return msgspec.convert(findings.devices.get("devices"), list[FoundDevice])
    except msgspec.ValidationError as error:
        where = str(findings.folder / "devices.json")
        raise QuetsachError("E305", where, reason=str(error)) from error
