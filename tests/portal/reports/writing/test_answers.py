"""What is typed into a field, and the value that it gives."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    handed_in,
    numbers,
    submitted,
    written,
)
from tests.portal.world import World


@pytest.mark.parametrize("text", ["1.234", "1,234", "1 234", " 1234 ", "１２３４"])
def test_B5_ways_to_write_a_number(world: World, text: str) -> None:
    slot = written(world, "TC01A", numbers(people=text))
    assert slot.draft.own[PEOPLE]["value"]["count"] == 1234


@pytest.mark.parametrize("text", ["12a", "-1", "1e3", "1.5"])
def test_B5_what_is_no_number_is_kept_as_typed_and_not_handed_in(world: World, text: str) -> None:
    slot = written(world, "TC01A", numbers(people=text))
    assert slot.draft.typed == {PEOPLE: text}
    with pytest.raises(Refused):
        handed_in(slot, world.user("TC01A", Role.FOCAL_POINT))


def test_B9_five_ways_of_no_number_stay_apart(world: World) -> None:
    given = {
        INFORMED: TypedAnswer(instead="zero"),
        DEPLOYED: TypedAnswer(instead="nil"),
        PEOPLE: TypedAnswer(instead="not_collected"),
    }
    version = submitted(world, "TC01A", {k: _with_reason(one) for k, one in given.items()})
    rows = {one.key: (one.total, one.absent) for one in version.figures.all()}
    assert rows[INFORMED] == (0, "")
    assert rows[DEPLOYED] == (None, "nil")
    assert rows[PEOPLE] == (None, "not_collected")
    assert rows["assessment"] == (None, "missing")


def _with_reason(answer: TypedAnswer) -> TypedAnswer:
    return TypedAnswer(instead=answer.instead, reason="không có sổ")
