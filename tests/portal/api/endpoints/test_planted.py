"""A program reads which planted names the logs of its unit show, and what a zero is worth."""

import pytest
from django.test import Client

from tests.portal.api.asking import token_of
from tests.portal.planted.planting import WEDNESDAY, at, place, planted, working_days
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_states_and_power_are_told_to_the_unit_alone(world: World) -> None:
    place(world, subnet="10.1.2.0/24")
    for number, day in enumerate(working_days(3, WEDNESDAY)):
        known = {"seen_at": at("08:33", day), "source": "eve.json"} if number else {}
        planted(world, day, looked_at=at("15:00", day), **known)
    address = f"/api/v1/nodes/{world.nodes['TC01'].pk}/planted"
    answer = _fetch(token_of(world, scopes=["read"])[1], address)
    assert answer.status_code == 200
    told = answer.json()
    assert [name["state"] for name in told["names"]] == ["not-seen", "seen", "seen"]
    assert (told["power"]["seen"], told["power"]["planted"]) == (2, 3)
    assert told["places"][0]["subnet"] == "10.1.2.0/24"
    assert _fetch(token_of(world, "TC02", scopes=["read"])[1], address).status_code == 404


def _fetch(text: str, address: str):
    return Client().get(address, headers={"authorization": f"Bearer {text}"})
