"""The awareness kit has versions, and downloads are counted for units, never for people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.campaigns.actions.materials import add_material, withdraw_material
from quetsach_portal.campaigns.models.campaign import Material, MaterialPull
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import pdf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def added(world: World, version: str = "1", upload=None) -> Material:
    return add_material(
        world.campaign,
        upload or pdf("ap-phich.pdf"),
        title="Áp phích",
        version=version,
        language="vi",
        kind="poster",
        actor=world.user("TC", Role.LEAD_OWNER),
    )


def test_a_better_one_is_a_new_version_beside_the_old(world: World) -> None:
    first, second = added(world, "1"), added(world, "2")
    with pytest.raises(Refused):
        added(world, "2")
    withdraw_material(first, actor=world.user("TC", Role.LEAD_OWNER))
    assert len(first.sha256) == 64
    assert second.file != first.file


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


@pytest.mark.parametrize(
    "upload",
    [
        ("cong-cu.exe", b"MZ" + b"\0" * 200),
        ("trang.pdf", b"<html><script>alert(1)</script></html>"),
    ],
)
def test_F7_programs_and_pages_are_no_material(world: World, upload) -> None:
    with pytest.raises(Refused):
        added(world, upload=SimpleUploadedFile(*upload))
    assert not Material.objects.exists()
