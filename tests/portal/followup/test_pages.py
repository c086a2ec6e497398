"""What the address of a page asks for; what makes no sense counts as not asked."""

import pytest

from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["?under=0", "?under=x", "?phase=99", "?days=-1", "?page=-3"])
def test_what_makes_no_sense_in_the_address_is_no_fault(world, client_of, query) -> None:
    for name in ("ladder", "completeness"):
        response = client_of("TC", Role.COMPILER).get(
            f"/followup/campaigns/{world.campaign.pk}/{name}/{query}"
        )
        assert response.status_code in (200, 404)
