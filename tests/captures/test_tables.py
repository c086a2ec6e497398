"""Rows of tables become documents; times, numbers and empty cells mean what they meant."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.captures.contract import UnreadReason
from quetsach.captures.tables import ArrowTables, Workbooks
from tests.captures.files import events_of

ARROW, BOOK = ArrowTables(), Workbooks()
WHEN = datetime(2026, 9, 1, 1, 15, 22, 123456, tzinfo=UTC)
TABLE = pa.table(
    {
        "@timestamp": pa.array([WHEN, None], pa.timestamp("ns", "UTC")),
        "local": pa.array([WHEN.replace(tzinfo=None), None], pa.timestamp("ms")),
        "source.ip": ["10.20.3.41", None],
        "source.port": pa.array([51_544, None], pa.int32()),
        "share": [0.5, None],
        "ok": [True, None],
        "day": [date(2026, 9, 1), None],
        "clock": [time(8, 15), None],
        "lasts": [timedelta(seconds=2), None],
        "money": [Decimal("1.50"), None],
        "raw": [b"bad.example", None],
        "bytes": [b"\xff\x00", None],
        "inner": [{"ip": "203.0.113.77", "none": None}, None],
        "many": [["a", "b"], None],
    }
)
ROW: dict[str, Any] = {
    "@timestamp": "2026-09-01T01:15:22.123456+00:00",
    "local": "2026-09-01T01:15:22.123000",
    "source.ip": "10.20.3.41",
    "source.port": 51_544,
    "share": 0.5,
    "ok": True,
    "day": "2026-09-01",
    "clock": "08:15:00",
    "lasts": 2,
    "money": "1.50",
    "raw": "bad.example",
    "bytes": "ff00",
    "inner": {"ip": "203.0.113.77"},
    "many": ["a", "b"],
}


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def arrow(table: pa.Table, opened: Any) -> bytes:
    out = io.BytesIO()
    with opened(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


FILES = {
    "parquet": parquet(TABLE),
    "arrow file": arrow(TABLE, pa.ipc.new_file),
    "arrow stream": arrow(TABLE, pa.ipc.new_stream),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_a_row_is_a_document_and_an_empty_one_is_none(content: bytes) -> None:
    assert ARROW.recognise(content, "x")
    (row,), unread = events_of(ARROW, content)
    assert row == ROW
    assert unread == {}


def test_columns_of_one_name_are_told_apart() -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["ip", "ip"])
    ((row,), _) = events_of(ARROW, arrow(table, pa.ipc.new_stream))
    assert row == {"ip": "a", "ip_2": "b"}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_a_table_cut_off_is_told(content: bytes) -> None:
    for cut in (len(content) // 2, len(content) - 9, 20):
        _rows, unread = events_of(ARROW, content[:cut])
        assert unread == {UnreadReason.DAMAGED: 1} or content[:4] == b"\xff\xff\xff\xff"


def test_an_encrypted_table_is_told() -> None:
    content = b"PARE" + bytes(100) + b"PARE"
    assert ARROW.recognise(content, "x")
    assert events_of(ARROW, content) == ([], {UnreadReason.ENCRYPTED: 1})


def workbook(*sheets: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        shown = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(number, place, cell, shown)
                    else:
                        sheet.write(number, place, cell)
    return out.getvalue()


LOCAL = datetime(2026, 9, 1, 8, 15, 22)
SHEET: list[list[Any]] = [
    ["Nhật ký tường lửa", None, None],
    ["Thời gian", "IP nguồn", "Cổng"],
    [LOCAL, "10.20.3.41", 443],
    [None, None, None],
    [LOCAL, "10.20.3.42", 80.5, "thêm"],
]


def test_a_sheet_is_read_by_its_header() -> None:
    content = workbook(SHEET, [[1, 2]])
    assert BOOK.recognise(content, "x.xlsx")
    rows, unread = events_of(BOOK, content, name="x.xlsx")
    assert rows == [
        {"A": "Nhật ký tường lửa"},
        {"Thời gian": "2026-09-01T08:15:22", "IP nguồn": "10.20.3.41", "Cổng": 443},
        {"Thời gian": "2026-09-01T08:15:22", "IP nguồn": "10.20.3.42", "Cổng": 80.5, "D": "thêm"},
        {"A": 1, "B": 2},
    ]
    assert unread == {}


def test_columns_behind_z_have_two_letters() -> None:
    rows, _ = events_of(BOOK, workbook([[*range(1, 29)]]), name="x.xlsx")
    assert list(rows[0])[-3:] == ["Z", "AA", "AB"]


def test_what_is_no_workbook_is_not_known() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.log", "x")
    assert not BOOK.recognise(out.getvalue(), "logs.zip")
    assert events_of(BOOK, out.getvalue(), name="x.xlsx") == ([], {UnreadReason.DAMAGED: 1})


def test_a_damaged_workbook_is_told() -> None:
    content = workbook(SHEET)
    assert events_of(BOOK, content[: len(content) // 2])[1] == {UnreadReason.DAMAGED: 1}


SMALL = {"stream": FILES["arrow stream"], "parquet": FILES["parquet"], "book": workbook(SHEET)}


# The same damage each time: what could end the whole process is met in the sandbox alone.
@settings(deadline=None, max_examples=30, derandomize=True)
@given(
    st.sampled_from(sorted(SMALL)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
)
def test_damaged_copies_never_raise(which: str, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(SMALL[which])
    for place, value in flips:
        damaged[int(place * len(damaged))] = value
    decoder = BOOK if which == "book" else ARROW
    decoder.recognise(bytes(damaged), "x.xlsx")
    events_of(decoder, bytes(damaged), name="x.xlsx")


def test_an_open_spreadsheet_that_breaks_off_is_damaged_at_once() -> None:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    cut = b'<a:document-content xmlns:a="a" xmlns:table="b"><table:table table:name="A">'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in (("mimetype", kind), ("content.xml", cut)):
            archive.writestr(name, part)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    assert events_of(BOOK, out.getvalue(), name="x.ods") == ([], {UnreadReason.DAMAGED: 1})


@pytest.mark.parametrize(("unit", "a_second"), [("us", 10**6), ("ns", 10**9)])
def test_a_time_in_a_zone_that_nobody_knows_is_the_same_moment(unit: str, a_second: int) -> None:
    column = pa.array([1_788_225_322 * a_second]).view(pa.timestamp(unit, "Mars/Base"))
    ((row,), unread) = events_of(ARROW, arrow(pa.table({"ts": column}), pa.ipc.new_stream))
    assert (row["ts"], unread) == ("2026-09-01T01:15:22+00:00", {})


def test_rows_with_such_a_zone_within_a_list_are_counted() -> None:
    inner = pa.array([1_788_225_322_000_000]).view(pa.timestamp("us", "Mars/Base"))
    listed = pa.ListArray.from_arrays(pa.array([0, 1]), inner)
    table = pa.table({"ts": listed})
    assert events_of(ARROW, arrow(table, pa.ipc.new_stream)) == ([], {UnreadReason.DAMAGED: 1})
