"""News of the follow-up, and which mails it takes the place of."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.followup.actions.extending import grant
from quetsach_portal.followup.models import FollowupMail, Reminder
from quetsach_portal.followup.reminders import remind_missing
from quetsach_portal.followup.undoing import undo_reminders
from quetsach_portal.people.models.news import NewsEvent, NewsKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.readers import news_of
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.units.models import UnitContact
from tests.portal.followup.acting import asked, remind_silent, told
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def kinds(world: World, code: str, role: Role) -> list[str]:
    return [str(row.kind) for row in news_of(scope_of(world.user(code, role))).order_by("pk")]


def due_in(world: World, code: str, days: int) -> None:
    told(world, code)
    end = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    due_at = end + timedelta(days=days + 1)
    ExpectedReport.objects.filter(node=world.nodes[code]).update(due_at=due_at)


def written_to(world: World, address: str, days: int) -> int:
    """Return how many mails a unit with this address gets, whose last day is in so many days."""
    UnitContact.objects.create(unit=world.units["TC01"], mail=address)
    due_in(world, "TC01", days)
    assert remind_missing(world.campaign, timezone.now()) == 1
    assert kinds(world, "TC01", Role.CLERK) == ["reminded"]
    return FollowupMail.objects.count()


def test_three_days_before_who_has_an_account_is_told_by_the_digest_alone(world) -> None:
    assert written_to(world, world.user("TC01", Role.CLERK).email, 3) == 0


def test_three_days_before_a_mailbox_without_account_gets_its_own_mail(world) -> None:
    assert written_to(world, "ubnd@xa.example", 3) == 1


@pytest.mark.parametrize("days", [1, -1])
def test_within_a_day_of_the_deadline_and_after_it_the_mail_goes_at_once(world, days) -> None:
    assert written_to(world, world.user("TC01", Role.CLERK).email, days) == 1


def test_a_reminder_by_hand_goes_at_once(world) -> None:
    UnitContact.objects.create(unit=world.units["TC01"], mail=world.user("TC01", Role.CLERK).email)
    told(world, "TC01")
    assert remind_silent(world) == 1
    assert FollowupMail.objects.count() == 1
    assert kinds(world, "TC01", Role.CLERK) == ["reminded"]


def test_the_news_of_a_reminder_that_is_undone_is_gone(world) -> None:
    told(world, "TC01", "TC02")
    assert remind_silent(world) == 2
    first = Reminder.objects.get(node=world.nodes["TC01"])
    owner = world.user("TC", Role.LEAD_OWNER)
    undo_reminders(world.nodes["TC"], first.pk, first.pk, actor=owner)
    assert kinds(world, "TC01", Role.CLERK) == []
    assert kinds(world, "TC02", Role.CLERK) == ["reminded"]


def test_a_question_for_time_is_news_above_and_its_answer_news_below(world) -> None:
    extension = asked(world)
    assert kinds(world, "TC", Role.COMPILER) == ["more-time"]
    page = NewsEvent.objects.get(kind=NewsKind.MORE_TIME).path
    assert page.endswith(f"/{extension.pk}/decide") or str(extension.pk) in page
    owner = world.user("TC", Role.LEAD_OWNER)
    grant(extension, new_due_at=extension.wanted, decision="được", actor=owner)
    assert kinds(world, "TC01", Role.CLERK) == ["deadline"]
    assert kinds(world, "TC", Role.COMPILER) == ["more-time", "deadline"]
    assert "đợt 1" in NewsEvent.objects.filter(kind=NewsKind.DEADLINE).first().about
