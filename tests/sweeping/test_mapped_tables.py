"""Tables of an office's own are read by a saved map; without one their columns are told."""

import gzip
from datetime import UTC
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from quetsach.api import sweeps
from quetsach.api.why import why
from quetsach.evidence.find import EvidenceFile
from quetsach.findings.folder import read_folder
from quetsach.formats.table_maps import table_map_of
from quetsach.sweeping.mapped_tables import columns_of, map_tables, shown_columns
from tests.formats.test_table_maps import MAP
from tests.sweeping.evidence import write

HEADER = ["STT", "Thời gian", "Tên máy", "Địa chỉ I.P", "Tên miền", "Ghi chú"]
ROWS = [
    ["1", "01/09/2026 08:15:22", "PC-VT-07", "10.20.3.41", "www.bad.example", ""],
    ["2", "01/09/2026 08:16:00", "PC-VT-08", "10.20.3.42", "ok.example", "xem bad.example"],
    ["3", "", "", "", "", "bad.example"],
]


def _csv(separator: str, encoding: str) -> bytes:
    rows = [["Sổ theo dõi"], HEADER, *ROWS]
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def _book() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Sổ theo dõi"], HEADER, *ROWS):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


TABLES = {
    "a.csv": _csv(";", "utf-8-sig"),
    "b.csv": _csv(",", "utf-16"),
    "c.txt.gz": gzip.compress(_csv("\t", "utf-8")),
    "d.xlsx": _book(),
}


def _sweep(tmp_path: Path, name: str, *, mapped: bool) -> dict[str, object]:
    table = write(tmp_path / "in" / name, TABLES[name])
    listed = write(tmp_path / "list.txt", "bad.example\n")
    columns = [write(tmp_path / "map.toml", MAP)] if mapped else []
    return sweeps.sweep(
        sweeps.sweep_request(
            evidence=[str(table)], lists=[listed], out=tmp_path / "findings", columns=columns
        )
    )


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_by_its_map_and_its_rows_are_found_again(name: str, tmp_path: Path) -> None:
    summary = _sweep(tmp_path, name, mapped=True)
    assert (summary["unread"], summary["lines_to_look_at"]) == ([], 2)
    findings = read_folder(tmp_path / "findings")
    (device,) = findings.devices["devices"]
    assert device["device"] == "PC-VT-07"
    basis = why(tmp_path / "findings", device["samples"][0])
    assert basis.evidence_state == "same"
    assert basis.raw_line is not None
    assert '"Tên miền":"www.bad.example"' in basis.raw_line


@pytest.mark.parametrize("name", ["a.csv", "d.xlsx"])
def test_without_a_map_the_columns_are_told(name: str, tmp_path: Path) -> None:
    summary = _sweep(tmp_path, name, mapped=False)
    (problem,) = summary["unread"]  # type: ignore[misc]
    assert problem["code"] == "E132"
    assert "Tên máy, Địa chỉ I.P, Tên miền" in problem["facts"]["columns"]
    assert summary["devices"] == []


def test_a_map_that_names_another_column_is_told(tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", TABLES["a.csv"])
    files = [EvidenceFile("a.csv", table, table.stat().st_size)]
    for old, new, told in (
        ('"Tên máy"', '"Ten may"', []),  # the address says who it was
        ('"@timestamp" = "Thời gian"', '"@timestamp" = "Lúc"', ["lúc"]),
        ('"source.ip" = "Địa chỉ I.P"\n"host.name" = "Tên máy"', '"host.name" = "May"', ["may"]),
    ):
        assert old in MAP
        maps = [table_map_of(MAP.replace(old, new), "map.toml")]
        _files, problems = map_tables(files, maps, UTC, tmp_path)
        assert [one.code for one in problems] == ["E133"] * len(told)
        assert all(told[0] in str(one) for one in problems)


def test_a_table_that_breaks_off_is_told(tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv.gz", TABLES["c.txt.gz"][:-12])
    files = [EvidenceFile("a.csv.gz", table, table.stat().st_size)]
    maps = [table_map_of(MAP, "map.toml")]
    (file,), problems = map_tables(files, maps, UTC, tmp_path)
    assert file.origin is not None
    assert [one.code for one in problems] == ["E106"]


def test_damaged_tables_never_raise(tmp_path: Path) -> None:
    maps = [table_map_of(MAP, "map.toml")]
    content = TABLES["a.csv"]
    for place in range(0, len(content), 7):
        table = write(tmp_path / "a.csv", content[:place] + b'\x00"\xff' + content[place + 2 :])
        (file,), problems = map_tables([EvidenceFile("a.csv", table, 9)], maps, UTC, tmp_path)
        # It is read by the map, or stays as it was; what was lost of it has a code.
        assert file.shown == "a.csv"
        assert {problem.code for problem in problems} <= {"E106", "E117", "E133"}


def test_what_is_no_table_has_no_columns(tmp_path: Path) -> None:
    log = write(tmp_path / "a.log", "10.20.3.41, bad.example, 7\nx, y, z\n")
    assert columns_of(log, "plain") == []
    assert columns_of(tmp_path / "gone", "plain") == []
    assert shown_columns([str(n) for n in range(30)]).endswith("18, 19, ...")
