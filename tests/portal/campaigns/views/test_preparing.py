"""Pages of the preparation: few queries, one next task, nothing for those outside."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, Phase
from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import owner, prepared, rehearsed, second_owner
from tests.portal.signing_in import signed_in
from tests.portal.world import World, make_unit, make_world

pytestmark = pytest.mark.django_db

PAGES = (
    *("", "setup/", "setup/basics/", "setup/tasks/", "setup/appendix/", "phases/", "phases/new/"),
    *("tree/", "tree/freeze/", "contacts/", "release/", "materials/", "materials/new/"),
    *("dry-run/", "start/", "end/", "checks/"),
)


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


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


@pytest.mark.parametrize("page", PAGES)
def test_A1_what_is_prepared_is_not_there_for_units(register, page: str) -> None:
    campaign = prepared(register)
    for code, role in (
        ("TC01", Role.COMPILER),
        ("TC01A", Role.FOCAL_POINT),
        ("KH", Role.LEAD_OWNER),
    ):
        client = signed_in(register.user(code, role))
        assert client.get(f"/campaigns/{campaign.pk}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["setup/", "tree/", "contacts/", "dry-run/"])
def test_queries_do_not_grow_with_the_tree(register, page: str) -> None:
    client = signed_in(owner(register))
    counted = []
    for _time in range(2):
        campaign = prepared(register, contacts=not counted)
        address = f"/campaigns/{campaign.pk}/{page}"
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counted.append(len(caught))
        for number in range(0 if counted[1:] else 30):
            make_unit(f"Z{number}", register.units["TC"])
    assert counted[0] == counted[1] <= 22


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
    assert page.count("<tr>") >= 4
    assert Phase.objects.get().level_lead_days == {"1": 2, "2": 4}


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_day": "2001-01-01"},
        {"lead_1": "5", "lead_2": "2"},
        {"lead_1": "60"},
        {"locks_day": "2001-01-01"},
        {"due_day": "x"},
    ],
)
def test_deadlines_that_nobody_can_keep_are_refused(register, wrong) -> None:
    campaign, day = prepared(register), timezone.localdate()
    form = {"opens_day": day, "due_day": day + timedelta(days=40), **wrong}
    client = signed_in(owner(register))
    page = client.post(f"/campaigns/{campaign.pk}/phases/new/", form)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert Phase.objects.count() == 1


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
