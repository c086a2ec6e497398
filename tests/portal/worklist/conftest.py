"""The clerk of a commune, whose report is due at midnight."""

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from tests.portal.reports.acting import slot_of
from tests.portal.worklist.commune import CODE
from tests.portal.worklist.pages import SignIn
from tests.portal.world import World


@pytest.fixture
def due_at_midnight(world: World) -> None:
    slot = slot_of(world, CODE)
    slot.due_at = timezone.localtime(slot.due_at).replace(hour=0, minute=0, second=0, microsecond=0)
    slot.save()


@pytest.fixture
def clerk(client_of: SignIn, due_at_midnight: None) -> Client:
    """The focal point of a commune without units below."""
    return client_of(CODE, Role.FOCAL_POINT)
