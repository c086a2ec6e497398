"""Verdicts from folders of findings: several sweeps, tables of people, units, and no silence."""

import json
from pathlib import Path

import pytest

from quetsach.api import verdicts
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import use_language
from quetsach.verdicts.model import DeviceState, Thresholds
from tests.sweeping.evidence import write
from tests.verdicts.cases import day
from tests.verdicts.folders import Log, Seen, findings
from tests.verdicts.weeks import AFTER, BEFORE, forged, handled, weeks


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_two_sweeps_and_a_handling_make_a_proof(tmp_path: Path) -> None:
    table = handled(tmp_path, "PC-1;06/09/2022 14:00;cài lại máy")
    report = verdicts.verdicts(weeks(tmp_path), handled=table, as_of=day(24))
    ((unit, verdict),) = report.devices
    assert (unit, verdict.device, verdict.state) == ("", "pc-1", DeviceState.VERIFIED_CLEAN)
    # The 10th, 11th, 17th and 18th were days off: an office's log holds them or not.
    assert verdict.covered[0] == day(7)
    assert report.exit_code == 0


def test_without_the_second_sweep_nothing_is_proven(tmp_path: Path) -> None:
    table = handled(tmp_path, "PC-1;06/09/2022 14:00;")
    report = verdicts.verdicts(weeks(tmp_path)[:1], handled=table, as_of=day(24))
    verdict = report.devices[0][1]
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.missing[0] == (
        "no DNS log from 10 to 23 September 2022: 4 of 7 days are missing"
    )
    assert report.exit_code == 1


def test_rows_that_name_nobody_are_named_and_counted(tmp_path: Path) -> None:
    table = handled(tmp_path, "pc-9;06/09/2022;", "pc-1;soon;", ";06/09/2022;", "", "pc-1;1/1/1;")
    report = verdicts.verdicts(weeks(tmp_path), handled=table, as_of=day(24))
    told = [(one.code, one.facts["row"]) for one in report.problems]
    assert sorted(told) == [("E311", 3), ("E311", 4), ("E311", 6), ("E313", 2)]
    assert report.exit_code == 3


def test_an_address_that_two_devices_had_names_none_of_them(tmp_path: Path) -> None:
    seen = [Seen(f"{day(4)} 10:00"), Seen(f"{day(5)} 10:00", device="pc-2")]
    folder = findings(tmp_path / "w1", [Log("dns.log", BEFORE)], seen)
    table = handled(tmp_path, "10.0.0.5;06/09/2022;")
    report = verdicts.verdicts([folder], handled=table, as_of=day(24))
    assert [one.code for one in report.problems] == ["E313"]
    assert {one.state for _unit, one in report.devices} == {DeviceState.INFECTED}


def test_a_scan_that_finds_malware_reopens(tmp_path: Path) -> None:
    scans = write(
        tmp_path / "scans.csv", "Máy,Ngày quét,Kết quả,Nguồn\npc-1,2022-09-12 08:00,Nhiễm,quét\n"
    )
    table = handled(tmp_path, "pc-1;06/09/2022;")
    report = verdicts.verdicts(weeks(tmp_path), handled=table, scans=scans, as_of=day(24))
    verdict = report.devices[0][1]
    assert (verdict.state, verdict.recurrences) == (DeviceState.RECURRED, 1)


def test_a_unit_says_what_was_looked_at_behind_its_zero(tmp_path: Path) -> None:
    logs = [
        Log("logs/school/dns.log", BEFORE),
        Log("logs/office/dns.log", BEFORE[:2], alive=[("10.1.0.1", "pc-7"), ("10.1.0.2", "")]),
    ]
    (tmp_path / "logs").mkdir()
    for one in logs:
        one.path = str(tmp_path / one.path)
    folder = findings(tmp_path / "w1", logs, [Seen(f"{day(5)} 10:15")])
    report = verdicts.verdicts(
        [folder],
        roots=[tmp_path / "logs"],
        machines={"office": 4, "archive": 3},
        as_of=day(24),
    )
    told = {one.unit: one.sentence for one in report.units}
    assert told == {
        "archive": "Not examined: no line with a time is known to belong to this unit. This is "
        "not a zero.",
        "office": (
            "0 infected; looked at: 1 source (DNS log), 2 days (from 1 to 2 September 2022), "
            "2 devices alive; at most 50% of the 4 machines "
            "in the inventory."
        ),
        "school": (
            "1 infected; looked at: 1 source (DNS log), 9 days (from 1 to 9 September 2022), "
            "1 device alive."
        ),
    }
    units = report.to_json()["units"]
    assert [one["infected"] for one in units] == [None, 0, 1]


