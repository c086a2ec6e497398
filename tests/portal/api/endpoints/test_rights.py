"""People by token: who has which role, and a mail address only for those who may write to it."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_people_of_a_unit_come_with_their_roles(world: World) -> None:
    user = world.user("TC01", Role.FOCAL_POINT)
    path = f"/units/{world.units['TC01'].pk}/people"
    people = ask(world, "TC01", Role.FOCAL_POINT, path).json()
    (row,) = people["assignments"]
    assert (row["user_id"], row["name"], row["role"]) == (user.pk, user.name, "FP")
    assert (row["email"], row["acting_for"], row["is_active"]) == (user.email, "", True)
    assert people["invitations"] == []


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [("TC", Role.COMPILER, 200), ("TC02", Role.FOCAL_POINT, 404), ("KH", Role.LEAD_OWNER, 404)],
)
def test_the_people_of_another_unit_are_for_the_office_above(
    world: World, code: str, role: Role, status: int
) -> None:
    path = f"/units/{world.units['TC01'].pk}/people"
    assert ask(world, code, role, path).status_code == status


def test_an_account_shows_its_roles_and_whether_it_has_a_second_factor(world: World) -> None:
    user = world.user("TC", Role.CLERK)
    person = ask(world, "TC", Role.LEAD_OWNER, f"/people/{user.pk}").json()
    assert (person["name"], person["has_factor"]) == (user.name, False)
    assert [(seat["unit"], seat["role"]) for seat in person["seats"]] == [
        (world.units["TC"].name, "CK")
    ]
