"""Only the silent are reminded, once a day; who stays silent is told to the office above, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.config.jobs import COMPOSERS, OBSERVERS
from quetsach_portal.followup.models import FollowupMail, MailState, Reminder, Silence
from quetsach_portal.followup.reminders import escalate, remind
from quetsach_portal.followup.tasks import needs_of_lead, tasks_of
from quetsach_portal.mail import delivery
from quetsach_portal.mail.delivery import DeliveryRound
from quetsach_portal.mail.models import MailPurpose, MailQueue
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.followup.acting import deployed, mailbox, node, received, slot, told
from tests.portal.mail.delivering import let_time_pass, message_ids
from tests.portal.working import claim, run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def reminded(world: World, **changed) -> int:
    given = {"waits_for": "received", "days": 3, "phase": world.phase, "chosen": None, **changed}
    return remind(node(world, "TC"), actor=world.user("TC", Role.COMPILER), **given)


def test_only_the_silent_are_reminded(world: World, sink) -> None:
    mailbox(world, "TC01", "TC02", "TC01A")
    told(world, "TC01", "TC02", "TC01A")
    received(world, "TC02")
    assert reminded(world) == 1
    run_ready()
    assert sink.recipients() == ["tc01@coquan.example"]
    body = sink.messages()[0].get_content()
    assert "trước" in body or "before" in body


def test_who_was_told_yesterday_is_not_silent_for_three_days(world: World) -> None:
    told(world, "TC01", days=1)
    with pytest.raises(Refused):
        reminded(world)
    assert reminded(world, days=0) == 1


def test_one_reminder_a_unit_and_day(world: World, sink) -> None:
    mailbox(world, "TC01")
    told(world, "TC01")
    reminded(world)
    with pytest.raises(Refused):
        reminded(world)
    run_ready()
    assert (Reminder.objects.count(), len(sink.mails)) == (1, 1)
    Reminder.objects.update(day=timezone.localdate() - timedelta(days=1))
    FollowupMail.objects.update(key="reminder:yesterday")
    assert reminded(world) == 1


def test_chosen_units_are_reminded_only_where_they_are_silent_children(world: World) -> None:
    told(world, "TC01", "TC02", "TC01A")
    chosen = [world.nodes["TC02"].pk, world.nodes["TC01A"].pk, 0]
    assert reminded(world, chosen=chosen) == 1
    assert Reminder.objects.get().node == world.nodes["TC02"]


def test_a_unit_without_an_address_still_sees_it_among_its_tasks(world: World) -> None:
    told(world, "TC01")
    assert reminded(world) == 1
    assert not FollowupMail.objects.exists()
    assert tasks_of(node(world, "TC01")).reminded_at is not None


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC", Role.COMPILER, 302),
        ("TC", Role.LEAD_OWNER, 302),
        ("TC", Role.AUDITOR, 403),
        ("TC01", Role.COMPILER, 404),
        ("KH", Role.COMPILER, 404),
    ],
)
def test_A1_who_reminds(world: World, client_of, code, role, status) -> None:
    told(world, "TC01")
    form = {"waits": "received", "days": "3", "whom": "all"}
    address = f"/followup/units/{world.nodes['TC'].pk}/remind/"
    assert client_of(code, role).post(address, form).status_code == status
    assert Reminder.objects.exists() is (status == 302)


def test_C1_a_name_with_line_breaks_makes_no_header(world: World, sink) -> None:
    mailbox(world, "TC01")
    told(world, "TC01")
    world.campaign.title = "Chiến dịch\r\nBcc: x@y.example"
    world.campaign.save()
    reminded(world)
    run_ready()
    (sent,) = sink.messages()
    assert "Bcc" not in sent
    assert sink.recipients() == ["tc01@coquan.example"]
    assert FollowupMail.objects.get().state == MailState.SENT


def test_silence_is_told_to_the_office_above_once(world: World, sink) -> None:
    compiler = world.user("TC", Role.COMPILER)
    told(world, "TC01", "TC02", days=4)
    told(world, "TC01A", days=1)
    assert escalate(world.campaign) == 2
    assert escalate(world.campaign) == 0
    run_ready()
    (sent,) = sink.messages()
    assert sent["To"] == compiler.email
    assert "xã Một" in sent.get_content()
    assert "xã Hai" in sent.get_content()


def test_a_unit_that_answers_leaves_the_list(world: World, client_of) -> None:
    told(world, "TC01", "TC02", days=4)
    escalate(world.campaign)
    received(world, "TC01")
    page = client_of("TC", Role.COMPILER).get(f"/followup/campaigns/{world.campaign.pk}/silent/")
    assert "xã Hai" in page.content.decode()
    assert "xã Một" not in page.content.decode()
    assert Silence.objects.count() == 2


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
    run_ready()
    (sent,) = sink.messages()
    assert sent["To"] == compiler.email
    assert "xã Một: " in sent.get_content()
    assert "xã Hai" not in sent.get_content()
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
    assert reminded(world, waits_for="signed", days=5) == 1
    ExpectedReport.objects.update(signed_at=timezone.now(), state=ExpectedReportState.SIGNED)
    assert needs_of_lead(node(world, "TC"))["silent"] == 0


def three_mails(world: World) -> None:
    mailbox(world, "TC01", "TC02")
    told(world, "TC01", "TC02")
    reminded(world)


def states() -> list[str]:
    return list(FollowupMail.objects.order_by("pk").values_list("state", flat=True))


def later() -> None:
    let_time_pass()
    run_ready()


def test_C2_a_server_that_says_later_gets_each_mail_once(world: World, sink) -> None:
    three_mails(world)
    sink.recipient_reply = lambda address: "451 later"
    run_ready()
    assert states() == [MailState.QUEUED, MailState.QUEUED]
    assert set(FollowupMail.objects.values_list("attempts", "problem")) == {(1, "451 later")}
    sink.recipient_reply = lambda address: ""
    later()
    assert states() == [MailState.SENT, MailState.SENT]
    assert sink.by_id() == message_ids()
    assert set(FollowupMail.objects.values_list("problem", flat=True)) == {""}


def test_C2_a_refusal_for_good_is_not_tried_again(world: World, sink) -> None:
    three_mails(world)
    sink.recipient_reply = lambda address: "550 no such user" if "tc01" in address else ""
    run_ready()
    sink.recipient_reply = lambda address: ""
    later()
    assert states() == [MailState.FAILED, MailState.SENT]
    assert sink.recipients() == ["tc02@coquan.example"]


def test_C2_a_line_that_breaks_leaves_a_row_in_doubt_and_never_sends_it_again(
    world: World, sink
) -> None:
    three_mails(world)
    sink.data_reply = lambda address: "cut" if "tc01" in address else ""
    run_ready()
    sink.data_reply = lambda address: ""
    later()
    assert states() == [MailState.IN_DOUBT, MailState.SENT]
    assert sink.recipients() == ["tc02@coquan.example"]


def test_C2_a_worker_killed_between_claim_and_answer_sends_nothing_twice(
    world: World, sink
) -> None:
    three_mails(world)
    work = claim("a worker that will be killed")
    assert work is not None
    queue = MailQueue.objects.get(pk=work.payload["queue"])
    killed = DeliveryRound(queue, work, COMPOSERS, OBSERVERS)
    assert delivery.claim(delivery.due_mails(queue, timezone.now())[:1], "token", killed)
    assert states() == [MailState.SENDING, MailState.QUEUED]
    later()
    assert states() == [MailState.IN_DOUBT, MailState.SENT]
    assert sink.recipients() == ["tc02@coquan.example"]


def test_E1_without_a_mail_server_reminders_wait(world: World, settings, capsys) -> None:
    settings.EMAIL_HOST = ""
    three_mails(world)
    run_ready()
    assert states() == [MailState.QUEUED, MailState.QUEUED]
    assert "QUETSACH_SMTP_HOST" in MailQueue.objects.get(name=MailPurpose.FOLLOWUP).problem
    assert "coquan.example" not in capsys.readouterr().out


def test_mails_that_failed_are_listed_for_who_reminds_and_for_nobody_else(
    world: World, sink, client_of
) -> None:
    three_mails(world)
    sink.recipient_reply = lambda address: "550 no such user" if "tc01" in address else ""
    run_ready()
    failed, sent = FollowupMail.objects.order_by("pk")
    address = f"/followup/campaigns/{failed.node.campaign_id}/mails/"
    page = client_of("TC", Role.COMPILER).get(address).content.decode()
    assert failed.address in page
    assert "no such user" in page
    assert sent.address not in page
    assert client_of("TC", Role.AUDITOR).get(address).status_code == 403
