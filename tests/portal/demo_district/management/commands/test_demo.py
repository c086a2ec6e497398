"""`quetsach manage demo`: an empty portal alone becomes the demo."""

import pytest
from django.core.management import CommandError, call_command

from quetsach_portal.demo_district.management.commands.demo import Command
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgUnit
from tests.portal.demo_district.people import people_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_portal_with_units_is_left_as_it_is(world: World) -> None:
    before = OrgUnit.objects.count()
    with pytest.raises(CommandError, match="empty portal"):
        call_command("demo", "--lang", "en")
    assert OrgUnit.objects.count() == before


def test_passwords_are_kept_for_the_owner_of_the_machine_alone(world: World, home) -> None:
    (person,) = people_of(world, "TC01", Role.FOCAL_POINT)
    kept = home / "demo-passwords.txt"
    assert Command()._kept([person]) == str(kept)
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.read_text().split("\t")[:3] == [person.user.email, person.password, "FP"]
