"""The calendar of reminders is settled on its page, previewed before, and leads on to the start."""

from collections.abc import Mapping
from typing import Any

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.checks import DryRun
from quetsach_portal.followup.models import ReminderCalendar, ReminderRule
from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.signing_in import signed_in
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None) -> World:
    """The register, without a campaign."""
    return make_world(live=False)


def typed(*rows: Mapping[str, Any], **more: str) -> dict[str, Any]:
    form: dict[str, Any] = {"rule-TOTAL_FORMS": len(rows), "rule-INITIAL_FORMS": 0, **more}
    for number, row in enumerate(rows):
        usual = {"occasion": "due", "audience": "unit", "is_on": "on", "words": ""}
        form |= {f"rule-{number}-{name}": text for name, text in {**usual, **row}.items()}
    return form


def test_it_is_kept_and_leads_to_the_start_with_everything_checked(register: World) -> None:
    campaign = prepared(register)
    client, address = signed_in(owner(register)), f"/followup/campaigns/{campaign.pk}/calendar/"
    rows = typed({"days": 4, "words": "Gọi số 1"}, {"occasion": "look", "days": ""}, days_off="")
    rows["rule-1-is_on"] = ""
    made = client.post(address, rows)
    assert made.headers["Location"] == f"/campaigns/{campaign.pk}/start/"
    assert list(ReminderRule.objects.values_list("occasion", "days", "words")) == [
        ("due", 4, "Gọi số 1")
    ]
    assert DryRun.objects.count() == 1
    client.post(address, rows)
    assert DryRun.objects.count() == 1, "nothing changed: it is not checked again"
    assert AuditEvent.objects.filter(action="reminders.settled").count() == 2


def test_a_preview_keeps_nothing_and_shows_days_and_a_mail(world: World, client_of) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    address = f"/followup/campaigns/{world.campaign.pk}/calendar/"
    rows = typed({"days": 2, "words": "Gọi <b>số 1</b>"}, days_off="30/4/2027, 1/5/2027")
    page = client.post(address, {**rows, "act": "preview"})
    assert not ReminderCalendar.objects.exists()
    assert [row.rule.days for row in page.context["days"]] == [2]
    assert all(row.day is not None and row.day.weekday() < 5 for row in page.context["days"])
    assert "Gọi &lt;b&gt;số 1&lt;/b&gt;" in page.content.decode()
    assert client.post(address, rows).headers["Location"] == address
    assert ReminderCalendar.objects.get().days_off == ["2027-04-30", "2027-05-01"]


@pytest.mark.parametrize(
    "wrong",
    [
        typed({"days": 31}, days_off=""),
        typed({"days": ""}, days_off=""),
        typed({"days": 2}, {"days": 2}, days_off=""),
        typed({"days": 2, "occasion": "never"}, days_off=""),
        typed({"days": 2}, days_off="30/2/2027"),
    ],
)
def test_what_cannot_be_is_refused_and_said(world: World, client_of, wrong: Any) -> None:
    address = f"/followup/campaigns/{world.campaign.pk}/calendar/"
    page = client_of("TC", Role.LEAD_OWNER).post(address, wrong)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not ReminderCalendar.objects.exists()


def test_the_usual_reminders_are_shown_before_others_are_kept(world: World, client_of) -> None:
    address = f"/followup/campaigns/{world.campaign.pk}/calendar/"
    page = client_of("TC", Role.LEAD_ANALYST).get(address)
    assert len(page.context["rows"]) == 6
    assert not page.context["settled"].is_saved
    assert 'value="save"' not in page.content.decode()
