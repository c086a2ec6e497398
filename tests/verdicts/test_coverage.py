"""Days of coverage: usual hours from the logs themselves, thin hours, lost logs, twins, units."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.verdicts.coverage import CORE_HOURS, SourceRead, day_coverage
from quetsach.verdicts.model import DayCoverage
from tests.verdicts.cases import day

OFFICE = tuple(range(7, 18))
WORKING = [day(one) for one in (1, 2, 5, 6, 7, 8, 9, 12, 13)]
"""Working days: the 1st of September 2022 was a Thursday."""


def log(
    path: str, days: list[str], hours: tuple[int, ...] = OFFICE, lines: int = 100
) -> SourceRead:
    counts = {(one, hour): lines for one in days for hour in hours}
    return SourceRead(path, f"digest of {path}", "zeek.dns", counts)


def nowhere(_address: str, _path: str) -> str:
    return ""


def by_folder(_address: str, path: str) -> str:
    return path.partition("/")[0]


def read(*sources: SourceRead) -> dict[str, DayCoverage]:
    return {one.day: one for one in day_coverage(sources, nowhere)}


def test_hours_of_most_days_are_usual() -> None:
    night = log("night", WORKING[:2], (2, 3))
    days = read(log("dns", WORKING), night)
    assert days[WORKING[5]].usual == frozenset(OFFICE)


def test_one_hour_a_day_never_passes_for_a_whole_day() -> None:
    days = read(log("dns", WORKING, (9,)))
    assert all(one.usual >= CORE_HOURS for one in days.values())


def test_a_few_lines_on_days_off_make_nothing_usual() -> None:
    saturdays = [day(3), day(10)]
    assert all(not one.usual for one in read(log("dns", saturdays, (1, 2, 3))).values())
    assert all(len(one.usual) == 11 for one in read(log("dns", saturdays)).values())


def test_an_hour_with_less_than_a_tenth_of_the_median_is_thin() -> None:
    thin = SourceRead("dns.2", "2", "zeek.dns", {(day(14), hour): 100 for hour in OFFICE})
    thin.lines[day(14), 9] = 9
    thin.lines[day(14), 10] = 10
    assert read(log("dns.1", WORKING), thin)[day(14)].thin_hours == {9}


def test_a_log_that_ends_early_lacks_the_hours_after() -> None:
    last = log("dns.2", [day(14)], (7, 8, 9))
    assert read(log("dns.1", WORKING), last)[day(14)].hours == {7, 8, 9}


def test_of_two_name_servers_a_lost_log_leaves_the_day_thin() -> None:
    one = log("srv-a/dns", WORKING)
    other = log("srv-b/dns", [one for one in WORKING if one != day(8)])
    days = read(one, other)
    assert days[day(8)].thin_hours == days[day(8)].hours
    assert not days[day(9)].thin_hours


def test_a_log_that_was_there_for_two_days_only_is_not_missed() -> None:
    days = read(log("srv-a/dns", WORKING[:2]), log("trial/dns", WORKING[:2]), log("b/dns", WORKING))
    assert not any(one.thin_hours for one in days.values())


def test_a_name_with_a_date_in_it_is_the_same_log_every_day() -> None:
    daily = [log(f"dns-{one}.log", [one]) for one in WORKING]
    assert not any(one.thin_hours for one in read(*daily, log("dns.old", WORKING[:1])).values())


def test_the_same_file_counts_once_and_a_grown_one_with_its_most_lines() -> None:
    twin = log("dns", WORKING)
    grown = SourceRead("dns", "later", "zeek.dns", {**twin.lines, (day(14), 9): 7})
    copied = SourceRead("copy", twin.sha256, "zeek.dns", dict(twin.lines))
    days = read(twin, twin, copied, grown)
    assert days[WORKING[0]].lines == 100 * len(OFFICE)
    assert days[day(14)].lines == 7


def test_several_logs_of_a_unit_add_up_and_those_of_another_do_not() -> None:
    sources = [log("a/x", WORKING, (7, 8)), log("a/y", WORKING, (8, 9)), log("b/x", WORKING, (11,))]
    days = [one for one in day_coverage(sources, by_folder) if one.day == WORKING[0]]
    assert [(one.unit, sorted(one.hours), one.lines) for one in days] == [
        ("a", [7, 8, 9], 400),
        ("b", [11], 100),
    ]


def test_who_was_alive_is_named_by_device_or_address() -> None:
    one = log("dns", WORKING[:1])
    one.alive = {WORKING[0]: {("10.0.0.5", "pc-1"), ("10.0.0.6", "")}}
    assert read(one)[WORKING[0]].alive == {"pc-1", "10.0.0.6"}


def test_a_mixed_log_counts_for_each_kind_and_leases_for_none() -> None:
    eve = SourceRead("eve", "1", "suricata.eve", {(day(1), 9): 5})
    leases = SourceRead("dhcp", "2", "zeek.dhcp", {(day(1), 9): 5})
    kinds = {one.kind for one in day_coverage([eve, leases], nowhere)}
    assert kinds == {"dns", "connection", "web", "file", "mail"}


_SOURCES = st.lists(
    st.builds(
        log,
        st.sampled_from(["a/1", "a/2", "b/1"]),
        st.lists(st.sampled_from([*WORKING, day(3), day(4)]), max_size=5),
        st.lists(st.integers(0, 23), max_size=8).map(tuple),
        st.integers(1, 300),
    ),
    max_size=5,
)


@settings(max_examples=150)
@given(_SOURCES, st.randoms(use_true_random=False))
def test_the_order_of_sources_does_not_matter(
    sources: list[SourceRead], chance: random.Random
) -> None:
    mixed = chance.sample(sources, len(sources))
    assert day_coverage(mixed, by_folder) == day_coverage(sources, by_folder)


@settings(max_examples=150)
@given(_SOURCES)
def test_no_hour_is_covered_that_has_no_line(sources: list[SourceRead]) -> None:
    found = {hour for one in sources for hour in one.lines}
    for one in day_coverage(sources, nowhere):
        assert {(one.day, hour) for hour in one.hours} <= found
        assert one.thin_hours <= one.hours
