"""Only the silent are reminded, once a day; the office above is told of those who stay silent."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.followup.actions.settling import settle_calendar
from quetsach_portal.followup.models import (
    FollowupMail,
    Reminder,
    ReminderAudience,
    ReminderOccasion,
    ReminderRule,
    Silence,
)
from quetsach_portal.followup.reminder_rules import USUAL, CalendarRule
from quetsach_portal.followup.reminders import escalate, remind_missing
from quetsach_portal.followup.tasks import needs_of_lead
from quetsach_portal.looks.models import UnitLook
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.readers import news_of
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.followup.acting import (
    deployed,
    mailbox,
    node,
    received,
    remind_silent,
    slot,
    told,
)
from tests.portal.mail.delivering import let_time_pass
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


NOW = timezone.make_aware(datetime(2026, 12, 2, 9))
"""A Wednesday: the days around it are working days, the fourth is a Saturday."""


@pytest.fixture
def due_soon(world):
    """All units were told and looked at nothing; each report's last day is in three days' work."""
    CampaignNode.objects.update(told_at=NOW - timedelta(days=20))
    due_on(date(2026, 12, 7))
    return world


def due_on(last: date) -> None:
    """Let `last` be the last day in time of every report."""
    day = last + timedelta(days=1)
    ExpectedReport.objects.update(
        due_at=timezone.make_aware(datetime(day.year, day.month, day.day))
    )


def reminded(world, now: datetime = NOW) -> set[str]:
    remind_missing(world.campaign, now)
    return set(Reminder.objects.values_list("node__unit__code", flat=True))


def test_only_the_missing_are_reminded_and_once_a_day(due_soon) -> None:
    ExpectedReport.objects.filter(node=due_soon.nodes["TC01"]).update(reported_at=NOW)
    ExpectedReport.objects.filter(node=due_soon.nodes["TC02"]).update(
        state=ExpectedReportState.EXCUSED
    )
    assert reminded(due_soon) == {"TC", "TC01A"}
    assert remind_missing(due_soon.campaign, NOW) == 0
    assert AuditEvent.objects.filter(action="reminder.sent").count() == 1


@pytest.mark.parametrize(
    ("last", "step"),
    [
        (date(2026, 12, 10), None),
        (date(2026, 12, 9), "looked"),
        (date(2026, 12, 8), None),
        (date(2026, 12, 7), "reported"),
        (date(2026, 12, 4), None),
        (date(2026, 12, 3), "reported"),
        (date(2026, 12, 2), None),
        (date(2026, 12, 1), "reported"),
        (date(2026, 11, 30), None),
    ],
)
def test_the_usual_reminders_count_working_days(due_soon, last: date, step: str | None) -> None:
    due_on(last)
    reminded(due_soon)
    assert set(Reminder.objects.values_list("waits_for", flat=True)) == ({step} - {None})


def test_whoever_looked_is_not_asked_to_look(due_soon) -> None:
    due_on(date(2026, 12, 9))
    UnitLook.objects.update_or_create(node=due_soon.nodes["TC01"], defaults={"grade": "part"})
    assert reminded(due_soon) == {"TC", "TC02", "TC01A"}


def test_a_receipt_is_asked_for_two_working_days_after_the_letter(due_soon) -> None:
    due_on(date(2026, 12, 31))
    CampaignNode.objects.update(told_at=NOW - timedelta(days=2))
    CampaignNode.objects.filter(pk=due_soon.nodes["TC02"].pk).update(received_at=NOW)
    assert reminded(due_soon) == {"TC", "TC01", "TC01A"}
    assert set(Reminder.objects.values_list("waits_for", flat=True)) == {"received"}


def test_nobody_is_reminded_on_a_day_off(due_soon) -> None:
    due_on(date(2026, 12, 8))
    assert reminded(due_soon, NOW + timedelta(days=3)) == set(), "a Saturday"
    settle(due_soon, days_off=[date(2026, 12, 3)])
    assert reminded(due_soon, NOW + timedelta(days=1)) == set(), "named by the office"
    # Three working days before the eighth are the second, as the third is none.
    assert "TC01" in reminded(due_soon, NOW)


def test_a_calendar_of_its_own_replaces_the_usual_reminders(due_soon, sink) -> None:
    mailbox(due_soon, "TC01")
    signer = due_soon.user("TC01", Role.SIGNER)
    settle(
        due_soon,
        CalendarRule(ReminderOccasion.DUE, 4, ReminderAudience.HEADS, "Gọi <b>số 1</b> nếu cần"),
        CalendarRule(ReminderOccasion.DUE, 3, is_on=False),
    )
    assert reminded(due_soon) == set(), "three days before is switched off"
    assert "TC01" in reminded(due_soon, NOW - timedelta(days=1))
    run_ready()
    mails = {mail["To"]: mail.get_content() for mail in sink.messages()}
    assert {"tc01@coquan.example", signer.email} <= set(mails)
    assert "Gọi <b>số 1</b> nếu cần" in mails[signer.email]
    assert Reminder.objects.filter(words="Gọi <b>số 1</b> nếu cần").exists()


def settle(world: World, *rules: CalendarRule, days_off: Sequence[date] = ()) -> None:
    settle_calendar(
        world.campaign,
        rules or USUAL,
        days_off,
        actor=world.user("TC", Role.LEAD_OWNER),
    )


def test_a_calendar_names_a_reminder_once(world: World) -> None:
    rule = CalendarRule(ReminderOccasion.DUE, 3)
    with pytest.raises(Refused):
        settle(world, rule, rule)
    assert not ReminderRule.objects.exists()


def test_more_time_moves_the_reminder_with_the_deadline(due_soon) -> None:
    slot = ExpectedReport.objects.filter(node=due_soon.nodes["TC01"])
    slot.update(due_at=slot.get().due_at + timedelta(days=7))
    assert reminded(due_soon) == {"TC", "TC02", "TC01A"}


def test_whoever_was_never_told_is_not_reminded(due_soon) -> None:
    CampaignNode.objects.filter(pk=due_soon.nodes["TC02"].pk).update(told_at=None)
    assert reminded(due_soon) == {"TC", "TC01", "TC01A"}


def test_only_the_silent_are_reminded(world: World, sink) -> None:
    mailbox(world, "TC01", "TC02", "TC01A")
    told(world, "TC01", "TC02", "TC01A")
    received(world, "TC02")
    assert remind_silent(world) == 1
    let_time_pass()
    run_ready()
    assert sink.recipients() == ["tc01@coquan.example"]
    body = sink.messages()[0].get_content()
    assert "trước" in body or "before" in body


def test_who_was_told_yesterday_is_not_silent_for_three_days(world: World) -> None:
    told(world, "TC01", days=1)
    with pytest.raises(Refused):
        remind_silent(world)
    assert remind_silent(world, days=0) == 1


def test_one_reminder_a_unit_and_day(world: World, sink) -> None:
    mailbox(world, "TC01")
    told(world, "TC01")
    remind_silent(world)
    with pytest.raises(Refused):
        remind_silent(world)
    let_time_pass()
    run_ready()
    assert (Reminder.objects.count(), len(sink.mails)) == (1, 1)
    Reminder.objects.update(day=timezone.localdate() - timedelta(days=1))
    FollowupMail.objects.update(key="reminder:yesterday")
    assert remind_silent(world) == 1


def test_chosen_units_are_reminded_only_where_they_are_silent_children(world: World) -> None:
    told(world, "TC01", "TC02", "TC01A")
    chosen = [world.nodes["TC02"].pk, world.nodes["TC01A"].pk, 0]
    assert remind_silent(world, chosen=chosen) == 1
    assert Reminder.objects.get().node == world.nodes["TC02"]


def test_silence_is_told_to_the_office_above_once(world: World, sink) -> None:
    compiler = world.user("TC", Role.COMPILER)
    told(world, "TC01", "TC02", days=4)
    told(world, "TC01A", days=1)
    assert escalate(world.campaign) == 2
    assert escalate(world.campaign) == 0
    (event,) = news_of(scope_of(compiler))
    assert event.kind == NewsKind.SILENT
    assert event.about.startswith("2 đơn vị chưa trả lời – ")
    assert event.path == f"/followup/campaigns/{world.campaign.pk}/silent/"
    run_ready()
    assert sink.messages() == []


def test_to_deploy_takes_twice_as_long(world: World) -> None:
    received(world, "TC01")
    CampaignNode.objects.update(received_at=timezone.now() - timedelta(days=5))
    deployed(world, "TC02")
    CampaignNode.objects.filter(pk=world.nodes["TC01A"].pk).update(received_at=None)
    assert escalate(world.campaign) == 0
    CampaignNode.objects.filter(pk=world.nodes["TC01"].pk).update(
        received_at=timezone.now() - timedelta(days=7)
    )
    assert escalate(world.campaign) == 1


def long_due(world: World, *codes: str, days: int = 4, **changed) -> None:
    told(world, *codes, days=20)
    CampaignNode.objects.update(received_at=timezone.now(), deployed_at=timezone.now())
    due_at = timezone.now() - timedelta(days=days)
    nodes = [world.nodes[code] for code in codes]
    ExpectedReport.objects.filter(node__in=nodes).update(due_at=due_at, **changed)


def test_a_report_that_stays_away_is_told_above_once_and_counts_from_its_deadline(
    world: World, client_of, sink
) -> None:
    compiler = world.user("TC", Role.COMPILER)
    long_due(world, "TC01", days=4)
    long_due(world, "TC02", days=2)
    long_due(world, "TC01A", state=ExpectedReportState.EXCUSED)
    assert escalate(world.campaign) == 1
    assert escalate(world.campaign) == 0
    (event,) = news_of(scope_of(compiler))
    assert event.about.startswith("1 đơn vị chưa trả lời – ")
    run_ready()
    assert sink.messages() == []
    told_of = Silence.objects.get()
    assert (told_of.phase, told_of.since) == (world.phase, slot(world, "TC01").due_at)
    address = f"/followup/campaigns/{world.campaign.pk}/silent/"
    client = client_of("TC", Role.COMPILER)
    assert "xã Một" in client.get(address).content.decode()
    assert needs_of_lead(node(world, "TC"))["silent"] == 1
    ExpectedReport.objects.update(due_at=timezone.now() + timedelta(days=1))
    assert "xã Một" not in client.get(address).content.decode()
    assert needs_of_lead(node(world, "TC"))["silent"] == 0


def test_a_signature_that_is_missing_is_told_above_once_the_report_was_accepted(
    world: World,
) -> None:
    came = timezone.now() - timedelta(days=6)
    long_due(world, "TC01", days=4, state=ExpectedReportState.ACCEPTED, reported_at=came)
    # Not accepted yet, it waits for the office above and not for the unit.
    long_due(world, "TC02", days=4, state=ExpectedReportState.SUBMITTED, reported_at=came)
    assert escalate(world.campaign) == 1
    assert escalate(world.campaign) == 0
    assert Silence.objects.get().waits_for == "signed"
    assert remind_silent(world, waits_for="signed", days=5) == 1
    ExpectedReport.objects.update(signed_at=timezone.now(), state=ExpectedReportState.SIGNED)
    assert needs_of_lead(node(world, "TC"))["silent"] == 0
