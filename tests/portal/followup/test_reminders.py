"""Those whose report is missing are reminded before the deadline, and nobody else."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.followup.models import Reminder
from quetsach_portal.followup.reminders import remind_missing

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world):
    """All units were told; each report's last day is in three days."""
    CampaignNode.objects.update(told_at=timezone.now() - timedelta(days=9))
    due_in(3)
    return world


def due_in(days: int) -> None:
    day = timezone.localdate() + timedelta(days=days + 1)
    ExpectedReport.objects.update(
        due_at=timezone.make_aware(datetime(day.year, day.month, day.day))
    )


def reminded(world) -> set[str]:
    remind_missing(world.campaign, timezone.now())
    return set(Reminder.objects.values_list("node__unit__code", flat=True))


def test_only_the_missing_are_reminded_and_once_a_day(told) -> None:
    ExpectedReport.objects.filter(node=told.nodes["TC01"]).update(reported_at=timezone.now())
    ExpectedReport.objects.filter(node=told.nodes["TC02"]).update(state=ExpectedReportState.EXCUSED)
    assert reminded(told) == {"TC", "TC01A"}
    assert remind_missing(told.campaign, timezone.now()) == 0
    assert AuditEvent.objects.filter(action="reminder.sent").count() == 1


@pytest.mark.parametrize(
    ("days", "reminds"),
    [(4, False), (3, True), (2, False), (1, True), (0, False), (-1, True), (-2, False)],
)
def test_three_days_and_one_day_before_and_the_day_after(told, days: int, reminds: bool) -> None:
    due_in(days)
    assert bool(reminded(told)) is reminds


def test_more_time_moves_the_reminder_with_the_deadline(told) -> None:
    slot = ExpectedReport.objects.filter(node=told.nodes["TC01"])
    slot.update(due_at=slot.get().due_at + timedelta(days=7))
    assert "TC01" not in reminded(told)


def test_whoever_was_never_told_is_not_reminded(told) -> None:
    CampaignNode.objects.filter(pk=told.nodes["TC02"].pk).update(told_at=None)
    assert "TC02" not in reminded(told)
