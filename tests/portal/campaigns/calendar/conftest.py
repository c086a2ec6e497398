"""Somebody in a unit with a report due, in Vietnamese."""

import pytest
from django.utils import translation

from quetsach_portal.people.models.roles import Role


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.fixture
def person(world):
    return world.user("TC01", Role.FOCAL_POINT)
