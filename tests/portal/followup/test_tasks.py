"""The five tasks of a unit, in order, with state and deadline in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from quetsach_portal.campaigns.deadlines import due_sentence
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
)
from quetsach_portal.followup.models import FollowupMail
from quetsach_portal.followup.tasks import tasks_of
from tests.portal.followup.acting import (
    node,
    received,
    remind_silent,
    told,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_unit_without_an_address_still_sees_it_among_its_tasks(world: World) -> None:
    told(world, "TC01")
    assert remind_silent(world) == 1
    assert not FollowupMail.objects.exists()
    assert tasks_of(node(world, "TC01")).reminded_at is not None


HERE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2022, 9, 25, 10, tzinfo=HERE), "trước ngày 29/09/2022 – còn 3 ngày"),
        (datetime(2022, 9, 28, 23, 59, tzinfo=HERE), "trước ngày 29/09/2022 – hôm nay là hạn cuối"),
        (datetime(2022, 9, 29, 0, 0, tzinfo=HERE), "trước ngày 29/09/2022 – đã quá hạn 1 ngày"),
        (datetime(2022, 10, 1, 9, tzinfo=HERE), "trước ngày 29/09/2022 – đã quá hạn 3 ngày"),
    ],
)
def test_the_due_sentence_counts_to_the_last_day_in_time(now: datetime, words: str) -> None:
    with translation.override("vi"):
        assert due_sentence(datetime(2022, 9, 29, tzinfo=HERE), now) == words


def test_a_unit_has_six_tasks_in_order(world: World) -> None:
    found = tasks_of(node(world, "TC01"))
    assert [one.key for one in found.tasks] == [
        "receive",
        "pass_on",
        "deploy",
        "look",
        "clean",
        "report",
    ]
    assert found.next.key == "receive"
    received(world, "TC01")
    assert tasks_of(node(world, "TC01")).next.key == "pass_on"
    told(world, "TC01A")
    assert tasks_of(node(world, "TC01")).next.key == "deploy"


def test_tasks_cost_the_same_for_any_unit(world: World) -> None:
    unit = node(world, "TC01")
    with CaptureQueriesContext(connection) as caught:
        tasks_of(unit)
    assert len(caught) <= 8


def test_late_is_told_as_late(world: World) -> None:
    ExpectedReport.objects.update(due_at=timezone.now())
    report = tasks_of(node(world, "TC01")).tasks[-1]
    assert report.state == "late"
