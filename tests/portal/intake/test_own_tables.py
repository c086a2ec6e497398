"""A unit's own tables and keys: used from the day they are added until they are ended."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.intake.models import (
    UnitKey,
)
from quetsach_portal.intake.own_tables import add_key, add_table, end_table
from quetsach_portal.intake.tracing import evidence_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import (
    CLEAN,
    LOG,
    given,
    key_pair,
    looked_through,
    publish,
    register,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


LEASES = """lease 10.0.0.5 {
  starts 1 2022/09/11 20:00:00;
  ends 2 2022/09/20 20:00:00;
  binding state active;
  hardware ethernet 00:17:a4:12:fe:10;
  client-hostname "PC-KT-01";
}
"""


MACHINES = "host_name,mac,unit\nPC-KE-TOAN,00:17:a4:12:fe:10,TC01\n"


def test_own_tables_name_the_machine_until_they_are_ended(world: World) -> None:
    publish(world)
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    day = date(2022, 9, 1)
    table = add_table(
        unit, kind="inventory", upload=given("may.csv", MACHINES), as_of=day, actor=actor
    )
    add_table(unit, kind="leases", upload=given("dhcpd.leases", LEASES), as_of=day, actor=actor)
    row = looked_through(world, {"conn.log": LOG})
    device = row.summary["devices"][0]
    assert (device["device"], device["grade"]) == ("PC-KE-TOAN", "certain")
    seen = evidence_of([world.nodes["TC01"]])
    assert {name: len(paths) for name, paths in seen.items() if paths} == {
        "evidence": 1,
        "leases": 1,
        "inventory": 1,
    }
    end_table(table, actor=actor)
    end_table(table, actor=actor)
    row = looked_through(world, {"conn.log": LOG + CLEAN})
    assert row.summary["devices"][0]["device"] != "PC-KE-TOAN"
    assert AuditEvent.objects.filter(action="table.ended").count() == 1


def test_a_table_of_tomorrow_is_refused(world: World) -> None:
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    day = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused):
        add_table(unit, kind="plan", upload=given("x.csv", "a,b\n1,2\n"), as_of=day, actor=actor)


def test_a_private_key_is_no_public_one(world: World, tmp_path: Path) -> None:
    pair = key_pair(tmp_path)
    actor = world.user("TC01", Role.FOCAL_POINT)
    for pem in (pair.private.read_text(), "-----BEGIN PUBLIC KEY-----\nAAAA\n", ""):
        with pytest.raises(Refused):
            add_key(world.units["TC01"], pem=pem, actor=actor)
    register(world, pair)
    with pytest.raises(Refused):
        register(world, pair)
    assert UnitKey.objects.count() == 1
