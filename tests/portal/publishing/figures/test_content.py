"""P1: fewer than ten people never show, neither on a day nor between two days."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quetsach_portal.publishing.figures.content import (
    FEW,
    UnitSize,
    bases_of,
    grouped,
    round_to_tens,
)

COUNTS = st.lists(st.integers(min_value=0, max_value=400), min_size=2, max_size=30)
UNITS = st.lists(st.integers(min_value=0, max_value=40), min_size=0, max_size=12)


@given(COUNTS)
def test_P1_two_days_held_against_each_other_show_ten_people_or_nothing(counts: list[int]) -> None:
    base: dict[str, int] = {}
    seen: list[tuple[int | None, int]] = []
    for exact in counts:
        base = bases_of({"a": exact}, base)
        seen.append((round_to_tens(base["a"]), base["a"]))
    for (before, was), (after, now) in pairwise(seen):
        if before != after:
            assert abs(now - was) >= FEW
        else:
            assert was == now or abs(now - was) >= FEW


def test_P1_one_who_joins_changes_nothing_that_is_seen() -> None:
    before = bases_of({"a": 19}, {})
    for exact in range(20, 29):
        assert round_to_tens(bases_of({"a": exact}, before)["a"]) == 10
    assert round_to_tens(bases_of({"a": 29}, before)["a"]) == 20


def test_nothing_and_nine_look_alike() -> None:
    assert round_to_tens(0) is None
    assert round_to_tens(9) is None
    assert round_to_tens(10) == 10


@given(UNITS, st.sets(st.integers(0, 11)))
def test_P1_no_small_unit_stands_alone_and_no_group_is_small(
    people: list[int], before: set[int]
) -> None:
    units = [UnitSize(place, one) for place, one in enumerate(people)]
    together = grouped(units, before)
    if together is None:
        return
    alone = [one for one in units if one.node_id not in together]
    assert all(one.people >= FEW for one in alone)
    assert not any(one.node_id in before for one in alone)
    if together:
        assert len(together) > 1
        assert sum(one.people for one in units if one.node_id in together) >= FEW


def test_a_small_unit_is_joined_by_the_next_larger_one() -> None:
    units = [UnitSize(1, 3), UnitSize(2, 12), UnitSize(3, 90)]
    assert grouped(units, ()) == {1, 2}


def test_whoever_stood_in_the_group_stays_there() -> None:
    units = [UnitSize(1, 30), UnitSize(2, 12), UnitSize(3, 90)]
    assert grouped(units, [1, 2]) == {1, 2}


def test_two_small_units_that_are_too_few_together_hide_all_units() -> None:
    assert grouped([UnitSize(1, 3), UnitSize(2, 4)], ()) is None
    assert grouped([UnitSize(1, 3)], ()) is None
