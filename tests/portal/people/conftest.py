"""The account of one person, another system that knows people, and the clock."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.config.environment import oidc_providers
from quetsach_portal.people.actions import open_account
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.people.identity_provider import INVITED, Provider, running
from tests.portal.world import World


@pytest.fixture
def user(world: World) -> User:
    return world.user("TC01", Role.CLERK)


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    with running(Provider(claims={"sub": "77", "email": INVITED, "email_verified": True})) as one:
        oidc = {
            "name": "Đăng nhập một cửa",
            "client_id": "quetsach",
            "secret": "s",
            "server_url": one.address,
        }
        settings.SOCIALACCOUNT_PROVIDERS = oidc_providers(oidc)
        yield one


@pytest.fixture
def invited(world: World) -> User:
    user = open_account(email=INVITED, name="Cán Bộ", password="x" * 20)
    Assignment.objects.create(user=user, unit=world.units["TC01"], role=Role.CLERK)
    return user


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what turns the clock forward, by so many minutes."""
    passed = {"s": 0.0}
    seconds, now = time.time, timezone.now
    monkeypatch.setattr(time, "time", lambda: seconds() + passed["s"])
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(seconds=passed["s"]))

    def wait(minutes: float) -> None:
        passed["s"] += 60 * minutes

    return wait
