"""Neighbours of Linux: when they were last known to be there, and what is no neighbour."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.contract import LogLayout, ParsedLines
from quetsach.formats.ip_neigh import IpNeigh
from quetsach.formats.registry import recognise

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TAKEN = 1_788_225_322_000_000
LAYOUT = LogLayout("ip.neigh", marker=b"", header=b"# ", needs_date=True, taken_us=TAKEN)
ROW = b"10.20.3.41 dev br0 lladdr 00:17:a4:b2:c3:d4"


def parsed(line: bytes) -> ParsedLines:
    return IpNeigh().parse([(7, line)], LAYOUT, ZONE)


def test_a_table_dated_by_its_file_says_that_its_time_is_rough() -> None:
    ((offset, event),) = parsed(ROW + b" REACHABLE").events
    assert offset == 7
    assert event["@timestamp"] == TAKEN
    assert event["quetsach.time.rough"]


@pytest.mark.parametrize("state", [b"FAILED", b"INCOMPLETE", b"NONE"])
def test_who_never_answered_held_nothing(state: bytes) -> None:
    for line in (b"10.20.3.41 dev br0  " + state, ROW + b" " + state):
        rows = parsed(line)
        assert rows.skipped == [7]
        assert not rows.events


@pytest.mark.parametrize(
    "line",
    [
        ROW + b" SLEEPING",
        b"10.20.3.999 dev br0 lladdr 00:17:a4:b2:c3:d4 STALE",
        b"10.20.3.41 dev br0 lladdr 00:17:a4:b2:c3 STALE",
        b"10.20.3.41 STALE",
        b"10.20.3.41 dev br0 lladdr",
        ROW,
        b"10.20.3.41",
        ROW + b" x" * 1000,
    ],
)
def test_a_damaged_neighbour_is_a_reject(line: bytes) -> None:
    assert [one.reason for one in parsed(line).rejects] == ["not-a-neighbour"]


def test_a_few_rows_do_not_make_a_log_a_neighbour_table() -> None:
    row = ROW + b" REACHABLE\n"
    assert recognise(row * 3 + b"x\n" * 2).name == "ip-neigh"
    assert recognise(row * 2 + b"x\n" * 2).name != "ip-neigh"
    assert not IpNeigh().recognise(b"")
    assert not IpNeigh().recognise(b"# 2026-09-01T08:15:22+07:00\n")
