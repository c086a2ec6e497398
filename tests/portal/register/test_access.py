"""Who reads the contacts of a unit."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.register.clients import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_A4_an_operator_reads_no_contact(world: World, client_of: ClientOf) -> None:
    UnitContact.objects.create(
        unit=world.units["TC01"], mail="mot@donvi.example", phone="0294 3874 000", person="Nguyễn A"
    )
    address = f"/units/{world.units['TC01'].pk}/"
    for role in (Role.OPERATOR, Role.LEAD_ANALYST, Role.TECHNICIAN, Role.AUDITOR):
        page = client_of("TC01", role).get(address).content.decode()
        assert "mot@donvi.example" not in page
        assert "3874" not in page
        assert "Nguyễn A" not in page
    assert "3874" in client_of("TC01", Role.FOCAL_POINT).get(address).content.decode()
    assert "3874" in client_of("TC", Role.COMPILER).get(address).content.decode()
