"""Pages of the preparation: few queries, one next task, nothing for those outside."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, Phase
from tests.portal.campaigns.acting import PAGES, owner, prepared, rehearsed, second_owner
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_owner_in_both_languages(register, page: str) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    client = signed_in(owner(register))
    for language in ("vi", "en"):
        user = owner(register)
        user.language = language
        user.save()
        response = client.get(f"/campaigns/{campaign.pk}/{page}", follow=True)
        assert response.status_code == 200
        assert response.headers["Content-Language"] == language
        assert "<h1>" in response.content.decode()


def test_the_way_from_nothing_to_a_running_campaign(register) -> None:
    client, day = signed_in(owner(register)), timezone.localdate()
    made = client.post(
        "/campaigns/new/", {"title": "Chiến dịch", "legal_basis": "CV 1", "goal": ""}
    )
    campaign = Campaign.objects.get()
    base = f"/campaigns/{campaign.pk}"
    assert made.headers["Location"] == f"{base}/setup/"
    client.post(f"{base}/setup/tasks/", {"tasks": "Một\n\nHai\r\n\r\nBa"})
    form = {"opens_day": day, "due_day": day + timedelta(days=40), "lead_1": 2, "lead_2": 4}
    assert client.post(f"{base}/phases/new/", form).status_code == 302
    client.post(f"{base}/tree/freeze/", {"day": day, "first": "territory", "lines": ["territory"]})
    campaign.refresh_from_db()
    assert campaign.tasks == ["Một", "Hai", "Ba"]
    assert campaign.tree_rev == 1
    page = client.get(f"{base}/phases/").content.decode()
    assert page.count("<tr") >= 4
    assert Phase.objects.get().level_lead_days == {"1": 2, "2": 4}


def test_A6_the_start_asks_again_who_is_there(register) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    address = f"/campaigns/{campaign.pk}/start/"
    old = signed_in(owner(register), minutes_ago=11).post(address)
    assert "reauthenticate" in old.headers["Location"]
    assert signed_in(owner(register)).post(address).headers["Location"] == address
    campaign.refresh_from_db()
    assert campaign.start_asked_by == owner(register)
    signed_in(second_owner(register)).post(address)
    campaign.refresh_from_db()
    assert campaign.state == "live"


def test_A2_the_state_is_not_taken_from_a_form(register) -> None:
    campaign = prepared(register)
    form = {
        "title": "Mới",
        "legal_basis": "x",
        "goal": "",
        "page_url": "",
        "state": "live",
        "lead_unit": register.units["KH"].pk,
        "started_by": owner(register).pk,
    }
    client = signed_in(owner(register))
    assert client.post(f"/campaigns/{campaign.pk}/setup/basics/", form).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.title, campaign.state) == ("Mới", "draft")
    assert campaign.lead_unit == register.units["TC"]


def test_hostile_words_are_words(register) -> None:
    campaign = prepared(register)
    Campaign.objects.update(
        title="<script>alert(1)</script>{{ 7*7 }}", tasks=["<img src=x onerror=alert(1)>"]
    )
    client = signed_in(owner(register))
    for page in ("setup/", "setup/tasks/", "start/"):
        text = client.get(f"/campaigns/{campaign.pk}/{page}").content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
