"""Pages of public figures, for the lead office and for everybody."""

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.figures import actions
from quetsach_portal.publishing.models import PublicFigures
from tests.portal.publishing.figures.shown import published

pytestmark = pytest.mark.django_db


def test_nothing_is_open_before_it_is_published(sized, owner) -> None:
    actions.prepare(sized.campaign, text="", actor=owner)
    assert Client().get(f"/public/{sized.campaign.pk}/").status_code == 404
    assert Client().get(f"/public/{sized.campaign.pk}/figures.json").status_code == 404


def test_the_open_page_needs_no_sign_in_and_sets_no_cookie(sized, owner) -> None:
    published(sized, owner)
    for address in ("/public/", f"/public/{sized.campaign.pk}/"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=300"
    page = Client().get(f"/public/{sized.campaign.pk}/").content.decode()
    assert "Kết quả tuần đầu." in page
    assert "dưới 10" in page


def test_the_analyst_prepares_and_the_owner_publishes_by_pages(sized, client_of) -> None:
    address = f"/public-figures/campaigns/{sized.campaign.pk}/"
    analyst, chief = client_of("TC", Role.LEAD_ANALYST), client_of("TC", Role.LEAD_OWNER)
    analyst.post(f"{address}prepare/", {"text": ""})
    figures = PublicFigures.objects.get()
    publish = f"/public-figures/{figures.pk}/publish"
    assert analyst.post(publish, {"sha256": figures.sha256}).status_code == 403
    assert figures.sha256 in chief.get(address).content.decode()
    chief.post(publish, {"sha256": figures.sha256})
    assert Client().get(f"/public/{sized.campaign.pk}/").status_code == 200
