"""Lease tables: how long a lease still lasts counts from when the table was taken."""

from zoneinfo import ZoneInfo

from quetsach.formats.contract import LogLayout
from quetsach.formats.lease_table import LeaseTable
from quetsach.formats.registry import recognise
from quetsach.schema import Event

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TAKEN = 1_788_225_322_000_000  # 2026-09-01T08:15:22+07:00
HEADING = b"IP            MAC-Address             Hostname        VCI             Expiry\n"
ROW = b"10.20.3.41    00:17:a4:b2:c3:d4       PC-1            MSFT 5.0        "


def event_of(expiry: bytes, *, named: bool = False) -> Event:
    layout = LogLayout(
        "lease.table", ("fortigate",), marker=b"", taken_us=TAKEN, taken_from_name=named
    )
    ((_, event),) = LeaseTable().parse([(0, ROW + expiry)], layout, ZONE).events
    return event


def test_a_lease_that_still_lasts_was_held_when_the_table_was_taken() -> None:
    event = event_of(b"Tue Sep  1 09:15:22 2026")
    assert event["@timestamp"] == TAKEN
    assert event["quetsach.lease.act"] == "given"
    assert event["quetsach.lease.seconds"] == 3600
    assert event["quetsach.time.rough"]
    assert event["event.timezone"] == "Asia/Ho_Chi_Minh"


def test_a_time_from_the_name_is_not_rough() -> None:
    assert "quetsach.time.rough" not in event_of(b"Tue Sep  1 09:15:22 2026", named=True)


def test_a_lease_that_ended_before_the_file_was_written_ended_when_it_says() -> None:
    event = event_of(b"Tue Sep  1 08:15:21 2026")
    assert event["@timestamp"] == TAKEN - 1_000_000
    assert event["quetsach.lease.act"] == "expired"
    assert "quetsach.time.rough" not in event


def test_a_length_beyond_all_bounds_is_none() -> None:
    assert "quetsach.lease.seconds" not in event_of(b"Tue Sep  1 09:15:22 2099")


def test_a_report_that_quotes_a_small_table_is_none() -> None:
    table = HEADING + ROW + b"Tue Sep  1 09:15:22 2026\n"
    assert recognise(table).name == "lease-table"
    assert recognise(table + b"some other line\n" * 100).name == "text"
    assert recognise(HEADING).name == "text"
