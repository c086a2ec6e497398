"""The account of one person."""

import pytest

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


@pytest.fixture
def user(world: World) -> User:
    return world.user("TC01", Role.CLERK)
