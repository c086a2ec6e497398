"""The pages of people: what each role reads there, and how many queries it takes."""

import pytest

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles import access
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.signing_in import signed_in
from tests.portal.world import World, make_unit, make_user

pytestmark = pytest.mark.django_db

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


def test_the_list_of_people_takes_the_same_queries_for_three_and_for_sixty(
    world: World, client_of, django_assert_max_num_queries
) -> None:
    client = client_of("TC", Role.COMPILER)
    for number in range(60):
        make_user(world.units["TC"], Role.TECHNICIAN, f"kt{number}@tc.example")
        unit = make_unit(f"X{number}", world.units["TC"])
        make_user(unit, Role.FOCAL_POINT)
    with django_assert_max_num_queries(12):
        page = client.get("/people/")
    assert page.content.decode().count("kt5") > 5
    assert "page=2" in page.content.decode()


def test_units_below_show_whether_anybody_is_there(world: World, client_of) -> None:
    world.user("TC01", Role.FOCAL_POINT)
    shown = client_of("TC", Role.COMPILER).get("/people/").content.decode()
    assert "Ủy ban nhân dân xã Một" in shown
    assert "chưa có ai" in shown


def test_a_hostile_name_is_shown_as_text(world: World, client_of) -> None:
    User.objects.filter(pk=world.user("TC01", Role.CLERK).pk).update(
        name="<script>alert(1)</script>"
    )
    shown = client_of("TC01", Role.FOCAL_POINT).get("/people/").content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_somebody_without_a_role_is_told_whom_to_ask(world: World) -> None:
    nobody = User.objects.create_user("khong@x.example", "x" * 20)
    page = signed_in(nobody).get("/people/")
    assert page.status_code == 200
    assert "không có vai trò" in page.content.decode()


def test_a_number_that_nobody_can_have_is_nobody(world: World, client_of) -> None:
    browser = client_of("TC", Role.LEAD_OWNER)
    assert browser.get(f"/people/person/{10**25}/").status_code == 404
