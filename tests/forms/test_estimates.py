"""Ratios of rates and of what was seen twice: known values, coverage, and when nothing is told."""

import random

import pytest

from quetsach.forms.estimates import LEAST_OVERLAP, rate_ratio, seen_twice


def test_chapmans_estimate_of_a_known_example() -> None:
    # (201 * 151) / 31 - 1 = 978.06...
    estimate = seen_twice(200, 150, 30)
    assert estimate is not None
    assert estimate.point == pytest.approx(978.06, abs=0.01)
    assert 320 == estimate.seen < estimate.low < estimate.point < estimate.high


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [(5, 5, 5), (100, 100, LEAST_OVERLAP - 1), (20, 20, 20), (16, 15, 15)],
)
def test_with_little_overlap_or_one_list_inside_the_other_nothing_is_told(
    first: int, second: int, both: int
) -> None:
    assert seen_twice(first, second, both) is None


@pytest.mark.parametrize(("first", "second", "both"), [(5, 9, 6), (9, 5, 6), (9, 9, -1)])
def test_impossible_counts_are_an_error(first: int, second: int, both: int) -> None:
    with pytest.raises(ValueError, match="of"):
        seen_twice(first, second, both)


def test_the_range_holds_the_truth_nine_times_of_ten_and_more() -> None:
    chance, held, told = random.Random(1), 0, 0
    for _ in range(400):
        marks = [(chance.random() < 0.4, chance.random() < 0.35) for _ in range(150)]
        first, second = sum(a for a, _b in marks), sum(b for _a, b in marks)
        estimate = seen_twice(first, second, sum(a and b for a, b in marks))
        if estimate is not None:
            told += 1
            held += estimate.low <= 150 <= estimate.high
    assert told > 350
    assert held / told > 0.9


def test_half_as_often_is_a_ratio_of_a_half_with_its_range() -> None:
    ratio = rate_ratio(20, 200, 40, 200)
    assert ratio is not None
    assert ratio.point == pytest.approx(0.5)
    assert ratio.high is not None
    assert 0.2 < ratio.low < 0.5 < ratio.high < 1


def test_exposure_counts_and_not_the_number_of_events() -> None:
    ratio = rate_ratio(20, 400, 20, 200)
    assert ratio is not None
    assert ratio.point == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("events", "exposure", "others", "other_exposure"),
    [(4, 100, 5, 100), (20, 0, 20, 100), (20, 100, 20, 0), (0, 100, 0, 100)],
)
def test_too_little_tells_nothing(
    events: int, exposure: float, others: int, other_exposure: float
) -> None:
    assert rate_ratio(events, exposure, others, other_exposure) is None


def test_without_events_in_the_other_group_there_is_no_upper_end() -> None:
    ratio = rate_ratio(12, 100, 0, 100)
    assert ratio is not None
    assert (ratio.point, ratio.high) == (None, None)
    assert ratio.low > 1
    none_here = rate_ratio(0, 100, 12, 100)
    assert none_here is not None
    assert (none_here.point, none_here.low) == (0, 0)
