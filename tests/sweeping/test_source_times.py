"""A guessed zone or year makes no device certain; declared or confirmed ones do."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from quetsach.api import inventory, sweeps
from tests.sweeping.evidence import swept, write

# One address, two machines: PC-A from 06:00 to 12:00 at +07:00, PC-B from 13:00 on.
LEASES = """authoring-byte-order little-endian;
lease 10.0.0.5 {
  starts 1 2022/09/11 23:00:00;
  ends 1 2022/09/12 05:00:00;
  cltt 1 2022/09/11 23:00:00;
  binding state active;
  hardware ethernet 00:17:a4:00:00:0a;
  client-hostname "PC-A";
}
lease 10.0.0.5 {
  starts 1 2022/09/12 06:00:00;
  ends 1 2022/09/12 16:00:00;
  cltt 1 2022/09/12 06:00:00;
  binding state active;
  hardware ethernet 00:17:a4:00:00:0b;
  client-hostname "PC-B";
}
"""
# The server writes UTC and does not say so: 08:30 there is 15:30 here, when PC-B had the address.
UTC_LINE = "2022-09-12T08:30:00 ns1 dnsmasq[7]: query[A] bad.example from 10.0.0.5\n"


def _swept(tmp_path: Path, line: str = UTC_LINE, **more: Any) -> dict[str, Any]:
    log = write(tmp_path / "logs" / "dns.log", line)
    leases = write(tmp_path / "dhcpd.leases", LEASES)
    own = inventory.OwnTables(leases=[str(leases)])
    return swept(tmp_path, log, listed="bad.example\n", own=own, **more)


def _named(summary: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["host_name"], one["grade"]) for one in summary["devices"]]


def test_a_utc_line_read_as_local_names_nobody_certain(tmp_path: Path) -> None:
    summary = _swept(tmp_path)
    assert _named(summary) == [("PC-A", "likely")]
    assert summary["zones_assumed"] == [str(tmp_path / "logs/dns.log")]
    devices = json.loads((tmp_path / "findings/devices.json").read_bytes())
    assert "time zone" in json.dumps(devices, ensure_ascii=False) or "múi giờ" in json.dumps(
        devices, ensure_ascii=False
    )


def test_a_declared_zone_names_the_right_machine_certain(tmp_path: Path) -> None:
    sources = write(tmp_path / "sources.toml", '[[source]]\npath = "dns.log"\nzone = "UTC"\n')
    summary = _swept(tmp_path, sources=sources)
    assert _named(summary) == [("PC-B", "certain")]
    assert summary["zones_assumed"] == []
    coverage = json.loads((tmp_path / "findings/coverage.json").read_bytes())
    (log,) = [one for one in coverage["sources"] if one["path"].endswith("dns.log")]
    assert (log["zone"], log["zone_from"], log["declared"]["zone"]) == ("UTC", "declared", "UTC")
    (own,) = [one for one in coverage["sources"] if one["path"].endswith("dhcpd.leases")]
    assert own["zone_from"] in ("in-line", "by-definition")
    report = (tmp_path / "findings/report.html").read_text("utf-8")
    assert "theo khai báo" in report or "declared" in report


def test_a_zone_that_is_named_for_all_is_known(tmp_path: Path) -> None:
    assert _named(_swept(tmp_path, zone="UTC")) == [("PC-B", "certain")]


def test_an_offset_in_the_line_needs_nothing(tmp_path: Path) -> None:
    line = UTC_LINE.replace(":00 ns1", ":00Z ns1")
    assert _named(_swept(tmp_path, line)) == [("PC-B", "certain")]


def test_a_declared_clock_is_set_right_and_the_time_of_the_log_shown(tmp_path: Path) -> None:
    sources = [
        sweeps.declared_source({"path": "dns.log", "zone": "+07:00", "clock_offset": "-7h"}),
    ]
    summary = _swept(tmp_path, sources=sources)
    assert _named(summary) == [("PC-B", "certain")]
    assert summary["devices"][0]["first_seen"].startswith("2022-09-12T08:30:00")
    (clock,) = summary["clocks"]
    assert (clock["declared_s"], clock["reference"]) == (-25_200.0, None)


def test_a_pattern_that_meets_no_file_is_told(tmp_path: Path) -> None:
    sources = write(tmp_path / "sources.toml", '[[source]]\npath = "gone.log"\nzone = "UTC"\n')
    summary = _swept(tmp_path, sources=sources)
    assert [one["code"] for one in summary["unread"]] == ["E131"]


WINDOWS_LEASES = (
    "\t\tMicrosoft DHCP Service Activity Log\r\n\r\n"
    "ID,Date,Time,Description,IP Address,Host Name,MAC Address,\r\n"
    "10,09/12/22,06:30:00,Assign,10.0.0.5,PC-A,0017A400000A,\r\n"
    "11,09/12/22,16:30:00,Renew,10.0.0.5,PC-A,0017A400000A,\r\n"
)


@pytest.mark.parametrize(
    ("more", "grade"), [({}, "likely"), ({"zone": "Asia/Ho_Chi_Minh"}, "certain")]
)
def test_a_lease_of_an_assumed_zone_makes_nobody_certain(
    tmp_path: Path, more: dict[str, Any], grade: str
) -> None:
    log = write(tmp_path / "dns.log", UTC_LINE.replace(":00 ns1", ":00Z ns1"))
    leases = write(tmp_path / "DhcpSrvLog-Mon.log", WINDOWS_LEASES)
    own = inventory.OwnTables(leases=[str(leases)])
    summary = swept(tmp_path, log, listed="bad.example\n", own=own, **more)
    assert _named(summary) == [("PC-A", grade)]


def test_a_lease_that_only_a_log_of_assumed_zone_prolongs_says_so(tmp_path: Path) -> None:
    log = write(tmp_path / "dns.log", UTC_LINE.replace(":00 ns1", ":00Z ns1"))
    ack = "2022-09-12T{time}:00 gw dnsmasq-dhcp[8]: DHCPACK(eth0) 10.0.0.5 00:17:a4:00:00:0b PC-B\n"
    renewed = ack.format(time="14:30") + ack.format(time="15:45")
    tables = [
        write(tmp_path / "dhcpd.leases", LEASES),
        write(tmp_path / "gateway.log", renewed),
    ]
    own = inventory.OwnTables(leases=[str(path) for path in tables])
    summary = swept(tmp_path, log, listed="bad.example\n", own=own)
    assert _named(summary) == [("PC-B", "likely")]
    (device,) = json.loads((tmp_path / "findings" / "devices.json").read_text())["devices"]
    (lease,) = (step for step in device["path"] if step["kind"] == "lease")
    # The record that is shown is in UTC by definition: it is not the one in doubt.
    assert lease["path"].endswith("dhcpd.leases")
    assert lease["note"].startswith("một bản ghi về sau"), lease


def _flows(offset: str, zone_h: int, count: int = 6) -> str:
    return "".join(
        f"2022-09-12T{8 + zone_h:02}:{minute:02}:00{offset} gw kernel: OUT: IN=lan OUT=wan "
        f"SRC=10.0.0.5 DST=203.0.113.77 LEN=60 TOS=0x00 PREC=0x00 TTL=127 ID=4711 DF PROTO=TCP "
        f"SPT={50_000 + minute} DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0\n"
        for minute in range(count)
    )


@pytest.mark.parametrize(("count", "named"), [(6, "certain"), (4, "likely")])
def test_common_events_with_a_source_of_known_zone_confirm_a_guess(
    tmp_path: Path, count: int, named: str
) -> None:
    known = write(tmp_path / "known.log", _flows("Z", 0, count))
    # The same connections in local time of -05:00, which nobody says.
    guessed = write(tmp_path / "guessed.log", _flows("", -5, count))
    leases = write(tmp_path / "dhcpd.leases", LEASES)
    own = inventory.OwnTables(leases=[str(leases)])
    summary = swept(tmp_path, guessed, known, own=own)
    assert ("PC-B", "certain") in _named(summary)
    assert len(_named(summary)) == (1 if named == "certain" else 2)
    assert bool(summary["zones_confirmed"]) is (named == "certain")
    if named == "certain":
        (clock,) = summary["clocks"]
        assert (clock["pairs"], len(clock["examples"])) == (6, 3)
        example = clock["examples"][0]
        assert example["what"] == "10.0.0.5 50000"
        assert example["here"]["time"] == "2022-09-12T03:00:00+07:00"
        assert example["there"]["time"] == "2022-09-12T15:00:00+07:00"
        assert (example["here"]["offset"], example["there"]["offset"]) == (0, 0)


def test_lines_without_year_take_the_declared_one_over_new_year(tmp_path: Path) -> None:
    log = write(
        tmp_path / "messages",
        "Dec 31 23:59:00 ns1 dnsmasq[7]: query[A] bad.example from 10.0.0.5\n"
        "Jan  1 00:01:00 ns1 dnsmasq[7]: query[A] bad.example from 10.0.0.6\n",
    )

    def seen(**more: Any) -> list[str]:
        out = tmp_path / f"out-{'-'.join(map(str, more.values()))}"
        source = sweeps.declared_source({"path": "messages", "zone": "+07:00", **more})
        summary = swept(tmp_path, log, listed="bad.example\n", out=out, sources=[source])
        return sorted(one["first_seen"] for one in summary["devices"])

    assert seen(taken="2024-01-01") == ["2023-12-31T23:59:00+07:00", "2024-01-01T00:01:00+07:00"]
    assert seen(year=2023) == ["2023-01-01T00:01:00+07:00", "2023-12-31T23:59:00+07:00"]


def test_the_inside_of_a_source_holds_for_its_lines_alone(tmp_path: Path) -> None:
    line = "2022-09-12T08:30:00Z ns1 dnsmasq[7]: query[A] bad.example from {}\n"
    lines = line.format("10.50.0.5") + line.format("192.0.2.5")
    here = write(tmp_path / "here.log", lines)
    branch = write(tmp_path / "branch.log", lines + "\n")
    source = sweeps.declared_source({"path": "branch.log", "inside": ["192.0.2.0/24"]})
    summary = swept(tmp_path, here, branch, listed="bad.example\n", sources=[source])
    assert [(one["device"], one["sightings"]) for one in summary["devices"]] == [
        ("10.50.0.5", 1),
        ("192.0.2.5", 1),
    ]


def test_what_two_machines_tell_of_themselves_alike_is_no_copy(tmp_path: Path) -> None:
    cache = (
        "\nWindows IP Configuration\n\n    bad.example\n    {}\n"
        "    Record Name . . . . . : bad.example\n    Record Type . . . . . : 1\n"
        "    A (Host) Record . . . : 203.0.113.9\n\n\n"
    ).format("-" * 40)
    files = [write(tmp_path / name / "dns.txt", cache) for name in ("PC-01", "PC-02", "PC-03")]
    write(files[2], cache + "\n")
    for file in files:
        os.utime(file, (1_788_225_322, 1_788_225_322))
    summary = swept(tmp_path, *files, listed="bad.example\n")
    assert summary["unattributed"] == 3
