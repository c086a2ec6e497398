"""The table of Get-NetTCPConnection: only a time with its offset is a time."""

from quetsach.formats.host_tcp_table import HostTcpTable
from tests.formats.golden import read

FORM = HostTcpTable()
HEAD = b"LocalAddress,LocalPort,RemoteAddress,RemotePort,State,CreationTime\n"


def test_a_time_in_the_machines_own_way_is_not_guessed() -> None:
    row = b"10.20.3.41,51544,203.0.113.77,443,5,%s\n"
    text = HEAD + row % b"9/1/2026 8:15:20 AM" + row % b"2026-09-01T08:15:20+07:00"
    first, second = (event for _, event in read(FORM, text).events)
    assert "event.start" not in first
    assert second["event.start"] == 1_788_225_320_000_000
    assert first["event.outcome"] == "success"


def test_a_row_without_an_address_is_a_reject() -> None:
    rows = read(FORM, HEAD + b"x,1,203.0.113.77,443,5,\n")
    assert [one.reason for one in rows.rejects] == ["no-address"]
