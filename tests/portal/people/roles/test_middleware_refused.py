"""L2: refused accesses stand in the log with actor and object, and nothing of the content."""

import json
import logging

import pytest
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.config.logging import JsonLines
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def lines(caplog) -> list[dict]:
    made = [JsonLines().format(one) for one in caplog.records if one.msg == "access refused"]
    return [json.loads(line) for line in made]


@pytest.mark.asvs("V16.3.2")
def test_L2_twenty_refused_accesses_are_twenty_lines(world: World, caplog) -> None:
    clerk = world.user("TC02", Role.CLERK)
    client = signed_in(clerk)
    unit = world.units["TC01"].pk
    for _ in range(10):
        client.get(f"/people/unit/{unit}/?q=bi-mat", headers={"user-agent": "Kẻ tò mò"})
        client.post(f"/people/unit/{world.units['TC02'].pk}/invite", {"email": "ai@do.example"})
    found = lines(caplog)
    assert len(found) == 20
    assert [one["status"] for one in found[:2]] == [404, 403]
    assert {one["actor"] for one in found} == {clerk.pk}
    assert found[0]["object"] == {"unit_id": unit}
    assert (found[0]["page"], found[1]["method"]) == ("rights:unit", "POST")
    text = json.dumps(found)
    for secret in (clerk.email, clerk.name, "bi-mat", "ai@do.example", unit_name(world)):
        assert secret not in text


def unit_name(world: World) -> str:
    return json.dumps(world.units["TC01"].name)[1:-1]


def test_L2_refusals_make_no_rows_of_the_trail(world: World) -> None:
    client = signed_in(world.user("TC02", Role.CLERK))
    for _ in range(50):
        client.get(f"/people/unit/{world.units['TC01'].pk}/")
    assert not AuditEvent.objects.exists()


def test_L2_a_token_in_an_address_does_not_reach_the_log(world: World, caplog) -> None:
    token = "x" * 43
    client = signed_in(world.user("TC02", Role.CLERK))
    client.get(f"/account/invitation/{token}/")
    Client().get(f"/account/invitation/{token}/")
    assert lines(caplog) == []


def test_L3_a_value_with_a_line_break_forges_no_line() -> None:
    record = logging.makeLogRecord(
        {"msg": "x", "levelname": "INFO", "name": "n", "who": "a\n{}\x1b[31m\u202e"}
    )
    line = JsonLines().format(record)
    assert "\n" not in line
    assert line.isascii()
    assert json.loads(line)["who"] == "a\n{}\x1b[31m\u202e"
