"""Campaigns by token: deadlines and dry runs for the lead office alone."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_deadline_of_each_level_is_sent_to_the_lead_office_alone(world: World) -> None:
    path = f"/campaigns/{world.campaign.pk}/deadlines"
    (phase,) = ask(world, "TC", Role.LEAD_OWNER, path).json()
    levels = [(level["depth"], level["units"]) for level in phase["levels"]]
    assert (phase["phase_no"], levels) == (1, [(0, 1), (1, 2), (2, 1)])
    for code, role in (("TC01", Role.COMPILER), ("KH", Role.LEAD_OWNER)):
        assert ask(world, code, role, path).status_code == 404


def test_a_campaign_without_a_dry_run_has_an_empty_one(world: World) -> None:
    path = f"/campaigns/{world.campaign.pk}/dry-run"
    dry_run = ask(world, "TC", Role.LEAD_OWNER, path).json()
    assert (dry_run["rows"], dry_run["asked_at"], dry_run["passed"]) == ([], None, False)


def test_the_tree_shows_who_can_be_reached_and_no_address(world: World) -> None:
    path = f"/campaigns/{world.campaign.pk}/tree"
    rows = ask(world, "TC", Role.LEAD_OWNER, path).json()["rows"]
    assert {row["code"]: row["contact"] for row in rows} == dict.fromkeys(world.nodes, "none")
    assert set(rows[0]) == {"id", "unit_id", "code", "unit", "depth", "contact"}
