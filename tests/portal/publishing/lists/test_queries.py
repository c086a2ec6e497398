"""Lists are read apart, looked at, taken over by an owner; the table is made of what is in use."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.lists import actions
from quetsach_portal.publishing.models import ListKind, ListState
from tests.portal.publishing.lists.handed import RANGES, handed_in, seen, today

pytestmark = pytest.mark.django_db


def test_what_looks_wrong_is_told_before_it_is_taken_over(world, client_of) -> None:
    ranges = handed_in(world, ListKind.RANGES, RANGES)
    actions.take_over(ranges, actor=world.user("TC", Role.LEAD_OWNER))
    content = seen("8.8.8.8", "mirai", today())
    content += seen("192.0.2.9", "mirai", today()).partition(b"\n")[2]
    made = handed_in(world, ListKind.LISTED, content)
    assert (made.state, made.rows) == (ListState.READ, 2)
    assert made.doubts == [["outside-ranges", 1, "8.8.8.8"], ["public-resolver", 1, "8.8.8.8"]]
    page = client_of("TC", Role.LEAD_OWNER).get(f"/public-page/lists/{made.pk}/").content.decode()
    assert "có đọc nhầm cột không?" in page
