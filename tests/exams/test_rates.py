"""Rates and their exact range: never more is promised than the trials prove."""

import pytest

from quetsach.exams.rates import MeasuredRate, measured_rate


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        # Tables of Clopper and Pearson, 95 %, two-sided.
        (38, 38, 0.90748, 1.0),
        (20, 20, 0.83157, 1.0),
        (0, 10, 0.0, 0.30850),
        (9, 10, 0.55498, 0.99747),
        (5, 10, 0.18709, 0.81291),
        (1, 1, 0.025, 1.0),
        (96, 100, 0.90074, 0.98900),
    ],
)
def test_the_range_is_the_exact_one(right: int, of: int, low: float, high: float) -> None:
    rate = measured_rate(right, of)
    assert (rate.low, rate.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_lower_end_is_cut_and_never_rounded_up() -> None:
    assert measured_rate(38, 38).at_least() == 90.7
    assert MeasuredRate(1, 1, 0.99999, 1.0).at_least() == 99.9


def test_a_great_exam_is_counted_as_well() -> None:
    rate = measured_rate(9_990, 10_000)
    assert 0.998 < rate.low < 0.999 < rate.high < 0.9996


@pytest.mark.parametrize(("right", "of"), [(0, 0), (2, 1), (-1, 5)])
def test_impossible_counts_are_refused(right: int, of: int) -> None:
    with pytest.raises(ValueError, match="of"):
        measured_rate(right, of)
