"""ARP tables by their shape: a row in any form, and the logs and lists that are none."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.arp_table import ArpTable
from quetsach.formats.contract import LogLayout, ParsedLines
from quetsach.formats.registry import recognise

TAKEN = 1_788_225_322_000_000
LAYOUT = LogLayout("arp.table", marker=b"", header=b"# ", needs_date=True, taken_us=TAKEN)
MAC = b"00:17:a4:b2:c3:d4"


def parsed(line: bytes) -> ParsedLines:
    return ArpTable().parse([(7, line)], LAYOUT, UTC)


def reasons(line: bytes) -> list[str]:
    return [one.reason for one in parsed(line).rejects]


def test_a_table_dated_by_its_file_says_that_its_time_is_rough() -> None:
    ((_, event),) = parsed(b"? (10.20.3.41) at " + MAC + b" [ether] on eth0").events
    assert event == {
        "event.dataset": "arp.table",
        "@timestamp": TAKEN,
        "quetsach.time.rough": True,
        "host.ip": "10.20.3.41",
        "host.mac": "00-17-A4-B2-C3-D4",
        "quetsach.lease.act": "seen",
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"10.20.3.41 10.20.3.42 " + MAC, "several-addresses"),
        (b"10.20.3.41 " + MAC + b" 00:17:a4:b2:c3:d5", "several-addresses"),
        (b"10.20.3 ether " + MAC + b" C eth0", "no-address"),
        (b"10.20.3.41 ether 00:17:a4:b2 C eth0", "no-mac"),
        (b"0017.a4b2 10.2", "no-mac"),
        (b"a b c d failed login from 203.0.113.7", "no-mac"),
        (b"10.20.3.41 - - [x] GET / HTTP/1.1 200 5", "no-mac"),
        (b"10.20.3.41 " + MAC + b" " * 2000, "too-long"),
    ],
)
def test_what_is_no_row_and_no_heading_is_a_reject(line: bytes, reason: str) -> None:
    assert reasons(line) == [reason]


@pytest.mark.parametrize(
    "line",
    [
        b"10.20.3.44 (incomplete) eth0",
        b"Internet  10.20.3.44  0  Incomplete  ARPA",
        b"10.20.3.44 0000.0000.0000 Incomplete ARPA",
        b"10.20.3.255 ff-ff-ff-ff-ff-ff static",
        b"255.255.255.255 ff-ff-ff-ff-ff-ff static",
        b"239.255.255.250 00-17-a4-b2-c3-d4 static",
        b"Interface: 10.20.3.41 --- 0xb",
        b"---------- ------------",
        b"Total: 3",
    ],
)
def test_groups_headings_and_entries_without_an_answer_are_skipped(line: bytes) -> None:
    assert parsed(line).skipped == [7]


@pytest.mark.parametrize(
    ("address", "held"),
    [
        (b"223.255.255.1", True),
        (b"224.0.0.1", False),
        (b"239.255.255.250", False),
        (b"ff02::1", False),
        (b"ff::1", True),
        (b"fd00::1", True),
        (b"::ffff:10.20.3.41", True),
    ],
)
def test_only_a_group_s_address_is_held_by_nobody(address: bytes, held: bool) -> None:
    assert bool(parsed(address + b" " + MAC).events) == held


@pytest.mark.parametrize(
    "line",
    [
        b"Sep  1 08:15:22 gw dhcpd: DHCPACK on 10.20.3.41 to " + MAC + b" (PC) via eth0",
        b"2026-09-01T08:15:22+07:00 gw dhcpd[1]: DHCPACK on 10.20.3.41 to " + MAC,
        b"1788225322 " + MAC + b" 10.20.3.41 PC-KETOAN *",
        b"10.20.3.41," + MAC + b",01:00,3600,1788225322,1,0,0,pc,0",
        b"Phong 3;PC-KETOAN;10.20.3.41;00-17-A4-B2-C3-D4;HP",
        b"PC-KETOAN\t10.20.3.41\t" + MAC,
        b"  hardware ethernet " + MAC + b";",
        b"10.20.3.41 dev eth0 lladdr " + MAC + b" REACHABLE",
        b'10.20.3.41 - - [01/Sep/2026:08:15:22 +0700] "GET / HTTP/1.1" 200 5',
        b"10.20.3.41",
        b"Sep  1 08:15:22 kernel: IN=eth0 SRC=10.20.3.41 DST=203.0.113.7 MAC=" + MAC,
        b"  3    " + MAC + b"   dynamic   Gi0/1",
    ],
)
def test_logs_leases_and_lists_are_no_arp_table(line: bytes) -> None:
    assert not ArpTable().recognise((line + b"\n") * 30)
    heading = b"Vlan    Mac Address       Type        Ports\n"
    assert not ArpTable().recognise(heading + (line + b"\n") * 30)


def test_a_report_that_quotes_a_small_table_is_none() -> None:
    table = b"IP address  HW address\n10.20.3.41  " + MAC + b"\n"
    assert recognise(table).name == "arp-table"
    assert recognise(table + b"some other line\n" * 100).name != "arp-table"


@given(st.lists(st.sampled_from([b"10.20.3.41", MAC, b"x", b"(incomplete)", b"#", b"\xff"])))
def test_a_row_is_an_event_only_with_both_addresses(words: list[bytes]) -> None:
    rows = parsed(b" ".join(words))
    assert len(rows.events) + len(rows.rejects) + len(rows.skipped) == 1
    if rows.events:
        assert {b"10.20.3.41", MAC} <= set(words)
