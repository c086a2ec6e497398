"""A sighting's number depends on what it is, never on where its file lies or what ran beside it."""

import gzip
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from quetsach.evidence.blake3_twin import TwinDigest, digests
from quetsach.findings.folder import read_folder
from tests.sweeping.evidence import HEADER, conn, swept, write


def _numbers(folder: Path) -> list[str]:
    table = pq.read_table(folder / "sightings.parquet", columns=["quetsach.sighting.id"])
    return list(table.column(0).to_pylist())


def test_a_line_keeps_its_number_when_the_log_grows_or_is_packed(tmp_path: Path) -> None:
    lines = [conn(n, "10.0.0.5", "203.0.113.77") for n in range(15)]
    log = write(tmp_path / "conn.log", HEADER + "".join(lines[:10]))
    swept(tmp_path, log, out=tmp_path / "short")
    write(log, HEADER + "".join(lines))
    swept(tmp_path, log, out=tmp_path / "long")
    packed = tmp_path / "old.log.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    swept(tmp_path, packed, out=tmp_path / "packed")
    short, long = _numbers(tmp_path / "short"), _numbers(tmp_path / "long")
    assert len(short) == 10
    assert long[:10] == short
    assert len(set(long)) == 15
    assert _numbers(tmp_path / "packed") == long
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in long)


def test_a_line_of_syslog_keeps_its_number_when_the_log_grows(tmp_path: Path) -> None:
    line = "Sep  9 08:03:22 gw dnsmasq[7]: query[A] bad.example from 10.0.0.5\n"
    log = write(tmp_path / "messages", line * 3)
    swept(tmp_path, log, listed="bad.example", out=tmp_path / "short")
    write(log, line * 5)
    swept(tmp_path, log, listed="bad.example", out=tmp_path / "long")
    assert _numbers(tmp_path / "long")[:3] == _numbers(tmp_path / "short")


def test_a_log_and_its_packed_copy_count_once(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    packed = tmp_path / "old.log.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    assert swept(tmp_path, log, packed)["sightings"] == 1
    coverage = read_folder(tmp_path / "findings").coverage["sources"]
    assert [source["duplicate_of"] for source in coverage] == [None, str(log)]


def test_a_copy_elsewhere_beside_other_evidence_keeps_its_numbers(tmp_path: Path) -> None:
    log = HEADER + "".join(conn(n, "10.0.0.5", "203.0.113.77") for n in range(20))
    first = write(tmp_path / "one" / "conn.log", log)
    copy = write(tmp_path / "two" / "other-name.log", log)
    more = write(tmp_path / "one" / "a.log", HEADER + conn(1, "10.0.0.6", "203.0.113.77"))
    swept(tmp_path, first, out=tmp_path / "alone")
    swept(tmp_path, more, copy, out=tmp_path / "beside")
    alone, beside = _numbers(tmp_path / "alone"), _numbers(tmp_path / "beside")
    assert len(set(alone)) == 20
    assert beside[1:] == alone


def test_each_sighting_names_its_device_and_its_evidence(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    swept(tmp_path, log)
    (row,) = pq.read_table(tmp_path / "findings" / "sightings.parquet").to_pylist()
    assert (row["quetsach.device"], row["quetsach.device.role"]) == ("10.0.0.5", "client")
    text = log.read_bytes()
    (value,) = TwinDigest(0).add(text, [len(text) - 1])
    (number,) = digests([bytes(32) + value + b"203.0.113.77"])
    assert row["quetsach.sighting.id"] == number[:8].hex()
    assert row["event.hash"] == digests([text])[0].hex()
    assert row["log.offset"] == len(HEADER)


YEARLESS = """\
Sep  1 08:15:22 gw dnsmasq-dhcp[4]: DHCPACK(br0) 10.0.0.5 00:17:a4:00:00:01 PC-1
Sep  1 08:15:40 gw dnsmasq[4]: query[A] bad.example from 10.0.0.5
"""


@pytest.mark.parametrize(
    ("name", "grade", "kind"),
    [("messages.log", "likely", "file-date"), ("messages-2024-09-02.log", "certain", "name")],
)
def test_a_guessed_year_makes_no_device_certain(
    name: str, grade: str, kind: str, tmp_path: Path
) -> None:
    log = write(tmp_path / name, YEARLESS)
    zone = "Asia/Ho_Chi_Minh"
    (device,) = swept(tmp_path, log, listed="bad.example\n", zone=zone)["devices"]
    assert (device["mac"], device["grade"]) == ("00-17-A4-00-00-01", grade)
    findings = read_folder(tmp_path / "findings")
    (source,) = findings.coverage["sources"]
    assert (source["year_source"]["kind"], source["year_source"]["path"]) == (kind, str(log))
    notes = [one["note"] for one in findings.devices["devices"][0]["path"] if one["note"]]
    assert any("năm" in note for note in notes) is (grade == "likely")
    page = (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
    (year,) = source["year_source"]["years"]
    assert f"năm {year} " in page
