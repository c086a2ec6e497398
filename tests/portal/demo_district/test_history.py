"""The demo's four weeks: counted from the same rows, and equal to the counters of today."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.counters import reach
from quetsach_portal.cases.models.case import Case
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.demo_district.history import DAYS, lay_back
from tests.portal.cases.rows import make_case
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_each_day_counts_what_had_happened_by_then(world: World) -> None:
    for code in ("TC01", "TC02"):
        reach(world.nodes[code], "told", timezone.now())
        reach(world.nodes[code], "received", timezone.now())
    reach(world.nodes["TC01"], "deployed", timezone.now())
    case = make_case(world, "TC02")
    lay_back(world.campaign)
    days = list(CounterDay.objects.filter(node=world.nodes["TC"]).order_by("day"))
    assert days[0].day == timezone.localdate() - timedelta(days=DAYS)
    assert (days[0].told, days[0].received, days[0].deployed) == (2, 0, 0)
    assert (days[-1].told, days[-1].received, days[-1].deployed) == (2, 2, 1)
    assert days[-1].infected == 1
    opened = timezone.localdate(Case.objects.get(pk=case.pk).opened_at)
    assert [row.infected for row in days if row.day < opened] == [0] * (len(days) - 1)
    # A unit that nobody told has no day but the first.
    assert CounterDay.objects.filter(node=world.nodes["TC01A"]).count() == 1
