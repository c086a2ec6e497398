"""The codes of one unit."""

import pytest

from quetsach_portal.participation import actions
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.people.models.roles import Role


@pytest.fixture
def codes(world) -> dict[str, JoinCode]:
    actor = world.user("TC01", Role.FOCAL_POINT)
    return {one.kind: one for one in actions.make_codes(world.nodes["TC01"], actor=actor)}
