"""What the database itself refuses in the register of units."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import (
    LINES,
    EventState,
    Headcount,
    OrgEdge,
    OrgEvent,
    OrgName,
    UnitContact,
    UnitKind,
    line_of,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 2)


def refused(row: Model) -> bool:
    """Return whether the database refuses `row`."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return True
    return False


def test_a_unit_has_one_open_name_and_each_ends_after_it_begins(world: World) -> None:
    unit = world.units["TC01"]
    assert refused(OrgName(unit=unit, full_name="Xã Hai tên", valid_from=DAY))
    for days, is_refused in ((0, True), (-1, True), (1, False)):
        name = OrgName(unit=unit, valid_from=DAY, valid_to=DAY + timedelta(days=days))
        assert refused(name) == is_refused, days


def test_a_unit_has_one_open_parent_on_each_line_and_is_not_its_own(world: World) -> None:
    unit, other = world.units["TC01"], world.units["TC02"]
    for line, parent, is_refused in (
        ("territory", other, True),
        ("party", unit, True),
        ("party", other, False),
        ("party", world.units["TC"], True),
    ):
        edge = OrgEdge(child=unit, parent=parent, line=line, valid_from=DAY)
        assert refused(edge) == is_refused, (line, parent.code)


def test_an_address_and_a_head_count_are_kept_once(world: World) -> None:
    unit = world.units["TC01"]
    for row in (
        UnitContact(unit=unit, mail="vt@xa.example"),
        Headcount(unit=unit, staff_count=3, as_of=DAY),
    ):
        assert not refused(row)
        row.pk = None
        assert refused(row)
    # Two telephone numbers without an address are two contacts.
    assert [refused(UnitContact(unit=unit, phone=number)) for number in "12"] == [False, False]


def test_who_proposed_an_event_cannot_approve_it_past_the_act(world: World) -> None:
    person = world.user("TC", Role.LEAD_OWNER)
    event = OrgEvent(
        kind="close",
        state=EventState.APPLIED,
        effective_on=timezone.localdate(),
        legal_doc="QĐ 1",
        path=world.units["TC"].path,
        proposed_by=person,
    )
    for decided_by, is_refused in (
        (None, True),
        (person, True),
        (world.user("TC", Role.COMPILER), False),
    ):
        event.decided_by = decided_by
        assert refused(event) == is_refused


def test_each_kind_of_unit_has_a_line_of_its_own() -> None:
    lines = {kind: line_of(kind.value) for kind in UnitKind}
    assert set(lines.values()) < set(LINES)
    assert (lines[UnitKind.PARTY], lines[UnitKind.MASS_ORG]) == ("party", "mass_org")
    assert line_of("made-up") == "territory"
