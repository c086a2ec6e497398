"""Fixtures of the portal's tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from quetsach_portal.rights.models import Role
from tests.portal.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """A district with a running campaign."""
    return make_world()


@pytest.fixture
def client_of(world: World) -> Callable[[str, Role], Client]:
    """Return a browser in which the person with that role in that unit has signed in."""

    def sign_in(code: str, role: Role) -> Client:
        client = Client()
        client.force_login(
            world.user(code, role),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return sign_in
