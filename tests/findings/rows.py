"""Sightings as the fold gets them, made for tests."""

from typing import Any

from quetsach.attribution.model import AttributionStep, Certainty, RecordPlace, Rival, StepKind
from quetsach.attribution.questions import Attribution, SightingRole
from quetsach.findings.aggregate import SightingRow
from quetsach.scanning.grades import SightingGrade

SECOND_US = 1_000_000
START_US = 1_662_940_800 * SECOND_US
"""2022-09-12 07:00 at +07:00."""


def row(number: str, **more: Any) -> SightingRow:
    """Return a sighting of 203.0.113.77 by 10.0.0.5; `more` says what is otherwise."""
    address = more.pop("address", "10.0.0.5")
    device = more.pop("device", address)
    sure, role = more.pop("sure", Certainty.LIKELY), more.pop("role", SightingRole.CLIENT)
    rivals = tuple(
        Rival(one, "reason", RecordPlace("dhcp.log", int(number, 16)))
        for one in more.pop("rivals", ())
    )
    key = more.pop("key", "203.0.113.77")
    values: dict[str, Any] = {
        "number": number,
        "attribution": Attribution(device, address, "", "", sure, rivals, role, _steps(number)),
        "key": key,
        "shown": key,
        "type": "address",
        "label": "",
        "list_name": "list.txt",
        "list_row": 1,
        "allow": (),
        "grade": SightingGrade.CONNECTED,
        "dataset": "zeek.conn",
        "port": 443,
        "when_us": START_US,
    }
    return SightingRow(**{**values, **more})


def _steps(number: str) -> tuple[AttributionStep, ...]:
    place = RecordPlace("dhcp.log", int(number, 16))
    return (AttributionStep(StepKind.LEASE, "10.0.0.5", "PC", Certainty.LIKELY, place=place),)
