"""The counters by day, family and coverage equal a slow count, and unchanged days cost no row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.counters import add
from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.models.case import Case
from quetsach_portal.dashboards.gathering import gather
from quetsach_portal.dashboards.models import CounterDay, CoverageCounter, FamilyCounter
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.jobs.queue import enqueue
from tests.portal.cases.rows import make_case, make_finding
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def of(world, code: str) -> CounterDay:
    return CounterDay.objects.filter(node=world.nodes[code]).latest("day")


def test_open_cases_stand_by_state_in_their_unit_and_all_above(world) -> None:
    case = make_case(world, "TC01")
    make_case(world, "TC02")
    Case.objects.filter(pk=case.pk).update(state="handled")
    gather(world.campaign, TODAY())
    assert (of(world, "TC").infected, of(world, "TC").handled) == (1, 1)
    assert (of(world, "TC01").infected, of(world, "TC01").handled) == (0, 1)


def test_a_day_without_change_writes_no_row_and_a_changed_one_does(world) -> None:
    gather(world.campaign, TODAY())
    assert CounterDay.objects.count() == 4
    gather(world.campaign, TODAY() + timedelta(days=1))
    assert CounterDay.objects.count() == 4
    add(world.nodes["TC02"], deployed=1)
    gather(world.campaign, TODAY() + timedelta(days=2))
    assert CounterDay.objects.count() == 6
    assert of(world, "TC").deployed == 1


def test_gathered_twice_on_a_day_the_later_stand_counts(world) -> None:
    gather(world.campaign, TODAY())
    NodeCounter.objects.filter(node=world.nodes["TC01A"]).update(told=1)
    gather(world.campaign, TODAY())
    assert CounterDay.objects.filter(node=world.nodes["TC01A"]).count() == 1
    assert of(world, "TC01A").told == 1


def test_a_device_counts_once_for_each_family_it_met(world) -> None:
    case = make_case(world, "TC01")
    make_finding(case.device, "khac.example")
    make_case(world, "TC01A")
    gather(world.campaign, TODAY())
    counts = dict(FamilyCounter.objects.values_list("node__unit__code", "devices"))
    assert counts == {"TC": 2, "TC01": 2, "TC01A": 1}


def test_coverage_counts_units_a_day_and_forgets_what_is_gone(world) -> None:
    day = TODAY() - timedelta(days=1)
    for code, kind in (("TC01", "dns"), ("TC01", "proxy"), ("TC01A", "dns"), ("TC02", "dns")):
        CoverageDay.objects.create(node=world.nodes[code], day=day, kind=kind, lines=5)
    gather(world.campaign, TODAY())
    held = dict(CoverageCounter.objects.values_list("node__unit__code", "units"))
    assert held == {"TC": 3, "TC01": 2, "TC01A": 1, "TC02": 1}
    CoverageDay.objects.filter(node=world.nodes["TC02"]).delete()
    gather(world.campaign, TODAY())
    held = dict(CoverageCounter.objects.values_list("node__unit__code", "units"))
    assert held == {"TC": 2, "TC01": 2, "TC01A": 1}


def test_the_job_gathers_every_running_campaign(world) -> None:
    enqueue("dashboards.gather", key="dashboards.gather:test")
    run_ready()
    assert CounterDay.objects.count() == 4


def test_days_on_one_side_alone_come_and_go_in_their_order(world) -> None:
    days = [TODAY() - timedelta(days=ago) for ago in (3, 2, 1)]
    for day in days[:2]:
        CoverageDay.objects.create(node=world.nodes["TC02"], day=day, kind="dns", lines=5)
    gather(world.campaign, TODAY())
    CoverageDay.objects.filter(day=days[0]).delete()
    CoverageDay.objects.create(node=world.nodes["TC01"], day=days[2], kind="dns", lines=5)
    gather(world.campaign, TODAY())
    held = CoverageCounter.objects.filter(node=world.nodes["TC"]).order_by("day")
    assert list(held.values_list("day", "units")) == [(days[1], 1), (days[2], 1)]


def test_what_has_not_changed_costs_the_same_few_queries_on_any_day(
    world, django_assert_num_queries
) -> None:
    for ago in range(1, 6):
        for code in ("TC01", "TC02"):
            day = TODAY() - timedelta(days=ago)
            CoverageDay.objects.create(node=world.nodes[code], day=day, kind="dns", lines=5)
    make_case(world, "TC01")
    gather(world.campaign, TODAY())
    with django_assert_num_queries(11):
        gather(world.campaign, TODAY())
