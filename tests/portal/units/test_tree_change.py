"""An event of the tree in the register: names, parents, contacts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.counters import reach
from quetsach_portal.campaigns.models.campaign import NodeState
from quetsach_portal.units.dated import on_day
from quetsach_portal.units.models import OrgEdge, OrgUnit, UnitContact
from quetsach_portal.units.tree_plan import UnitMerge
from tests.portal.register.recount import differences
from tests.portal.register.tree_events import (
    Done,
    merge_both,
    node_of,
    pks_of,
    root_counter,
    slot_of,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_rename_keeps_slot_and_codes_and_old_days_keep_the_old_name(
    world: World, done: Done
) -> None:
    unit, before = world.units["TC01"], slot_of(world, "TC01")
    done("rename", units=(unit.pk,), name="Ủy ban nhân dân phường Một", short_name="UBND p. Một")
    unit.refresh_from_db()
    today = timezone.localdate()
    assert (unit.name, unit.code) == ("Ủy ban nhân dân phường Một", "TC01")
    assert "phuong mot" in unit.search
    for day, name in ((today, "phường Một"), (today - timedelta(days=1), "xã Một")):
        assert unit.names.get(on_day(day)).full_name == f"Ủy ban nhân dân {name}"
    assert slot_of(world, "TC01") == before
    assert node_of("TC01").state == NodeState.ACTIVE


def test_a_merge_takes_children_contacts_and_steps_along_and_adds_nothing_twice(
    world: World, done: Done
) -> None:
    for code in ("TC01", "TC02"):
        reach(world.nodes[code], "received", timezone.now())
    reach(world.nodes["TC02"], "told", timezone.now())
    off = UnitContact.objects.create(
        unit=world.units["TC01"], mail="a@donvi.example", disabled_reason="550"
    )
    merge_both(world, done)
    school = OrgUnit.objects.get(code="TC01A")
    new = OrgUnit.objects.get(code="X1")
    assert school.parent == new
    assert school.path == f"{new.path}{school.pk}/"
    assert OrgEdge.objects.get(child=school, valid_to__isnull=True).parent == new
    assert node_of("TC01A").path.startswith(node_of("X1").path)
    assert node_of("X1").received_at is not None
    assert node_of("X1").told_at is None
    copied = UnitContact.objects.get(unit=new)
    assert (copied.mail, copied.disabled_reason) == (off.mail, "550")
    assert differences(world.campaign) == []


def test_a_merge_into_a_unit_that_stands_already(world: World, done: Done) -> None:
    world.units["TC02"].refresh_from_db()
    merge = UnitMerge(units=pks_of(world, "TC01"), into=world.units["TC02"].pk)
    done("merge", merges=(merge,))
    assert node_of("TC02").staff == 20
    assert node_of("TC02").state == NodeState.ACTIVE
    assert node_of("TC01").state == NodeState.MERGED
    assert (root_counter(world).expected, root_counter(world).excused) == (3, 1)
    assert differences(world.campaign) == []
