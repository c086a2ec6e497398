"""Clocks that differ are told by the events two sources saw, and set right for the question."""

import json
from pathlib import Path

from tests.sweeping.evidence import HEADER, conn, swept, write


def _log(path: Path, shift_s: int) -> Path:
    lines = [
        conn(100 * number + shift_s, f"10.0.0.{number % 3 + 5}", "203.0.113.77").replace(
            "\t50000\t", f"\t{51_000 + number}\t"
        )
        for number in range(12)
    ]
    return write(path, HEADER + "".join(lines))


def _clocks(tmp_path: Path, *logs: Path) -> list[dict[str, object]]:
    swept(tmp_path, *logs)
    coverage = json.loads((tmp_path / "findings/coverage.json").read_bytes())
    return list(coverage["clocks"])


def test_a_source_an_hour_ahead_is_told_and_set_right(tmp_path: Path) -> None:
    logs = [_log(tmp_path / "a.log", 0), _log(tmp_path / "b.log", 3600)]
    (found,) = _clocks(tmp_path, *logs)
    assert abs(float(str(found["offset_s"]))) == 3600
    assert found["used"] is True
    assert found["pairs"] == 12


def test_clocks_that_agree_change_nothing(tmp_path: Path) -> None:
    logs = [_log(tmp_path / "a.log", 0), _log(tmp_path / "b.log", 1)]
    assert not [one for one in _clocks(tmp_path, *logs) if one["used"]]


def test_one_source_alone_has_nothing_to_be_held_against(tmp_path: Path) -> None:
    assert _clocks(tmp_path, _log(tmp_path / "a.log", 0)) == []


DHCP = "ID,Date,Time,Description,IP Address,Host Name,MAC Address\n"


def _leases(path: Path, day: int) -> Path:
    lines = [
        f"10,11/{day}/26,08:{number:02}:{day},"
        f"Assign,10.0.0.{number + 5},PC-{number},02000000AA{number:02X}\n"
        for number in range(8)
    ]
    return write(path, DHCP + "".join(lines))


def test_the_daily_files_of_one_lease_server_are_no_witnesses_of_each_other(tmp_path: Path) -> None:
    """Each machine is given its address anew each morning: no clock is a day off."""
    days = [_leases(tmp_path / f"DhcpSrvLog-{day}.log", day) for day in (23, 24, 25)]
    assert _clocks(tmp_path, _log(tmp_path / "a.log", 0), *days) == []


def test_two_kinds_of_lease_servers_are_witnesses_of_each_other(tmp_path: Path) -> None:
    windows = _leases(tmp_path / "DhcpSrvLog-Mon.log", 23)
    other = "".join(
        f"lease 10.0.0.{number + 5} {{\n  starts 1 2026/11/23 01:{number:02}:53;\n"
        f"  ends 2 2026/11/24 01:{number:02}:53;\n  binding state active;\n"
        f"  hardware ethernet 02:00:00:00:aa:{number:02x};\n}}\n"
        for number in range(8)
    )
    leases = write(tmp_path / "dhcpd.leases", other)
    (found,) = _clocks(tmp_path, _log(tmp_path / "a.log", 0), windows, leases)
    assert (abs(float(str(found["offset_s"]))), found["pairs"]) == (30, 8)
