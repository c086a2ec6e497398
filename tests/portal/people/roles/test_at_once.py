"""What was ended, locked or given counts at the very next request of a browser that is open."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_session_that_was_ended_elsewhere_opens_nothing(world: World, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.get("/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/").status_code == 302


def test_a_session_past_its_time_opens_nothing(world: World, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.get("/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/").status_code == 302


def test_a_locked_account_and_a_changed_password_open_nothing(world: World, client_of) -> None:
    user = world.user("TC01", Role.FOCAL_POINT)
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.get("/").status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/").status_code == 302
    user.is_active = True
    user.set_password("mot cau mat khau khac han")
    user.save()
    assert client.get("/").status_code == 302


def test_a_role_that_ended_or_began_counts_at_once(world: World, client_of) -> None:
    ladder = f"/followup/campaigns/{world.campaign.pk}/ladder/"
    client = client_of("TC", Role.LEAD_OWNER)
    assert client.get(ladder).status_code == 200
    mine = Assignment.objects.filter(user=world.user("TC", Role.LEAD_OWNER))
    mine.update(valid_to=timezone.localdate())
    assert client.get(ladder).status_code == 404
    mine.update(valid_to=None)
    assert client.get(ladder).status_code == 200
