"""The one mail of the morning, through the outbox to a real mail server."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertState
from quetsach_portal.jobs.models import Job
from quetsach_portal.mail.message import MailNotNeeded
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import MailSort, NewsEvent, NewsKind, NewsMail
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.news.mail_choices import choose, is_off
from quetsach_portal.people.news.readers import SETTLED
from quetsach_portal.people.news.writing import NewsSubject, mark_group, tell
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.worklist.news import digests
from quetsach_portal.worklist.news.digests import SHOWN, compose, look_at, send_digests
from tests.portal.alerts.alerted import alerted, at
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


class Work:
    """A job that is always renewed."""

    def renew(self) -> None:
        """Do nothing."""


def write(world: World, kind: NewsKind = NewsKind.LETTER, about: str = "36/UBND") -> NewsEvent:
    subject = NewsSubject(f"letter:{NewsEvent.objects.count()}", about, "/letters/1/")
    tell(kind, world.units["TC01"].pk, subject)
    event = NewsEvent.objects.latest("pk")
    event.at -= 2 * SETTLED
    event.save()
    return event


def clerk_of(world: World) -> User:
    return world.user("TC01", Role.CLERK)


def morning(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Run the periodic job at this moment."""
    with monkeypatch.context() as patched:
        patched.setattr(digests.timezone, "now", lambda: now)
        send_digests(Work())
    Job.objects.update(run_after=timezone.now())


def test_news_is_mailed_once_in_the_morning_and_not_again(world, sink, monkeypatch) -> None:
    clerk = clerk_of(world)
    write(world)
    write(world, NewsKind.RETURNED, "xã Một, đợt 1")
    write(world, NewsKind.REMINDED, "xã Một")
    morning(monkeypatch, at(7, 29))
    assert not NewsMail.objects.exists()
    morning(monkeypatch, at(7, 31))
    morning(monkeypatch, at(8, 0))
    run_ready()
    (mail,) = sink.messages()
    assert mail["To"] == clerk.email
    assert mail["Subject"] == "Có 2 tin mới"
    text = mail.get_content()
    assert "- Công văn mới: 36/UBND" in text
    assert "- Cơ quan cấp trên nhắc việc: xã Một" in text
    assert "bị trả lại" not in text
    assert text.count("http://") + text.count("https://") == 2
    morning(monkeypatch, at(7, 31, days=1))
    run_ready()
    assert len(sink.messages()) == 1


@pytest.mark.parametrize("moment", [at(6, 0), at(12, 0), at(7, 45, days=3), at(7, 45, days=4)])
def test_nothing_is_mailed_at_night_after_noon_or_on_days_off(world, monkeypatch, moment) -> None:
    clerk_of(world)
    write(world)
    morning(monkeypatch, moment)
    assert not NewsMail.objects.exists()


def test_what_was_read_meanwhile_or_may_not_be_read_any_more_is_not_mailed(world) -> None:
    clerk = clerk_of(world)
    event = write(world)
    mail = look_at(clerk, timezone.now())
    assert "36/UBND" in compose(mail.pk).body
    Assignment.objects.filter(user=clerk).update(valid_to=timezone.localdate())
    with pytest.raises(MailNotNeeded):
        compose(mail.pk)
    Assignment.objects.filter(user=clerk).update(valid_to=None)
    mark_group(scope_of(clerk), event.key)
    with pytest.raises(MailNotNeeded):
        compose(mail.pk)
    with pytest.raises(MailNotNeeded):
        compose(mail.pk + 1000)


def test_news_committed_later_under_a_smaller_number_is_in_the_next_mail(world) -> None:
    clerk = clerk_of(world)
    pending = write(world, about="36/UBND")
    NewsEvent.objects.all().delete()
    young = write(world, about="37/UBND")
    NewsEvent.objects.update(at=at(7, 31) - SETTLED + timedelta(seconds=1))
    assert look_at(clerk, at(7, 31)) is None
    pending.at = at(7, 31)
    pending.save()
    body = compose(look_at(clerk, at(7, 31, days=1)).pk).body
    assert pending.pk < young.pk
    assert "36/UBND" in body
    assert "37/UBND" in body


def test_an_account_that_is_off_gets_no_mail(world) -> None:
    clerk = clerk_of(world)
    write(world)
    mail = look_at(clerk, timezone.now())
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    with pytest.raises(MailNotNeeded):
        compose(mail.pk)


def test_the_mail_says_by_which_press_it_ends_and_the_press_ends_it(
    world, sink, monkeypatch
) -> None:
    clerk = clerk_of(world)
    write(world)
    morning(monkeypatch, at(7, 31))
    run_ready()
    (mail,) = sink.messages()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
    assert Client().get(path).status_code == 200
    assert not is_off(clerk.email, MailSort.DIGEST)
    Client().post(path, {"List-Unsubscribe": "One-Click"})
    write(world)
    morning(monkeypatch, at(7, 31, days=1))
    run_ready()
    assert len(sink.messages()) == 1


def test_who_only_signs_is_told_once_a_week(world) -> None:
    chief = world.user("TC01", Role.SIGNER)
    write(world)
    mail = look_at(chief, at(7, 31))
    assert (mail.key[4:6], compose(mail.pk).subject) == ("-W", "Có 1 tin mới")
    write(world)
    assert look_at(chief, at(7, 31, days=1)) is None
    NewsEvent.objects.update(at=at(9))
    assert look_at(chief, at(7, 31, days=7)).key != mail.key
    assert is_off(chief.email, MailSort.WEEKLY) is False
    choose(chief, ["machines", "deadlines", "office", "digest"])
    write(world)
    NewsEvent.objects.update(at=at(9, days=13))
    assert look_at(chief, at(7, 31, days=14)) is None


def test_alerts_that_wait_are_told_each_morning_without_machine_or_person(world) -> None:
    technician = world.user("TC01", Role.TECHNICIAN)
    alerted(world, "TC01", count=2)
    NewsEvent.objects.all().delete()
    Alert.objects.update(state=AlertState.TOLD)
    mail = look_at(technician, at(7, 31))
    draft = compose(mail.pk)
    assert draft.subject == "2 cảnh báo chờ trả lời"
    assert "/alerts/" in draft.body
    for alert in Alert.objects.select_related("case__device"):
        device = alert.case.device
        for name in (device.label, device.host_name, device.mac, *device.addresses):
            assert not name or str(name) not in draft.body
    Alert.objects.update(state=AlertState.CLOSED)
    with pytest.raises(MailNotNeeded):
        compose(mail.pk)
    assert look_at(technician, at(7, 31, days=1)) is None


def test_a_long_list_is_cut_and_says_how_much_more(world) -> None:
    clerk = clerk_of(world)
    for _number in range(SHOWN + 3):
        write(world)
    body = compose(look_at(clerk, timezone.now()).pk).body
    assert body.count("- Công văn mới") == SHOWN
    assert "3" in body.split("- Công văn mới")[-1].splitlines()[1]


def test_news_of_long_ago_is_no_reason_for_a_mail(world) -> None:
    clerk = clerk_of(world)
    write(world)
    NewsEvent.objects.update(at=timezone.now() - timedelta(days=9))
    assert look_at(clerk, timezone.now()) is None


def test_the_mail_is_in_the_language_of_its_reader(world) -> None:
    clerk = clerk_of(world)
    User.objects.filter(pk=clerk.pk).update(language="en")
    write(world)
    draft = compose(look_at(clerk, timezone.now()).pk)
    assert (draft.subject, draft.language) == ("1 piece of news", "en")
    assert "- New letter: 36/UBND" in draft.body
