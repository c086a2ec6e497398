"""What units have looked at stands in the counters of the tree, equal to a count of all rows."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter, Phase
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.looks import machines
from quetsach_portal.looks.counting import FIGURES, settle, window_of
from quetsach_portal.looks.models import MachineLook, MachineTotal, UnitLook, UnitMachine
from quetsach_portal.looks.recording import take_back
from quetsach_portal.people.models.roles import Role
from tests.portal.looks.collecting import looked, node_of, taken
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def counted(world: World, code: str) -> dict[str, int]:
    row = NodeCounter.objects.get(node=world.nodes[code])
    return {name: getattr(row, name) for name in FIGURES if getattr(row, name)}


def test_a_look_moves_the_counters_of_the_unit_and_all_above_it(world: World) -> None:
    machines.state_total(world.units["TC01A"], 2, actor=world.user("TC01A", Role.FOCAL_POINT))
    looked(world, taken(), code="TC01A")
    part = {"looked_part": 1, "machines": 2, "machines_seen": 1, "machines_sized": 1}
    assert counted(world, "TC01A") == counted(world, "TC01") == counted(world, "TC") == part
    assert counted(world, "TC02") == {}


def test_all_is_looked_at_only_with_each_machine_and_each_day_or_no_logs(world: World) -> None:
    actor = world.user("TC01", Role.FOCAL_POINT)
    machines.state_total(world.units["TC01"], 1, actor=actor)
    looked(world, taken(), days=13)
    assert UnitLook.objects.get(node=world.nodes["TC01"]).grade == "part"
    machines.say_no_logs(node_of(world), has_none=True, actor=actor)
    assert UnitLook.objects.get(node=world.nodes["TC01"]).grade == "full"
    assert counted(world, "TC")["looked_full"] == 1
    machines.say_no_logs(node_of(world), has_none=False, actor=actor)
    looked(world, days=14)
    assert counted(world, "TC")["logs_full"] == 1


def test_without_a_number_of_machines_nothing_is_all(world: World) -> None:
    looked(world, taken(), days=14)
    look = UnitLook.objects.get(node=world.nodes["TC01"])
    assert (look.machines, look.is_sized, look.grade) == (1, False, "part")


def test_a_withdrawn_look_is_counted_back(world: World) -> None:
    looked(world, taken())
    take_back("submission:1")
    looked(world)
    assert counted(world, "TC01") == {"machines": 1}


def test_two_names_of_one_machine_count_once(world: World) -> None:
    (first,) = looked(world, taken("PC-01"))
    (second,) = looked(world, taken("PC-02", content="b" * 64), source="submission:2")
    assert counted(world, "TC")["machines_seen"] == 2
    actor = world.user("TC01", Role.TECHNICIAN)
    machines.join_machines(second.machine, first.machine, actor=actor)
    assert counted(world, "TC")["machines_seen"] == 1


def test_a_second_phase_wants_new_looks(world: World) -> None:
    looked(world, taken())
    now = timezone.now()
    second = Phase.objects.create(
        campaign=world.campaign,
        no=2,
        opens_at=now + timedelta(hours=1),
        due_at=now + timedelta(days=30),
    )
    node = node_of(world)
    settle(node.campaign, [node], {}, window_of(second))
    assert counted(world, "TC01") == {"machines": 1}


def test_the_window_ends_yesterday_and_no_later_than_its_phase(world: World) -> None:
    assert world.phase is not None
    due = timezone.localdate(world.phase.due_at)
    window = window_of(world.phase, due)
    assert (window.last, window.days) == (due - timedelta(days=1), 14)
    assert window_of(world.phase, due + timedelta(days=9)).last == due
    assert window_of(None, date(2026, 12, 1)).last == date(2026, 11, 30)


def twin(world: World) -> dict[str, Counter[str]]:
    """Return the counters by a slow walk over all rows."""
    sums: dict[str, Counter[str]] = {code: Counter() for code in world.nodes}
    for node in world.nodes.values():
        rows = list(UnitMachine.objects.filter(unit=node.unit_id))
        roots = {one.pk for one in rows if one.same_as_id is None and one.ended_at is None}
        best: dict[int, str] = {}
        for look in MachineLook.objects.filter(node=node):
            if look.repeats_id is None and look.withdrawn_at is None:
                root = look.machine.same_as_id or look.machine_id
                best[root] = "full" if "full" in (look.grade, best.get(root)) else "part"
        total = MachineTotal.objects.filter(unit=node.unit_id).first()
        known = max(len(roots), total.machines if total else 0)
        grades = Counter(grade for root, grade in best.items() if root in roots)
        own = {
            "machines": known,
            "machines_seen": grades["full"],
            "machines_part": grades["part"],
            "machines_sized": int(total is not None),
            # No day has logs here, so that no unit has looked at all.
            "looked_part": int(bool(best.keys() & roots)),
        }
        for other, above in world.nodes.items():
            if node.path.startswith(above.path):
                sums[other].update({name: n for name, n in own.items() if n})
    return sums


def test_counters_equal_a_slow_count_after_any_acts(world: World) -> None:
    dice = random.Random(18)
    codes = ["TC", "TC01", "TC02", "TC01A"]
    for number in range(40):
        code = dice.choice(codes)
        actor = world.user(code, Role.TECHNICIAN)
        act = dice.randrange(5)
        if act == 0:
            known = UnitMachine.objects.filter(unit=world.units[code], ended_at=None).count()
            machines.state_total(world.units[code], known + dice.randrange(3), actor=actor)
        elif act == 1:
            take_back(f"submission:{dice.randrange(1, 1 + number)}") if number else None
            for each in codes:
                looked(world, code=each, source="none")
        else:
            content = f"{dice.randrange(12)}".rjust(64, "0")
            host = f"PC-{dice.randrange(4)}"
            connections = dice.choice([None, 3, 3])
            look = taken(host, content=content, connections=connections)
            looked(world, look, code=code, source=f"submission:{number + 1}")
    expected = twin(world)
    assert {code: Counter(counted(world, code)) for code in codes} == {
        code: Counter({k: n for k, n in expected[code].items() if n}) for code in codes
    }
    assert world.campaign is not None
    assert recount(world.campaign) == []


def test_a_unit_that_left_the_tree_adds_nothing(world: World) -> None:
    looked(world, taken())
    CampaignNode.objects.filter(pk=world.nodes["TC01"].pk).update(state="closed")
    looked(world)
    assert counted(world, "TC") == {}
