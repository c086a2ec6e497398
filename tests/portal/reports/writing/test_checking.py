"""What prevents the submission of a draft."""

import pytest

from quetsach_portal.campaigns.models.campaign import (
    NodeCounter,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.pages.pages import check_page
from quetsach_portal.reports.writing import draft, submitting
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    LATER,
    PEOPLE,
    above,
    handed_in,
    numbers,
    slot_of,
    submitted,
    written,
)
from tests.portal.world import World


def test_B5_nothing_written_is_not_zero(world: World) -> None:
    slot = written(world, "TC01A", {**numbers(), PEOPLE: TypedAnswer(text="")})
    with pytest.raises(Refused):
        handed_in(slot, world.user("TC01A", Role.FOCAL_POINT))


def test_B4_more_people_than_staff_needs_a_reason(world: World) -> None:
    odd = {**numbers(), PEOPLE: TypedAnswer(text="11")}
    slot, author = written(world, "TC01A", odd), world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        handed_in(slot, author)
    slot = draft.save(
        slot,
        {PEOPLE: TypedAnswer(text="11", reason="có cộng tác viên")},
        revision=slot.draft.revision,
        actor=author,
    ).slot
    assert handed_in(slot, author).n == 1
    assert NodeCounter.objects.get(node=slot.node).staff == 10


def test_returned_report_is_handed_in_unchanged_only_where_that_is_meant(world: World) -> None:
    version, author = submitted(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    deciding.return_version(version, {PEOPLE: "Đếm lại."}, actor=above(world, "TC01A"))
    slot = slot_of(world, "TC01A")
    shown = check_page(slot, slot.draft)
    assert shown.is_as_returned
    with pytest.raises(Refused, match="chưa sửa gì"):
        submitting.submit(slot, checked_with=shown.token, actor=author, gap=LATER)
    draft.save(slot, numbers(people="6"), revision=slot.draft.revision, actor=author)
    slot = slot_of(world, "TC01A")
    shown = check_page(slot, slot.draft)
    assert not shown.is_as_returned
    assert submitting.submit(slot, checked_with=shown.token, actor=author, gap=LATER).n == 2
