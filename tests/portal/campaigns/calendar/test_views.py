"""Deadlines as a calendar: the last day in time, nothing personal, an address that can be ended."""

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.calendar import CalendarFeed
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role

pytestmark = pytest.mark.django_db


def test_the_address_opens_without_a_session_until_it_is_ended(world, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    page = f"/calendars/units/{world.units['TC01'].pk}/"
    address = client.post(page, {"name": "văn phòng"}).context["address"]
    assert address not in client.get(page).content.decode()
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies
    client.post(f"/calendars/{CalendarFeed.objects.get().pk}/end")
    assert Client().get(address).status_code == 404


def test_a_made_up_address_is_not_there(world) -> None:
    assert Client().get("/calendar/x.ics").status_code == 404


def _made(world, client_of) -> str:
    client = client_of("TC01", Role.CLERK)
    page = f"/calendars/units/{world.units['TC01'].pk}/"
    return str(client.post(page, {"name": "máy tính bảng"}).context["address"])


def test_the_address_dies_with_its_maker_s_role_and_does_not_come_back_with_it(
    world, client_of
) -> None:
    address, role = _made(world, client_of), world.user("TC01", Role.CLERK).assignments.get()
    assert Client().get(address).status_code == 200
    Assignment.objects.filter(pk=role.pk).update(valid_to=timezone.localdate())
    focal = client_of("TC01", Role.FOCAL_POINT)
    assert "máy tính bảng" not in focal.get(f"/calendars/units/{role.unit_id}/").content.decode()
    assert Client().get(address).status_code == 404
    assert AuditEvent.objects.get(action="calendar.ended").actor == "system"
    Assignment.objects.filter(pk=role.pk).update(valid_to=None)
    assert Client().get(address).status_code == 404
    assert AuditEvent.objects.filter(action="calendar.ended").count() == 1


def test_the_address_dies_with_its_maker_s_account_and_lives_on_while_another_role_lasts(
    world, client_of
) -> None:
    address, clerk = _made(world, client_of), world.user("TC01", Role.CLERK)
    Assignment.objects.create(user=clerk, unit=world.units["TC01"], role=Role.TECHNICIAN)
    Assignment.objects.filter(user=clerk, role=Role.CLERK).update(valid_to=timezone.localdate())
    assert Client().get(address).status_code == 200
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_a_role_elsewhere_keeps_no_address_alive(world, client_of) -> None:
    address, clerk = _made(world, client_of), world.user("TC01", Role.CLERK)
    Assignment.objects.filter(user=clerk).update(unit=world.units["TC02"])
    assert Client().get(address).status_code == 404


def test_the_secret_stands_in_no_table_and_a_part_of_it_opens_nothing(world, client_of) -> None:
    address = _made(world, client_of)
    secret = address.rpartition("/")[2].removesuffix(".ics")
    row = CalendarFeed.objects.get()
    assert secret not in repr(vars(row))
    assert len(secret) == 43
    for tried in (secret[:-1], secret.swapcase(), row.digest, row.begins, secret + "A"):
        assert Client().get(address.replace(secret, tried)).status_code == 404
