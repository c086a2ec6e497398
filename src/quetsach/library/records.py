"""The keys and types of what the Python interface gives as `dict`: for type checkers and editors.

Units: times are ISO 8601 with offset, or None where the log has none.
"""

from typing import TypeAlias, TypedDict

Texts: TypeAlias = list[str]
Numbers: TypeAlias = list[int]
"""For rows that have a key `list`, which hides the type."""


class PlaceDict(TypedDict):
    """Where a machine stands, by inventory and network plan."""

    unit: str
    unit_name: str
    room: str


class StepDict(TypedDict):
    """A step from an address to a machine, with the record that proves it.

    Units: `offset` bytes.
    """

    kind: str
    before: str
    after: str
    grade: str
    path: str | None
    offset: int | None
    start: str | None
    end: str | None
    note: str


class MachineDict(TypedDict):
    """A row of the inventory."""

    key: str
    name: str
    unit: str
    room: str
    kind: str
    desk: str
    system: str
    duty: str
    shared: bool
    remarks: str
    path: str | None
    row: int | None


class FindingDict(TypedDict):
    """An indicator that a machine met.

    Shapes: `list` and `row` say where it is listed; `samples` are numbers for `quetsach why`.
    """

    indicator: str
    key: str
    type: str
    label: str
    family: str
    list: str
    row: int | None
    allow: Texts
    status: str
    tlp: str | None
    confidence: int | None
    confidence_then: int | None
    window: Texts
    ports: Numbers
    sightings: int
    connections: int
    first_seen: str | None
    last_seen: str | None
    best_grade: str
    samples: Texts


class RivalDict(TypedDict):
    """Another machine that it could have been, and the record that speaks for it."""

    device: str
    because: str
    path: str | None
    offset: int | None


class DeviceDict(TypedDict):
    """A machine that met indicators, and how surely it is named."""

    device: str
    grade: str
    best_grade: str
    host_name: str | None
    mac: str | None
    addresses: list[str]
    place: PlaceDict | None
    machine: MachineDict | None
    first_seen: str | None
    last_seen: str | None
    sightings: int
    connections: int
    indicators: list[str]
    findings: list[FindingDict]
    hours: dict[str, int]
    path: list[StepDict]
    ways: list[str]
    programs: list[str]
    rivals: list[str]
    rivals_because: list[RivalDict]
    overrides: list[dict[str, object]]
    samples: list[str]


class NotBlamedDict(TypedDict):
    """A machine that asked for others, or was reached from outside, and why it is not blamed."""

    device: str
    role: str
    because: str
    best_grade: str
    addresses: list[str]
    place: PlaceDict | None
    first_seen: str | None
    last_seen: str | None
    sightings: int
    indicators: list[str]
    findings: list[FindingDict]
    samples: list[str]


class UnreadDict(TypedDict):
    """What could not be read, and what to do."""

    code: str
    path: str
    what: str
    todo: str
    facts: dict[str, str]


class RefusedDict(TypedDict):
    """A row of a list that became no indicator."""

    list: str
    row: int
    reason: str
    text: str


class WhoRivalDict(TypedDict):
    """Another machine that could have held the address."""

    device: str
    because: str


class WhoDict(TypedDict):
    """Which machine held an address at a time, how surely, and by which logs."""

    address: str
    port: int | None
    time: str
    zone_assumed: str | None
    device: str | None
    inside_address: str | None
    grade: str
    rivals: list[WhoRivalDict]
    steps: list[StepDict]
    machine: MachineDict | None
    role: str
    logs: list[str]
    missing: str
    notes: list[str]
    unread: list[UnreadDict]
