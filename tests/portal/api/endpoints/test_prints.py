"""What a list met in logs that are gone, for programs of the lead office."""

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import token_of
from tests.portal.prints.asked import asked
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_last_answer_and_an_empty_one(world: World) -> None:
    text = token_of(world, "TC", Role.LEAD_OWNER)[1]
    address = f"/api/v1/campaigns/{world.campaign.pk}/fingerprints"
    headers = {"authorization": f"Bearer {text}"}
    empty = Client().get(address, headers=headers).json()
    assert (empty["asked_at"], empty["asked_days"], empty["hits"]) == (None, 0, [])
    asked(world.campaign, world.nodes["TC01"], world.user("TC", Role.LEAD_OWNER))
    answer = Client().get(address, headers=headers).json()
    assert (answer["hit_days"], answer["destroyed_days"], answer["by_chance"]) == (1, 1, 0.0002)
    (hit,) = answer["hits"]
    assert (hit["first_day"], hit["is_exact"]) == ("2022-09-12", True)
