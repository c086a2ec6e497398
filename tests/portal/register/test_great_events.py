"""Hundreds of units merged, a whole level abolished: in time, and all of it or nothing.

The time is that of our own process, so that what else the machine does says nothing.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    NodeState,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.register import tree_acts
from quetsach_portal.units.models import EventState, OrgEdge, OrgEvent, OrgUnit, UnitKind
from quetsach_portal.units.tree_plan import NewUnit, TreePlan, UnitMerge
from tests.portal.register.great import great_campaign, great_register
from tests.portal.register.recount import differences
from tests.whole import daily

PROVINCES = daily(5, whole=35)
"""The country has 34; the number of questions does not depend on it."""

SERIAL = [
    (OrgUnit, "path"),
    (OrgUnit, "closed_on"),
    (CampaignNode, "state"),
    (ExpectedReport, "state"),
]


def _proposed(kind: str, plan: TreePlan, actor: User) -> OrgEvent:
    drafted = tree_acts.drafted(
        kind,
        plan,
        effective_on=timezone.localdate(),
        legal_doc="Nghị quyết số 1687/NQ-UBTVQH15",
        actor=actor,
    )
    return tree_acts.propose(drafted, actor=actor)


def _pairs(codes: Sequence[OrgUnit]) -> tuple[UnitMerge, ...]:
    return tuple(
        UnitMerge(
            units=(one.pk, two.pk),
            new=NewUnit(f"M{one.pk}", f"Ủy ban nhân dân xã {one.code}", UnitKind.COMMUNE),
        )
        for one, two in zip(codes[::2], codes[1::2], strict=True)
    )


def _state() -> list[object]:
    return [
        list(model.objects.order_by("pk").values_list("pk", field)) for model, field in SERIAL
    ] + [OrgEdge.objects.count(), NodeCounter.objects.count(), list(NodeCounter.objects.values())]


@pytest.mark.django_db
def test_a_great_merge_asks_the_database_little() -> None:
    root = great_register(PROVINCES, 0, 20)
    campaign, first, second = great_campaign(root)
    communes = list(OrgUnit.objects.filter(depth=2).order_by("parent", "pk"))
    assert len(communes) == PROVINCES * 20
    event = _proposed("merge", TreePlan(merges=_pairs(communes)), first)
    with CaptureQueriesContext(connection) as asked:
        effects = tree_acts.approve(event, note="", actor=second)
    assert len(asked) < 400
    assert len(effects.campaigns[0].made) == PROVINCES * 10
    assert CampaignNode.objects.filter(state=NodeState.MERGED).count() == PROVINCES * 20
    assert differences(campaign) == []
    assert NodeCounter.objects.get(node__unit=root).units == 1 + PROVINCES + PROVINCES * 10


@pytest.mark.django_db
def test_a_level_of_districts_over_many_communes_ends_with_few_queries() -> None:
    root = great_register(PROVINCES, 20, 18)
    campaign, first, second = great_campaign(root)
    districts_count, communes_count = PROVINCES * 20, PROVINCES * 20 * 18
    assert OrgUnit.objects.count() == 1 + PROVINCES + districts_count + communes_count
    districts = tuple(OrgUnit.objects.filter(depth=2).values_list("pk", flat=True))
    event = _proposed("abolish", TreePlan(units=districts, at_once=True), first)
    with CaptureQueriesContext(connection) as asked:
        tree_acts.approve(event, note="", actor=second)
    # A few for each district, none for each commune.
    assert len(asked) < 9 * districts_count
    assert OrgUnit.objects.filter(kind=UnitKind.COMMUNE, depth=2).count() == communes_count
    moved = CampaignNode.objects.filter(unit__kind=UnitKind.COMMUNE, depth=2)
    assert moved.count() == communes_count
    assert differences(campaign) == []


@pytest.mark.django_db(transaction=True)
def test_B2_a_kill_in_the_middle_of_merging_700_units_leaves_all_or_nothing(
    own_database: dict[str, str],
) -> None:
    root = great_register(35, 0, 20)
    campaign, first, second = great_campaign(root)
    communes = list(OrgUnit.objects.filter(depth=2).order_by("parent", "pk"))
    event = _proposed("merge", TreePlan(merges=_pairs(communes)), first)
    before, acts = _state(), AuditEvent.objects.count()
    for stop_at in daily((25, 70), whole=(8, 25, 50, 70)):
        assert _run_until(event, second, stop_at, own_database) == "middle"
        assert _state() == before
        assert AuditEvent.objects.count() == acts
        assert OrgEvent.objects.get().state == EventState.PROPOSED
    assert _run_until(event, second, 0, own_database).startswith("done")
    assert OrgEvent.objects.get().state == EventState.APPLIED
    assert CampaignNode.objects.filter(state=NodeState.MERGED).count() == 700
    assert differences(campaign) == []


def _run_until(event: OrgEvent, user: User, stop_at: int, database: dict[str, str]) -> str:
    """Return what the process said; it was killed without warning if it stood in the middle."""
    command = [sys.executable, "-m", "tests.portal.register.killed"]
    process = subprocess.Popen(
        [*command, str(event.pk), str(user.pk), str(stop_at)],
        env={**os.environ, **database},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    if said == "middle":
        process.kill()
    process.stdout.close()
    process.wait()
    return said
