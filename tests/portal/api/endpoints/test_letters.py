"""Letters by token: an address only for who sends the letter."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.access.letters import make_letter
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_A4_who_reads_how_a_letter_went_out_reads_no_address(world: World) -> None:
    letter = make_letter(world, "TC", "released")
    letter.dispatches.update(address="van-thu@xa.example", reply="250 ok")
    path = f"/letters/{letter.pk}/dispatch"
    rows = ask(world, "TC", Role.AUDITOR, path).json()["rows"]
    assert rows
    assert {(one["address"], one["reply"]) for one in rows} == {("", "")}
    assert ask(world, "TC", Role.CLERK, path).json()["rows"][0]["reply"] == "250 ok"
