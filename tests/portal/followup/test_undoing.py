"""A reminder waits in the outbox for half an hour and is undone there; what has gone is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.config.jobs import COMPOSERS, OBSERVERS
from quetsach_portal.followup.models import FollowupMail, MailState, Reminder
from quetsach_portal.followup.reminding import candidates_of
from quetsach_portal.followup.undoing import undo_reminders, undoable_of
from quetsach_portal.mail import claims, delivery
from quetsach_portal.mail.claims import DeliveryRound
from quetsach_portal.mail.models import MailQueue, OutboxMail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web import acts
from quetsach_portal.web.acts import Refused
from tests.portal.followup.acting import mailbox, node, remind_silent, told
from tests.portal.mail.delivering import let_time_pass
from tests.portal.working import claim, run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminded(world: World) -> World:
    """Two units with an address that were just reminded."""
    mailbox(world, "TC01", "TC02")
    told(world, "TC01", "TC02")
    remind_silent(world)
    return world


def undo(world: World) -> tuple[int, int]:
    rows = undoable_of(node(world, "TC"))
    first, last = (rows.first, rows.last) if rows.rows else (0, 10**9)
    actor = world.user("TC", Role.COMPILER)
    return undo_reminders(node(world, "TC"), first, last, actor=actor)


def next_mails() -> tuple[DeliveryRound, list[OutboxMail]]:
    """Return a round of delivery at the moment at which it has looked up its next mails."""
    let_time_pass()
    work = claim("a worker")
    assert work is not None
    queue = MailQueue.objects.get(pk=work.payload["queue"])
    return DeliveryRound(queue, work, COMPOSERS, OBSERVERS), delivery.due_mails(
        queue, timezone.now()
    )


def test_nothing_is_sent_for_half_an_hour_and_then_all(reminded: World, sink) -> None:
    run_ready()
    assert sink.messages() == []
    rows = undoable_of(node(reminded, "TC"))
    assert rows.until is not None
    assert timedelta(minutes=29) < rows.until - timezone.now() <= timedelta(minutes=30)
    let_time_pass()
    run_ready()
    assert len(sink.messages()) == 2
    assert undoable_of(node(reminded, "TC")).rows == []
    with pytest.raises(Refused, match="đã gửi đi"):
        undo(reminded)


def test_what_is_undone_is_never_sent_kept_and_can_be_asked_for_again(
    reminded: World, sink
) -> None:
    assert undo(reminded) == (2, 0)
    let_time_pass()
    run_ready()
    assert sink.messages() == []
    assert set(FollowupMail.objects.values_list("state", flat=True)) == {MailState.UNDONE}
    assert Reminder.objects.filter(undone_by=reminded.user("TC", Role.COMPILER)).count() == 2
    assert AuditEvent.objects.filter(action="reminder.undone").count() == 1
    rows = candidates_of(node(reminded, "TC"), waits_for="received", days=3, phase=reminded.phase)
    assert len(rows.silent) == 2
    assert remind_silent(reminded) == 2
    let_time_pass()
    run_ready()
    assert len(sink.messages()) == 2


def test_the_worker_that_has_claimed_a_mail_is_before_the_undo(reminded: World, sink) -> None:
    round_of_mails, mails = next_mails()
    assert len(claims.claim(mails[:1], "token", round_of_mails)) == 1
    assert undo(reminded) == (1, 0), "the page shows one that can be undone"
    first = undoable_of(node(reminded, "TC"))
    assert first.rows == []
    assert sorted(FollowupMail.objects.values_list("state", flat=True)) == ["sending", "undone"]


def test_an_undo_between_the_look_up_and_the_claim_stops_the_mail(reminded: World, sink) -> None:
    round_of_mails, mails = next_mails()
    assert len(mails) == 2
    undo(reminded)
    assert claims.claim(mails, "token", round_of_mails) == set()
    assert set(FollowupMail.objects.values_list("state", flat=True)) == {MailState.UNDONE}


def test_of_two_on_the_page_one_has_gone_meanwhile(reminded: World, sink) -> None:
    rows = undoable_of(node(reminded, "TC"))
    round_of_mails, mails = next_mails()
    claims.claim(mails[:1], "token", round_of_mails)
    actor = reminded.user("TC", Role.COMPILER)
    assert undo_reminders(node(reminded, "TC"), rows.first, rows.last, actor=actor) == (1, 1)


def test_a_unit_without_an_address_has_its_line_taken_away_for_half_an_hour(
    world: World, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(world, "TC01")
    remind_silent(world)
    unit = client_of("TC01", Role.FOCAL_POINT)
    assert "đã nhắc đơn vị" in unit.get("/").content.decode()
    undo(world)
    assert "đã nhắc đơn vị" not in unit.get("/").content.decode()
    remind_silent(world)
    monkeypatch.setattr(acts, "UNDO", timedelta(0))
    assert undoable_of(node(world, "TC")).rows == []
    with pytest.raises(Refused):
        undo(world)


def test_the_pages_show_until_when_and_lead_back_to_the_row(reminded: World, client_of) -> None:
    office = client_of("TC", Role.COMPILER)
    ladder = reverse("followup:ladder", args=[reminded.campaign.pk])
    address = reverse("followup:undo_reminders", args=[reminded.nodes["TC"].pk])
    source = office.get(ladder).content.decode()
    assert "Đã nhắc 2 đơn vị." in source
    assert f'action="{address}"' in source
    assert address not in client_of("TC", Role.AUDITOR).get(ladder).content.decode()
    row = Reminder.objects.order_by("pk")[0]
    answer = office.post(address, {"first": row.pk, "last": row.pk})
    assert answer.headers["Location"].endswith(f"?under={reminded.nodes['TC'].pk}#reminded")
    assert Reminder.objects.filter(undone_at__isnull=True).count() == 1
    source = office.get(ladder).content.decode()
    assert "Đã hoàn tác 1 lời nhắc." in source
    assert "Đã nhắc 1 đơn vị." in source
    assert office.post(address, {"first": "x", "last": "9" * 99}).status_code == 302
    assert Reminder.objects.filter(undone_at__isnull=True).count() == 1
