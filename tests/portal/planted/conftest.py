"""Fixtures: the small world, its three units reachable by mail."""

import pytest

from tests.portal.alerts.alerted import mailbox
from tests.portal.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """The world with a mailbox for each unit of the campaign."""
    world = make_world()
    mailbox(world, "TC", "TC01", "TC02")
    return world
