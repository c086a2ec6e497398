"""`quetsach manage person`: the copy, what would be erased, and the receipt."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quetsach_portal.lifecycle.persons.erasing import is_erased
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World, make_user

MAIL = "trong.cay@coquan.example"


@pytest.mark.django_db
def test_the_command_shows_first_and_erases_when_told(
    world: World, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, home=tmp_path)
    person = make_user(world.units["TC01"], Role.COMPILER, MAIL)
    call_command("person", "export", MAIL)
    assert json.loads(capsys.readouterr().out)["account"]["email"] == MAIL
    call_command("person", "erase", MAIL)
    person.refresh_from_db()
    assert person.email == MAIL
    assert "--yes" in capsys.readouterr().err
    call_command("person", "erase", MAIL, "--yes")
    assert json.loads(capsys.readouterr().out)["account"] == person.pk
    person.refresh_from_db()
    assert is_erased(person)
    # Nobody is left under that address; the number leads to the erased account.
    with pytest.raises(CommandError, match="Không có tài khoản"):
        call_command("person", "export", MAIL)
    with pytest.raises(CommandError, match="từ trước"):
        call_command("person", "erase", str(person.pk), "--yes")


@pytest.mark.django_db
def test_the_last_owner_is_refused_in_words(world: World, tmp_path: Path, settings: Any) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, home=tmp_path)
    owner = world.user("TC", Role.LEAD_OWNER)
    with pytest.raises(CommandError, match="cuối cùng"):
        call_command("person", "erase", owner.email, "--yes")
