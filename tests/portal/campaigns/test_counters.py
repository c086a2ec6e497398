"""Counters always equal a slow recount; what differs is an alarm."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quetsach_portal.campaigns import expected_reports
from quetsach_portal.campaigns.counters import reach, reach_many, undo
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.lifecycle.recount import recount
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db

CODES = ("TC", "TC01", "TC02", "TC01A")

STEPS = ("told", "received", "deployed")

SLOT_ACTS = ("late", "in_time", "nil", "sign", "back", "excuse", "prolong")

acts = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from((*STEPS, "undo", "many", *SLOT_ACTS))),
    max_size=40,
)


def do(world: World, code: str, act: str) -> None:
    node = CampaignNode.objects.get(pk=world.nodes[code].pk)
    slot = ExpectedReport.objects.select_related("node").get(node=node)
    early, late = slot.due_at - timedelta(hours=1), slot.due_at
    doings: dict[str, Any] = {
        "told": lambda: reach(node, "told", timezone.now()),
        "received": lambda: reach(node, "received", timezone.now()),
        "deployed": lambda: reach(node, "deployed", timezone.now()),
        "undo": lambda: undo(node, "deployed"),
        "many": lambda: reach_many(CampaignNode.objects.all(), "told", timezone.now()),
        "late": lambda: expected_reports.report_in(slot, late),
        "in_time": lambda: expected_reports.report_in(slot, early),
        "nil": lambda: expected_reports.report_in(slot, early, is_nil=True),
        "sign": lambda: expected_reports.sign(slot, timezone.now()),
        "back": lambda: expected_reports.take_back(slot),
        "excuse": lambda: expected_reports.excuse(slot, "bão"),
        "prolong": lambda: expected_reports.prolong(slot, slot.due_at + timedelta(days=1)),
    }
    doings[act]()


class AnyActs(TestCase):
    """B7, B10: whatever happens in whatever order."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts)
    def test_B7_counters_equal_a_recount_after_any_acts(self, some: list[tuple[str, str]]) -> None:
        world = make_world()
        assert recount(world.campaign) == []
        for code, act in some:
            do(world, code, act)
        assert recount(world.campaign) == []
        for tally in ReportCounter.objects.all():
            assert 0 <= tally.on_time <= tally.reported <= tally.expected
            assert 0 <= tally.signed <= tally.reported
            assert tally.nil <= tally.reported
            assert tally.expected + tally.excused == NodeCounter.objects.get(node=tally.node).units


def test_B10_past_days_never_change(world: World) -> None:
    world.campaign.frozen_on = timezone.localdate() - timedelta(days=9)
    world.campaign.save()
    do(world, "TC01", "in_time")
    ReportCounterDay.objects.filter(day=timezone.localdate()).update(
        day=timezone.localdate() - timedelta(days=4)
    )
    before = list(
        ReportCounterDay.objects.filter(day__lt=timezone.localdate()).order_by("pk").values()
    )
    do(world, "TC02", "excuse")
    do(world, "TC01A", "late")
    after = ReportCounterDay.objects.filter(pk__in=[one["id"] for one in before])
    assert list(after.order_by("pk").values()) == before
    root = ReportCounterDay.objects.filter(node=world.nodes["TC"]).order_by("day")
    assert [(one.expected, one.reported) for one in root] == [(4, 0), (4, 1), (3, 2)]
