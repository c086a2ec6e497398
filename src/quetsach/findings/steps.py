"""The steps from an address to a device as JSON, with their notes, missing evidence and times."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from quetsach.attribution.model import AttributionStep
from quetsach.attribution.questions import Attribution, MissingEvidence
from quetsach.attribution.record_notes import NoteKind, RecordNote
from quetsach.clocks import MICROSECONDS, iso_from_us
from quetsach.errors.catalogue import N_
from quetsach.inventory.model import InventoryMachine
from quetsach.texts import _

_TEXTS: Mapping[NoteKind, str] = {
    NoteKind.TWO_SERVERS: N_("two DHCP servers gave one address to two machines at once"),
    NoteKind.YEAR_OFF: N_("the clock of this source is about a year away from all others"),
    NoteKind.UNKNOWN_ACT: N_("the record does not say what became of the address"),
    NoteKind.TIME_OUT_OF_RANGE: N_("the time of the record cannot be"),
    NoteKind.NO_ADDRESS: N_("the record names no address"),
    NoteKind.NO_MACHINE: N_("the record names no machine"),
    NoteKind.END_BEFORE_START: N_("the record ends before it begins"),
    NoteKind.PORT_OUT_OF_RANGE: N_("the port of the record cannot be"),
    NoteKind.NO_TIME: N_("the record carries no time"),
}


def record_notes_json(notes: Iterable[RecordNote]) -> list[dict[str, Any]]:
    """Return each kind of flaw with its count and the places of the first records."""
    return [
        {
            "kind": str(one.kind),
            "what": _(_TEXTS[one.kind]),
            "count": one.count,
            "places": [{"path": place.path, "offset": place.offset} for place in one.places],
        }
        for one in notes
    ]


_RESIDUE_TEXTS: Mapping[MissingEvidence, str] = {
    MissingEvidence.NONE: "",
    MissingEvidence.NO_ADDRESS: N_(
        "these lines show no address of a machine: add the log of the device that saw the "
        "connection (resolver, proxy, firewall); where a name server asked another one itself, its "
        "client is in a line beside"
    ),
    MissingEvidence.OUTSIDE: N_(
        "these lines show no inside address that reached out: name your own networks with "
        "--inside, or add a log from before the address translation (DHCP, NAT, firewall)"
    ),
    MissingEvidence.NO_TRANSLATION: N_(
        "these lines show an address that many machines share: the log of address translation "
        "(NAT) for that time would tell which one; see quetsach trace"
    ),
    MissingEvidence.NO_CLIENT_LOG: N_(
        "this machine asks for others: its own log of who asked it would tell which one"
    ),
    MissingEvidence.ADDRESS_FREE: N_(
        "nobody held this address then, as the DHCP records say: a machine with an address set "
        "by hand, or a gap in the records"
    ),
    MissingEvidence.UNKNOWN_FORM: N_(
        "these lines are of an unknown form, so that who reached out cannot be told: look at each "
        "line with quetsach why, or export the log in a form of quetsach formats"
    ),
    MissingEvidence.ONLY_MENTIONED: N_(
        "these lines name the indicator in a field that proves no contact, such as the page before "
        "or the name of a program: look at each line with quetsach why"
    ),
}


def lack_text(lack: MissingEvidence) -> str:
    """Return what is missing, in the language in use; "" where nothing is."""
    text = _RESIDUE_TEXTS[lack]
    return _(text) if text else ""


def format_time(when_us: int | None, zone: ZoneInfo) -> str | None:
    """Return a time to the second, or None for none."""
    return None if when_us is None else iso_from_us(when_us // MICROSECONDS * MICROSECONDS, zone)


@lru_cache(maxsize=4096)
def format_hour(when_us: int, zone: ZoneInfo) -> str:
    """Return the beginning of the local hour that holds `when_us`."""
    local = datetime.fromtimestamp(when_us // MICROSECONDS, tz=zone)
    return local.replace(minute=0, second=0).isoformat(timespec="seconds")


@lru_cache(maxsize=4096)
def local_day(when_us: int, zone: ZoneInfo) -> str:
    """Return the local day that holds `when_us`, as 2022-09-12."""
    moment = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(microseconds=when_us)
    return moment.astimezone(zone).date().isoformat()


def steps_text(steps: Sequence[AttributionStep]) -> str | None:
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


def steps_json(steps: Sequence[AttributionStep], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the steps for people: times in `zone`, notes in the language in use."""
    return [
        {
            **_plain(step),
            "start": format_time(step.start_us, zone),
            "end": format_time(step.end_us, zone),
            "note": _(step.note) if step.note else "",
        }
        for step in steps
    ]


def machine_json(machine: InventoryMachine | None) -> dict[str, Any] | None:
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


def override_json(attribution: Attribution) -> dict[str, Any]:
    """Return a person's decision beside what the evidence alone says."""
    override = attribution.override
    assert override is not None, "called only where there is an override"
    return {
        "evidence_device": attribution.evidence_device,
        "device": override.device,
        "reason": override.reason,
        "by": override.by,
        "from": override.since,
        "until": override.until,
        "line": override.number,
    }


def _plain(step: AttributionStep) -> dict[str, Any]:
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
