"""Lists of people: complete, and in few queries."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.world import World, make_unit, make_user

pytestmark = pytest.mark.django_db


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
