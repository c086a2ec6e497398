"""Wrong clocks and old copies of lease files are told, and nobody is named by them surely."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.api import inventory
from quetsach.cli.sweep_text import sweep_text
from quetsach.texts import use_language
from tests.sweeping.evidence import HEADER, START, conn, swept, write

LEASE = """authoring-byte-order little-endian;
lease 10.0.0.5 {
  starts 1 %(year)s/09/11 23:00:00;
  ends 1 %(year)s/09/12 09:00:00;
  cltt 1 %(year)s/09/11 23:00:00;
  binding state active;
  hardware ethernet 00:17:a4:00:00:03;
}
"""


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def sweep(tmp_path: Path, year: int) -> tuple[dict[str, Any], dict[str, Any]]:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    leases = write(tmp_path / "dhcpd.leases", LEASE % {"year": year})
    summary = swept(tmp_path, log, own=inventory.OwnTables(leases=(str(leases),)))
    (device,) = json.loads((tmp_path / "findings" / "devices.json").read_bytes())["devices"]
    return summary, device


@pytest.mark.parametrize("year", [2021, 2023])
def test_leases_of_another_year_name_nobody_surely_and_are_told(tmp_path: Path, year: int) -> None:
    summary, device = sweep(tmp_path, year)
    assert device["grade"] == "ambiguous"
    assert [one["kind"] for one in summary["record_notes"]] == ["year-off"]
    assert "a year away" in sweep_text(summary)
    assert "a year away" in (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")


def test_leases_of_the_same_days_are_not_told(tmp_path: Path) -> None:
    summary, device = sweep(tmp_path, 2022)
    assert (device["grade"], summary["record_notes"]) == ("certain", [])


def test_a_clock_that_is_an_hour_ahead_is_shown(tmp_path: Path) -> None:
    lines = [conn(one * 60, "10.0.0.5", "203.0.113.77", moved=one + 1) for one in range(6)]
    right = [one.replace("\t50000\t", f"\t{50_000 + place}\t") for place, one in enumerate(lines)]
    ahead = [
        one.replace(str(START + place * 60), str(START + 3600 + place * 60)).replace("\tC", "\tD")
        for place, one in enumerate(right)
    ]
    first = write(tmp_path / "a.log", HEADER + "".join(right))
    second = write(tmp_path / "b.log", HEADER + "".join(ahead))
    summary = swept(tmp_path, first, second)
    (clock,) = summary["clocks"]
    assert (clock["offset_s"], clock["used"]) == (3600.0, True)
    assert "is 1:00:00 ahead of" in sweep_text(summary)
    assert "b.log" in (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
