"""The sweep in the sandbox leaves out what it cannot read, and says so."""

from datetime import date

import pytest

from quetsach_portal.intake.models import SubmissionState
from quetsach_portal.intake.own_tables import add_table
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import (
    LOG,
    given,
    looked_through,
    publish,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_table_that_cannot_be_read_is_told_and_stops_no_sweep(world: World) -> None:
    publish(world)
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    day = date(2022, 9, 1)
    add_table(unit, kind="inventory", upload=given("x.csv", "a;b\n1;2\n"), as_of=day, actor=actor)
    row = looked_through(world, {"conn.log": LOG})
    assert (row.state, row.devices) == (SubmissionState.DONE, 1)
    codes = [one["code"] for one in row.summary["problems"]]
    assert "E262" in codes
