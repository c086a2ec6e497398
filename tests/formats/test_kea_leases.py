"""Kea's lease files: whatever columns its version had, states, and what a row does not tell."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.contract import ParsedLines
from quetsach.formats.kea_leases import KeaLeases
from tests.formats.golden import lines_of

KEA = KeaLeases()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START = 1_788_225_322_000_000
NEW = b"address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state\n"


def read(content: bytes) -> ParsedLines:
    return KEA.parse(lines_of(content), KEA.layout(content), HANOI)


def row(lifetime: int, expire: int, state: bytes = b"0", name: bytes = b"pc") -> bytes:
    return NEW + b"10.20.3.41,00:17:a4:b2:c3:d4,,%d,%d,1,0,0,%b,%b\n" % (
        lifetime,
        expire,
        name,
        state,
    )


def acts(content: bytes) -> list[tuple[object, ...]]:
    return [
        (
            event.get("quetsach.lease.act"),
            event.get("@timestamp"),
            event.get("quetsach.lease.seconds"),
        )
        for _, event in read(content).events
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (b"0", [("given", START, 3600)]),
        (b"", [("given", START, 3600)]),
        (b"1", [("declined", START, None)]),
        (b"2", [("given", START, 3600), ("expired", START + 3_600_000_000, None)]),
        (b"3", [("given", START, 3600), ("released", None, None)]),
        (b"4", [("given", START, 3600)]),
    ],
)
def test_the_start_is_the_end_less_the_lifetime(
    state: bytes, expected: list[tuple[object, ...]]
) -> None:
    assert acts(row(3600, 1_788_228_922, state)) == expected


@pytest.mark.parametrize("state", [b"0", b"2", b"3"])
def test_a_row_without_lifetime_is_a_release_at_an_untold_time(state: bytes) -> None:
    """Kea leaves the time of the last renewal there: a lease must not end when it was given."""
    assert acts(row(0, 1_788_225_322, state)) == [("released", None, None)]


def test_an_endless_lease_is_a_reservation_although_its_end_is_beyond_all_times() -> None:
    assert acts(row(0xFFFF_FFFF, 1_788_225_322 + 0xFFFF_FFFF)) == [("reserved", START, None)]


def test_commas_in_a_name_are_escaped() -> None:
    ((_, event),) = read(row(3600, 1_788_228_922, name=b"a&#x2cb&#X")).events
    assert event["host.name"] == "a,b&#X"


def test_the_oldest_columns_are_enough() -> None:
    old = b"address,hwaddr,valid_lifetime,expire\n10.20.3.41,,3600,1788228922\n"
    assert acts(old) == [("given", START, 3600)]


def test_a_header_between_changes_the_columns() -> None:
    old = b"address,hwaddr,valid_lifetime,expire\n10.20.3.41,,3600,1788228922\n"
    assert acts(row(3600, 1_788_228_922) + old) == [("given", START, 3600)] * 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"10.20.3.41,,,3600,1788228922,1,0,0", "columns"),
        (b"10.20.3.41,,,3600,1788228922,1,0,0,,0,,,", "columns"),
        (b"10.20.3.41,,,-1,1788228922,1,0,0,,0", "time"),
        (b"10.20.3.41,,,3600,99999999999999999999,1,0,0,,0", "time"),
        (b"10.20.3.41,,,1788228922,1788228922,1,0,0,,0", "time"),
        (b"10.20.3.41,,,3600,1788228922,1,0,0,,5", "state"),
        (b"10.20.3,,,3600,1788228922,1,0,0,,0", "address"),
        (b"0.0.0.0,,,3600,1788228922,1,0,0,,0", "address"),
        (b"," * 5_000_000, "columns"),
    ],
)
def test_a_row_that_cannot_be_is_a_reject(line: bytes, reason: str) -> None:
    rows = read(NEW + line + b"\n")
    assert [one.reason for one in rows.rejects] == [reason]
    assert rows.events == []


@pytest.mark.parametrize(
    "head",
    [
        b"address,hwaddr\n",
        b"address,expire,valid_lifetime,expire\n",
        b"name,address,valid_lifetime,expire\n",
        b"address," + b"x," * 100 + b"valid_lifetime,expire\n",
        b"",
    ],
)
def test_other_tables_are_left_to_others(head: bytes) -> None:
    assert not KEA.recognise(head)
    assert KEA.relayout(head.strip(), KEA.layout(NEW)) is None


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    plain = row(3600, 1_788_228_922)
    assert KEA.recognise(b"\xef\xbb\xbf" + plain)
    assert acts(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")) == acts(plain)
