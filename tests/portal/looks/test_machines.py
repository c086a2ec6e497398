"""The machines of a unit: typed, taken from its list, ended, joined by a person's word."""

import pytest

from quetsach_portal.looks import machines
from quetsach_portal.looks.machines import ListedMachine, MachineWords
from quetsach_portal.looks.models import MachineTotal, UnitLook, UnitMachine
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.looks.collecting import looked, taken
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def actor(world: World) -> User:
    return world.user("TC01", Role.TECHNICIAN)


def test_a_typed_machine_is_one_of_the_unit_and_its_name_once(world: World) -> None:
    unit = world.units["TC01"]
    machine = machines.add_machine(unit, MachineWords("PC-01", room="Một cửa"), actor=actor(world))
    with pytest.raises(Refused):
        machines.add_machine(unit, MachineWords("pc-01"), actor=actor(world))
    machines.describe_machine(machine, MachineWords("PC-1A", phone="0294"), actor=actor(world))
    machine.refresh_from_db()
    assert (machine.name, machine.room, machine.phone) == ("PC-1A", "", "0294")
    assert UnitLook.objects.get(node=world.nodes["TC01"]).machines == 1


def test_fewer_machines_than_are_listed_cannot_be_stated(world: World) -> None:
    unit = world.units["TC01"]
    machine = machines.add_machine(unit, MachineWords("PC-01"), actor=actor(world))
    with pytest.raises(Refused):
        machines.state_total(unit, 0, actor=actor(world))
    machines.state_total(unit, 3, actor=actor(world))
    machines.end_machine(machine, "thanh lý", actor=actor(world))
    assert MachineTotal.objects.get(unit=unit).machines == 2
    with pytest.raises(Refused):
        machines.end_machine(machine, "thanh lý", actor=actor(world))


def test_only_machines_of_the_same_unit_are_joined_and_once(world: World) -> None:
    (first,) = looked(world, taken("PC-01"))
    (second,) = looked(world, taken("PC-02", content="b" * 64), source="submission:2")
    (other,) = looked(world, taken("X", content="c" * 64), code="TC02", source="submission:3")
    with pytest.raises(Refused):
        machines.join_machines(second.machine, other.machine, actor=actor(world))
    machines.join_machines(second.machine, first.machine, actor=actor(world))
    second.machine.refresh_from_db()
    with pytest.raises(Refused):
        machines.join_machines(second.machine, first.machine, actor=actor(world))
    (third,) = looked(world, taken("PC-02", content="d" * 64), source="submission:4")
    assert third.machine == second.machine
    assert UnitLook.objects.get(node=world.nodes["TC01"]).seen == 1


def test_a_list_keeps_what_is_known_and_ends_what_only_an_earlier_list_had(world: World) -> None:
    unit = world.units["TC01"]
    (look,) = looked(world, taken("PC-01"))
    first = [ListedMachine("TS-1", "PC-01", (look.mac,)), ListedMachine("TS-2", "PC-02")]
    assert machines.take_inventory(unit, first, actor=actor(world)) == 2
    assert UnitMachine.objects.filter(name="PC-01").count() == 1
    assert machines.take_inventory(unit, first[:1], actor=actor(world)) == 1
    assert UnitMachine.objects.get(name="PC-02").ended_at is not None
