"""The page of the public page's state."""

import pytest

from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.models import ChangeState, WriterRun
from tests.portal.access.publishing import FORM
from tests.portal.publishing.changes import proposed
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_the_form_refuses_what_is_no_address(shown, client_of) -> None:
    chief = client_of("TC", Role.LEAD_OWNER)
    address = f"/public-page/campaigns/{shown.campaign.pk}/page/"
    for wrong in (
        {"address": "http://quetsach.example"},
        {"address": "https://quetsach.example/trang"},
        {"domains": "https://quetsach.example"},
        {"documents": "javascript:alert(1)"},
        {"days_valid": "0"},
    ):
        assert 'class="error-summary"' in chief.post(address, {**FORM, **wrong}).content.decode()
    assert chief.post(address, FORM).status_code == 302


def test_the_button_asks_for_a_job_and_the_state_shows(shown, client_of) -> None:
    chief = client_of("TC", Role.LEAD_OWNER)
    before = Job.objects.filter(kind="publishing.write").count()
    chief.post(f"/public-page/campaigns/{shown.campaign.pk}/write")
    assert Job.objects.filter(kind="publishing.write").count() == before + 1
    WriterRun.objects.create(writer="quetsach_portal.publishing.site.write", problem="Đĩa đầy")
    page = chief.get(f"/public-page/campaigns/{shown.campaign.pk}/").content.decode()
    assert "Đĩa đầy" in page


def test_the_page_shows_both_and_offers_the_button_to_another_alone(shown, owner, second) -> None:
    change = proposed(shown, owner)
    desk = f"/public-page/campaigns/{shown.campaign.pk}/"
    agree = f"/public-page/changes/{change.pk}/agree"
    own = signed_in(owner).get(desk).content.decode()
    assert "https://khac.example" in own
    assert agree not in own
    chief = signed_in(second)
    assert agree in chief.get(desk).content.decode()
    assert "/reauthenticate/" in signed_in(second, minutes_ago=11).post(agree).url
    chief.post(agree)
    change.refresh_from_db()
    assert change.state == ChangeState.AGREED
