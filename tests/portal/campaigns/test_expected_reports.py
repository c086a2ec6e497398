"""When a report counts as in time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from quetsach_portal.campaigns import expected_reports
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ReportCounter
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_B6_the_deadline_itself_is_late(world: World) -> None:
    here = ZoneInfo("Asia/Ho_Chi_Minh")
    ExpectedReport.objects.update(due_at=datetime(2022, 9, 29, tzinfo=here))
    first, second = (
        ExpectedReport.objects.select_related("node").get(node=world.nodes[code])
        for code in ("TC01", "TC02")
    )
    expected_reports.report_in(first, datetime(2022, 9, 28, 23, 59, 59, 900_000, tzinfo=here))
    expected_reports.report_in(second, datetime(2022, 9, 29, tzinfo=here))
    assert (first.is_on_time, second.is_on_time) == (True, False)
    tally = ReportCounter.objects.get(node=world.nodes["TC"])
    assert (tally.reported, tally.on_time) == (2, 1)
