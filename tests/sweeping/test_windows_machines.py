"""A PC's own events and the logs around it are one device, and it is the right one."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.sweeping.evidence import swept, write

SYSMON = "Microsoft-Windows-Sysmon"
LISTED = "203.0.113.77\nbad.example\n198.51.100.23\n"


def _sysmon(number: int, computer: str, **details: str) -> str:
    system = {"eventID": str(number), "providerName": SYSMON, "computer": computer}
    win = {"system": system, "eventdata": {"utcTime": "2026-09-01 01:15:22.000", **details}}
    return json.dumps({"win": win}) + "\n"


OUT = {"sourceIp": "10.20.3.41", "destinationIp": "203.0.113.77", "destinationPort": "443"}
EVENTS = (
    _sysmon(3, "PC-VT-07.xa.example", initiated="true", image="C:\\Users\\an.nt\\a.exe", **OUT)
    + _sysmon(22, "PC-VT-07.xa.example", queryName="www.bad.example", queryStatus="9003")
    + _sysmon(
        3,
        "MAY-CHU-01.xa.example",
        initiated="false",
        sourceIp="198.51.100.23",
        destinationIp="10.20.0.9",
        destinationPort="3389",
    )
)
SERVER = {"ID": 256, "TimeStamp": "2026-09-01T01:20:00Z", "InterfaceIP": "10.20.0.5", "XID": "5"}
ASKED = json.dumps({**SERVER, "QNAME": "bad.example.", "Source": "10.20.3.41"}) + "\n"
LEASES = "Sep  1 08:00:01 gw dhcpd[9]: DHCPACK on 10.20.3.41 to 00:17:a4:b2:c3:d4 (PC-VT-07)\n"


def _rows(tmp_path: Path) -> list[dict[str, Any]]:
    return pq.read_table(tmp_path / "findings" / "sightings.parquet").to_pylist()


def test_without_leases_the_name_server_and_the_machine_itself_name_one_device(
    tmp_path: Path,
) -> None:
    logs = [write(tmp_path / "pc.json", EVENTS), write(tmp_path / "dns.json", ASKED)]
    summary = swept(tmp_path, *logs, listed=LISTED)
    (device,) = summary["devices"]
    assert device["device"] == "PC-VT-07.xa.example"
    assert device["addresses"] == ["10.20.3.41"]
    # The program is a sign of its own; the account in its path is a person.
    (in_full,) = json.loads((tmp_path / "findings" / "devices.json").read_text())["devices"]
    assert in_full["programs"] == ["C:\\Users\\...\\a.exe"]
    report = (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
    assert "C:\\Users\\...\\a.exe" in report
    # Who was reached from outside is no device that reached out.
    (reached,) = summary["not_blamed"]
    assert (reached["device"], reached["role"]) == ("MAY-CHU-01.xa.example", "target")


def test_a_lease_adds_the_hardware_address_to_the_same_device(tmp_path: Path) -> None:
    logs = [write(tmp_path / "pc.json", EVENTS), write(tmp_path / "dns.json", ASKED)]
    summary = swept(tmp_path, *logs, write(tmp_path / "dhcpd.log", LEASES), listed=LISTED)
    (device,) = summary["devices"]
    assert device["device"] == "PC-VT-07 (00-17-A4-B2-C3-D4)"
    program = [row["process.executable"] for row in _rows(tmp_path) if row["process.executable"]]
    assert program == ["C:\\Users\\an.nt\\a.exe"]


def test_a_lease_of_another_machine_does_not_blame_it(tmp_path: Path) -> None:
    other = LEASES.replace("PC-VT-07", "PC-KT-01")
    logs = [write(tmp_path / "pc.json", EVENTS), write(tmp_path / "dhcpd.log", other)]
    summary = swept(tmp_path, *logs, listed=LISTED)
    assert [one["device"] for one in summary["devices"]] == ["PC-VT-07.xa.example"]
