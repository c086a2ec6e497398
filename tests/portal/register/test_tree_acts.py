"""Events of the tree do to units, nodes, reports and counters what campaign.md 3.4 says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeState, ReportCounter
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.register import effects as tree_effects
from quetsach_portal.register import tree_acts
from quetsach_portal.units.models import EventState, OrgEvent, OrgUnit
from quetsach_portal.units.tree_plan import TreePlan
from quetsach_portal.web.acts import Refused
from tests.portal.register.recount import differences
from tests.portal.register.tree_events import Done, later_phase, node_of, pks_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("at_once", [True, False])
def test_a_level_is_abolished_and_taken_back(
    at_once: bool, world: World, done: Done, second: User
) -> None:
    later = later_phase(world)
    before = list(OrgUnit.objects.order_by("pk").values_list("pk", "path", "parent", "closed_on"))
    nodes = list(CampaignNode.objects.order_by("pk").values_list("pk", "path", "state"))
    tallies = list(ReportCounter.objects.order_by("pk").values())
    person = world.user("TC01", Role.FOCAL_POINT)
    event, _effects = done("abolish", units=pks_of(world, "TC01"), at_once=at_once)
    assert OrgUnit.objects.get(code="TC01A").parent == world.units["TC"]
    assert (node_of("TC01").state == NodeState.CLOSED) is at_once
    assert (node_of("TC01A").parent == world.nodes["TC"]) is at_once
    assert differences(world.campaign) == []
    tree_acts.reverse(event, actor=second)
    assert before == list(
        OrgUnit.objects.order_by("pk").values_list("pk", "path", "parent", "closed_on")
    )
    assert nodes == list(CampaignNode.objects.order_by("pk").values_list("pk", "path", "state"))
    assert tallies == list(ReportCounter.objects.order_by("pk").values())
    assert tree_effects.apply_due(world.campaign, later.opens_at) == 0
    assert Assignment.objects.get(user=person).valid_to is None
    with pytest.raises(Refused):
        tree_acts.reverse(event, actor=second)


def test_nobody_approves_what_they_proposed_not_even_past_the_act(world: World) -> None:
    first = world.user("TC", Role.LEAD_OWNER)
    event = tree_acts.propose(
        tree_acts.drafted(
            "close",
            TreePlan(units=pks_of(world, "TC02")),
            effective_on=timezone.localdate(),
            legal_doc="QĐ 5",
            actor=first,
        ),
        actor=first,
    )
    with pytest.raises(Refused):
        tree_acts.approve(event, note="", actor=first)
    assert OrgUnit.objects.get(code="TC02").closed_on is None
    assert not AuditEvent.objects.filter(action="tree.approved").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        OrgEvent.objects.filter(pk=event.pk).update(state=EventState.APPLIED, decided_by=first)


def test_an_event_is_done_once_and_not_before_its_day(
    world: World, second: User, done: Done
) -> None:
    event, _effects = done("close", units=pks_of(world, "TC02"))
    with pytest.raises(Refused):
        tree_acts.approve(event, note="", actor=second)
    with pytest.raises(Refused):
        done("close", units=pks_of(world, "TC02"))
    with pytest.raises(Refused):
        done(
            "close",
            day=timezone.localdate() + timedelta(days=1),
            units=pks_of(world, "TC01A"),
        )
