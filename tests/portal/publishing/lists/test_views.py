"""The pages of a list, from the file to its use."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.models import ListState, PublicList
from tests.portal.publishing.lists.handed import RANGES, write_table_alone

pytestmark = pytest.mark.django_db


def test_the_desk_hands_in_and_the_owner_takes_over_by_pages(shown, client_of) -> None:
    analyst, chief = client_of("TC", Role.LEAD_ANALYST), client_of("TC", Role.LEAD_OWNER)
    address = f"/public-page/campaigns/{shown.campaign.pk}/lists/ranges/"
    file = SimpleUploadedFile("delegated.csv", RANGES)
    assert analyst.post(address, {"file": file, "country": "VN"}).status_code == 302
    write_table_alone()
    one = PublicList.objects.get()
    assert analyst.post(f"/public-page/lists/{one.pk}/take").status_code == 403
    chief.post(f"/public-page/lists/{one.pk}/take")
    one.refresh_from_db()
    assert one.state == ListState.TAKEN
    index = chief.get(f"/public-page/campaigns/{shown.campaign.pk}/").content.decode()
    assert "delegated.csv" in index
