"""What each role has to do today about cases."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.worklist import (
    today_for_focal_point,
    today_for_lead,
    today_for_technician,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.cases import rows
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_today_names_what_each_has_to_do(world: World) -> None:
    case = rows.make_case(world, "TC01")
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))
    rows.make_closed(world, "TC01A")
    rows.make_alarm(world, "TC02")
    technician = world.user("TC01", Role.TECHNICIAN)
    todo = today_for_technician(scope_of(technician), technician.pk)
    assert [one.tone for one in todo] == ["bad"]
    assert case.number in todo[0].hint
    focal = today_for_focal_point(scope_of(world.user("TC01", Role.FOCAL_POINT)))
    assert [one.hint for one in focal] == ["1", "1"]
    lead = today_for_lead(scope_of(world.user("TC", Role.LEAD_OWNER)))
    assert [one.address for one in lead] == [reverse("cases:alarms")]
    above = today_for_lead(scope_of(world.user("TC01", Role.COMPILER)))
    assert [one.address for one in above] == [reverse("cases:checks")]
    assert today_for_lead(scope_of(world.user("KH", Role.COMPILER))) == []
