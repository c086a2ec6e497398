"""Windows DHCP audit logs: every length of row, both dates, and what gives nobody an address."""

import pytest

from quetsach.formats.contract import ParsedLines
from quetsach.formats.windows_dhcp import WindowsDhcp
from quetsach.sieve.twin import hour_key
from tests.formats.golden import ZONE, lines_of

WINDOWS = WindowsDhcp()
WHEN = 1_788_224_531_000_000
ROW = b"10,09/01/26,08:02:11,Assign,10.20.3.41,PC-VT-07.xa.example,0017A4B2C3D4"


def read(content: bytes) -> ParsedLines:
    return WINDOWS.parse(lines_of(content), WINDOWS.layout(content), ZONE)


@pytest.mark.parametrize("more", range(13))
def test_seven_columns_or_nineteen_give_the_same_lease(more: int) -> None:
    ((_, event),) = read(ROW + b"," * more).events
    assert event["@timestamp"] == WHEN
    assert event["event.timezone"] == "Asia/Ho_Chi_Minh"
    assert event["host.ip"] == "10.20.3.41"
    assert event["host.mac"] == "00-17-A4-B2-C3-D4"
    assert event["host.name"] == "PC-VT-07.xa.example"
    assert event["quetsach.lease.act"] == "given"


@pytest.mark.parametrize(
    ("number", "act"),
    [
        (b"11", "given"),
        (b"12", "released"),
        (b"13", "declined"),
        (b"16", "expired"),
        (b"17", "expired"),
        (b"18", "expired"),
        (b"20", "given"),
    ],
)
def test_each_number_says_what_became_of_the_address(number: bytes, act: str) -> None:
    ((_, event),) = read(number + ROW[2:]).events
    assert event["quetsach.lease.act"] == act


@pytest.mark.parametrize("number", [b"00", b"14", b"15", b"22", b"30", b"31", b"32", b"36", b"63"])
def test_what_gives_no_address_is_an_event_without_one(number: bytes) -> None:
    ((_, event),) = read(number + ROW[2:]).events
    assert event["@timestamp"] == WHEN
    assert "host.ip" not in event
    assert "quetsach.lease.act" not in event


def test_the_domain_of_the_server_is_no_machine() -> None:
    ((_, event),) = read(b"55,09/01/26,08:02:11,Authorized(servicing),,xa.example,,,0,6\n").events
    assert "host.name" not in event


def test_a_failed_request_of_dhcpv6_gives_no_address() -> None:
    row = b"11002,09/01/26,08:02:11,DHCPV6 Request,2001:db8::41,PC,%b,10,000300010017A4B2C3D4,"
    for error, given in ((b"", True), (b"0", True), (b"20013", False)):
        ((_, event),) = read(row % error).events
        assert ("host.ip" in event) is given
        assert event["host.mac"] == "00-17-A4-B2-C3-D4"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"10,13/01/26,08:02:11,Assign,10.20.3.41,,", "time"),
        (b"10,09/31/26,08:02:11,Assign,10.20.3.41,,", "time"),
        (b"10,09/01/26,25:02:11,Assign,10.20.3.41,,", "time"),
        (b"10,09/01/026,08:02:11,Assign,10.20.3.41,,", "not-a-row"),
        (b"/01/26,08:02:11,Assign,10.20.3.41,,", "not-a-row"),
        (b"ign,10.20.3.41,PC-VT-07,0017A4B2C3D4", "not-a-row"),
        (b"10,09/01/26", "not-a-row"),
    ],
)
def test_a_damaged_row_is_a_reject_and_no_part_of_the_legend(line: bytes, reason: str) -> None:
    assert [one.reason for one in read(line).rejects] == [reason]


def test_the_legend_is_skipped_in_any_language() -> None:
    legend = (
        "\t\tNhật ký hoạt động dịch vụ DHCP của Microsoft\n\n\nID  Ý nghĩa\n"
        "00\tĐã bắt đầu ghi nhật ký.\n11023\tX\n50+\tMã trên 50.\n"
    ).encode()
    rows = read(legend)
    assert len(rows.skipped) == legend.count(b"\n")


@pytest.mark.parametrize(
    ("row", "key"),
    [(ROW, b"09/01/26,08"), (ROW.replace(b"/26", b"/2026"), b"09/01/2026,08")],
)
def test_the_clock_names_date_and_hour(row: bytes, key: bytes) -> None:
    clock = WINDOWS.layout(b"ID,Date,Time,Description,IP Address\r\n" + row).clock
    assert clock is not None
    assert hour_key(row, clock) == key


@pytest.mark.parametrize(
    "head",
    [b"", b"ID,Date,Time,User\n", b"10,2026-09-01,08:02:11,Assign\n", ROW + b"\na\nb\nc\n"],
)
def test_other_tables_are_left_to_others(head: bytes) -> None:
    assert not WINDOWS.recognise(head)


def test_a_row_without_end_is_read_from_its_beginning() -> None:
    ((_, event),) = read(ROW + b"," + b"x," * 4_000_000).events
    assert event["host.ip"] == "10.20.3.41"


@pytest.mark.parametrize(
    "row",
    [
        "10,09/01/26,08:15:22,Assign,10.20.3.44,x,0017A4000001,,5,0,0017A4B2C3D4,,18,0,,,,,,,,,0",
        "10,09/01/26,08:15:22,Assign,10.20.3.44,x,0017A4000001,0017A4B2C3D4,",
        "10,09/01/26,08:15:22,Assign,10.20.3.44," + "x," * 90 + "0017A4B2C3D4,,18,0,,,,,,,,,0",
        "11002,09/01/26,08:02:11,DHCPV6 Request,2001:db8:3::41,x,0,14,000100011D661FE20017A4000001,"
        ",0,14,000100011D661FE20017A4B2C3D4,,,,,",
    ],
)
def test_a_name_with_commas_does_not_make_another_machine_of_its_owner(row: str) -> None:
    found = WINDOWS.parse([(0, row.encode())], WINDOWS.layout(b""), ZONE)
    ((_, event),) = found.events
    assert event["quetsach.lease.act"] == "given"
    assert event["host.ip"] in {"10.20.3.44", "2001:db8:3::41"}
    assert not {"host.mac", "host.name", "quetsach.lease.client_id"} & event.keys()
