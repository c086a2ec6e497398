"""A unit has a bounded number of calendar addresses."""

import pytest
from django.http import Http404
from django.utils import timezone

from quetsach_portal.campaigns.calendar import actions
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused

pytestmark = pytest.mark.django_db


def test_a_unit_has_twenty_addresses_and_no_more(world, person) -> None:
    for number in range(actions.MOST_FEEDS):
        actions.make_feed(world.units["TC01"], name=str(number), actor=person)
    with pytest.raises(Refused):
        actions.make_feed(world.units["TC01"], name="một nữa", actor=person)


def test_an_address_that_nobody_asked_for_meanwhile_opens_again_with_a_new_role(
    world, person
) -> None:
    unit = world.units["TC01"]
    _feed, secret = actions.make_feed(unit, name="x", actor=person)
    person.assignments.update(valid_to=timezone.localdate())
    assert not actions.feeds_of(unit).exists()
    person.assignments.create(unit=unit, role=Role.CLERK)
    assert actions.unit_of(secret) == unit
    person.assignments.update(valid_to=timezone.localdate())
    with pytest.raises(Http404):
        actions.unit_of(secret)
    person.assignments.create(unit=unit, role=Role.CLERK)
    with pytest.raises(Http404):
        actions.unit_of(secret)
