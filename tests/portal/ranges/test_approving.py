"""A second person approves what they saw of the table of public ranges, nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges import approving
from quetsach_portal.ranges.approving import approve_waiting, waiting_for
from quetsach_portal.ranges.models import PublicRange
from quetsach_portal.ranges.queries import range_state
from quetsach_portal.ranges.table import WrittenRange, add, add_prefixes, table_of, withdraw
from quetsach_portal.web.acts import Refused
from tests.portal.ranges.asked import approve_all
from tests.portal.world import World


def _add(world: World, code: str, text: str) -> PublicRange:
    actor = world.user("TC", Role.LEAD_ANALYST)
    written = WrittenRange(world.units[code], text)
    return add(world.units["TC"], written, source="Hợp đồng", actor=actor)[0]


def test_a_row_counts_once_a_second_person_approves_it(world: World) -> None:
    office, owner = world.units["TC"], world.user("TC", Role.LEAD_OWNER)
    row = _add(world, "TC02", "192.0.2.0/28")
    assert table_of(office).owners("192.0.2.1", timezone.localdate()) == ()
    assert range_state(row) != ""
    with pytest.raises(Refused):
        approve_all(office, row.added_by)
    assert (len(waiting_for(office, row.added_by)), waiting_for(office, row.added_by).own) == (0, 1)
    assert (len(waiting_for(office, owner)), waiting_for(office, owner).own) == (1, 0)
    assert approve_all(office, owner) == 1
    unit = str(world.units["TC02"].pk)
    assert table_of(office).owners("192.0.2.1", timezone.localdate()) == (unit,)
    assert approve_all(office, owner) == 0


@pytest.mark.parametrize("meanwhile", ["added", "taken back"])
def test_what_nobody_was_shown_is_not_approved(world: World, meanwhile: str) -> None:
    office, owner = world.units["TC"], world.user("TC", Role.LEAD_OWNER)
    row = _add(world, "TC02", "192.0.2.0/28")
    _add(world, "TC01", "192.0.2.64/28")
    shown = waiting_for(office, owner).digest
    if meanwhile == "added":
        _add(world, "TC01", "192.0.2.32/28")
    else:
        withdraw(row, actor=row.added_by)
    with pytest.raises(Refused):
        approve_waiting(office, shown, actor=owner)
    assert not PublicRange.objects.filter(approved_by=owner, cidr="192.0.2.64/28").exists()


def test_a_file_that_took_the_place_of_the_shown_one_is_not_approved(world: World) -> None:
    office, owner = world.units["TC"], world.user("TC", Role.LEAD_OWNER)
    analyst, day = world.user("TC", Role.LEAD_ANALYST), timezone.localdate() - timedelta(days=1)
    _add(world, "TC02", "AS64500")
    approve_all(office, owner)
    add_prefixes(office, b"192.0.2.0\t24\t64500\n", name="a", as_of=day, actor=analyst)
    shown = waiting_for(office, owner).digest
    add_prefixes(office, b"0.0.0.0\t1\t64500\n", name="a", as_of=day, actor=analyst)
    with pytest.raises(Refused):
        approve_waiting(office, shown, actor=owner)


def test_rows_are_approved_as_far_as_a_page_shows_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approving, "MOST_AT_ONCE", 2)
    office, owner = world.units["TC"], world.user("TC", Role.LEAD_OWNER)
    rows = [_add(world, "TC02", f"192.0.2.{at}/32") for at in range(3)]
    assert waiting_for(office, owner).later == 1
    assert approve_all(office, owner) == 2
    assert list(waiting_for(office, owner).rows) == rows[2:]
    assert approve_all(office, owner) == 1
