"""Pages of a running campaign: its materials and who gets them."""

import pytest

from quetsach_portal.campaigns.models.campaign import MaterialPull
from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import added
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_downloads_are_counted_by_unit_and_day(world: World, client_of) -> None:
    material = added(world)
    address = f"/campaigns/{world.campaign.pk}/materials/{material.pk}/file"
    for _time in range(3):
        response = client_of("TC01", Role.FOCAL_POINT).get(address)
        assert response.getvalue().startswith(b"%PDF")
    head = client_of("TC01", Role.FOCAL_POINT).head(address)
    assert (head.status_code, list(head)) == (200, [])
    pull = MaterialPull.objects.get()
    assert (pull.node, pull.count) == (world.nodes["TC01"], 3)
    assert {field.name for field in MaterialPull._meta.fields} == {
        "id",
        "node",
        "material",
        "day",
        "count",
    }


def test_A1_a_stranger_gets_no_material(world: World, client_of) -> None:
    material = added(world)
    address = f"/campaigns/{world.campaign.pk}/materials/{material.pk}/file"
    assert client_of("KH", Role.LEAD_OWNER).get(address).status_code == 404
