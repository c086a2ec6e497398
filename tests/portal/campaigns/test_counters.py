"""Counters always equal a slow recount; what differs is an alarm."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns import expected_reports
from quetsach_portal.campaigns.counters import reach, reach_many, undo
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    CounterCheck,
    ExpectedReport,
    NodeCounter,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lifecycle.recount import Difference, check, recount
from tests.portal.working import run_ready
from tests.portal.world import World, make_world

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


pytestmark = pytest.mark.django_db


def test_a_counter_that_was_changed_is_named(world: World) -> None:
    ReportCounter.objects.filter(node=world.nodes["TC"]).update(reported=7)
    NodeCounter.objects.filter(node=world.nodes["TC01"]).update(told=1)
    assert recount(world.campaign) == [
        Difference(world.nodes["TC01"].pk, None, "told", 1, 0),
        Difference(world.nodes["TC"].pk, world.phase.pk, "reported", 7, 0),
    ]


def test_the_nightly_check_raises_an_alarm_and_repairs_nothing(world: World) -> None:
    ReportCounter.objects.filter(node=world.nodes["TC"]).update(reported=7)
    enqueue("campaigns.check_tallies", key="campaigns.check_tallies:1")
    run_ready()
    kept = CounterCheck.objects.get()
    assert (kept.wrong, kept.differences[0]["figure"]) == (1, "reported")
    assert ReportCounter.objects.get(node=world.nodes["TC"]).reported == 7
    assert AuditEvent.objects.filter(action="tallies.differ").count() == 1


def test_a_check_that_finds_nothing_is_kept_without_an_alarm(world: World) -> None:
    assert check(world.campaign).wrong == 0
    assert not AuditEvent.objects.filter(action="tallies.differ").exists()


def test_B6_the_deadline_itself_is_late(world: World) -> None:
    here = ZoneInfo("Asia/Ho_Chi_Minh")
    ExpectedReport.objects.update(due_at=datetime(2022, 9, 29, tzinfo=here))
    first, second = (
        ExpectedReport.objects.select_related("node").get(node=world.nodes[code])
        for code in ("TC01", "TC02")
    )
    expected_reports.report_in(first, datetime(2022, 9, 28, 23, 59, 59, 900_000, tzinfo=here))
    expected_reports.report_in(second, datetime(2022, 9, 29, tzinfo=here))
    assert (first.is_on_time, second.is_on_time) == (True, False)
    tally = ReportCounter.objects.get(node=world.nodes["TC"])
    assert (tally.reported, tally.on_time) == (2, 1)


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
