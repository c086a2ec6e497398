"""What an event of the tree changes for people and campaigns, at once and later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
    ExpectedReportState,
    NodeState,
    Phase,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.register import effects as tree_effects
from quetsach_portal.register import tree_acts
from quetsach_portal.units.models import OrgEvent, OrgUnit
from quetsach_portal.units.tree_plan import TreePlan, UnitMerge
from quetsach_portal.web.acts import Refused
from tests.portal.register.recount import differences
from tests.portal.register.tree_events import (
    NEW,
    Done,
    later_phase,
    merge_both,
    node_of,
    pks_of,
    slot_of,
)
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db


def test_people_of_a_closed_unit_read_for_30_days_and_do_nothing(world: World, done: Done) -> None:
    person = world.user("TC02", Role.FOCAL_POINT)
    done("close", units=pks_of(world, "TC02"))
    unit = OrgUnit.objects.get(code="TC02")
    scope = scope_of(person)
    assert scope.visible() is not None
    assert OrgUnit.objects.filter(scope.visible()).get() == unit
    assert not scope.has_role_in(unit, Role.FOCAL_POINT)
    assert not scope.has_role(Role.FOCAL_POINT)
    later = timezone.localdate() + timedelta(days=30)
    assert scope_of(person, later).seats == ()
    assert Assignment.objects.get(user=person).valid_to == later


def test_a_level_abolished_ends_with_the_next_phase_and_then_stays(
    world: World, done: Done, second: User
) -> None:
    later = later_phase(world)
    event, effects = done("abolish", units=pks_of(world, "TC01"))
    assert effects.moves == [(world.units["TC01A"].name, world.units["TC"].name)]
    Phase.objects.filter(pk=later.pk).update(opens_at=timezone.now())
    assert tree_effects.apply_due(world.campaign, timezone.now()) == 2
    assert node_of("TC01").state == NodeState.CLOSED
    assert slot_of(world, "TC01").state == ExpectedReportState.OPEN
    assert (
        ExpectedReport.objects.get(phase=later, node=world.nodes["TC01"]).state
        == ExpectedReportState.EXCUSED
    )
    assert differences(world.campaign) == []
    with pytest.raises(Refused):
        tree_acts.reverse(event, actor=second)


def test_a_preview_shows_the_change_and_changes_nothing(world: World) -> None:
    first = world.user("TC", Role.LEAD_OWNER)
    event = tree_acts.drafted(
        "merge",
        TreePlan(merges=(UnitMerge(units=pks_of(world, "TC01", "TC02"), new=NEW),)),
        effective_on=timezone.localdate(),
        legal_doc="NQ 1",
        actor=first,
    )
    effects = tree_effects.preview(event)
    assert effects.successions[0][1] == ["Ủy ban nhân dân xã Mới"]
    assert (effects.campaigns[0].slots_ended, effects.campaigns[0].slots_made) == (2, 1)
    assert not OrgUnit.objects.filter(code="X1").exists()
    assert not OrgEvent.objects.exists()
    assert tree_acts.propose(event, actor=first).pk is not None


def test_a_stranger_campaign_is_not_touched(world: World, done: Done) -> None:
    make_user(world.units["KH"], Role.LEAD_OWNER)
    merge_both(world, done)
    assert OrgUnit.objects.get(code="KH").closed_on is None
