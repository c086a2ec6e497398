"""A unit has a bounded number of calendar addresses."""

import pytest

from quetsach_portal.campaigns.calendar import actions
from quetsach_portal.web.acts import Refused

pytestmark = pytest.mark.django_db


def test_a_unit_has_twenty_addresses_and_no_more(world, person) -> None:
    for number in range(actions.MOST_FEEDS):
        actions.make_feed(world.units["TC01"], name=str(number), actor=person)
    with pytest.raises(Refused):
        actions.make_feed(world.units["TC01"], name="một nữa", actor=person)
