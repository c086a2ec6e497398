"""Fixtures of the portal's tests."""

from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client

from quetsach_portal.rights.models import Role
from tests.portal.databases import address_of_test_database
from tests.portal.world import World, make_world

append_only = import_module("quetsach_portal.audit.migrations.0002_append_only")


@pytest.fixture(scope="session", autouse=True)
def trail_can_be_emptied_between_tests() -> Iterator[None]:
    """Let Django empty the tables after a test with real commits, the append-only one included."""
    flush = DatabaseOperations.sql_flush
    guard = next(one for one in append_only.SQLITE if "audit_no_delete" in one)

    def with_the_trail(self, *args, **kwargs) -> list[str]:
        statements = flush(self, *args, **kwargs)
        return ["DROP TRIGGER IF EXISTS audit_no_delete", *statements, guard] if statements else []

    DatabaseOperations.sql_flush = with_the_trail
    yield
    DatabaseOperations.sql_flush = flush


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


@pytest.fixture
def own_database(transactional_db: None) -> dict[str, str]:
    """The environment in which another process works on this test's database."""
    return {"DATABASE_URL": address_of_test_database()}
