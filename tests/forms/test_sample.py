"""A sample that anyone can draw again, and what it proves."""

import random
from math import isclose

import pytest

from quetsach.forms.sample import draw, share, whole_percent

UNITS = [f"unit-{number}" for number in range(200)]


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    shuffled = random.Random(2).sample(UNITS, len(UNITS))
    assert draw("2026-09", UNITS, 20) == draw("2026-09", shuffled + shuffled[:9], 20)
    assert draw("2026-09", UNITS, 20) != draw("2026-10", UNITS, 20)


def test_the_draw_is_pinned_so_that_another_machine_can_repeat_it() -> None:
    assert draw("Chiến dịch 2026", ["a", "b", "c", "d", "e", "f"], 3) == PINNED


PINNED = ("c", "e", "b")


def test_a_larger_sample_keeps_what_a_smaller_one_drew() -> None:
    assert draw("x", UNITS, 50)[:20] == draw("x", UNITS, 20)
    assert sorted(draw("x", UNITS, 999)) == sorted(UNITS)
    assert draw("x", UNITS, 0) == draw("x", [], 5) == draw("x", UNITS, -1) == ()


def test_seed_and_id_cannot_be_cut_elsewhere() -> None:
    ids = ["bc", "c", "xx", "yy", "zz"]
    assert draw("a", ids, 5) != draw("ab", ids, 5) or draw("a", ["bc"], 1) == ("bc",)


def test_every_unit_has_the_same_chance() -> None:
    hits = dict.fromkeys(UNITS[:20], 0)
    for seed in range(2000):
        for one in draw(str(seed), UNITS[:20], 5):
            hits[one] += 1
    # 500 expected, standard deviation 19; five of them.
    assert all(abs(count - 500) < 97 for count in hits.values())


def test_shares_are_cut_and_a_range_is_never_narrowed() -> None:
    found = share(85, 120)
    assert found is not None
    assert found.percents() == (70, 62, 79)
    assert [whole_percent(one) for one in (0.29, 0.996, 1.0)] == [29, 99, 100]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_range_is_that_of_the_literature(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of)
    assert found is not None
    assert isclose(found.low, low, abs_tol=5e-5)
    assert isclose(found.high, high, abs_tol=5e-5)


def test_the_range_of_all_mirrors_that_of_none() -> None:
    none, everyone = share(0, 20), share(20, 20)
    assert none is not None
    assert everyone is not None
    assert (everyone.low, everyone.high) == (pytest.approx(1 - none.high), 1.0)
    assert everyone.percents() == (100, 83, 100)


def test_nothing_checked_proves_nothing() -> None:
    assert share(0, 0) is None


@pytest.mark.parametrize(("hits", "of"), [(5, 4), (-1, 4)])
def test_more_hits_than_checks_is_a_mistake(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="of"):
        share(hits, of)
