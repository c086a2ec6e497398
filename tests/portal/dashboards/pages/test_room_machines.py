"""Machines by state, their change in a week, and no zero where nobody looked."""

import pytest

from quetsach_portal.cases.models.case import CaseState
from tests.portal.dashboards.pages.chief_world import cases_of, days_ago, looked, room

pytestmark = pytest.mark.django_db


def test_machines_stand_by_state_with_the_change_of_the_week_and_fourteen_days(
    world, client_of
) -> None:
    cases_of(world, CaseState.INFECTED, CaseState.HANDLED, CaseState.QUIET)
    looked(world)
    days_ago(world, 12, looked_full=0, looked_part=0)
    days_ago(world, 9, infected=3, looked_full=1, looked_part=0)
    answer = room(world, client_of)
    page, machines = answer.content.decode(), answer.context["board"].room.machines
    assert [part.now for part in machines.parts] == [1, 1, 1, 0]
    assert [part.change for part in machines.parts] == ["−2", "+1", "+1", "±0"]
    assert "tuần này −2" in page
    # Of three days nothing is stored or nothing was looked at: no zero is drawn there.
    assert [bool(shown.numbers) for shown in machines.days] == [False] * 4 + [True] * 10
    assert page.count("draw-blind") == 4
    assert list(machines.days[-1].numbers) == [1, 1, 1, 0]


def test_a_week_ago_without_a_look_tells_no_change(world, client_of) -> None:
    cases_of(world, CaseState.INFECTED)
    looked(world)
    days_ago(world, 9, looked_full=0, looked_part=0)
    machines = room(world, client_of).context["board"].room.machines
    assert not machines.knows_week
