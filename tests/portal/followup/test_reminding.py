"""Who is reminded by hand, why others are not, and the sentence that goes with it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.followup.models import FollowupMail, Reminder
from quetsach_portal.followup.reminding import candidates_of
from quetsach_portal.people.models.roles import Role
from tests.portal.followup.acting import mailbox, node, received, told
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def why(world: World, waits_for: str = "received", days: int = 3) -> dict[str, str]:
    with translation.override("vi"):
        rows = candidates_of(node(world, "TC"), waits_for=waits_for, days=days, phase=world.phase)
    return {row.node.unit.code: row.why_not for row in (*rows.silent, *rows.others)}


def test_each_unit_below_is_silent_or_says_why_not(world: World) -> None:
    told(world, "TC01", "TC02", days=5)
    reasons = why(world)
    assert (reasons["TC01"], reasons["TC02"]) == ("", "")
    received(world, "TC01")
    Reminder.objects.create(
        node=world.nodes["TC02"], day=timezone.localdate(), waits_for="received"
    )
    reasons = why(world)
    assert reasons["TC01"].startswith("đã trả lời ngày")
    assert reasons["TC02"].startswith("đã nhắc hôm nay lúc")
    assert why(world, "deployed", 0)["TC01"] == ""
    assert "chưa quá 3 ngày" in why(world, "deployed")["TC01"]
    assert "chưa được tiếp nhận" in why(world, "signed")["TC01"]


def test_units_that_nobody_wrote_to_are_not_silent(world: World) -> None:
    assert set(why(world).values()) == {"công văn chưa phát hành đến đơn vị này"}


def test_a_sentence_of_ones_own_is_previewed_sent_as_quotation_and_bounded(
    world: World, client_of
) -> None:
    told(world, "TC01", "TC02")
    mailbox(world, "TC01")
    client = client_of("TC", Role.COMPILER)
    address = reverse("followup:remind", args=[world.nodes["TC"].pk])
    first = client.get(f"{address}?waits=received&days=3").content.decode()
    assert "chưa có địa chỉ thư" in first, "TC02 has none"
    typed = {"waits": "received", "days": "3", "whom": "chosen", "unit": world.nodes["TC01"].pk}
    typed["words"] = "Xong trước 04/12\nBcc: a@x.example <b>"
    shown = client.post(address, {**typed, "act": "preview"}).content.decode()
    assert "nhắn: “Xong trước 04/12 Bcc: a@x.example &lt;b&gt;”" in shown
    assert not Reminder.objects.exists()
    assert client.post(address, {**typed, "act": "send", "words": "x" * 301}).status_code == 200
    assert not Reminder.objects.exists()
    assert client.post(address, {**typed, "act": "send"}).status_code == 302
    sent = Reminder.objects.get()
    assert sent.words == "Xong trước 04/12 Bcc: a@x.example <b>"
    mail = FollowupMail.objects.get()
    assert "nhắn: “Xong trước" in mail.body
    assert "\nBcc:" not in mail.body + mail.subject
    unit = client_of("TC01", Role.FOCAL_POINT).get("/").content.decode()
    assert "“Xong trước 04/12 Bcc: a@x.example &lt;b&gt;”" in unit


def test_in_a_pause_there_is_no_button(world: World, client_of) -> None:
    told(world, "TC01")
    Campaign.objects.update(paused_until=timezone.localdate() + timedelta(days=3))
    rows = candidates_of(node(world, "TC"), waits_for="received", days=0, phase=None)
    assert rows.paused_until is not None
