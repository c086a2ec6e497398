"""Fixtures: a sample that was drawn, and the owner who drew it."""

import pytest

from quetsach_portal.cases.models.recheck import Draw
from quetsach_portal.cases.rechecks import actions
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.rechecks.samples import devices


@pytest.fixture
def owner(world):
    return world.user("TC", Role.LEAD_OWNER)


@pytest.fixture
def drawn(world, owner) -> Draw:
    devices(world, "TC01", 24, clean=23)
    devices(world, "TC02", 1, clean=1)
    return actions.draw(world.nodes["TC"], subject="devices", size=12, actor=owner)
