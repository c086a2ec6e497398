"""What watches and logs tell of planted names is kept once, by name, place and day."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.planted.models import PlantedName, SubnetSeen
from quetsach_portal.planted.observing import (
    SweptName,
    names_today,
    plant,
    take_swept,
    take_told,
)
from tests.portal.planted.planting import WEDNESDAY, at, node_of, place, planted, working_days
from tests.portal.world import World


def test_planting_twice_is_planting_once_and_weekends_are_left_out(world: World) -> None:
    place(world), place(world, "KT")
    node = node_of(world)
    for _time in range(2):
        plant(node, [WEDNESDAY, WEDNESDAY + timedelta(days=3)])
    assert {name.day for name in PlantedName.objects.all()} == {WEDNESDAY}
    assert PlantedName.objects.count() == 2


def test_a_watch_tells_what_its_logs_and_the_note_of_the_pc_show(world: World) -> None:
    place(world), place(world, "KT")
    first, second = planted(world, WEDNESDAY)
    node, when = node_of(world), at("08:33").isoformat()
    rows = [
        {"name": first.name.upper(), "seen_at": when, "source": "/var/log/eve.json"},
        {"name": second.name, "seen_at": when, "source": "C:\\quetsach\\planted-note.txt"},
        {"name": "ffffffffffffffff.planted.quetsach.example", "seen_at": "", "source": ""},
        {"name": ""},
    ]
    assert take_told(node, rows) == 2
    assert take_told(node, rows) == 0
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.seen_at, first.source, first.is_live) == (at("08:33"), "/var/log/eve.json", True)
    assert (second.seen_at, second.asked_at) == (None, at("08:33"))


def test_names_in_addresses_in_lines_of_a_note_and_planted_addresses_are_known(
    world: World,
) -> None:
    for name in ("VP", "KT", "Kho"):
        place(world, name)
    first, second, third = planted(world, WEDNESDAY)
    assert len({first.address, second.address, third.address}) == 3
    when = at("08:33").isoformat()
    line = f"2026-12-02T08:33:07+07:00 {second.name} asked knocked"
    rows = [
        {"name": f"http://{first.name}/", "seen_at": when, "source": "squid"},
        {"name": line, "seen_at": when, "source": "/var/log"},
        {"name": third.address, "seen_at": when, "source": "conn.log"},
        {"name": third.address, "seen_at": at("08:33", WEDNESDAY + timedelta(1)).isoformat()},
        {"name": "192.0.2.254.planted", "seen_at": when},
    ]
    assert take_told(node_of(world), rows) == 3
    known = [(row.asked_at is not None, row.source) for row in planted(world, WEDNESDAY)]
    assert known == [(False, "squid"), (True, ""), (False, "conn.log")]


def test_a_watch_that_tells_many_names_again_asks_few_questions(
    world: World, django_assert_max_num_queries
) -> None:
    place(world)
    days = working_days(20)
    rows = [
        {
            "name": planted(world, day)[0].name,
            "seen_at": at("08:33", day).isoformat(),
            "source": "x",
        }
        for day in days
    ]
    assert take_told(node_of(world), rows) == 20
    node = node_of(world)
    with django_assert_max_num_queries(5):
        assert take_told(node, rows) == 0


def test_names_of_other_units_change_nothing(world: World) -> None:
    place(world), place(world, code="TC02")
    (other,) = planted(world, WEDNESDAY, "TC02")
    rows = [{"name": other.name, "seen_at": "nonsense", "source": "x"}]
    assert take_told(node_of(world), rows) == 0
    other.refresh_from_db()
    assert other.seen_at is None


def test_logs_that_were_handed_in_say_what_they_show_and_what_not(world: World) -> None:
    here, there = place(world), place(world, "KT")
    node = node_of(world)
    swept = [
        SweptName(here.pk, WEDNESDAY, True, False, at("08:34"), "dns.log"),
        SweptName(there.pk, WEDNESDAY, False, True),
        SweptName(10**9, WEDNESDAY, True, True),
    ]
    take_swept(node, swept, {"10.1.2.0/24": 12}, at("15:00"))
    take_swept(node, swept, {"10.1.2.0/24": 14}, at("16:00"))
    first, second = planted(world, WEDNESDAY)
    assert (first.seen_at, first.source, first.is_live) == (at("08:34"), "dns.log", False)
    assert (second.seen_at, second.asked_at, second.looked_at) == (None, at("15:00"), at("15:00"))
    assert SubnetSeen.objects.get().machines == 14


def test_a_watch_is_told_what_is_planted_today(world: World) -> None:
    place(world)
    name, address = names_today(node_of(world))
    assert name.endswith(".planted.quetsach.example")
    assert address.startswith("192.0.2.")
    assert names_today(node_of(world, "TC02")) == []
    assert timezone.localdate()
