"""The way from an address to a device, as it is written into the findings and read from them."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from quetsach.attribute.attribution import Attribution
from quetsach.attribute.model import Step
from quetsach.findings.times import shown_time
from quetsach.inventory.model import Machine
from quetsach.texts import _


def steps_text(steps: Sequence[Step]) -> str | None:
    """Return the steps as one JSON text, the same for the same steps; None where there are none.

    Units: start and end in us since 1970, UTC. Notes are English message ids.
    """
    if not steps:
        return None
    return msgspec.json.encode([_plain(step) for step in steps]).decode()


def steps_in(sighting: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps that a row of sightings.parquet keeps; findings of old have none."""
    text = sighting.get("quetsach.device.steps")
    return msgspec.json.decode(text, type=list[dict[str, Any]]) if text else []


def steps_json(steps: Sequence[Step], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the steps for people: times in `zone`, notes in the language in use."""
    return [
        {
            **_plain(step),
            "start": shown_time(step.start_us, zone),
            "end": shown_time(step.end_us, zone),
            "note": _(step.note) if step.note else "",
        }
        for step in steps
    ]


def machine_json(machine: Machine | None) -> dict[str, Any] | None:
    """Return what the inventory says of a machine; None where it has none."""
    if machine is None:
        return None
    return {
        "key": machine.key,
        "name": machine.name,
        "unit": machine.unit,
        "room": machine.room,
        "kind": machine.kind,
        "desk": machine.desk,
        "system": machine.system,
        "duty": str(machine.duty),
        "shared": machine.shared,
        "remarks": machine.remarks,
        "path": machine.row.path if machine.row else None,
        "row": machine.row.number if machine.row else None,
    }


def override_json(found: Attribution) -> dict[str, Any]:
    """Return a person's decision beside what the evidence alone says."""
    override = found.override
    assert override is not None, "asked for only where there is one"
    return {
        "evidence_device": found.evidence_device,
        "device": override.device,
        "reason": override.reason,
        "by": override.by,
        "from": override.since,
        "until": override.until,
        "line": override.number,
    }


def _plain(step: Step) -> dict[str, Any]:
    return {
        "kind": str(step.kind),
        "before": step.before,
        "after": step.after,
        "grade": str(step.grade),
        "path": step.place.path if step.place else None,
        "offset": step.place.offset if step.place else None,
        "start": step.start_us,
        "end": step.end_us,
        "note": step.note,
    }
