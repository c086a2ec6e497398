"""Shapes of the interface: parts of long lists, phases, days."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pydantic import ValidationError

from quetsach_portal.api.schemas import MOST_ID, OnDay, Paged, part_of, requested_phase
from quetsach_portal.units.models import OrgUnit
from tests.portal.world import World


@pytest.mark.asvs("V2.2.1")
@pytest.mark.parametrize(
    "wrong", [{"after": -1}, {"after": MOST_ID + 1}, {"limit": 0}, {"limit": 501}, {"after": "x"}]
)
def test_a_part_that_no_list_has_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Paged(**wrong)


@pytest.mark.django_db
def test_parts_together_are_the_whole_list_once(world: World) -> None:
    rows, after = [], 0
    for _turn in range(3):
        part = part_of(OrgUnit.objects.all(), Paged(after=after, limit=2))
        rows += [unit.pk for unit in part["rows"]]
        after = part["next"]
    assert rows == sorted(unit.pk for unit in world.units.values())
    assert after is None


def test_a_day_that_is_not_past_is_now() -> None:
    today = timezone.localdate()
    assert OnDay(on=today - timedelta(days=1)).past == today - timedelta(days=1)
    assert OnDay(on=today).past is OnDay(on=date(2999, 1, 1)).past is OnDay().past is None
    with pytest.raises(ValidationError):
        OnDay(on=date(1999, 12, 31))


@pytest.mark.django_db
def test_a_phase_is_found_by_its_number_and_without_one_it_is_the_open_one(world: World) -> None:
    node = world.nodes["TC01"]
    assert requested_phase(node, 1) == requested_phase(node, None) == world.phase
    assert requested_phase(node, 9) is None
