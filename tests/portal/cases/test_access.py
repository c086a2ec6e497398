"""Who sees a machine by name, and who only its counts."""

import pytest
from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


SECRETS = ("192.0.2.11", "Máy bí mật", "198.51.100.7", "bí mật")


@pytest.mark.parametrize("role", [Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER])
def test_no_page_above_a_unit_names_its_machines(
    role: Role, world: World, client_of: ClientOf
) -> None:
    closed = rows.make_closed(world, "TC01")
    batch = rows.make_batch(world, "TC01")
    alarm = rows.make_alarm(world, "TC01")
    client = client_of("TC", role)
    addresses = [
        reverse("cases:counts_of", args=[world.nodes["TC"].pk]),
        reverse("cases:counts_of", args=[world.nodes["TC01"].pk]),
        reverse("cases:checks") + "?all",
        reverse("cases:check", args=[closed.pk]),
        reverse("cases:alarms"),
        reverse("cases:decide", args=[alarm.pk]),
        reverse("cases:show", args=[closed.pk]),
        reverse("cases:batch", args=[batch.pk]),
        reverse("cases:batch_csv", args=[batch.pk]),
    ]
    opened = 0
    for address in addresses:
        page = client.get(address)
        text = page.content.decode()
        opened += page.status_code == 200
        assert not [one for one in SECRETS if one in text], address
    assert opened >= 2


def test_the_lead_office_sees_no_device_in_its_own_ledger_and_the_focal_point_does(
    world: World, client_of: ClientOf
) -> None:
    batch = rows.make_batch(world, "TC")
    for name in ("cases:batch", "cases:batch_csv"):
        address = reverse(name, args=[batch.pk])
        faceless = client_of("TC", Role.LEAD_OWNER).get(address).content.decode()
        assert "198.51.100.7" in faceless
        assert "192.0.2.11" not in faceless
        whole = client_of("TC", Role.FOCAL_POINT).get(address).content.decode()
        assert "192.0.2.11" in whole
