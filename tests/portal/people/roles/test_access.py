"""Who may give and lend which role where, and read addresses."""

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles import access, actions
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.people.roles.lending import seat_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.LEAD_OWNER, Role.TECHNICIAN, Role.AUDITOR, Role.OPERATOR])
def test_other_roles_are_not_lent(world: World, role: Role) -> None:
    holder = world.user("TC01", role)
    day = timezone.localdate()
    with pytest.raises(Refused):
        actions.lend(
            seat_of(holder),
            to=world.user("TC01", Role.CLERK),
            first_day=day,
            last_day=day,
            actor=holder,
        )


def test_what_is_lent_is_not_passed_on_and_gives_no_rights_to_others(
    world: World, client_of
) -> None:
    focal = world.user("TC01", Role.FOCAL_POINT)
    day = timezone.localdate()
    lent = actions.lend(
        seat_of(focal),
        to=world.user("TC01", Role.TECHNICIAN),
        first_day=day,
        last_day=day,
        actor=focal,
    )
    with pytest.raises(Refused):
        actions.lend(
            lent,
            to=world.user("TC01", Role.CLERK),
            first_day=day,
            last_day=day,
            actor=world.user("TC01", Role.TECHNICIAN),
        )
    acting = client_of("TC01", Role.TECHNICIAN)
    assert acting.get(f"/people/unit/{world.units['TC01'].pk}/invite").status_code == 403


READS_ADDRESSES = {Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT, Role.CLERK}


@pytest.mark.parametrize("role", list(Role))
def test_A4_addresses_are_read_by_who_needs_them_and_by_no_operator(
    world: World, client_of, role: Role
) -> None:
    technician = world.user("TC01", Role.TECHNICIAN)
    shown = client_of("TC01", role).get("/people/").content.decode()
    assert technician.name in shown
    assert (technician.email in shown) == (role in READS_ADDRESSES)


@pytest.mark.parametrize("role", list(Role))
def test_A4_contacts_of_a_unit_below_are_for_its_direct_parent(world: World, role: Role) -> None:
    scope = scope_of(world.user("TC", role))
    reads = {Role.LEAD_OWNER, Role.COMPILER}
    assert access.may_read_contacts(scope, world.units["TC01"]) == (role in reads)
    assert not access.may_read_contacts(scope, world.units["TC01A"])
    assert not access.may_read_contacts(scope, world.units["KH"])


# campaign.md, section 4: "Manage users of own node / direct children".
OWN = {"LO": "LO LA OP CO FP SG CK TE AU", "CO": "CO FP SG CK TE", "FP": "FP SG CK TE", "OP": "LO"}

CHILD = {"LO": "CO FP SG CK TE AU", "CO": "CO FP SG CK TE"}


@pytest.mark.parametrize("role", list(Role))
def test_A1_who_may_give_which_role_where_is_the_table_of_roles(world: World, role: Role) -> None:
    scope = scope_of(world.user("TC", role))
    gives = {code: access.may_give(scope, unit) for code, unit in world.units.items()}
    assert gives == {
        "TC": set(OWN.get(role, "").split()),
        "TC01": set(CHILD.get(role, "").split()),
        "TC02": set(CHILD.get(role, "").split()),
        "TC01A": set(),
        "KH": set(),
    }
