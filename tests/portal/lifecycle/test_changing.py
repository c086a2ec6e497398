"""The page asks for a change and takes the answer of a second owner; each unit gets one mail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.models.changes import RunningChange
from quetsach_portal.followup.models import FollowupMail, Silence
from quetsach_portal.jobs.queue import LEASE, enqueue
from quetsach_portal.lifecycle import changing
from quetsach_portal.people.models.news import NewsEvent, NewsKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.signing_in import signed_in
from tests.portal.working import claim, run_ready
from tests.portal.world import World, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    """A campaign that runs, each unit told of it and with an address."""
    made = make_world()
    CampaignNode.objects.update(told_at=timezone.now())
    for code, unit in made.units.items():
        UnitContact.objects.create(unit=unit, mail=f"vt.{code.lower()}@coquan.example")
    return made


def clients(world: World) -> tuple[Client, Client]:
    other = make_user(world.units["TC"], Role.LEAD_OWNER, "hai@coquan.example")
    return signed_in(world.user("TC", Role.LEAD_OWNER)), signed_in(other)


def test_two_owners_pause_and_one_resumes(world: World) -> None:
    first, second = clients(world)
    page = reverse("campaigns:change", args=[world.campaign.pk])
    until = timezone.localdate() + timedelta(days=5)
    asked = {"act": "ask", "kind": "pause", "until": f"{until:%d/%m/%Y}", "reason": "Bão số 9"}
    assert first.post(page, asked).status_code == 302
    assert first.post(page, deciding("confirm")).status_code == 200
    assert Campaign.objects.get().paused_until is None
    assert "Bão số 9" in second.get(page).content.decode()
    assert second.post(page, deciding("confirm")).status_code == 302
    assert Campaign.objects.get().paused_until == until
    run_ready()
    mails = FollowupMail.objects.filter(kind="change")
    assert mails.count() == CampaignNode.objects.count()
    assert all("Bão số 9" in mail.body for mail in mails)
    assert f"{until:%d/%m/%Y}" in first.get(reverse("home")).content.decode()
    assert first.post(page, {"act": "resume"}).status_code == 302
    run_ready()
    assert Campaign.objects.get().paused_until is None
    assert mails.all().count() == 2 * CampaignNode.objects.count()


def deciding(act: str) -> dict[str, str]:
    """What the page sends with a decision on the question that it shows."""
    question = RunningChange.objects.order_by("pk").last()
    return {"act": act, "change": "" if question is None else str(question.pk)}


def test_who_confirms_decides_on_what_was_read(world: World) -> None:
    first, second = clients(world)
    page = reverse("campaigns:change", args=[world.campaign.pk])
    first.post(page, {"act": "ask", "kind": "end", "reason": "Xong sớm"})
    read = deciding("confirm")
    first.post(page, deciding("retract"))
    first.post(page, {"act": "ask", "kind": "cancel", "reason": "Khác"})
    assert second.post(page, read).status_code == 200
    assert Campaign.objects.get().state == CampaignState.LIVE
    assert second.post(page, deciding("confirm")).status_code == 302
    assert Campaign.objects.get().state == CampaignState.CANCELLED


def run_now(kind: str, key: str) -> None:
    enqueue(kind, key=key)
    run_ready()


def test_a_pause_ends_by_the_calendar_and_nobody_is_called_silent_meanwhile(world: World) -> None:
    first, second = clients(world)
    CampaignNode.objects.update(told_at=timezone.now() - timedelta(days=30))
    page = reverse("campaigns:change", args=[world.campaign.pk])
    until = timezone.localdate() + timedelta(days=5)
    asked = {"act": "ask", "kind": "pause", "until": f"{until:%d/%m/%Y}", "reason": "Bão"}
    first.post(page, asked)
    second.post(page, deciding("confirm"))
    run_now("campaigns.end_pauses", "early")
    run_now("followup.escalate", "paused")
    assert Campaign.objects.get().paused_until == until
    assert not Silence.objects.exists()
    Campaign.objects.update(paused_until=timezone.localdate())
    run_now("campaigns.end_pauses", "over")
    run_now("followup.escalate", "running")
    assert Campaign.objects.get().paused_until is None
    assert Silence.objects.exists()


def test_a_cancelled_campaign_leaves_the_first_pages(world: World) -> None:
    first, second = clients(world)
    page = reverse("campaigns:change", args=[world.campaign.pk])
    clerk = signed_in(world.user("TC01", Role.FOCAL_POINT))
    title = world.campaign.title
    assert title in clerk.get(reverse("home")).content.decode()
    first.post(page, {"act": "ask", "kind": "cancel", "reason": "Trùng với tỉnh"})
    second.post(page, deciding("confirm"))
    assert Campaign.objects.get().state == CampaignState.CANCELLED
    assert title not in clerk.get(reverse("home")).content.decode()
    shown = clerk.get(reverse("campaigns:show", args=[world.campaign.pk]))
    assert shown.status_code == 200
    assert first.get(reverse("campaigns:end", args=[world.campaign.pk])).status_code == 200


def test_a_wrong_act_is_refused_and_does_nothing(world: World) -> None:
    first, _second = clients(world)
    page = reverse("campaigns:change", args=[world.campaign.pk])
    for act in ("confirm", "resume", "retract", "nonsense"):
        assert first.post(page, deciding(act)).status_code == 200
    assert first.post(page, {"act": "ask", "kind": "nonsense", "reason": "x"}).status_code == 200
    assert not Campaign.objects.get().changes.exists()


def test_a_second_try_writes_no_news_twice(world: World) -> None:
    first, second = clients(world)
    page = reverse("campaigns:change", args=[world.campaign.pk])
    first.post(page, {"act": "ask", "kind": "end", "reason": "Xong sớm"})
    second.post(page, deciding("confirm"))
    for n in range(2):
        changing.tell_units(claim(f"worker {n}", timezone.now() + 2 * n * LEASE))
    news = NewsEvent.objects.filter(kind=NewsKind.CHANGED)
    assert news.count() == CampaignNode.objects.count()
