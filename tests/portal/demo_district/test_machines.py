"""Collections of the demo are whole looks of its machines, and no two of them are the same."""

from pathlib import Path

import pytest

from quetsach.api.looks import looks_in
from quetsach_portal.demo_district import machines
from quetsach_portal.looks.models import UnitLook, UnitMachine
from quetsach_portal.people.models.roles import Role
from tests.portal.demo_district.people import people_of
from tests.portal.intake.handing_in import publish
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def listed(world: World, *names: str) -> list[UnitMachine]:
    return [
        UnitMachine.objects.create(
            unit=world.units["TC01"], name=name, hostname=name, origin="inventory"
        )
        for name in names
    ]


def test_each_machine_has_both_tables_and_content_of_its_own(world: World, tmp_path: Path) -> None:
    packed = tmp_path / "x.zip"
    packed.write_bytes(machines._packed(listed(world, "PC-01", "PC-02")))
    looks, _more = looks_in([str(packed)], tmp_path / "spool")
    assert [(one.host, bool(one.connections), bool(one.names)) for one in looks] == [
        ("PC-01", True, True),
        ("PC-02", True, True),
    ]
    assert len({one.content for one in looks}) == 2


def test_a_unit_looks_at_its_share(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(world)
    listed(world, "PC-01", "PC-02", "PC-03")
    monkeypatch.setattr(machines, "LOOKED_AT", {"TC01": 50})
    machines.hand_in_collections(world.nodes, people_of(world, "TC01", Role.FOCAL_POINT))
    look = UnitLook.objects.get(node=world.nodes["TC01"])
    assert (look.seen, look.machines, look.has_no_logs) == (2, 3, True)
