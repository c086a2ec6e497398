"""Covered days: each file counts once, and the calendar says which days were looked at."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.cases.models.case import Case
from quetsach_portal.intake.coverage import covered
from quetsach_portal.intake.models import CoverageDay
from tests.portal.intake.handing_in import (
    CLEAN,
    LOG,
    looked_through,
    publish,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_calendar_says_which_days_of_which_were_looked_at() -> None:
    first, last = date(2022, 8, 30), date(2022, 9, 2)
    seen = covered(first, last, {date(2022, 8, 31): (5, 1), date(2022, 10, 1): (5, 1)})
    assert (seen.days, seen.of, seen.missing, len(seen.months)) == (1, 4, 3, 2)
    cells = [
        cell for month in seen.months for week in month.weeks for cell in week if cell is not None
    ]
    assert [cell.day for cell in cells if cell.is_covered] == [date(2022, 8, 31)]
    assert len([cell for cell in cells if cell.lines is not None]) == 4
    long = covered(date(2000, 1, 1), timezone.localdate() + timedelta(days=1), {})
    assert long.is_cut
    assert len(long.months) == 14


def test_the_same_log_handed_in_twice_counts_once(world: World) -> None:
    publish(world)
    looked_through(world, {"conn.log": LOG})
    looked_through(world, {"again.log": LOG, "more.log": CLEAN})
    days = CoverageDay.objects.order_by("day").values_list("lines", flat=True)
    assert list(days) == [2 + 1, 1]
    assert Case.objects.count() == 1
