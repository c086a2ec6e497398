"""Whom somebody calls."""

import pytest

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.units.models import DeskRole, UnitContact
from quetsach_portal.worklist.guide.contacts import MOST, help_lines

pytestmark = pytest.mark.django_db


def phones(world, code: str, role: Role = Role.FOCAL_POINT) -> list[str]:
    return [line.phone for line in help_lines(scope_of(world.user(code, role)))]


def add(world, code: str, phone: str, **fields) -> None:
    UnitContact.objects.create(unit=world.units[code], role=DeskRole.CLERK, phone=phone, **fields)


def test_without_a_campaign_that_runs_it_is_the_office_above_in_the_register(world) -> None:
    add(world, "TC", "111")
    Campaign.objects.update(state=CampaignState.DRAFT)
    assert phones(world, "TC01") == ["111"]


def test_a_contact_that_ended_is_not_called(world) -> None:
    add(world, "TC", "111", valid_to="2020-01-01")
    assert phones(world, "TC01") == []


def test_there_are_at_most_so_many(world) -> None:
    for number in range(MOST + 3):
        add(world, "TC", str(number))
    assert len(phones(world, "TC01")) == MOST


def test_the_lead_office_has_its_own_desks(world) -> None:
    add(world, "TC", "111")
    add(world, "TC01", "222")
    assert phones(world, "TC", Role.LEAD_OWNER) == ["111"]
