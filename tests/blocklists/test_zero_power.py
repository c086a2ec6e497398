"""The bound of Clopper and Pearson against known values, and by what defines it."""

from fractions import Fraction
from math import comb

import pytest

from quetsach.blocklists.zero_power import ZeroPower
from quetsach.exams.rates import least_share


@pytest.mark.parametrize(
    ("seen", "planted", "bound"),
    [
        # n of n: the bound is 0.05 ** (1 / n).
        (30, 30, 0.904966),
        (10, 10, 0.741134),
        (1, 1, 0.05),
        # Source: R 4.3, binom.test(27, 30, alternative = "greater")$conf.int.
        (27, 30, 0.761402),
        # 1 of n: the bound is 1 - 0.95 ** (1 / n).
        (1, 30, 0.001708),
        (0, 30, 0.0),
        (0, 0, 0.0),
        (5, 3, 0.0),
    ],
)
def test_known_bounds(seen: int, planted: int, bound: float) -> None:
    assert least_share(seen, planted) == pytest.approx(bound, abs=1e-6)


@pytest.mark.parametrize(("seen", "planted"), [(3, 7), (13, 20), (99, 100), (230, 250)])
def test_at_the_bound_so_many_would_be_seen_in_one_case_of_twenty(seen: int, planted: int) -> None:
    share = Fraction(least_share(seen, planted))
    tail = sum(
        comb(planted, count) * share**count * (1 - share) ** (planted - count)
        for count in range(seen, planted + 1)
    )
    assert float(tail) == pytest.approx(0.05, abs=1e-9)


def test_what_a_report_says() -> None:
    figures = ZeroPower(27, 30).to_json()
    assert (figures["a_day"], figures["in_days"], figures["days"]) == (0.7614, 0.9864, 3)
    assert ZeroPower(30, 30).to_json()["a_day"] == 0.905
    assert ZeroPower(0, 30).to_json()["in_days"] == 0.0


def test_thousands_neither_overflow_nor_take_long() -> None:
    assert 0.94 < least_share(11_400, 12_000) < 0.95
