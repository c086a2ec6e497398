"""Counters by day: past days stay as they were, a day without a row repeats the last one."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from quetsach_portal.campaigns.counters import add_slot
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ReportCounterDay,
)
from quetsach_portal.dashboards.gathering import gather
from quetsach_portal.dashboards.models import CounterDay, CoverageCounter
from quetsach_portal.dashboards.pages.overview import (
    covered,
    devices_by_day,
    filled,
    reports_by_day,
    window,
)
from tests.portal.cases.rows import make_case

pytestmark = pytest.mark.django_db


def test_a_day_without_a_row_is_as_the_last_before(world) -> None:
    node, today = world.nodes["TC"], timezone.localdate()
    for back, told in ((100, 1), (3, 2)):
        CounterDay.objects.create(node=node, day=today - timedelta(days=back), told=told)
    days = filled(CounterDay.objects.filter(node=node), today)
    assert len(days) == 90
    assert [row.told for row in days.values()] == [1] * 86 + [2] * 4


def test_a_past_day_never_changes(world) -> None:
    node, phase = world.nodes["TC01"], world.phase
    add_slot(node, phase.pk, reported=1, on_time=1)
    yesterday = timezone.localdate() - timedelta(days=1)
    ReportCounterDay.objects.update(day=yesterday - timedelta(days=1))
    before = reports_by_day(node, phase, yesterday)
    add_slot(node, phase.pk, reported=1)
    assert reports_by_day(node, phase, yesterday) == before


def test_coverage_shows_a_hole_as_a_hole(world) -> None:
    node = CampaignNode.objects.select_related("tally").get(pk=world.nodes["TC"].pk)
    (row,) = covered([node], window(None))
    assert (row.days, row.whole_days) == (0, 0)
    assert row.picture.count("M") == 30
    assert row.picture.count("draw-none") == row.picture.count("<title>") == 1
    assert len(window(date.min)) == len(window(date.max)) == 30


def test_days_with_the_same_count_are_one_and_open_their_last(world) -> None:
    node = CampaignNode.objects.select_related("tally").get(pk=world.nodes["TC"].pk)
    days = window(None)
    rows = [CoverageCounter(node=node, day=day, units=2) for day in days[3:6]]
    CoverageCounter.objects.bulk_create([*rows, CoverageCounter(node=node, day=days[9], units=1)])
    (row,) = covered([node], days, opens=True)
    assert (row.days, row.whole_days) == (4, 0)
    opened = [f"on={days[place].isoformat()}" for place in (2, 5, 8, 9, 29)]
    assert re.findall("on=[0-9-]+", row.picture) == opened
    first, last = (date_format(days[place], "SHORT_DATE_FORMAT") for place in (3, 5))
    told = f"{first} – {last}: mỗi ngày có nhật ký của 2/{row.units} đơn vị"
    assert f"<title>{told}</title>" in row.picture


def test_devices_by_day_are_a_picture_with_a_table(world) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    chart = devices_by_day(world.nodes["TC"], None)
    today = chart.table[0]
    assert today.day == timezone.localdate()
    assert [number for _part, number in today.numbers] == [1, 0, 0, 0, 0]
