"""Each sees their own unit's alerts and those directly below; the lead what nobody answered."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertKind, AlertLevel
from quetsach_portal.alerts.queries import (
    alerts_for,
    readers_only,
    rows_of,
    today_for_office,
    today_for_unit,
)
from quetsach_portal.alerts.raising import end_about, raise_about
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.alerts.alerted import alerted
from tests.portal.world import World


def seen(world: World, code: str, role: Role) -> set[int]:
    return {alert.node_id for alert in alerts_for(scope_of(world.user(code, role)))}


def test_who_sees_whose(world: World) -> None:
    alerted(world, "TC01")
    alerted(world, "TC01A")
    own, below = world.nodes["TC01"].pk, world.nodes["TC01A"].pk
    assert seen(world, "TC01", Role.TECHNICIAN) == {own}
    assert seen(world, "TC01", Role.COMPILER) == {own, below}
    assert seen(world, "TC", Role.COMPILER) == {own}
    assert seen(world, "TC02", Role.COMPILER) == seen(world, "KH", Role.LEAD_OWNER) == set()
    Alert.objects.update(level=AlertLevel.LEAD)
    assert seen(world, "TC", Role.COMPILER) == {own, below}


def test_the_first_page_counts_units_to_telephone(world: World) -> None:
    alerted(world, "TC01", count=3)
    alerted(world, "TC02")
    scope = scope_of(world.user("TC", Role.COMPILER))
    assert today_for_office(scope) == []
    Alert.objects.update(level=AlertLevel.LEAD)
    (task,) = today_for_office(scope)
    assert (task.hint, task.tone) == ("2", "bad")
    of_second = Alert.objects.filter(node=world.nodes["TC02"])
    of_second.update(answer="help", state="answered", answered_at=timezone.now())
    assert [task.hint for task in today_for_office(scope)] == ["1", "1"]
    assert today_for_office(scope_of(world.user("TC01", Role.TECHNICIAN))) == []


def test_the_first_page_of_a_unit_counts_notices_until_they_are_answered(world: World) -> None:
    scope = scope_of(world.user("TC01", Role.FOCAL_POINT))
    raise_about(world.nodes["TC01"], AlertKind.DEAD_SENSOR, "log", "nhật ký không gửi về")
    raise_about(world.nodes["TC02"], AlertKind.NOTICE, "notice", "1 cảnh báo")
    assert today_for_unit(scope) == []
    raise_about(world.nodes["TC01"], AlertKind.NOTICE, "notice", "1 cảnh báo")
    (task,) = today_for_unit(scope)
    assert (task.hint, task.address) == ("1", "/alerts/")
    end_about(world.nodes["TC01"], "notice")
    assert today_for_unit(scope) == []


def test_offices_above_see_telephones_and_no_link_into_the_case(world: World) -> None:
    alerted(world, "TC01")
    above = scope_of(world.user("TC", Role.COMPILER))
    (row,) = rows_of(above, list(alerts_for(above)))
    assert row.phones
    assert not row.is_own
    assert row.mail is not None
    own = scope_of(world.user("TC01", Role.TECHNICIAN))
    (row,) = rows_of(own, list(alerts_for(own)))
    assert row.is_own
    assert not row.phones


def test_a_clerk_sees_no_alert(world: World) -> None:
    with pytest.raises(PermissionDenied):
        readers_only(scope_of(world.user("TC01", Role.CLERK)))
    readers_only(scope_of(world.user("TC01", Role.TECHNICIAN)))


def test_what_is_over_is_seen_when_asked_for(world: World) -> None:
    alerted(world)
    Alert.objects.update(state="closed")
    scope = scope_of(world.user("TC01", Role.TECHNICIAN))
    assert list(alerts_for(scope)) == []
    assert len(alerts_for(scope, everything=True)) == 1
