"""Each role has its own lists on the first page."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.access import cases as cases_rows
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_technician_sees_the_devices_of_the_own_unit(world: World, client_of: SignIn) -> None:
    case = cases_rows._case(world, "TC01")["case_id"]
    other = cases_rows._case(world, "TC02")["case_id"]
    source = page(client_of("TC01", Role.TECHNICIAN))
    assert f'<a href="/cases/{case}/">' in source
    assert f"/cases/{other}/" not in source
