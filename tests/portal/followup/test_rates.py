"""Rates of reports: within 100 %, equal to their rows, and unchanged for a past day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.expected_reports import excuse, report_in
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
    ReportCounterDay,
)
from quetsach_portal.followup.queries import children_of
from quetsach_portal.followup.rates import own_rates, rates_of, state_word
from tests.portal.followup.acting import node, slot
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_B9_five_outcomes_have_five_words(world: World) -> None:
    report_in(slot(world, "TC01"), timezone.now(), is_nil=True)
    report_in(slot(world, "TC02"), timezone.now())
    excuse(slot(world, "TC01A"), "sáp nhập")
    ExpectedReport.objects.filter(node=world.nodes["TC"]).update(
        due_at=timezone.now(), reported_at=timezone.now() + timedelta(seconds=1)
    )
    words = [state_word(slot(world, code)) for code in ("TC01", "TC02", "TC01A", "TC")]
    ExpectedReport.objects.filter(node=world.nodes["TC"]).update(reported_at=None)
    words.append(state_word(slot(world, "TC")))
    assert len(set(words)) == 5


def test_B10_rates_stay_within_100_percent_when_units_are_excused(world: World) -> None:
    for code in ("TC", "TC01"):
        report_in(slot(world, code), timezone.now())
    for code in ("TC02", "TC01A", "TC01"):
        excuse(slot(world, code), "giải thể")
    (total,) = rates_of([node(world, "TC")], world.phase)
    assert (total.expected, total.reported, total.excused, total.missing) == (2, 2, 2, 0)


def test_B10_a_past_day_keeps_its_figures(world: World) -> None:
    today = timezone.localdate()
    world.campaign.frozen_on = today - timedelta(days=9)
    world.campaign.save()
    report_in(slot(world, "TC01"), timezone.now())
    ReportCounterDay.objects.filter(day=today).update(day=today - timedelta(days=2))
    excuse(slot(world, "TC02"), "giải thể")
    root = node(world, "TC")
    by_day = {
        days: rates_of([root], world.phase, today - timedelta(days=days))[0] for days in (5, 2, 1)
    }
    assert [by_day[days].reported for days in (5, 2, 1)] == [0, 1, 1]
    assert rates_of([root], world.phase, today - timedelta(days=30)) == []
    assert {one.expected for one in by_day.values()} == {4}
    (now,) = rates_of([root], world.phase)
    assert (now.expected, now.reported) == (3, 1)


def test_the_rows_of_a_table_add_up_to_the_total_above_it_on_any_day(world: World) -> None:
    today = timezone.localdate()
    world.campaign.frozen_on = today - timedelta(days=9)
    world.campaign.save()
    report_in(slot(world, "TC"), timezone.now())
    ReportCounterDay.objects.filter(day=today).update(day=today - timedelta(days=2))
    excuse(slot(world, "TC01"), "giải thể")
    root = node(world, "TC")
    for on in (None, today - timedelta(days=1), today - timedelta(days=5)):
        own, (total, *rows) = (
            own_rates(root, world.phase, on),
            rates_of([root, *children_of(root)], world.phase, on),
        )
        assert own is not None
        for figure in ("expected", "reported", "on_time", "excused"):
            assert getattr(total, figure) == sum(getattr(one, figure) for one in [own, *rows])


def test_units_that_never_moved_have_their_first_figures_on_any_day(world: World) -> None:
    rates = rates_of(list(children_of(node(world, "TC"))), world.phase, timezone.localdate())
    assert [one.expected for one in rates] == [1, 2]
