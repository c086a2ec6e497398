"""Taking the page down: asked with a reason, and the plane says so instead of all pages."""

from functools import partial

import pytest

from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import actions, queries, site
from quetsach_portal.publishing.retention import purge
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from quetsach_public.pages.site import read_site
from tests.portal import working

pytestmark = pytest.mark.django_db


def run_ready() -> None:
    """Run what is ready; of the public folder one part alone is written."""
    only = [one for one in WRITERS if one.write is site.write_site]
    working.run_ready(handlers={WRITE: partial(write_folder, writers=only)})


def test_a_page_is_closed_with_a_reason_and_shown_again(shown, owner, folder, client_of) -> None:
    run_ready()
    assert not read_site(folder / "site").is_closed
    chief, campaign = client_of("TC", Role.LEAD_OWNER), shown.campaign
    address = f"/public-page/campaigns/{campaign.pk}/"
    assert "error-summary" in chief.post(f"{address}close/", {"reason": " "}).content.decode()
    assert PublicPage.objects.get().is_shown
    assert chief.post(f"{address}close/", {"reason": "Danh sách sai"}).status_code == 302
    run_ready()
    site = read_site(folder / "site")
    assert site.is_closed
    assert "Phòng Văn hóa" in site.pages["/"].plain.decode()
    assert "Danh sách sai" not in site.pages["/"].plain.decode()
    assert "Danh sách sai" in chief.get(address).content.decode()
    (part,) = queries.parts()
    assert (str(part.what), part.run.problem) == ("Thông báo trang đã đóng", "")
    actions.show(campaign, actor=owner)
    run_ready()
    assert not read_site(folder / "site").is_closed
    assert PublicPage.objects.get().closed_at is None


def test_an_archived_campaigns_page_is_closed(shown, folder) -> None:
    run_ready()
    purge(shown.campaign)
    run_ready()
    assert read_site(folder / "site").is_closed
