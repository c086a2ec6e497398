"""A log and its grown copy, both given, count once what both of them have."""

import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quetsach.findings.folder import read_folder
from quetsach.findings.shape import examine_findings
from quetsach.schema import SIGHTING
from quetsach.sweeping import spools
from quetsach.sweeping.shared_beginnings import SharedBeginnings
from tests.sweeping.evidence import HEADER, conn, swept, write

LINES = [conn(n, "10.0.0.5", "203.0.113.77") for n in range(15)]


@pytest.mark.parametrize("few", [1000, 0])
def test_a_log_and_its_grown_copy_count_each_line_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(spools, "FEW", few)
    logs = [
        write(tmp_path / "1" / "conn.log", HEADER + "".join(LINES[:10])),
        write(tmp_path / "2" / "conn.log", HEADER + "".join(LINES)),
        write(tmp_path / "3" / "conn.log", HEADER + "".join([*LINES[:12], *LINES[5:7]])),
        write(tmp_path / "4" / "conn.log", HEADER + "".join(LINES[3:])),
    ]
    summary = swept(tmp_path, *logs)
    assert summary["sightings"] == 10 + 5 + 2 + 12
    (device,) = summary["devices"]
    assert device["sightings"] == summary["sightings"]
    folder = tmp_path / "findings"
    table = pq.read_table(folder / "sightings.parquet")
    numbers = table.column("quetsach.sighting.id").to_pylist()
    assert len(set(numbers)) == len(numbers) == summary["sightings"]
    paths = Counter(table.column("log.file.path").to_pylist())
    assert [paths[str(log)] for log in logs] == [10, 5, 2, 12]
    sources = read_folder(folder).coverage["sources"]
    told = [(one.get("shared_with"), one.get("shared_sightings")) for one in sources]
    assert told == [(None, None), (str(logs[0]), 10), (str(logs[0]), 12), (None, None)]
    assert "hai tệp có phần đầu giống hệt nhau" in (folder / "report.html").read_text()
    assert examine_findings(folder).manifest.summary.sightings == 29


def _batch(grades: list[str]) -> pa.RecordBatch:
    rows = [{"quetsach.grade": grade, "log.offset": n} for n, grade in enumerate(grades)]
    return pa.RecordBatch.from_pylist(rows, SIGHTING)


def test_mentions_that_are_left_out_are_counted_apart() -> None:
    shared = SharedBeginnings()
    numbers = [random.Random(n).randbytes(8) for n in range(40)]
    grades = ["asked", "mentioned"] * 20
    first = shared.kept(3, _batch(grades[:20]), b"".join(numbers[:20]))
    assert (first.batch.num_rows, first.file) == (20, None)
    for start in (0, 10):
        part = slice(start, start + 10)
        again = shared.kept(5, _batch(grades[part]), b"".join(numbers[part]))
        assert (again.batch.num_rows, again.sightings, again.mentions, again.file) == (0, 5, 5, 3)
    grown = shared.kept(5, _batch(grades[20:]), b"".join(numbers[20:]))
    assert (grown.batch.num_rows, grown.file) == (20, None)
    last = shared.kept(9, _batch([*grades, "asked"]), b"".join([*numbers, bytes(8)]))
    assert (last.batch.num_rows, last.numbers, last.file) == (1, bytes(8), 3)
    assert (last.sightings, last.mentions) == (20, 20)


def test_files_that_begin_otherwise_are_left_as_they_are() -> None:
    shared = SharedBeginnings()
    for file in range(4):
        numbers = random.Random(file).randbytes(24)
        kept = shared.kept(file, _batch(["asked"] * 3), numbers)
        assert (kept.batch.num_rows, kept.numbers, kept.file) == (3, numbers, None)


def test_what_another_date_moves_in_time_is_not_left_out(tmp_path: Path) -> None:
    lines = [
        f"Sep  {day} 08:03:22 dnsmasq[7]: query[A] bad.example from 10.0.0.{day}\n"
        for day in range(1, 9)
    ]
    logs = [
        write(tmp_path / "a-2019-12-31.log", "".join(lines)),
        write(tmp_path / "b-2026-09-20.log", "".join(lines)),
        write(tmp_path / "c-2026-09-21.log", "".join([*lines, lines[0]])),
    ]
    assert swept(tmp_path, *logs, listed="bad.example")["sightings"] == 8 + 8 + 1
    table = pq.read_table(tmp_path / "findings" / "sightings.parquet")
    years = Counter(when.year for when in table.column("@timestamp").to_pylist())
    assert years == {2019: 8, 2026: 9}
    assert len(set(table.column("quetsach.sighting.id").to_pylist())) == 17


def test_rows_without_a_time_are_met_again() -> None:
    numbers = random.Random(3).randbytes(16)
    shared = SharedBeginnings()
    rows = [{"quetsach.grade": "asked", "@timestamp": when} for when in (None, 5)]
    batch = pa.RecordBatch.from_pylist(rows, SIGHTING)
    assert shared.kept(0, batch, numbers).batch.num_rows == 2
    assert shared.kept(1, batch, numbers).sightings == 2
    moved = pa.RecordBatch.from_pylist([rows[0], {**rows[1], "@timestamp": 6}], SIGHTING)
    kept = shared.kept(2, moved, numbers)
    assert (kept.batch.num_rows, kept.sightings) == (1, 1)
    assert kept.numbers not in (numbers[:8], numbers[8:])
