"""What may unpack is bounded by number, size and factor, in all layers together."""

import pytest

from quetsach.containers.bounds import IN_ARCHIVES, IN_OFFICE_FILES, ByteBudget, UnpackBounds
from quetsach.containers.refusal import ContainerRefused, RefusalCode


def test_small_things_may_be_packed_well_and_great_ones_by_the_factor_alone() -> None:
    bounds = UnpackBounds(entries=1, unpacked=1_000, ratio=10, small=50)
    assert [bounds.most_from(packed) for packed in (0, 4, 6, 99, 101)] == [50, 50, 60, 990, 1_000]


def test_a_budget_that_is_spent_refuses() -> None:
    budget = ByteBudget(10)
    budget.spend(10)
    with pytest.raises(ContainerRefused) as caught:
        budget.spend(1)
    assert caught.value.code is RefusalCode.SWELLS
    assert caught.value.facts == {"limit": 10}


def test_bounds_are_strict_unless_a_reader_says_otherwise() -> None:
    assert UnpackBounds(entries=1, unpacked=1, ratio=1, small=1).fold_case
    assert not IN_ARCHIVES.any_name
    assert not IN_OFFICE_FILES.any_name
    assert IN_OFFICE_FILES.fold_case
