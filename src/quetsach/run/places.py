"""Where the machines of the findings stand: unit and room, as the office's own tables say."""

from typing import Any

from quetsach.run.knowledge import Knowledge


def with_places(devices: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """Return the content of `devices.json` with the place of each device, None where untold."""
    named = {
        group: [{**one, "place": _place(one, knowledge)} for one in devices[group]]
        for group in ("devices", "not_blamed")
    }
    return {**devices, **named}


def _place(device: dict[str, Any], knowledge: Knowledge) -> dict[str, str] | None:
    machine, plan = device.get("machine") or {}, knowledge.plan
    unit, room = machine.get("unit", ""), machine.get("room", "")
    if plan is not None and not unit:
        unit = _only({plan.unit_of(one) for one in device["addresses"]})
    if plan is not None and not room:
        room = _only({plan.room_of(one) for one in device["addresses"]})
    if not unit and not room:
        return None
    name = unit if plan is None else plan.name_of(unit)
    return {"unit": unit, "unit_name": name, "room": room}


def _only(found: set[str]) -> str:
    # A machine that was carried from one place to another stands in none of them for sure.
    return next(iter(found)) if len(found) == 1 else ""
