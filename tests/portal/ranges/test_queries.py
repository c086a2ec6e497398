"""Figures add up and open to their rows; what waits stands on the first page."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.ranges.models import AllottedState, Forwarding
from quetsach_portal.ranges.queries import (
    TONES,
    asked_of,
    figures_of,
    forwardings_from,
    notices_of,
    to_decide,
)
from tests.portal.ranges import asked
from tests.portal.world import World


def test_the_figures_add_up_and_open_to_rows(world: World) -> None:
    batch = asked.allotted(world)
    figures = figures_of(batch)
    assert figures.items == sum(count for _name, _label, count in figures.counts) == 7
    for name, _label, count in figures.counts:
        assert notices_of(batch, name).count() == count
    assert notices_of(batch, "guess").count() == 7
    assert figures.late == 0
    Forwarding.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert figures_of(batch).late == 4
    assert set(TONES) == set(AllottedState)


def test_what_is_to_be_decided_is_told_by_address(world: World) -> None:
    batch = asked.allotted(world)
    (row,) = to_decide(batch)
    assert (row["address"], row["count"]) == ("192.0.2.200", 1)
    told = {one.node.unit.code: (one.asked, one.answered) for one in forwardings_from(batch)}
    assert told == {"TC01": (3, 0), "TC02": (2, 0)}


def test_a_unit_sees_its_notices_with_what_its_logs_say(world: World) -> None:
    forwarding = asked.asked_of(world, asked.allotted(world), "TC01")
    asked.traced(forwarding, 2)
    rows = asked_of(forwarding)
    assert [row.question.notice.number for row in rows] == [1, 2, 4]
    assert [row.item is not None for row in rows] == [False, True, False]
    assert all(row.is_open for row in rows)
