"""Events of the tree proposed by one person and approved by another, and what they did."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.counters import add_slot
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
    ReportCounter,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.register import tree_acts
from quetsach_portal.register.effects import EventEffects
from quetsach_portal.units.models import OrgEvent, UnitKind
from quetsach_portal.units.tree_plan import NewUnit, TreePlan, UnitMerge
from tests.portal.world import World, make_user

DOCUMENT = "Nghị quyết số 1687/NQ-UBTVQH15"


@pytest.fixture
def second(world: World) -> User:
    """Another owner in the lead office."""
    return make_user(world.units["TC"], Role.LEAD_OWNER, "lo2.tc@coquan.example")


@pytest.fixture
def done(world: World, second: User) -> Callable[..., tuple[OrgEvent, EventEffects]]:
    """Return a function that proposes an event and approves it."""

    def do(kind: str, day: date | None = None, **plan: Any) -> tuple[OrgEvent, EventEffects]:
        first = world.user("TC", Role.LEAD_OWNER)
        drafted = tree_acts.drafted(
            kind,
            TreePlan(**plan),
            effective_on=day or timezone.localdate(),
            legal_doc=DOCUMENT,
            actor=first,
        )
        event = tree_acts.propose(drafted, actor=first)
        return event, tree_acts.approve(event, note="", actor=second)

    return do


Done = Callable[..., Any]

NEW = NewUnit("X1", "Ủy ban nhân dân xã Mới", UnitKind.COMMUNE)


def report_in(world: World, code: str, *, signed: bool = True) -> ExpectedReport:
    slot = ExpectedReport.objects.select_related("node").get(
        phase=world.phase, node=world.nodes[code]
    )
    slot.reported_at = timezone.now()
    slot.signed_at = slot.reported_at if signed else None
    slot.state = ExpectedReportState.SIGNED if signed else ExpectedReportState.SUBMITTED
    slot.save()
    add_slot(slot.node, slot.phase_id, reported=1, on_time=1, signed=int(signed))
    return slot


def slot_of(world: World, code: str) -> ExpectedReport:
    return ExpectedReport.objects.get(phase=world.phase, node__unit__code=code)


def node_of(code: str) -> CampaignNode:
    return CampaignNode.objects.get(unit__code=code)


def pks_of(world: World, *codes: str) -> tuple[int, ...]:
    return tuple(world.units[code].pk for code in codes)


def root_counter(world: World) -> ReportCounter:
    return ReportCounter.objects.get(node=world.nodes["TC"], phase=world.phase)


def merge_both(world: World, done: Done) -> None:
    done("merge", merges=(UnitMerge(units=pks_of(world, "TC01", "TC02"), new=NEW),))


def later_phase(world: World, days: int = 1) -> Phase:
    assert world.phase is not None
    now = timezone.now()
    phase = Phase.objects.create(
        campaign=world.campaign,
        no=2,
        opens_at=now + timedelta(days=days),
        due_at=now + timedelta(days=days + 30),
    )
    for node in world.nodes.values():
        ExpectedReport.objects.create(phase=phase, node=node, due_at=phase.due_at)
        below = CampaignNode.objects.filter(path__startswith=node.path)
        ReportCounter.objects.create(node=node, phase=phase, expected=below.count())
    return phase
