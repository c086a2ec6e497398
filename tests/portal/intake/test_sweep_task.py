"""The sweep in the sandbox leaves out what it cannot read, and says so."""

from datetime import date

import pytest

from quetsach_portal.intake.models import SubmissionState
from quetsach_portal.intake.own_tables import add_table
from quetsach_portal.people.models.roles import Role
from quetsach_portal.planted.keys import contact_of
from quetsach_portal.planted.models import PlantedName, SubnetSeen
from quetsach_portal.planted.places import add_place
from tests.portal.intake.handing_in import (
    LOG,
    given,
    looked_through,
    publish,
)
from tests.portal.world import World
from tests.sweeping.test_planted_rows import asked

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


def test_planted_names_in_logs_are_known_and_open_no_case(world: World) -> None:
    publish(world)
    place = add_place(world.units["TC01"], "VP", "", actor=world.user("TC01", Role.TECHNICIAN))
    place.since = date(2026, 8, 1)
    place.save()
    days = [date(2026, 8, day) for day in (3, 4, 5)]
    lines = [
        asked(day, clock, "www.example.org") for day in days for clock in ("07:00:00", "17:00:00")
    ]
    lines += [asked(day, "08:33:00", contact_of(place, day).name, "10.9.8.7") for day in days[:2]]
    row = looked_through(world, {"eve.json": "".join(sorted(lines))})
    assert (row.state, row.devices, row.sightings) == (SubmissionState.DONE, 0, 0)
    names = PlantedName.objects.order_by("day")
    assert [(name.day, name.seen_at is not None) for name in names] == [
        (days[0], True),
        (days[1], True),
        (days[2], False),
    ]
    assert names[0].source == "eve.json"
    assert all(name.looked_at for name in names)
    assert "10.9.8.0/24" in SubnetSeen.objects.values_list("network", flat=True)