def test_a_unit_of_the_table_without_evidence_is_no_zero(tmp_path: Path) -> None:
    table = write(tmp_path / "units.csv", "subnet,unit\n10.0.0.0/24,A\n10.9.0.0/24,B\n")
    report = verdicts.verdicts(weeks(tmp_path), units=table, as_of=day(24))
    assert [one.unit for one in report.units if not one.days] == ["B"]
    row = next(one for one in report.to_json()["units"] if one["unit"] == "B")
    assert row["infected"] is None
    assert row["sentence"].startswith("Not examined")


def test_a_proof_names_the_days_on_which_nothing_was_looked_at(tmp_path: Path) -> None:
    first = findings(tmp_path / "w1", [Log("dns.1.log", BEFORE)], [Seen(f"{day(5)} 10:15")])
    second = findings(tmp_path / "w2", [Log("dns.2.log", AFTER[7:])], [])
    table = handled(tmp_path, "PC-1;06/09/2022 14:00;")
    verdict = verdicts.verdicts([first, second], handled=table, as_of=day(24)).devices[0][1]
    assert verdict.state is DeviceState.VERIFIED_CLEAN
    assert "Not looked at: from 10 to 16 September 2022." in verdict.because


def test_units_by_network_share_one_log(tmp_path: Path) -> None:
    table = write(tmp_path / "units.csv", "subnet,unit\n10.0.0.0/24,school\n10.1.0.0/24,office\n")
    log = Log("dns.log", BEFORE, alive=[("10.0.0.5", "pc-1"), ("10.1.0.1", "pc-7")])
    folder = findings(tmp_path / "w1", [log], [Seen(f"{day(5)} 10:15")])
    report = verdicts.verdicts([folder], units=table, as_of=day(24))
    assert [(one.unit, one.infected, one.alive) for one in report.units] == [
        ("office", 0, 1),
        ("school", 1, 1),
    ]
    assert report.devices[0][0] == "school"


def test_a_zero_tells_of_sightings_that_name_nobody(tmp_path: Path) -> None:
    nobody = {"quetsach.device": None, "quetsach.device.role": "nobody"}
    log = Log("dns.log", BEFORE)
    folders = [
        findings(tmp_path / name, [log], [Seen(f"{day(5)} 10:15", more=nobody)])
        for name in ("w1", "w2")
    ]
    (unit,) = verdicts.verdicts(folders, as_of=day(24)).units
    assert unit.untraced == 1
    assert unit.sentence.startswith("0 infected; ")
    assert unit.sentence.endswith("; 1 sighting could be traced to no device.")


def test_lines_without_time_are_no_day_and_no_zero(tmp_path: Path) -> None:
    folder = findings(tmp_path / "w1", [Log("notes.txt", [], dataset="text")], [])
    coverage = json.loads((folder / "coverage.json").read_bytes())
    coverage["sources"][0]["lines"] = 40
    forged(folder, "coverage.json", json.dumps(coverage).encode())
    (unit,) = verdicts.verdicts([folder], as_of=day(24)).units
    assert unit.sentence == (
        "The lines of 1 files have no readable time, so the days that they cover are unknown. "
        "This is not a zero."
    )


def test_a_sweep_that_did_not_read_all_is_never_a_clean_answer(tmp_path: Path) -> None:
    folder = findings(tmp_path / "w1", [Log("dns.log", BEFORE)], [], rejects=3)
    report = verdicts.verdicts([folder], as_of=day(24))
    assert not report.complete
    assert report.exit_code == 3


def test_no_device_and_all_read_is_exit_0(tmp_path: Path) -> None:
    folder = findings(tmp_path / "w1", [Log("dns.log", BEFORE)], [])
    assert verdicts.verdicts([folder], as_of=day(24)).exit_code == 0


@pytest.mark.parametrize(
    ("limits", "as_of"),
    [
        (Thresholds(covered_days=0), "2022-09-24"),
        (Thresholds(alive_days=-1), "2022-09-24"),
        (Thresholds(covered_days=2, alive_days=3), "2022-09-24"),
        (Thresholds(share=0.0), "2022-09-24"),
        (Thresholds(), "24/9/2022"),
        (Thresholds(), "20220924"),
        (Thresholds(), "2022-W38-6"),
    ],
)
def test_a_threshold_that_proves_nothing_is_refused(
    tmp_path: Path, limits: Thresholds, as_of: str
) -> None:
    with pytest.raises(QuetsachError, match="E314"):
        verdicts.verdicts(weeks(tmp_path), thresholds=limits, as_of=as_of)


def test_no_folder_and_no_findings_are_refused(tmp_path: Path) -> None:
    for folders in ([], [tmp_path]):
        with pytest.raises(QuetsachError, match="E303"):
            verdicts.verdicts(folders)


def test_today_is_the_day_unless_one_is_named(tmp_path: Path) -> None:
    report = verdicts.verdicts(weeks(tmp_path))
    assert report.as_of > "2023"
    assert report.devices[0][1].state is DeviceState.QUIET_NOT_PROVEN
