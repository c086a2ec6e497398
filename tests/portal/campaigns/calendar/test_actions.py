"""A unit has a bounded number of calendar addresses."""

import pytest
from django.http import Http404
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.calendar import actions
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def test_a_unit_has_twenty_addresses_and_no_more(world, person) -> None:
    for number in range(actions.MOST_FEEDS):
        actions.make_feed(world.units["TC01"], name=str(number), actor=person)
    with pytest.raises(Refused):
        actions.make_feed(world.units["TC01"], name="một nữa", actor=person)


def test_an_address_that_nobody_asked_for_meanwhile_stays_shut_with_a_new_role(
    world, person
) -> None:
    unit = world.units["TC01"]
    _feed, secret = actions.make_feed(unit, name="x", actor=person)
    _end_left_feeds("early")
    assert actions.unit_of(secret) == unit
    person.assignments.update(valid_to=timezone.localdate())
    assert not actions.feeds_of(unit).exists()
    _end_left_feeds("over")
    person.assignments.create(unit=unit, role=Role.CLERK)
    with pytest.raises(Http404):
        actions.unit_of(secret)
    assert AuditEvent.objects.get(action="calendar.ended").actor == "system"


def _end_left_feeds(key: str) -> None:
    enqueue("campaigns.end_calendars", key=key)
    run_ready()
