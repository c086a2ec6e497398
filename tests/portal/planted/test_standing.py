"""Who is blind, who was off, and what a zero is worth: nothing is said that nobody can know."""

from datetime import timedelta

import pytest

from quetsach_portal.planted.models import PlantedName
from quetsach_portal.planted.observing import take_swept
from quetsach_portal.planted.standing import NodeNames, PlantedState, page_of_node, power_words
from tests.portal.planted.planting import (
    WEDNESDAY,
    at,
    node_of,
    place,
    planted,
    working_days,
)
from tests.portal.world import World

DAY = timedelta(days=1)


def state(world: World, clock: str = "11:00", code: str = "TC01") -> PlantedState:
    names = NodeNames(PlantedName.objects.filter(node=world.nodes[code]), at(clock))
    return names.state_of(names.names[-1])


def test_what_was_seen_is_seen(world: World) -> None:
    place(world)
    planted(world, WEDNESDAY, seen_at=at("08:33"))
    assert state(world, "08:40") == PlantedState.SEEN


def test_without_a_word_nobody_is_called_blind(world: World) -> None:
    place(world)
    planted(world, WEDNESDAY)
    assert state(world) == PlantedState.WAITING
    planted(world, WEDNESDAY, looked_at=at("10:50"))
    assert state(world) == PlantedState.NOT_SEEN


def test_asked_and_not_told_by_a_watch_that_tells_is_blind_from_11_on(world: World) -> None:
    place(world)
    planted(world, WEDNESDAY - DAY, seen_at=at("08:33", WEDNESDAY - DAY), is_live=True)
    planted(world, WEDNESDAY, asked_at=at("08:33"))
    assert state(world, "10:59") == PlantedState.WAITING
    assert state(world, "11:00") == PlantedState.BLIND


def test_a_pc_whose_notes_come_and_today_does_not_is_off(world: World) -> None:
    place(world)
    yesterday = at("08:33", WEDNESDAY - DAY)
    planted(world, WEDNESDAY - DAY, seen_at=yesterday, asked_at=yesterday, is_live=True)
    planted(world, WEDNESDAY)
    assert state(world) == PlantedState.OFF


def test_a_day_between_notes_was_off_and_does_not_count(world: World) -> None:
    place(world)
    days = working_days(3)
    for day in (days[0], days[2]):
        planted(world, day, seen_at=at("08:33", day), asked_at=at("08:33", day))
    planted(world, days[1], looked_at=at("15:00"))
    names = NodeNames(PlantedName.objects.all(), at("11:00"))
    assert names.state_of(names.names[1]) == PlantedState.OFF
    assert (names.power().seen, names.power().planted) == (2, 2)


def test_a_zero_is_weighed_by_what_was_looked_for(world: World) -> None:
    place(world)
    for number, day in enumerate(working_days(30)):
        known = {"seen_at": at("08:33", day)} if number >= 3 else {}
        planted(world, day, looked_at=at("15:00", day), **known)
    planted(world, WEDNESDAY)
    power = NodeNames(PlantedName.objects.all(), at("10:00")).power()
    assert (power.seen, power.planted) == (27, 30)
    words = power_words(power)
    assert "27" in words
    assert "76,1" in words or "76.1" in words
    assert "98,6" in words or "98.6" in words


@pytest.mark.parametrize("known", [{}, {"looked_at": at("15:00", WEDNESDAY - DAY)}])
def test_nothing_seen_is_said_as_it_is(world: World, known: dict) -> None:
    place(world)
    planted(world, WEDNESDAY - DAY, **known)
    power = NodeNames(PlantedName.objects.all(), at("10:00")).power()
    assert (power.seen, power.planted) == (0, 1 if known else 0)
    assert "%" not in power_words(power)


def test_subnets_without_a_place_are_named(world: World) -> None:
    place(world, subnet="10.1.2.7/24")
    node = node_of(world)
    take_swept(node, [], {"10.1.2.0/24": 5, "10.1.3.0/24": 9}, at("15:00"))
    page = page_of_node(node)
    assert [subnet.network for subnet in page["bare_subnets"]] == ["10.1.3.0/24"]
    assert [view.place.name for view in page["places"]] == ["VP"]
    assert not page["is_measured"]
