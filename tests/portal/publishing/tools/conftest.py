"""The analyst of the lead office."""

import pytest

from quetsach_portal.people.models.roles import Role


@pytest.fixture
def analyst(world):
    return world.user("TC", Role.LEAD_ANALYST)
