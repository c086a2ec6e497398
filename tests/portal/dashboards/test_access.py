"""Who sees what on the dashboards."""

import pytest
from django.utils import timezone

from quetsach_portal.dashboards.gathering import gather
from quetsach_portal.dashboards.pages.ranking import (
    By,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.rows import make_case

pytestmark = pytest.mark.django_db


def test_counts_of_devices_are_for_who_has_a_part_in_cases(world, client_of) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    client = client_of("TC", Role.CLERK)
    assert "Emotet" not in client.get(f"/figures/{world.campaign.pk}/").content.decode()
    assert client.get(f"/figures/{world.campaign.pk}/coverage/").status_code == 403
    page = client.get(f"/figures/{world.campaign.pk}/ranking/?by=verified")
    assert page.context["by"] == By.REPORTED
