"""Ask the interface as a program of somebody."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from quetsach_portal.api.tokens import make_token
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


def ask(world: World, code: str, role: Role, address: str) -> Any:
    """Return the answer to a token that the person with `role` in `code` made there for reading."""
    _token, text = make_token(
        world.units[code],
        name="tổng hợp",
        scopes=["read"],
        expires_on=timezone.localdate() + timedelta(days=9),
        actor=world.user(code, role),
    )
    return Client().get(f"/api/v1{address}", headers={"authorization": f"Bearer {text}"})


def token_of(world, code: str = "TC01", role: Role = Role.FOCAL_POINT, scopes=("read",)):
    """Return a new token of the unit for reading, and its text."""
    day = timezone.localdate() + timedelta(days=10)
    return make_token(
        world.units[code], name="tường lửa", scopes=scopes, expires_on=day,
        actor=world.user(code, role),
    )  # fmt: skip


def ask_with(text: str, address: str = "/api/v1/me"):
    """Return the answer to a program that sends the token `text`."""
    return Client().get(address, headers={"authorization": f"Bearer {text}"})
