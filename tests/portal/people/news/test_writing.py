"""News is written with its act, and forgotten."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.people.models.news import NewsEvent, NewsKind, NewsMail, NewsReading
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.readers import KEPT
from quetsach_portal.people.news.writing import (
    NewsSubject,
    forget_campaign,
    mark_group,
    tell,
    tell_many,
)
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def test_news_of_an_act_that_fails_is_not_there(world) -> None:
    class FailedError(Exception):
        pass

    with pytest.raises(FailedError), transaction.atomic():
        tell(NewsKind.LETTER, world.units["TC01"].pk, NewsSubject("letter:1", "1/UBND", "/"))
        raise FailedError
    assert not NewsEvent.objects.exists()


def test_a_subject_is_one_line_of_bounded_length(world) -> None:
    subject = NewsSubject("letter:1", "V/v\r\nBcc: x " + "a" * 300, "/letters/1/")
    tell(NewsKind.LETTER, world.units["TC01"].pk, subject)
    about = NewsEvent.objects.get().about
    assert about.startswith("V/v Bcc: x aaa")
    assert len(about) == 200


def test_many_units_are_told_by_few_statements(world, django_assert_max_num_queries) -> None:
    subject = NewsSubject("letter:1", "1/UBND", "/letters/1/")
    units = [world.units["TC01"].pk] * 1500
    with django_assert_max_num_queries(15):
        tell_many(NewsKind.LETTER, [(unit, subject) for unit in units], campaign_id=7)
    assert NewsEvent.objects.filter(campaign_no=7).count() == 1500


def test_the_news_of_a_campaign_goes_with_it_and_with_what_was_read(world) -> None:
    unit = world.units["TC01"].pk
    tell(NewsKind.MACHINE, unit, NewsSubject("case:1", "VV-1", "/"), campaign_id=7)
    tell(NewsKind.MACHINE, unit, NewsSubject("case:2", "VV-2", "/"), campaign_id=8)
    mark_group(scope_of(world.user("TC01", Role.TECHNICIAN)), "case:1")
    assert forget_campaign(7) == {"news": 1}
    assert not NewsReading.objects.exists()
    assert NewsEvent.objects.get().campaign_no == 8


def test_after_90_days_news_and_the_rows_of_its_mails_are_gone(world) -> None:
    user = world.user("TC01", Role.TECHNICIAN)
    tell(NewsKind.MACHINE, world.units["TC01"].pk, NewsSubject("case:1", "VV-1", "/"))
    mail = NewsMail.objects.create(user=user, key="2026-01-05", after=0, until=1)
    outbox.enqueue(MailPurpose.NEWS, mail.pk, user.email, key=f"news:{mail.pk}")
    run_forget()
    assert NewsEvent.objects.count() == NewsMail.objects.count() == 1
    old = timezone.now() - KEPT - timedelta(minutes=1)
    NewsEvent.objects.update(at=old)
    NewsMail.objects.update(made_at=old)
    run_forget()
    assert NewsEvent.objects.count() == NewsMail.objects.count() == 0
    assert not OutboxMail.objects.exists()


def run_forget() -> None:
    from quetsach_portal.jobs.queue import enqueue

    enqueue("people.forget_news", key=f"test:{timezone.now().timestamp()}", payload={})
    run_ready(handlers={"mail.deliver": lambda work: None})
