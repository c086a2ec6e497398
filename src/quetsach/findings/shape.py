"""What of a findings folder's pages is relied on, as types: for folders that others have made.

Only the shape: whether the pages agree with the sightings is asked in `examine`.
"""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

import msgspec

from quetsach.attribute.attribution import Role
from quetsach.attribute.model import Certainty
from quetsach.match.grades import Grade

MOST_DEVICES = 100_000
MOST_SOURCES = 100_000

_Short: TypeAlias = Annotated[str, msgspec.Meta(max_length=1_000)]
_Long: TypeAlias = Annotated[str, msgspec.Meta(max_length=10_000)]
_Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class Finding(msgspec.Struct, frozen=True):
    """All sightings of one device and one indicator, counted."""

    indicator: _Long
    key: _Long
    type: _Short
    label: _Long
    best_grade: Grade
    sightings: _Count
    first_seen: _Moment | None
    last_seen: _Moment | None


class _Counted(msgspec.Struct, frozen=True):
    device: _Short
    addresses: list[_Short]
    indicators: list[_Long]
    best_grade: Grade
    sightings: _Count
    first_seen: _Moment | None
    last_seen: _Moment | None
    findings: list[Finding]


class Device(_Counted, frozen=True):
    """A device that is to be handled."""

    grade: Certainty
    host_name: _Short | None
    mac: _Short | None
    rivals: list[_Short]
    place: dict[str, Any] | None
    machine: dict[str, Any] | None


class NotBlamed(_Counted, frozen=True):
    """An address that was seen and is not blamed."""

    role: Role
    because: _Long


class Unattributed(msgspec.Struct, frozen=True):
    """What nobody could be named for."""

    sightings: _Count


class Devices(msgspec.Struct, frozen=True):
    """`devices.json`."""

    devices: Annotated[list[Device], msgspec.Meta(max_length=MOST_DEVICES)]
    not_blamed: Annotated[list[NotBlamed], msgspec.Meta(max_length=MOST_DEVICES)]
    unattributed: Unattributed


class Source(msgspec.Struct, frozen=True):
    """One file of evidence in `coverage.json`."""

    path: _Long
    format: _Short
    dataset: _Short
    sha256: _Short
    bytes: _Count
    lines: _Count
    rejects: _Count
    sightings: _Count
    first: _Moment | None
    last: _Moment | None
    hours: dict[_Short, _Count]
    alive: dict[_Short, _Count]
    duplicate_of: _Long | None


class Coverage(msgspec.Struct, frozen=True):
    """`coverage.json`."""

    zone: _Short
    sources: Annotated[list[Source], msgspec.Meta(max_length=MOST_SOURCES)]


class Rejects(msgspec.Struct, frozen=True):
    """`rejects.json`."""

    total: _Count
    by_reason: dict[_Short, _Count]


class Unread(msgspec.Struct, frozen=True):
    """A problem of the evidence or the lists, as the summary tells it."""

    path: _Long
    code: _Short
    what: _Long
    todo: _Long
    facts: dict[_Short, Any] = msgspec.field(default_factory=dict)


class Summary(msgspec.Struct, frozen=True):
    """The summary in the manifest."""

    lines: _Count
    bytes_read: _Count
    candidates: _Count
    sightings: _Count
    rejects: _Count
    sources: _Count
    indicators: _Count
    unread: list[Unread]


class Listed(msgspec.Struct, frozen=True):
    """A list that was looked for."""

    name: _Long
    sha256: _Short


class IndicatorSetSeen(msgspec.Struct, frozen=True):
    """All that was looked for, by its digest."""

    digest: _Short
    count: _Count


class Manifest(msgspec.Struct, frozen=True):
    """`manifest.json`."""

    version: _Short
    lists: list[Listed]
    indicator_set: IndicatorSetSeen
    summary: Summary
