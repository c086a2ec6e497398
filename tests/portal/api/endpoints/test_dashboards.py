"""Figures by token: small units together, devices for those who work on cases."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_shares_of_small_units_stand_together(world: World) -> None:
    for code in ("TC01", "TC02"):
        tally = world.nodes[code].tally
        tally.staff, tally.joined_staff = 5, 2
        tally.save()
    path = f"/nodes/{world.nodes['TC'].pk}"
    ranked = ask(world, "TC", Role.COMPILER, f"{path}/ranking?by=joined").json()
    assert [(one["node_id"], one["part"], one["whole"]) for one in ranked] == [(None, 4, 10)]
    shares = ask(world, "TC", Role.COMPILER, f"{path}/shares").json()
    assert [(one["name"], one["joined"]) for one in shares] == [("", 4)]


def test_devices_are_counted_for_those_who_have_a_part_in_cases(world: World) -> None:
    path = f"/nodes/{world.nodes['TC'].pk}"
    told = ask(world, "TC", Role.CLERK, f"{path}/figures").json()
    assert (told["devices"], told["families"]) == (None, None)
    assert told["steps"]["units"] == 4
    assert ask(world, "TC", Role.COMPILER, f"{path}/figures").json()["devices"] == []
    assert ask(world, "TC", Role.CLERK, f"{path}/coverage").status_code == 403


def test_a_day_of_the_first_years_is_refused_and_one_ahead_is_now(world: World) -> None:
    path = f"/nodes/{world.nodes['TC'].pk}"
    for rest in ("coverage?last=0001-01-01", "figures?on=0001-01-01", "completeness?on=1999-12-31"):
        assert ask(world, "TC", Role.COMPILER, f"{path}/{rest}").status_code == 422
    told, now = (
        ask(world, "TC", Role.COMPILER, f"{path}/completeness{rest}").json()["rows"]
        for rest in ("?on=9999-12-31", "")
    )
    assert told == now
    assert [one["expected"] for one in now] == [2, 1]
