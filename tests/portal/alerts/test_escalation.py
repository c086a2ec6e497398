"""Silence climbs twice, by working hours; what waits goes out; the digest is one a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.alerts import escalation
from quetsach_portal.alerts.escalation import report_silence, send_digest
from quetsach_portal.alerts.mails import compose
from quetsach_portal.alerts.models import (
    Alert,
    AlertLevel,
    AlertMail,
    AlertState,
    ChannelMessage,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.roles import Role
from tests.portal.alerts.alerted import alerted, at, channel_of, let_time_go_by, node
from tests.portal.cases.rows import RAW
from tests.portal.working import run_ready
from tests.portal.world import World


def look_after() -> None:
    """Run the periodic job."""
    from quetsach_portal.jobs.queue import enqueue

    enqueue("alerts.look_after", key=f"alerts.look_after:{timezone.now().isoformat()}")
    run_ready()


def test_silence_climbs_to_the_office_above_and_then_to_the_lead(world: World, sink) -> None:
    compiler = world.user("TC01", Role.COMPILER).email
    lead = world.user("TC", Role.COMPILER).email
    world.user("TC01A", Role.FOCAL_POINT)
    alerted(world, "TC01A", count=2)
    run_ready()
    let_time_go_by(timedelta(days=5))
    look_after()
    assert set(Alert.objects.values_list("level", flat=True)) == {AlertLevel.PARENT}
    assert sink.recipients().count(compiler) == 1
    look_after()
    assert sink.recipients().count(compiler) == 1
    let_time_go_by(timedelta(days=5))
    look_after()
    assert set(Alert.objects.values_list("level", "due_at")) == {(AlertLevel.LEAD, None)}
    assert sink.recipients().count(lead) == 1


def test_directly_below_the_lead_office_silence_climbs_once(world: World) -> None:
    alerted(world, "TC01")
    let_time_go_by(timedelta(days=5))
    (mail,) = report_silence(node(world, "TC01"), timezone.now())
    assert Alert.objects.get().level == AlertLevel.LEAD
    assert mail.address == world.user("TC", Role.LEAD_OWNER).email
    assert report_silence(node(world, "TC01"), timezone.now()) == []


def test_a_mail_about_a_unit_that_no_mail_reached_does_not_say_that_it_was_told(
    world: World,
) -> None:
    alerted(world, "TC01A")
    (mail,) = report_silence(node(world, "TC01A"), timezone.now())
    never = compose(mail.pk).body
    Alert.objects.update(told_at=timezone.now())
    assert compose(mail.pk).body != never
    assert "Chưa có thư nào đến được đơn vị" in never


def test_who_answered_in_time_is_not_reported(world: World, sink) -> None:
    alerted(world)
    Alert.objects.update(state=AlertState.ANSWERED, answer="found", answered_at=timezone.now())
    let_time_go_by(timedelta(days=5))
    look_after()
    assert Alert.objects.get().level == AlertLevel.UNIT


def test_one_digest_a_morning_of_what_was_told_before(world: World, sink) -> None:
    alerted(world, count=3)
    Alert.objects.update(state=AlertState.TOLD, told_at=at(20, days=-1))
    mail = send_digest(node(world, "TC01"), at(7, 30))
    assert mail is not None
    assert mail.alerts.count() == 3
    assert send_digest(node(world, "TC01"), at(7, 31)) is None
    Alert.objects.update(told_at=at(8))
    assert send_digest(node(world, "TC01"), at(9, days=0)) is None
    assert AlertMail.objects.filter(kind="digest").count() == 1


def test_channels_get_the_digest_once_and_as_thin_as_the_mail(world: World) -> None:
    channel = channel_of(world, "TC01", "json://127.0.0.1/hook")
    channel_of(world, "TC02", "json://127.0.0.1/other")
    alerts = alerted(world, count=2)
    ChannelMessage.objects.all().delete()
    Alert.objects.update(state=AlertState.TOLD, told_at=at(20, days=-1))
    send_digest(node(world, "TC01"), at(7, 30))
    send_digest(node(world, "TC01"), at(7, 31))
    message = ChannelMessage.objects.get()
    assert (message.channel, message.alerts.count()) == (channel, 2)
    for alert in alerts:
        assert alert.case.number in message.text
        for secret in (alert.case.device.label, "xau.example", RAW, "@", "/alert/"):
            assert secret not in message.text


def test_a_unit_without_an_address_gets_the_digest_by_its_channels(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel_of(world, "TC01", "json://127.0.0.1/hook")
    alerted(world)
    ChannelMessage.objects.all().delete()
    Alert.objects.update(state=AlertState.TOLD, told_at=at(20, days=-1))
    monkeypatch.setattr(escalation, "address_in_the_morning", lambda _node: ("", False))
    assert send_digest(node(world, "TC01"), at(7, 30)) is None
    assert send_digest(node(world, "TC01"), at(7, 31)) is None
    assert ChannelMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("now", "goes"),
    [(at(7, 29), 0), (at(7, 30), 1), (at(11, 59), 1), (at(12), 0), (at(8, days=3), 0)],
)
def test_the_digest_goes_out_in_the_morning_of_working_days(
    world: World, monkeypatch: pytest.MonkeyPatch, now, goes: int
) -> None:
    alerted(world)
    Alert.objects.update(state=AlertState.TOLD, told_at=at(9, days=-5), due_at=None)
    monkeypatch.setattr(escalation.timezone, "now", lambda: now)

    class Work:
        def renew(self) -> None:
            """Nothing to prolong."""

    escalation.look_after(Work())
    assert AlertMail.objects.filter(kind="digest").count() == goes


@pytest.mark.parametrize("reach", ["mail", "channel", "nothing"])
def test_only_units_with_something_due_are_locked_in_the_morning(
    world: World, monkeypatch: pytest.MonkeyPatch, reach: str
) -> None:
    if reach == "channel":
        channel_of(world, "TC01", "json://127.0.0.1/hook")
    alerted(world)
    ChannelMessage.objects.all().delete()
    Alert.objects.update(state=AlertState.TOLD, told_at=at(20, days=-1), due_at=None)
    now, this_morning = at(8), at(7, 45)
    monkeypatch.setattr(escalation.timezone, "now", lambda: now)
    if reach != "mail":
        monkeypatch.setattr(escalation, "address_in_the_morning", lambda _node: ("", False))
    locked: list[int] = []
    lock_node = escalation._locked

    def lock(node_id: int) -> CampaignNode:
        locked.append(node_id)
        return lock_node(node_id)

    monkeypatch.setattr(escalation, "_locked", lock)

    class Work:
        def renew(self) -> None:
            """Nothing to prolong."""

    for _minute in range(3):
        escalation.look_after(Work())
    assert len(locked) == (reach != "nothing")
    Alert.objects.update(told_at=this_morning)
    AlertMail.objects.all().delete()
    ChannelMessage.objects.all().delete()
    escalation.look_after(Work())
    assert len(locked) == (reach != "nothing")
