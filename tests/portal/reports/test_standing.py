"""Who acts next on a report, in one sentence."""

import pytest

from quetsach_portal.campaigns.models import Slot, SlotState
from quetsach_portal.reports.standing import standing, told_after_acceptance


@pytest.mark.parametrize("state", SlotState.values)
@pytest.mark.parametrize("above", ["Huyện A", ""])
def test_every_state_of_a_report_says_who_acts_next(state: str, above: str) -> None:
    told = standing(state, above)
    assert told
    assert "%(" not in told


def test_the_office_above_is_named_where_there_is_one() -> None:
    assert "Huyện A" in standing(SlotState.SUBMITTED, "Huyện A")
    assert "người thứ hai" in standing(SlotState.SUBMITTED, "")


def test_a_version_that_no_longer_counts_says_nothing() -> None:
    assert standing("superseded", "Huyện A") == ""


def test_what_is_not_counted_above_is_not_said_to_be() -> None:
    counted = standing(SlotState.ACCEPTED, "Huyện A")
    assert "tính vào tổng số" in counted
    waits = standing(SlotState.ACCEPTED, "Huyện A", is_counted=False)
    assert "chưa tính vào tổng số" in waits


def test_there_are_three_ways_of_having_accepted() -> None:
    above = Slot()
    told = {
        told_after_acceptance(above, is_counted=True),
        told_after_acceptance(above, is_counted=False),
        told_after_acceptance(None, is_counted=True),
    }
    assert len(told) == 3
    assert sum("Từ nay" in one for one in told) == 1
