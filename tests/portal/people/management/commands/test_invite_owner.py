"""The first owner of a lead office is invited from the command line."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.people.accounts import FORM
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_first_owner_is_invited_from_the_command_line(world: World, capsys) -> None:
    call_command("invite_owner", unit="KH", email="lanh.dao@kh.example")
    link = capsys.readouterr().out.strip()
    assert Client().post(re.sub(r"^https?://[^/]+", "", link), FORM).status_code == 302
    user = User.objects.get(email="lanh.dao@kh.example")
    assert scope_of(user).has_role_in(world.units["KH"], Role.LEAD_OWNER)
    with pytest.raises(CommandError):
        call_command("invite_owner", unit="NONE", email="a@b.example")
    with pytest.raises(CommandError):
        call_command("invite_owner", unit="KH", email="lanh.dao@kh.example")
