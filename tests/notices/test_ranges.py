"""Whose an address was on a day, and which notices go to nobody rather than to the wrong unit."""

from datetime import date
from ipaddress import ip_network

import pytest

from quetsach.notices.ranges import (
    NOT_OURS,
    AllotOutcome,
    AllotReason,
    RangeTable,
    UnitRange,
    conflicts_of,
    days_of,
)
from tests.notices.reading import read

DAY = date(2026, 11, 30)


def of(unit: str, text: str, *, shared: bool = False, **days: date) -> UnitRange:
    return UnitRange(unit, ip_network(text), is_shared=shared, **days)


def test_the_longest_prefix_of_the_day_counts() -> None:
    table = RangeTable(
        [
            of("A", "203.0.113.0/24"),
            of("B", "203.0.113.16/28", since=date(2026, 11, 1)),
            of("V6", "2001:db8:1::/48"),
        ]
    )
    assert table.owners("203.0.113.17", DAY) == ("B",)
    assert table.owners("203.0.113.17", date(2026, 10, 31)) == ("A",)
    assert table.owners("2001:db8:1::5", DAY) == ("V6",)
    assert table.owners("198.51.100.1", DAY) == ()
    assert table.owners("no address", DAY) == ()


def test_the_last_day_of_a_range_is_still_its_units() -> None:
    table = RangeTable([of("A", "203.0.113.0/28", until=DAY)])
    assert table.allot("203.0.113.1", [DAY]).units == ("A",)
    assert table.allot("203.0.113.1", [date(2026, 12, 1)]).outcome is AllotOutcome.NOBODYS


@pytest.mark.parametrize(
    ("address", "outcome", "units"),
    [
        ("203.0.113.5", AllotOutcome.ALLOTTED, ("A",)),
        ("198.51.100.5", AllotOutcome.SHARED, ("A", "B")),
        ("203.0.113.200", AllotOutcome.NOT_OURS, ()),
        ("192.0.2.1", AllotOutcome.NOBODYS, ()),
    ],
)
def test_each_address_goes_to_whom_it_belongs(
    address: str, outcome: AllotOutcome, units: tuple[str, ...]
) -> None:
    table = RangeTable(
        [
            of("A", "203.0.113.0/28"),
            of(NOT_OURS, "203.0.113.0/24"),
            of("A", "198.51.100.0/24", shared=True),
            of("B", "198.51.100.0/24", shared=True),
        ]
    )
    allotted = table.allot(address, [DAY])
    assert (allotted.outcome, allotted.units) == (outcome, units)


def test_a_time_that_can_mean_days_of_two_units_names_neither() -> None:
    table = RangeTable(
        [
            of("A", "203.0.113.0/28", until=date(2026, 11, 29)),
            of("B", "203.0.113.0/28", since=DAY),
        ]
    )
    both = table.allot("203.0.113.1", [date(2026, 11, 29), DAY])
    assert (both.outcome, both.reason) == (AllotOutcome.NOBODYS, AllotReason.CHANGED_HANDS)
    assert table.allot("203.0.113.1", []).reason is AllotReason.CHANGED_HANDS
    assert table.allot("203.0.113.1", [DAY]).units == ("B",)


def test_what_changed_within_a_period_is_not_clear_either() -> None:
    table = RangeTable([of("A", "203.0.113.0/28"), of("B", "203.0.113.1/32", since=DAY, until=DAY)])
    period = [date(2026, 11, 1), date(2026, 12, 20)]
    assert table.allot("203.0.113.1", period).reason is AllotReason.CHANGED_HANDS


def test_without_a_time_it_goes_to_the_only_unit_that_ever_had_it() -> None:
    table = RangeTable([of("A", "203.0.113.0/28", since=DAY)])
    assert table.allot("203.0.113.1", []).units == ("A",)
    assert table.allot("203.0.113.99", []).reason is AllotReason.NO_RANGE


def test_a_system_is_known_by_the_file_of_that_day_and_gives_way_to_what_is_written() -> None:
    first, second = date(2026, 10, 1), date(2026, 11, 1)
    announced = {
        first: {64500: [ip_network("198.51.100.0/24")]},
        second: {64500: [ip_network("203.0.113.0/24")]},
    }
    table = RangeTable([UnitRange("S", asn=64500), of("A", "203.0.113.0/28")], announced)
    assert table.owners("198.51.100.9", date(2026, 10, 20)) == ("S",)
    assert table.owners("198.51.100.9", date(2026, 9, 1)) == ("S",)
    assert table.owners("198.51.100.9", DAY) == ()
    assert table.owners("203.0.113.200", DAY) == ("S",)
    assert table.owners("203.0.113.2", DAY) == ("A",)


def test_a_table_of_nothing_knows_nothing() -> None:
    assert RangeTable([]).allot("203.0.113.1", [DAY]).outcome is AllotOutcome.NOBODYS
    assert RangeTable([]).allot("203.0.113.1", []).outcome is AllotOutcome.NOBODYS


@pytest.mark.parametrize(
    ("first", "second", "is_wrong"),
    [
        (of("A", "203.0.113.0/28"), of("B", "203.0.113.0/28"), True),
        (of("A", "203.0.113.0/28"), of("A", "203.0.113.0/28"), True),
        (of("A", "203.0.113.0/28", until=DAY), of("B", "203.0.113.0/28", since=DAY), True),
        (of("A", "203.0.113.0/28"), of("B", "203.0.113.0/29"), False),
        (
            of("A", "203.0.113.0/28", shared=True),
            of("B", "203.0.113.0/28", shared=True),
            False,
        ),
        (of("A", "203.0.113.0/28", shared=True), of("B", "203.0.113.0/28"), True),
        (
            of(NOT_OURS, "203.0.113.0/28", shared=True),
            of("B", "203.0.113.0/28", shared=True),
            True,
        ),
        (UnitRange("A", asn=64500), UnitRange("B", asn=64500), True),
        (
            of("A", "203.0.113.0/28", until=date(2026, 11, 29)),
            of("B", "203.0.113.0/28", since=DAY),
            False,
        ),
    ],
)
def test_the_same_addresses_at_the_same_time_are_a_conflict(
    first: UnitRange, second: UnitRange, is_wrong: bool
) -> None:
    assert list(conflicts_of([first, second])) == ([(first, second)] if is_wrong else [])


def test_the_days_of_a_notice_hold_both_readings_of_its_time() -> None:
    # 20:00 without a zone is the 30th here if it was UTC's, and the 29th if it was ours.
    file = read("timestamp,ip\n2026-11-29 20:00:00,203.0.113.5\n,203.0.113.5\n")
    assert days_of(file.notices[0]) == (date(2026, 11, 29), DAY)
    assert days_of(file.notices[1]) == ()
    told = read("timestamp,ip\n2026-11-29 20:00:00+07:00,203.0.113.5\n").notices[0]
    assert days_of(told) == (date(2026, 11, 29),)
