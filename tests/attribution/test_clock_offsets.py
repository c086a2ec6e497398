"""Offsets between clocks: found whatever their size, and never from chance."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.clock_offsets import (
    FEWEST_PAIRS,
    SMALL_SPREAD_US,
    ClockOffset,
    Observation,
    estimate,
)
from quetsach.clocks import MICROSECONDS as S

YEAR = 366 * 86_400 * S


def _events(source: int, offset_us: int, numbers: range) -> list[Observation]:
    return [Observation(source, f"event {n}", n * 60 * S + offset_us) for n in numbers]


@pytest.mark.parametrize("offset", [0, 1, -3 * S, 7 * 3600 * S, -YEAR])
def test_an_offset_of_any_size_is_found(offset: int) -> None:
    found = estimate([*_events(0, 0, range(20)), *_events(1, offset, range(10))])
    assert found == [ClockOffset(1, 0, -offset, 0, 10)]
    assert found[0].is_steady


def test_the_source_with_the_most_common_events_is_the_reference() -> None:
    events = [*_events(0, 0, range(6)), *_events(1, 5 * S, range(20)), *_events(2, 0, range(6, 20))]
    assert [(one.source, one.reference, one.offset_us) for one in estimate(events)] == [
        (0, 1, 5 * S),
        (2, 1, 5 * S),
    ]


def test_the_clock_of_an_infected_machine_never_moves_a_sensor() -> None:
    forged = [*_events(0, YEAR, range(20)), *_events(2, 5 * S, range(20))]
    assert estimate([*forged, *_events(1, 0, range(10))], followers={0}) == [
        ClockOffset(0, 2, 5 * S - YEAR, 0, 20),
        ClockOffset(1, 2, 5 * S, 0, 10),
    ]
    assert estimate([*forged, *_events(1, 0, range(20, 30))], followers={0, 2}) == []


def test_fewer_events_than_needed_prove_nothing() -> None:
    few = range(FEWEST_PAIRS - 1)
    assert estimate([*_events(0, 0, few), *_events(1, 9, few)]) == []


def test_a_few_events_that_are_far_off_do_not_move_the_offset() -> None:
    events = [*_events(0, 0, range(20)), *_events(1, 2 * S, range(20))]
    events[25] = Observation(1, "event 5", 0)
    events[26] = Observation(1, "event 6", YEAR)
    (found,) = estimate(events)
    assert (found.offset_us, found.spread_us) == (-2 * S, 0)


def test_differences_that_scatter_are_shown_and_not_used() -> None:
    source = random.Random(1)
    events = _events(0, 0, range(50))
    events += [Observation(1, one.key, source.randrange(YEAR)) for one in events]
    (found,) = estimate(events)
    assert found.spread_us > SMALL_SPREAD_US
    assert not found.is_steady


def _days_of_a_log() -> list[Observation]:
    """Return two days of one sensor's log: a beacon a minute, from a free port each."""
    ports = random.Random(5)
    return [
        Observation(day, f"port {ports.randrange(49_152, 65_536)}", (day * 1440 + minute) * 60 * S)
        for day in range(2)
        for minute in range(1440)
    ]


def test_two_days_of_one_log_whose_beacon_meets_its_own_ports_again_prove_nothing() -> None:
    events = _days_of_a_log()
    assert len({one.key for one in events[:1440]} & {one.key for one in events[1440:]}) > 50
    assert [one.is_steady for one in estimate(events)] == [False], "by the ports alone"
    assert estimate(events, counts={0: 1440, 1: 1440}) == []


@pytest.mark.parametrize("jump_s", [0, 3600])
def test_a_clock_that_is_off_or_jumps_is_found_beside_what_is_chance(jump_s: int) -> None:
    there = [
        Observation(2, one.key, one.when_us + 90 * S + (place * jump_s // 1440) * S)
        for place, one in enumerate(_days_of_a_log()[:1440])
    ]
    found = estimate([*_days_of_a_log(), *there], counts={0: 1440, 1: 1440, 2: 1440})
    assert [(one.source, one.reference, one.is_steady) for one in found] == [(2, 0, not jump_s)]


def test_an_event_that_a_source_tells_twice_is_left_out() -> None:
    twice = [Observation(1, f"event {n}", n * 60 * S + 99) for n in range(20)]
    assert estimate([*_events(0, 0, range(20)), *_events(1, 0, range(20)), *twice]) == []


def test_the_same_record_read_twice_counts_once() -> None:
    events = [*_events(0, 0, range(9)), *_events(1, 7, range(9))]
    assert estimate(events + events) == estimate(events)


def test_sources_hang_together_through_others() -> None:
    events = [
        *_events(0, 0, range(30)),
        *_events(1, 10, range(15, 50)),
        *_events(2, 100, range(40, 60)),
    ]
    assert [(one.source, one.reference, one.offset_us) for one in estimate(events)] == [
        (0, 1, 10),
        (2, 1, -90),
    ]


@given(st.data())
def test_the_order_of_the_events_does_not_matter(data: st.DataObject) -> None:
    event = st.builds(Observation, st.integers(0, 3), st.integers(0, 12), st.integers(0, 20 * S))
    events = data.draw(st.lists(event, max_size=60))
    assert estimate(data.draw(st.permutations(events))) == estimate(events)
