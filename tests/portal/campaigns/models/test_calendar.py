"""The row of a calendar address."""

import pytest

from quetsach_portal.campaigns.calendar import actions
from quetsach_portal.campaigns.models.calendar import CalendarFeed
from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


def test_A8_the_secret_is_shown_once_and_kept_nowhere(world) -> None:
    person = world.user("TC01", Role.FOCAL_POINT)
    feed, secret = actions.make_feed(world.units["TC01"], name="văn phòng", actor=person)
    assert len(secret) >= 43
    held = CalendarFeed.objects.filter(pk=feed.pk).values().get()
    assert secret not in map(str, held.values())
