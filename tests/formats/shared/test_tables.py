"""Tables are dated by the comment before them, else by their file, and they say which."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.clocks import us_from_iso
from quetsach.formats.contract import LogLayout
from quetsach.formats.shared import tables

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
UNDATED = tables.layout_of("arp.table")
EIGHT = us_from_iso("2026-09-01T08:15:22+07:00", None)


def dated(line: bytes, layout: LogLayout = UNDATED) -> LogLayout:
    changed = tables.relayout(line, layout)
    assert changed is not None
    return changed


def test_a_file_alone_dates_its_rows_roughly() -> None:
    layout = LogLayout("arp.table", taken_us=EIGHT)
    assert tables.snapshot_time(layout, HANOI) == tables.SnapshotTime(EIGHT, rough=True)
    event = tables.snapshot_time(layout, HANOI).dated({"event.dataset": "arp.table"})
    assert event == {
        "event.dataset": "arp.table",
        "@timestamp": EIGHT,
        "quetsach.time.rough": True,
    }


def test_a_name_that_holds_a_date_dates_them_for_sure() -> None:
    layout = LogLayout("arp.table", taken_us=EIGHT, taken_from_name=True)
    assert tables.snapshot_time(layout, HANOI) == tables.SnapshotTime(EIGHT, rough=False)


@pytest.mark.parametrize(
    "line",
    [
        b"# 2026-09-01T08:15:22+07:00",
        b"# 2026-09-01T01:15:22Z\r",
        b"#  2026-09-01 08:15:22+07:00 ",
        b"# 2026-09-01T08:15:22+0700",
    ],
)
def test_a_comment_that_is_a_time_dates_what_follows(line: bytes) -> None:
    assert tables.snapshot_time(dated(line), UTC) == tables.SnapshotTime(EIGHT, rough=False)


def test_a_time_without_offset_is_in_the_zone_of_the_source() -> None:
    found = tables.snapshot_time(dated(b"# 2026-09-01T08:15:22"), HANOI)
    assert found == tables.SnapshotTime(EIGHT, rough=False, zone=HANOI)
    assert found.dated({})["event.timezone"] == "Asia/Ho_Chi_Minh"


def test_an_offset_after_a_local_time_counts_again() -> None:
    local = dated(b"# 2026-09-01T07:00:00")
    assert tables.snapshot_time(dated(b"# 2026-09-01T01:15:22Z", local), HANOI).us == EIGHT


@pytest.mark.parametrize(
    "line",
    [
        b"#2026-09-01T08:15:22+07:00",
        b"# taken by hand",
        b"# 20260901",
        b"# 2026-13-01T08:15:22+07:00",
        b"# 1812-09-01T08:15:22Z",
        b"# \xff\xfe",
        b"# " + b"2" * 1_000_000,
        b"",
    ],
)
def test_any_other_comment_changes_nothing(line: bytes) -> None:
    assert tables.relayout(line, UNDATED) is None


def test_the_same_time_again_is_no_change() -> None:
    layout = dated(b"# 2026-09-01T08:15:22+07:00")
    assert tables.relayout(b"# 2026-09-01T01:15:22Z", layout) is None


@given(st.binary(max_size=60))
def test_no_comment_raises(raw: bytes) -> None:
    changed = tables.relayout(b"# " + raw, UNDATED)
    assert changed is None or changed.taken_from_name


def test_the_first_lines_leave_out_comments_and_blanks() -> None:
    head = b"# a\n\n  \n x \n #   ADDRESS\n" + b"y\n" * 1000
    found = list(tables.first_lines(head))
    assert found[:2] == [b"x", b"#   ADDRESS"]
    assert len(found) < 250
