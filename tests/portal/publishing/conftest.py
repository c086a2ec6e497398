"""A campaign whose public page is shown."""

import pytest

from quetsach_portal.campaigns.public_page import public_folder
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import actions
from tests.portal.access.publishing import SAID
from tests.portal.world import make_user


@pytest.fixture
def owner(world) -> User:
    return world.user("TC", Role.LEAD_OWNER)


@pytest.fixture
def shown(world, owner):
    """The world, whose campaign has a public page."""
    actions.save_page(world.campaign, SAID, actor=owner)
    actions.show(world.campaign, actor=owner)
    return world


@pytest.fixture
def folder(home):
    return public_folder()


@pytest.fixture
def second(world):
    return make_user(world.units["TC"], Role.LEAD_OWNER, "hai@tc.example")
