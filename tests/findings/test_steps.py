"""The way to a device as it is written: the same text for the same steps, and back again."""

from zoneinfo import ZoneInfo

from quetsach.attribution.model import AttributionStep, Certainty, RecordPlace, StepKind
from quetsach.findings.steps import machine_json, steps_in, steps_json, steps_text
from quetsach.inventory.model import InventoryMachine, SourceRow

STEP = AttributionStep(
    StepKind.LEASE,
    "10.0.0.7",
    "00-17-A4-00-00-0A",
    Certainty.CERTAIN,
    place=RecordPlace("dhcp.log", 7),
    start_us=1_788_225_322_000_000,
)


def test_steps_come_back_from_a_sighting_as_they_were_written() -> None:
    text = steps_text([STEP, STEP])
    first, second = steps_in({"quetsach.device.steps": text})
    assert first == second
    assert (first["kind"], first["path"], first["offset"]) == ("lease", "dhcp.log", 7)
    assert (first["start"], first["end"]) == (1_788_225_322_000_000, None)


def test_no_steps_are_null_and_findings_of_old_have_none() -> None:
    assert steps_text([]) is None
    assert steps_in({}) == []


def test_for_people_the_times_stand_in_the_zone_of_the_sweep() -> None:
    (row,) = steps_json([STEP], ZoneInfo("Asia/Ho_Chi_Minh"))
    assert row["start"] == "2026-09-01T08:15:22+07:00"


def test_a_machine_keeps_where_it_stands_and_the_row_that_says_so() -> None:
    row = machine_json(
        InventoryMachine(key="TS-1", room="P.203", row=SourceRow("may.xlsx", "PC", 4))
    )
    assert row is not None
    assert (row["key"], row["room"], row["path"], row["row"]) == ("TS-1", "P.203", "may.xlsx", 4)
    assert machine_json(None) is None
