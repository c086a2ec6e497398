"""The awareness kit has versions, and downloads are counted for units, never for people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.campaigns.actions.materials import withdraw_material
from quetsach_portal.campaigns.models.campaign import Material
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import added
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_better_one_is_a_new_version_beside_the_old(world: World) -> None:
    first, second = added(world, "1"), added(world, "2")
    with pytest.raises(Refused):
        added(world, "2")
    withdraw_material(first, actor=world.user("TC", Role.LEAD_OWNER))
    assert len(first.sha256) == 64
    assert second.file != first.file


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
