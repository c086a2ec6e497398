"""Re-checks by token: a sample with all from which it was drawn."""

import pytest

from quetsach_portal.cases.models.recheck import Draw
from quetsach_portal.people.models.roles import Role
from tests.portal.access.table import TABLES
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db

PAGES = {row.name: row for row in TABLES["rechecks"]}


def test_a_sample_can_be_drawn_again_from_what_is_sent(world: World) -> None:
    numbers = PAGES["rechecks:draw"].make(world, "TC")  # type: ignore[misc]
    draw = Draw.objects.get(pk=numbers["draw_id"])
    path = f"/rechecks/{draw.pk}"
    sample = ask(world, "TC", Role.LEAD_OWNER, path).json()
    items = ask(world, "TC", Role.LEAD_OWNER, f"{path}/items").json()["rows"]
    assert (sample["seed"], len(sample["frame"])) == (draw.seed, draw.population)
    assert {item["ref"] for item in items} <= set(sample["frame"])
    assert len(items) == sample["size"] == sample["open"]
    assert sample["drawn_by"] == str(draw.drawn_by)


def test_nothing_is_verified_before_somebody_has_looked(world: World) -> None:
    numbers = PAGES["rechecks:draw"].make(world, "TC")  # type: ignore[misc]
    path = f"/nodes/{world.nodes['TC'].pk}/rechecks"
    (sample,) = ask(world, "TC", Role.LEAD_OWNER, path).json()
    assert sample["id"] == numbers["draw_id"]
    assert (sample["verified"], sample["low"], sample["high"]) == (None, None, None)
    assert (sample["yes"], sample["differs"]) == (0, False)
