"""Pages of log sources: closed to other units, open to who hands in evidence."""

import pytest
from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from tests.portal.intake import rows
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["change_source", "end_source"])
def test_another_unit_finds_nothing_and_changes_nothing(world: World, name: str) -> None:
    source = rows.make_source(world, "TC01")
    client = signed_in(world.user("TC02", Role.FOCAL_POINT))
    address = reverse(f"intake:{name}", args=[source.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "x"}).status_code == 404
    source.refresh_from_db()
    assert source.ended_at is None


def test_an_empty_list_says_so(world: World) -> None:
    client = signed_in(world.user("TC01", Role.TECHNICIAN))
    page = client.get(reverse("intake:sources", args=[world.units["TC01"].pk]))
    assert "Chưa có khai báo nào." in page.content.decode()
