"""dnsmasq's lease file: what its date makes of a line, and what is no line of it."""

from dataclasses import replace

import pytest

from quetsach.formats.contract import LogLayout, ParsedLines
from quetsach.formats.dnsmasq_leases import DnsmasqLeases
from tests.formats.golden import ZONE, lines_of

DNSMASQ = DnsmasqLeases()
ENDS = 1_788_268_522
ENDS_US = ENDS * 1_000_000
LINE = b"%d 00:17:a4:b2:c3:d4 10.20.3.41 PC-VT-07 01:00:17:a4:b2:c3:d4\n" % ENDS


def read(content: bytes, *, taken_us: int | None, named: bool = False) -> ParsedLines:
    layout = replace(DNSMASQ.layout(content), taken_us=taken_us, taken_from_name=named)
    return DNSMASQ.parse(lines_of(content), layout, ZONE)


def test_a_lease_was_held_when_the_file_was_taken_and_until_it_ends() -> None:
    for named in (False, True):
        ((_, event),) = read(LINE, taken_us=ENDS_US - 60_500_000, named=named).events
        assert event["quetsach.lease.act"] == "given"
        assert event["@timestamp"] == ENDS_US - 60_500_000
        assert event["quetsach.lease.seconds"] == 60
        assert event["quetsach.time.rough"] is not named


@pytest.mark.parametrize("taken_us", [None, ENDS_US, ENDS_US - 1, ENDS_US + 86_400_000_000])
def test_a_lease_that_had_run_out_was_last_seen_at_its_end(taken_us: int | None) -> None:
    """A length of 0 would be taken for one that is not told, and the lease for a running one."""
    ((_, event),) = read(LINE, taken_us=taken_us, named=True).events
    assert event["quetsach.lease.act"] == "seen"
    assert event["@timestamp"] == ENDS_US
    assert event["quetsach.time.rough"] is True
    assert "quetsach.lease.seconds" not in event


def test_an_endless_lease_is_a_reservation() -> None:
    content = LINE.replace(b"%d" % ENDS, b"0")
    ((_, event),) = read(content, taken_us=ENDS_US).events
    assert (event["quetsach.lease.act"], event["@timestamp"]) == ("reserved", ENDS_US)
    ((_, untimed),) = read(content, taken_us=None).events
    assert "@timestamp" not in untimed


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"43200 00:17:a4:b2:c3:d4 10.20.3.41 * *", "time"),
        (b"1788268522 00:17:a4:b2:c3:d4 10.20.3.256 * *", "address"),
        (b"1788268522 00:17:a4:b2:c3:d4 10.20.3.41 *", "not-a-lease"),
        (b"1788268522 00:17:a4:b2:c3:d4 10.20.3.41 * * *", "not-a-lease"),
        (b"17882685221 00:17:a4:b2:c3:d4 10.20.3.41 * *", "not-a-lease"),
        (b"duid what", "not-a-lease"),
        (b"0 " * 2_000_000, "not-a-lease"),
    ],
)
def test_a_line_that_is_no_lease_is_a_reject(line: bytes, reason: str) -> None:
    rows = read(line, taken_us=ENDS_US)
    assert [one.reason for one in rows.rejects] == [reason]


def test_the_layout_wants_every_line_and_the_date_of_the_file() -> None:
    layout = DNSMASQ.layout(b"duid 00:01:AB\n" + LINE)
    assert layout == LogLayout("dnsmasq.lease", columns=("0001ab",), marker=b"", needs_date=True)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"1788268522 a b c d\n",
        b"1788268522.123 120 10.20.3.41 TCP_MISS/200 512 GET http://a.example/ - - text/html\n",
        LINE + b"something else\nand more\n",
    ],
)
def test_other_logs_are_left_to_others(head: bytes) -> None:
    assert not DNSMASQ.recognise(head)
