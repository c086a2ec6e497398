"""Fixtures: the small world with addresses and public ranges."""

import pytest

from tests.portal.alerts.alerted import mailbox
from tests.portal.ranges.asked import with_ranges
from tests.portal.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """The world, its three units reachable by mail, its public ranges approved."""
    world = make_world()
    mailbox(world, "TC", "TC01", "TC02")
    with_ranges(world)
    return world
