"""The made-up people."""

import pytest

from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.rehearsals.people import (
    PEOPLE,
    account_of,
    key_of,
    make_people,
    person_called,
    shown_unit,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_there_is_somebody_in_each_role_and_nobody_has_a_password(world: World) -> None:
    accounts = make_people(world.campaign)
    assert list(accounts) == [person.key for person in PEOPLE]
    assert not any(user.has_usable_password() for user in accounts.values())
    for person in PEOPLE:
        assert key_of(account_of(person)) == person.key
        (assignment,) = Assignment.objects.filter(user=account_of(person))
        assert assignment.role == person.role
        assert assignment.unit == (world.units["TC"] if person.in_lead else world.units["TC02"])
        assert assignment.given_by is None


def test_the_unit_that_is_shown_gets_what_the_lead_office_sends(world: World) -> None:
    # TC01 has a school below it; TC02 stands right below the lead office and has nobody below.
    assert shown_unit(world.campaign) == world.units["TC02"]


@pytest.mark.parametrize("key", ["", "admin", "chu-tri-1@dien-tap.example"])
def test_nobody_else_is_called(key: str) -> None:
    assert person_called(key) is None
