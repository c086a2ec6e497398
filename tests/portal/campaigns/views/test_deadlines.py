"""The step of the deadlines: proposed, changed, kept, and never in the past."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.campaigns.level_deadlines import last_day
from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport, Phase
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


def deadline_of(register, code: str) -> date:
    return last_day(ExpectedReport.objects.get(node__unit=register.units[code]).due_at)


def due_in(campaign: Campaign, days: int) -> date:
    """Let the lead office be due in so many days, as its letter says."""
    day = timezone.localdate() + timedelta(days=days)
    last = exclusive(day) - timedelta(seconds=1)
    Phase.objects.filter(campaign=campaign).update(
        due_at=exclusive(day), opens_at=timezone.now() - timedelta(days=90)
    )
    source = {"text": "trước ngày ấy", "place": {"line": 29}}
    campaign.letter = {"due": {"value": last.isoformat(), "source": source}}
    campaign.save()
    return day


def test_what_is_proposed_is_kept_by_one_press(register) -> None:
    campaign = prepared(register)
    day = due_in(campaign, 40)
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/deadlines/"
    page = client.get(address)
    form = page.context["form"]
    assert "due_day" not in form.fields, "the letter names it"
    assert page.context["is_proposed"]
    typed = {name: field.initial for name, field in form.fields.items()}
    assert client.post(address, typed).headers["Location"].endswith("/step")
    assert deadline_of(register, "TC") == day - timedelta(days=1)
    proposed = deadline_of(register, "TC01")
    assert timezone.localdate() < deadline_of(register, "TC01A") < proposed
    assert proposed < day - timedelta(days=1)


def test_a_typed_day_holds_even_on_a_weekend(register) -> None:
    campaign = prepared(register)
    day = due_in(campaign, 40)
    sunday = day - timedelta(days=day.weekday() + 1)
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/deadlines/"
    typed = {"level_1": sunday, "level_2": sunday - timedelta(days=2)}
    client.post(address, typed)
    assert deadline_of(register, "TC01") == sunday - timedelta(days=1)
    assert deadline_of(register, "TC01A") == sunday - timedelta(days=3)


@pytest.mark.parametrize(("level_1", "level_2"), [(0, 0), (-3, -3), (20, 30)])
def test_a_day_that_is_past_or_after_the_level_above_is_refused(
    register, level_1: int, level_2: int
) -> None:
    campaign = prepared(register)
    due_in(campaign, 40)
    before = deadline_of(register, "TC01")
    today = timezone.localdate()
    typed = {
        "level_1": today + timedelta(days=level_1),
        "level_2": today + timedelta(days=level_2),
    }
    page = signed_in(owner(register)).post(f"/campaigns/{campaign.pk}/deadlines/", typed)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert deadline_of(register, "TC01") == before


def test_a_letter_whose_deadline_is_past_is_asked_for_another_and_levels_are_proposed(
    register,
) -> None:
    campaign = prepared(register)
    due_in(campaign, -30)
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/deadlines/"
    assert list(client.get(address).context["form"].fields) == ["due_day"]
    day = timezone.localdate() + timedelta(days=30)
    assert client.post(address, {"due_day": day}).headers["Location"] == address
    assert deadline_of(register, "TC") == day - timedelta(days=1)
    assert timezone.localdate() < deadline_of(register, "TC01") < day - timedelta(days=1)
