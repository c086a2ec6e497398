"""A tree of a known size, and its owner."""

import pytest

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.people.models.roles import Role


@pytest.fixture
def sized(world):
    """TC01 has 40 people, 25 of whom take part; TC02 has six, five of whom do."""
    for code, staff, joined in (("TC", 66, 30), ("TC01", 40, 25), ("TC02", 6, 5)):
        row = NodeCounter.objects.filter(node=world.nodes[code])
        row.update(staff=staff, joined_staff=joined, cases_open=3)
    return world


@pytest.fixture
def owner(world):
    return world.user("TC", Role.LEAD_OWNER)
