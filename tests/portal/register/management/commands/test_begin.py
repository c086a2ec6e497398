"""An empty portal begins by one command; what was begun is not begun again."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.units.models import OrgName, OrgUnit

pytestmark = pytest.mark.django_db

GIVEN = ["--code", "H61", "--name", "UBND tỉnh Vĩnh Long", "--kind", "province"]


def begun(email: str = "chu.tri@coquan.example") -> str:
    said = io.StringIO()
    call_command("begin", *GIVEN, "--email", email, stdout=said)
    return said.getvalue()


def test_the_link_of_the_first_owner_opens_and_the_office_stands() -> None:
    said = begun()
    unit = OrgUnit.objects.get()
    assert (unit.code, unit.name, unit.kind, unit.depth) == ("H61", GIVEN[3], "province", 0)
    assert OrgName.objects.get(unit=unit).full_name == GIVEN[3]
    link = re.search(r"/account/invitation/\S+", said)
    assert link is not None
    assert Client().get(link[0]).status_code == 200
    assert AuditEvent.objects.filter(action="unit.begun").exists()
    assert not Assignment.objects.filter(role=Role.LEAD_OWNER).exists()


def test_a_portal_with_units_is_not_begun_again() -> None:
    begun()
    with pytest.raises(CommandError, match="invite_owner"):
        begun("khac@coquan.example")
    assert OrgUnit.objects.count() == 1


def test_a_wrong_address_leaves_nothing_behind() -> None:
    with pytest.raises(CommandError, match="khong-phai"):
        begun("khong-phai-thu")
    assert not OrgUnit.objects.exists()


def test_inviting_to_an_unknown_unit_says_how_to_begin() -> None:
    with pytest.raises(CommandError, match="manage begin"):
        call_command("invite_owner", "--unit", "X", "--email", "a@coquan.example")
