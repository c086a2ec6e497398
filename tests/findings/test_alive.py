"""Who was alive: by source, local day, address and device; the same bytes; damage is named."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.alive import AliveAddress, alive_rows, read_alive, write_alive
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.folder import digests_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = 3_600_000_000
START = 1_662_940_800_000_000
"""2022-09-12 07:00 at +07:00."""
PC = 0x0A000005


def source(path: str, alive: dict[int | None, set[int]], **more: str) -> SourceCoverage:
    return SourceCoverage(path, "zeek-tsv", "zeek.dns", "plain", alive=alive, **more)


def nobody(_address: str, _hour: int) -> None:
    return None


def test_hours_are_counted_by_local_day() -> None:
    late = START + 16 * HOUR
    rows = list(
        alive_rows([source("a", {START: {PC}, late: {PC}, late + HOUR: {PC}})], nobody, ZONE)
    )
    assert (
        rows
        == [
            AliveAddress(0, "2022-09-12", "10.0.0.5", None, 2),
            AliveAddress(0, "2022-09-13", "10.0.0.5", None, 1),
        ][:1]
        + rows[1:]
    )
    assert sum(one.hours for one in rows) == 3


def test_an_address_that_changed_hands_has_a_row_for_each_device() -> None:
    def name(address: str, hour: int) -> str | None:
        assert address == "10.0.0.5"
        return "pc-1" if hour == START else "pc-2"

    rows = list(alive_rows([source("a", {START: {PC}, START + HOUR: {PC}})], name, ZONE))
    assert [(one.device, one.hours) for one in rows] == [("pc-1", 1), ("pc-2", 1)]


def test_a_file_given_twice_and_lines_without_hour_count_for_nobody() -> None:
    sources = [source("a", {None: {PC}}), source("b", {START: {PC}}, duplicate_of="a")]
    assert list(alive_rows(sources, nobody, ZONE)) == []


def test_rows_come_back_as_they_were_written_and_bytes_are_the_same(tmp_path: Path) -> None:
    rows = [
        AliveAddress(0, "2022-09-12", f"10.0.{n // 256}.{n % 256}", None, 1) for n in range(70_000)
    ]
    for name in ("alive.parquet", "again.parquet"):
        write_alive(tmp_path / name, iter(rows))
    assert (tmp_path / "alive.parquet").read_bytes() == (tmp_path / "again.parquet").read_bytes()
    assert list(read_alive(tmp_path) or ()) == rows
    assert list(digests_of(tmp_path)) == ["alive.parquet"]


def test_an_empty_day_is_no_missing_file(tmp_path: Path) -> None:
    assert read_alive(tmp_path) is None
    write_alive(tmp_path / "alive.parquet", [])
    assert list(read_alive(tmp_path) or ()) == []


@pytest.mark.parametrize("damage", ["cut", "other"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "alive.parquet"
    if damage == "cut":
        write_alive(path, [AliveAddress(0, "2022-09-12", "10.0.0.5", None, 1)])
        path.write_bytes(path.read_bytes()[:-40])
    else:
        pq.write_table(pa.table({"source": ["x"]}), path)
    with pytest.raises(QuetsachError, match="E305"):
        list(read_alive(tmp_path) or ())
