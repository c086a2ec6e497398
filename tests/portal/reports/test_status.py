"""Who acts next on a report, in one sentence."""

import pytest

from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.reports.status import acceptance_message, standing


@pytest.mark.parametrize("state", ExpectedReportState.values)
@pytest.mark.parametrize("above", ["Huyện A", ""])
def test_every_state_of_a_report_says_who_acts_next(state: str, above: str) -> None:
    told = standing(state, above)
    assert told
    assert "%(" not in told


def test_the_office_above_is_named_where_there_is_one() -> None:
    assert "Huyện A" in standing(ExpectedReportState.SUBMITTED, "Huyện A")
    assert "người thứ hai" in standing(ExpectedReportState.SUBMITTED, "")


def test_a_version_that_no_longer_counts_says_nothing() -> None:
    assert standing("superseded", "Huyện A") == ""


def test_what_is_not_counted_above_is_not_said_to_be() -> None:
    counted = standing(ExpectedReportState.ACCEPTED, "Huyện A")
    assert "tính vào tổng số" in counted
    waits = standing(ExpectedReportState.ACCEPTED, "Huyện A", is_counted=False)
    assert "chưa tính vào tổng số" in waits


def test_there_are_three_ways_of_having_accepted() -> None:
    above = ExpectedReport()
    told = {
        acceptance_message(above, is_counted=True),
        acceptance_message(above, is_counted=False),
        acceptance_message(None, is_counted=True),
    }
    assert len(told) == 3
    assert sum("Từ nay" in one for one in told) == 1
