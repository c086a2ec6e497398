"""The page lists what is left to look at first, and tells of machines that may be the same."""

import pytest

from quetsach_portal.looks import machines
from quetsach_portal.looks.machines import MachineWords
from quetsach_portal.looks.queries import machine_rows
from quetsach_portal.people.models.roles import Role
from tests.portal.looks.collecting import looked, node_of, taken
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_what_is_left_comes_first_and_a_part_says_what_it_lacks(world: World) -> None:
    actor = world.user("TC01", Role.FOCAL_POINT)
    looked(world, taken("PC-A"), taken("PC-B", "", names=None, content="b" * 64))
    machines.add_machine(world.units["TC01"], MachineWords("PC-C"), actor=actor)
    rows = machine_rows(node_of(world))
    assert [(row.machine.name, row.is_seen, bool(row.lacks)) for row in rows] == [
        ("PC-C", False, False),
        ("PC-B", False, True),
        ("PC-A", True, False),
    ]


def test_a_renamed_machine_is_told(world: World) -> None:
    looked(world, taken("PC-CU"))
    (renamed,) = looked(world, taken("PC-MOI", content="b" * 64), source="submission:2")
    others = {row.machine.name: row.other for row in machine_rows(node_of(world))}
    assert str(others["PC-MOI"]) == "PC-CU"
    assert others["PC-CU"] is None
    actor = world.user("TC01", Role.FOCAL_POINT)
    machines.join_machines(renamed.machine, others["PC-MOI"], actor=actor)  # type: ignore[arg-type]
    assert [row.machine.name for row in machine_rows(node_of(world))] == ["PC-CU"]
