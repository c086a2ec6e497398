"""A look needs both tables of its machine, fresh; the same content counts once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.looks.models import LookGrade, MachineLook, UnitMachine
from quetsach_portal.looks.recording import (
    TakenLook,
    lacking_words,
    lacks_of,
    record_looks,
    take_back,
)
from tests.portal.looks.collecting import looked, node_of, taken
from tests.portal.world import World

pytestmark = pytest.mark.django_db

OTHER_CARD = "00-17-A4-00-00-01"


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({}, []),
        ({"connections": None}, ["connections"]),
        ({"names": 0}, ["names"]),
        ({"age": timedelta(days=3, minutes=1)}, ["old"]),
        ({"age": timedelta(hours=-2)}, ["clock"]),
        ({"age": timedelta(minutes=-30)}, []),
    ],
)
def test_what_a_look_lacks_is_named(changes: dict[str, object], lacks: list[str]) -> None:
    assert lacks_of(taken(**changes), timezone.now()) == lacks  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cache", "names", "lacks"),
    [
        ("none", 0, ["cache-none"]),
        ("root", 0, ["cache-root"]),
        ("resolved", 0, ["names"]),
        ("<b>", 0, ["names"]),
        ("none", 2, []),
    ],
)
def test_a_machine_that_keeps_no_cache_says_so_and_asks_nothing_of_the_clerk(
    cache: str, names: int, lacks: list[str]
) -> None:
    look = replace(taken(names=names), cache=cache)
    assert lacks_of(look, timezone.now()) == lacks
    if cache == "none" and not names:
        assert "không giữ bộ nhớ đệm DNS" in lacking_words(lacks)


def test_a_look_without_a_time_is_a_part() -> None:
    undated = TakenLook("PC-01", "", "", None, 1, 1, "a" * 64)
    assert lacks_of(undated, timezone.now()) == ["time"]


def test_the_same_content_counts_once_also_of_another_unit(world: World) -> None:
    (first,) = looked(world, taken(content="a" * 64))
    (again,) = looked(world, taken("PC-09", content="a" * 64), source="submission:2")
    (other,) = looked(world, taken("PC-77", content="a" * 64), code="TC02", source="submission:3")
    assert (first.repeats, again.repeats, other.repeats) == (None, first, first)


def test_recording_a_hand_in_again_changes_nothing(world: World) -> None:
    before = looked(world, taken())
    assert looked(world, taken()) == before
    assert MachineLook.objects.count() == 1


def test_a_collection_without_both_tables_is_no_look(world: World) -> None:
    assert looked(world, taken(connections=None, names=None)) == []
    assert UnitMachine.objects.count() == 0


def test_a_known_machine_is_recognised_by_its_name_and_card(world: World) -> None:
    (first,) = looked(world, taken("PC-01"))
    (same,) = looked(world, taken("pc-01", content="b" * 64), source="submission:2")
    assert first.machine == same.machine


def test_a_renamed_machine_is_not_guessed(world: World) -> None:
    (first,) = looked(world, taken("PC-01"))
    (renamed,) = looked(world, taken("PC-02", content="b" * 64), source="submission:2")
    (cloned,) = looked(world, taken("PC-01", OTHER_CARD, content="c" * 64), source="submission:3")
    assert len({first.machine_id, renamed.machine_id, cloned.machine_id}) == 3


def test_what_was_withdrawn_counts_no_more_and_its_repeat_takes_its_place(world: World) -> None:
    looked(world, taken(content="a" * 64))
    (again,) = looked(world, taken("PC-09", content="a" * 64), source="submission:2")
    (third,) = looked(world, taken("PC-10", content="a" * 64), source="submission:3")
    assert take_back("submission:1") == 1
    again.refresh_from_db()
    third.refresh_from_db()
    assert (again.repeats, third.repeats) == (None, again)
    assert take_back("submission:1") == 0


def test_a_typed_machine_without_a_card_gets_it_with_its_first_look(world: World) -> None:
    unit = world.units["TC01"]
    typed = UnitMachine.objects.create(unit=unit, name="PC-01", hostname="PC-01", origin="typed")
    (look,) = looked(world, taken("PC-01"))
    assert look.machine == typed
    assert look.grade == LookGrade.FULL
    typed.refresh_from_db()
    assert typed.macs == ["00-17-A4-B2-C3-D4"]


def test_two_looks_of_one_hand_in_at_the_same_machine_make_one_machine(world: World) -> None:
    node = node_of(world)
    looks = [taken(content="a" * 64), taken(content="b" * 64)]
    first, second = record_looks(node, looks, source="submission:5", received_at=timezone.now())
    assert first.machine == second.machine
