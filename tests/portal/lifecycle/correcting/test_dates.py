"""A deadline is corrected: who is late, which reports count as in time, whose own time stays."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.campaigns.actions.changing import ask_change, confirm_change, resume
from quetsach_portal.campaigns.expected_reports import prolong, report_in
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport
from quetsach_portal.campaigns.models.changes import RunningChangeKind
from quetsach_portal.followup.models import Extension, ExtensionState
from quetsach_portal.lifecycle.correcting import dates
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitKind
from quetsach_portal.web.acts import Refused
from tests.portal.lifecycle.correcting.correctable import (
    corrected,
    date_asked,
    differences,
    in_days,
    second,
)
from tests.portal.world import World, make_unit


def slot_of(world: World, code: str) -> ExpectedReport:
    return ExpectedReport.objects.select_related("node", "phase").get(node=world.nodes[code])


def everybody_due(world: World, days: int) -> None:
    """Let the phase have been due so many days from today, on all levels."""
    world.phase.due_at = in_days(days)
    world.phase.opens_at = in_days(days - 20)
    world.phase.save()
    ExpectedReport.objects.update(due_at=in_days(days))


def test_a_later_date_ends_lateness_and_reports_in_between_count_as_in_time(world: World) -> None:
    everybody_due(world, -3)
    came = slot_of(world, "TC02")
    report_in(came, timezone.now() - timedelta(days=1))
    assert not slot_of(world, "TC02").is_on_time
    plan = dates.plan(world.campaign, date_asked(in_days(5)))
    missing = ExpectedReport.objects.filter(reported_at__isnull=True).count()
    assert (plan.facts["late_no_longer"], plan.facts["in_time_by_it"]) == (missing, 1)
    assert (plan.facts["late_by_it"], plan.facts["sent"]) == (0, 1)
    assert world.nodes["TC01"].name_at_freeze in plan.facts["names"]["late_no_longer"]
    before = came.reported_at
    corrected(world, "date", date_asked(in_days(5)))
    assert set(ExpectedReport.objects.values_list("due_at", flat=True)) == {in_days(5)}
    assert slot_of(world, "TC02").is_on_time
    assert slot_of(world, "TC02").reported_at == before
    assert differences(world) == []


def test_an_earlier_date_says_who_becomes_late_by_it(world: World) -> None:
    world.phase.opens_at = in_days(-30)
    world.phase.save()
    report_in(slot_of(world, "TC02"), timezone.now() - timedelta(hours=1))
    plan = dates.plan(world.campaign, date_asked(in_days(-9)))
    assert plan.facts["late_by_it"] == ExpectedReport.objects.count() - 1
    assert plan.facts["too_late_by_it"] == 1
    assert any("none any more" in line or "không còn" in line for line in plan.effects)
    corrected(world, "date", date_asked(in_days(-9)))
    assert not slot_of(world, "TC02").is_on_time
    assert differences(world) == []


def test_more_time_that_a_unit_was_given_stays(world: World) -> None:
    slot = slot_of(world, "TC01")
    Extension.objects.create(
        slot=slot, state=ExtensionState.GRANTED, wanted=in_days(20), new_due_at=in_days(20)
    )
    prolong(slot, in_days(20))
    corrected(world, "date", date_asked(in_days(8)))
    assert slot_of(world, "TC01").due_at == in_days(20)
    assert slot_of(world, "TC02").due_at == in_days(8)
    assert dates.plan(world.campaign, date_asked(in_days(15))).facts["kept"] == 1
    corrected(world, "date", date_asked(in_days(30)))
    assert slot_of(world, "TC01").due_at == in_days(30)


def test_one_level_alone_is_corrected_and_those_below_follow(world: World) -> None:
    world.phase.working_days = False
    world.phase.save()
    corrected(world, "date", date_asked(in_days(6), level=1))
    world.phase.refresh_from_db()
    assert (world.phase.due_at, world.phase.level_lead_days) == (in_days(10), {"1": 4})
    by_depth = dict(ExpectedReport.objects.values_list("node__depth", "due_at"))
    assert (by_depth[0], by_depth[1], by_depth[2]) == (in_days(10), in_days(6), in_days(6))


def paused_until_now(world: World, days: int) -> None:
    """Let two owners pause the campaign for so many days, and those days be over."""
    until = timezone.localdate() + timedelta(days=days)
    owner = world.user("TC", Role.LEAD_OWNER)
    pause = ask_change(
        world.campaign, RunningChangeKind.PAUSE, reason="Bão", until=until, actor=owner
    )
    with transaction.atomic():
        confirm_change(pause, actor=second(world))
        Campaign.objects.update(paused_until=timezone.localdate())
        resume(world.campaign, actor=None)
    world.campaign.refresh_from_db()


@pytest.mark.parametrize("lead_days", [{"1": 2, "2": 12}, {"1": 2}])
def test_after_a_pause_a_date_that_had_passed_below_the_corrected_level_stays(
    world: World, lead_days: dict[str, int]
) -> None:
    everybody_due(world, 10)
    world.phase.working_days = False
    world.phase.level_lead_days = lead_days
    world.phase.save()
    ExpectedReport.objects.filter(node__depth=1).update(due_at=in_days(8))
    ExpectedReport.objects.filter(node__depth=2).update(due_at=in_days(-2))
    report_in(slot_of(world, "TC01A"), timezone.now() - timedelta(hours=1))
    paused_until_now(world, 5)
    by_depth = dict(ExpectedReport.objects.values_list("node__depth", "due_at"))
    assert by_depth == {0: in_days(15), 1: in_days(13), 2: in_days(-2)}
    plan = dates.plan(world.campaign, date_asked(in_days(12), level=1))
    assert [depth for depth, _before, _after in plan.facts["levels"]] == [1]
    assert plan.facts["in_time_by_it"] == 0
    corrected(world, "date", date_asked(in_days(12), level=1))
    by_depth = dict(ExpectedReport.objects.values_list("node__depth", "due_at"))
    assert by_depth == {0: in_days(15), 1: in_days(12), 2: in_days(-2)}
    assert not slot_of(world, "TC01A").is_on_time
    assert differences(world) == []


def test_of_a_level_below_only_the_units_that_follow_the_corrected_date_move(world: World) -> None:
    everybody_due(world, 10)
    world.phase.working_days = False
    world.phase.save()
    late = slot_of(world, "TC01A")
    above = world.nodes["TC01"]
    for code in ("TC01B", "TC01C"):
        unit = make_unit(code, above.unit, UnitKind.SCHOOL, f"Trường {code}")
        node = CampaignNode.objects.create(
            campaign=world.campaign,
            unit=unit,
            parent=above,
            path=f"{above.path}{code}/",
            depth=2,
            name_at_freeze=unit.name,
            staff=10,
        )
        ExpectedReport.objects.create(phase=world.phase, node=node, due_at=in_days(10))
        world.nodes[code] = node
    ExpectedReport.objects.filter(pk=late.pk).update(due_at=in_days(-2))
    report_in(slot_of(world, "TC01A"), timezone.now() - timedelta(hours=1))
    corrected(world, "date", date_asked(in_days(6), level=1))
    due = {code: slot_of(world, code).due_at for code in ("TC01", "TC01A", "TC01B", "TC01C")}
    followed = dict.fromkeys(("TC01", "TC01B", "TC01C"), in_days(6))
    assert due == {**followed, "TC01A": in_days(-2)}
    assert not slot_of(world, "TC01A").is_on_time


@pytest.mark.asvs("V2.2.3")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (date_asked(in_days(10)), "day"),
        (date_asked(in_days(12), level=1), "day"),
        (date_asked(in_days(3), level=9), "level"),
        (date_asked(in_days(-400)), "due_day"),
        ({**date_asked(in_days(3)), "phase": 7}, "phase"),
    ],
)
def test_what_no_level_can_keep_is_refused(world: World, asked, field: str) -> None:
    with pytest.raises(Refused) as refused:
        dates.plan(world.campaign, asked)
    assert refused.value.field == field


def test_a_lock_stays_as_long_after_the_deadline(world: World) -> None:
    world.phase.locks_at = in_days(14)
    world.phase.save()
    corrected(world, "date", date_asked(in_days(20)))
    world.phase.refresh_from_db()
    assert world.phase.locks_at == in_days(24)
