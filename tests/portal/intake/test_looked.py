"""What a hand-in shows of machines is recorded in its own act; older hand-ins are read later."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.intake.looked import covered_days, looks_of
from quetsach_portal.intake.models import CoverageDay, Submission, SubmissionKind
from quetsach_portal.intake.own_tables import add_table
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.looks.counting import window_of
from quetsach_portal.looks.machines import state_total
from quetsach_portal.looks.models import LookGrade, MachineLook, MachineTotal, UnitLook, UnitMachine
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import given, looked_through, publish
from tests.portal.looks.collecting import collection
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_collection_is_a_look_recorded_with_its_sweep(world: World) -> None:
    publish(world)
    state_total(world.units["TC01"], 2, actor=world.user("TC01", Role.FOCAL_POINT))
    files: dict[str, bytes | str] = {
        "bat-ky.zip": collection(),
        "y.zip": collection("PC-02", port=9),
    }
    row = looked_through(world, files, kind=SubmissionKind.COLLECTOR)
    looks = looks_of(row)
    assert [(one.host, one.grade, one.lacks) for one in looks] == [
        ("PC-01", LookGrade.FULL, []),
        ("PC-02", LookGrade.FULL, []),
    ]
    look = UnitLook.objects.get(node=world.nodes["TC01"])
    assert (look.seen, look.machines, look.days) == (2, 2, 0)
    assert NodeCounter.objects.get(node=world.nodes["TC"]).machines_seen == 2
    assert row.looks_kept
    assert not row.summary["looks"]


def test_less_is_a_part_and_says_why_and_the_same_file_again_is_no_look(world: World) -> None:
    publish(world)
    old = timezone.now() - timedelta(days=4)
    packed = collection(taken_at=old, without="dnscache.tsv")
    first = looked_through(world, {"a.zip": packed}, kind=SubmissionKind.COLLECTOR)
    assert [(one.grade, one.lacks) for one in looks_of(first)] == [("part", ["names", "old"])]
    again = looked_through(world, {"b.zip": packed}, code="TC02", kind=SubmissionKind.COLLECTOR)
    assert [one.repeats_id for one in looks_of(again)] == [looks_of(first)[0].pk]
    assert NodeCounter.objects.get(node=world.nodes["TC"]).machines_part == 1


def test_a_collection_covers_no_day_and_a_log_covers_its_own(world: World) -> None:
    node, phase = world.nodes["TC01"], world.phase
    window = window_of(phase)
    for day, kind in ((0, "host"), (1, "text"), (2, "dns"), (2, "connection"), (20, "dns")):
        CoverageDay.objects.create(
            node=node, day=window.last - timedelta(days=day), kind=kind, lines=5
        )
    assert covered_days(CoverageDay.objects.all(), window) == {node.pk: 1}
    enqueue("intake.settle_looks", key="x")
    run_ready()
    assert UnitLook.objects.get(node=node).days == 1


@pytest.mark.parametrize("has_files", [True, False])
def test_hand_ins_of_an_earlier_version_are_read(world: World, has_files: bool) -> None:
    publish(world)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    name = f"quetsach-PC-01-{stamp}.zip"
    row = looked_through(world, {name: collection()}, kind=SubmissionKind.COLLECTOR)
    MachineLook.objects.all().delete()
    UnitMachine.objects.all().delete()
    Submission.objects.update(looks_kept=False)
    if not has_files:
        from quetsach_portal.files.storage import path_of

        for stored in row.files.all():
            path_of(stored).unlink()
    for _time in range(2):
        enqueue("intake.looks", key=f"looks{_time}")
        run_ready()
    (look,) = looks_of(row)
    assert (look.host, look.grade, bool(look.mac)) == ("PC-01", "full", has_files)
    assert Submission.objects.get(pk=row.pk).looks_kept


def test_the_list_of_machines_tells_how_many_there_are(world: World) -> None:
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    table = "Tên máy;MAC;Phòng\nPC-01;00-17-A4-B2-C3-D4;Một cửa\nPC-02;;Văn thư\n"
    add_table(
        unit, kind="inventory", upload=given("m.csv", table), as_of=date(2026, 9, 1), actor=actor
    )
    run_ready()
    assert MachineTotal.objects.get(unit=unit).machines == 2
    assert dict(UnitMachine.objects.values_list("name", "room")) == {
        "PC-01": "Một cửa",
        "PC-02": "Văn thư",
    }
    shorter = "Tên máy;MAC\nPC-01;00-17-A4-B2-C3-D4\n"
    add_table(
        unit, kind="inventory", upload=given("n.csv", shorter), as_of=date(2026, 9, 2), actor=actor
    )
    run_ready()
    assert MachineTotal.objects.get(unit=unit).machines == 1
    assert UnitMachine.objects.filter(ended_at=None).count() == 1


def test_a_list_that_cannot_be_read_tells_no_number(world: World) -> None:
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    add_table(
        unit,
        kind="inventory",
        upload=given("m.csv", "a;b\n1;2\n"),
        as_of=date(2026, 9, 1),
        actor=actor,
    )
    run_ready()
    assert not MachineTotal.objects.exists()
