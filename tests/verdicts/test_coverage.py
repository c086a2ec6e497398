"""Days of coverage: usual hours from the logs themselves, thin hours, lost logs, twins, units."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.verdicts.coverage import CORE_HOURS, SourceRead, day_coverage
from quetsach.verdicts.model import DayCoverage
from tests.verdicts.cases import day
from tests.whole import daily

OFFICE = tuple(range(7, 18))
WORKING = [day(one) for one in (1, 2, 5, 6, 7, 8, 9, 12, 13)]
"""Working days: the 1st of September 2022 was a Thursday."""


def log(
    path: str, days: list[str], hours: tuple[int, ...] = OFFICE, lines: int = 100
) -> SourceRead:
    counts = {(one, hour): lines for one in days for hour in hours}
    return SourceRead(path, (f"digest of {path}",), "zeek.dns", counts)


def spoken(path: str, days: list[str], lines: int, who: str = "10.0.0.5") -> SourceRead:
    """Return a log in which an address spoke, its lines differing from hour to hour."""
    one = log(path, days)
    one.lines = {(day, hour): lines + hour for day in days for hour in OFFICE}
    one.alive = {day: {(who, "")} for day in days}
    return one


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
    thin = SourceRead("dns.2", ("2",), "zeek.dns", {(day(14), hour): 100 for hour in OFFICE})
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


@pytest.mark.parametrize("names", [("srv1/dns.log", "srv2/dns.log"), ("a.zip", "b.zip")])
def test_a_lost_log_is_found_whatever_the_files_are_called(names: tuple[str, str]) -> None:
    left = [one for one in WORKING if one != day(8)]
    one = [log(f"{place}{names[0]}", [at]) for place, at in enumerate(WORKING)]
    other = [log(f"{place}{names[1]}", [at], lines=70) for place, at in enumerate(left)]
    days = read(*one, *other)
    assert days[day(8)].thin_hours == days[day(8)].hours
    assert not days[day(9)].thin_hours


def test_a_log_handed_in_under_a_new_name_goes_on() -> None:
    days = read(log("nhat-ky.zip/conn.log.gz", WORKING[:5]), log("moi.zip/conn.log", WORKING[5:]))
    assert not any(one.thin_hours for one in days.values())


def test_two_logs_that_get_new_names_go_on_and_one_that_is_left_out_is_missed() -> None:
    first = [log("w1/a", WORKING[:5]), log("w1/b", WORKING[:5], lines=70)]
    second = [log("w2/x", WORKING[5:], lines=70), log("w2/y", WORKING[5:])]
    assert not any(one.thin_hours for one in read(*first, *second).values())
    days = read(*first, second[0])
    assert all(days[one].thin_hours == days[one].hours for one in WORKING[5:])


def test_an_old_name_that_comes_back_changes_nothing() -> None:
    parts = [log("w1", WORKING[:3]), log("moi", WORKING[3:6]), log("w1#2", WORKING[6:])]
    assert not any(one.thin_hours for one in read(*parts).values())


def test_days_handed_in_once_more_under_another_name_are_the_same_log() -> None:
    whole, again = spoken("w1", WORKING[:6], 40), spoken("moi", WORKING[4:], 40)
    again.lines[WORKING[4], 7] = 3
    days = read(whole, again)
    assert not any(one.thin_hours for one in days.values())
    assert days[WORKING[4]].lines == days[WORKING[1]].lines == sum(40 + hour for hour in OFFICE)


def test_two_sensors_that_heard_the_same_machines_are_not_one() -> None:
    left = [one for one in WORKING if one != day(8)]
    days = read(spoken("a", WORKING, 40), spoken("b", left, 41))
    assert days[day(8)].thin_hours == days[day(8)].hours


def test_a_log_cut_within_the_hour_goes_on_in_the_next_file() -> None:
    parts = []
    for one in WORKING:
        parts += [log(f"m-{one}", [one], OFFICE[:5], 50), log(f"n-{one}", [one], OFFICE[4:], 50)]
    parts.append(log("whole", [day(14)]))
    days = read(*parts)
    assert not any(one.thin_hours for one in days.values())
    assert days[WORKING[0]].lines == 50 * (len(OFFICE) + 1)


@pytest.mark.parametrize("lost", [0, 1])
def test_of_two_sensors_with_a_file_for_each_hour_a_lost_one_is_found(lost: int) -> None:
    files = [
        log(f"{sensor}-{at}-{hour}", [at], (hour,), 100 + sensor)
        for sensor in (0, 1)
        for at in WORKING
        for hour in OFFICE
        if (sensor, at) != (lost, day(8))
    ]
    days = read(*files)
    assert [at for at in WORKING if days[at].thin_hours] == [day(8)]


def test_hours_handed_in_once_more_under_another_name_are_the_same_log() -> None:
    files = []
    for name, of in (("w1", WORKING), ("moi", WORKING[2:])):
        for at in of:
            for hour in OFFICE:
                one = log(f"{name}-{at}-{hour}", [at], (hour,), 40 + hour)
                one.alive = {at: {("10.0.0.5", "")}}
                files.append(one)
    days = read(*files)
    assert not any(one.thin_hours for one in days.values())
    assert days[WORKING[0]].lines == days[WORKING[-1]].lines


def test_a_log_that_was_there_for_two_days_only_is_not_missed() -> None:
    days = read(log("srv-a/dns", WORKING[:2]), log("trial/dns", WORKING[:2]), log("b/dns", WORKING))
    assert not any(one.thin_hours for one in days.values())


def test_a_name_with_a_date_in_it_is_the_same_log_every_day() -> None:
    daily = [log(f"dns-{one}.log", [one]) for one in WORKING]
    assert not any(one.thin_hours for one in read(*daily, log("dns.old", WORKING[:1])).values())


def test_the_same_file_counts_once_and_a_grown_one_with_its_most_lines() -> None:
    twin = log("dns", WORKING)
    grown = SourceRead("dns", ("later",), "zeek.dns", {**twin.lines, (day(14), 9): 7})
    copied = SourceRead("copy", twin.digests, "zeek.dns", dict(twin.lines))
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
    eve = SourceRead("eve", ("1",), "suricata.eve", {(day(1), 9): 5})
    leases = SourceRead("dhcp", ("2",), "zeek.dhcp", {(day(1), 9): 5})
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


@settings(max_examples=daily(37, whole=150))
@given(_SOURCES, st.randoms(use_true_random=False))
def test_the_order_of_sources_does_not_matter(
    sources: list[SourceRead], chance: random.Random
) -> None:
    mixed = chance.sample(sources, len(sources))
    assert day_coverage(mixed, by_folder) == day_coverage(sources, by_folder)


@settings(max_examples=daily(37, whole=150))
@given(_SOURCES, st.randoms(use_true_random=False))
def test_the_names_of_files_do_not_matter(sources: list[SourceRead], chance: random.Random) -> None:
    """Each file has another name and digest: then all that a name could say is gone."""
    places = chance.sample(range(1000), len(sources))
    named = [
        replace(one, path=f"f{place}", digests=(f"d{number}",))
        for number, (one, place) in enumerate(zip(sources, places, strict=True))
    ]
    renamed = [
        replace(one, path=f"{999 - place}/x.log") for one, place in zip(named, places, strict=True)
    ]

    def days(of: list[SourceRead]) -> list[DayCoverage]:
        return [replace(one, sources=()) for one in day_coverage(of, nowhere)]

    assert days(renamed) == days(named)


@settings(max_examples=daily(37, whole=150))
@given(_SOURCES)
def test_no_hour_is_covered_that_has_no_line(sources: list[SourceRead]) -> None:
    found = {hour for one in sources for hour in one.lines}
    for one in day_coverage(sources, nowhere):
        assert {(one.day, hour) for hour in one.hours} <= found
        assert one.thin_hours <= one.hours


def test_a_log_that_shows_a_public_resolver_takes_the_dns_of_its_days_from_that_device() -> None:
    hours = {("2022-09-05", hour): 100 for hour in range(8, 17)}
    later = {("2022-09-06", hour): 100 for hour in range(8, 17)}
    dns = SourceRead("dns.log", ("a",), "zeek.dns", {**hours, **later})
    flows = SourceRead("conn.log", ("b",), "zeek.conn", hours, unseen={"pc-1"})
    rows = day_coverage([dns, flows], lambda _address, _path: "")
    assert {(row.kind, row.day): set(row.unseen) for row in rows} == {
        ("dns", "2022-09-05"): {"pc-1"},
        ("dns", "2022-09-06"): set(),
        ("connection", "2022-09-05"): set(),
    }
