"""Deadlines as a calendar: the last day in time, nothing personal, an address that can be ended."""

import pytest
from django.test import Client

from quetsach_portal.campaigns.models.calendar import CalendarFeed
from quetsach_portal.people.models.roles import Role

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
