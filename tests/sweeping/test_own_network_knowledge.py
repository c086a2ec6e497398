"""What an office knows of its own network, and how far a person's decision goes in a sweep."""

import json
from pathlib import Path
from typing import Any

from quetsach.api import problems
from quetsach.sweeping.own_network import OwnTables, read_knowledge
from tests.cli.running import quetsach_here
from tests.sweeping.evidence import HEADER, conn, swept, write
from tests.sweeping.test_evidence_checks_promised import ARP

INVENTORY = (
    "Tên máy,Địa chỉ MAC,Phòng\nPC-01,00-17-A4-00-00-05,Kế toán\nPC-02,00-17-A4-00-00-06,Văn thư\n"
)
TWICE = ARP + ARP.replace("07:00", "07:10", 1)


def decided(tmp_path: Path, device: str) -> dict[str, Any]:
    line = {
        "device": device,
        "reason": "Kiểm tra tại chỗ",
        "at": "2022-09-20T08:00:00+07:00",
        "address": "10.0.0.5",
    }
    own = OwnTables(
        leases=(str(write(tmp_path / "neigh.txt", TWICE)),),
        inventory=(write(tmp_path / "may.csv", INVENTORY),),
        overrides=write(tmp_path / "overrides.jsonl", json.dumps(line) + "\n"),
    )
    log = write(tmp_path / "conn.log", HEADER + conn(300, "10.0.0.5", "203.0.113.77"))
    swept(tmp_path, log, own=own)
    (found,) = json.loads((tmp_path / "findings" / "devices.json").read_bytes())["devices"]
    assert isinstance(found, dict)
    return found


def test_a_person_makes_nobody_certain_and_moves_no_machine_to_another_room(tmp_path: Path) -> None:
    found = decided(tmp_path, "MAY-MUON")
    assert (found["device"], found["grade"], found["machine"]) == ("MAY-MUON", "likely", None)
    shown = quetsach_here("why", tmp_path / "findings", found["samples"][0]).stdout.decode()
    assert "Kiểm tra tại chỗ" in shown


def test_a_decision_for_a_known_machine_tells_where_that_one_stands(tmp_path: Path) -> None:
    found = decided(tmp_path, "PC-02")
    assert (found["machine"]["room"], found["grade"]) == ("Văn thư", "likely")


def test_a_decision_that_agrees_with_the_evidence_takes_nothing_away(tmp_path: Path) -> None:
    found = decided(tmp_path, "PC-01")
    assert (found["machine"]["room"], found["grade"]) == ("Kế toán", "certain")


def test_a_file_of_decisions_that_is_not_there_is_told(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(300, "10.0.0.5", "203.0.113.77"))
    own = OwnTables(overrides=tmp_path / "gone.jsonl")
    assert [one.code for one in read_knowledge(own).problems] == ["E101"]
    summary = swept(tmp_path, log, own=own)
    assert problems.exit_code(summary) == 3


def test_the_networks_of_ipv6_in_the_plan_are_our_own(tmp_path: Path) -> None:
    rows = "Xã A,10.0.0.0/24,\nXã A,2001:db8:1::/64,2001:db8:9::53\nXã A,192.0.2.0/28,\n"
    plan = write(tmp_path / "plan.csv", "Đơn vị,Dải mạng,DNS\n" + rows)
    own = OwnTables(plan=(plan,))
    assert read_knowledge(own).inside([])[-1] == "2001:db8:1::/64"
    assert "192.0.2.0/28" not in read_knowledge(own).inside([])
    assert read_knowledge(own).inside(["10.9.0.0/16"]) == ("10.9.0.0/16",)
    line = conn(300, "2001:db8:1::7", "203.0.113.77")
    log = write(tmp_path / "conn.log", HEADER + line)
    summary = swept(tmp_path, log, own=own)
    assert [one["device"] for one in summary["devices"]] == ["2001:db8:1::7"]


def test_a_unit_is_called_by_its_name_as_in_the_findings_and_not_by_its_code(
    tmp_path: Path,
) -> None:
    plan = write(tmp_path / "plan.csv", "code,unit,subnet\nTC01,Xã Một,10.0.0.0/24\n")
    knowledge = read_knowledge(OwnTables(plan=(plan,)))
    assert knowledge.unit_of("10.0.0.5") == "Xã Một"
    assert knowledge.unit_of("10.0.9.5") == ""
