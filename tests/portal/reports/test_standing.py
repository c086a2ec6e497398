"""Who acts next on a report, in one sentence."""

import pytest

from quetsach_portal.campaigns.models import SlotState
from quetsach_portal.reports.standing import standing


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
