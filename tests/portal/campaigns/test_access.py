"""Who sees and changes the preparation of a campaign."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import PAGES, prepared
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


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
