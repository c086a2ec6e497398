"""A list is read in the sandbox and compared with the one in use."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.lists import actions
from quetsach_portal.publishing.models import ListKind, ListState
from quetsach_portal.web.acts import Refused
from tests.portal.publishing.lists.handed import RANGES, handed_in

pytestmark = pytest.mark.django_db


def test_the_differences_are_counted_before_a_list_is_taken_over(shown, owner, client_of) -> None:
    first = handed_in(shown, ListKind.RANGES, RANGES)
    assert (first.state, first.rows, first.fresh, first.gone) == ("read", 3, 3, 0)
    actions.take_over(first, actor=owner)
    second = handed_in(shown, ListKind.RANGES, b"192.0.2.0/24\n203.0.113.0/24\n10.0.0.0/8\n")
    assert (second.fresh, second.gone) == (1, 2)
    page = client_of("TC", Role.LEAD_OWNER).get(f"/public-page/lists/{second.pk}/")
    text = page.content.decode()
    assert "thiếu hơn một nửa" in text
    assert "203.0.113.0/24" in text
    assert "10.0.0.0/8" in text
    actions.take_over(second, actor=owner)
    first.refresh_from_db()
    assert first.state == ListState.REPLACED
    acts = AuditEvent.objects.filter(action="publishing.list_taken")
    assert acts.count() == 2


def test_a_file_of_nothing_is_refused_in_words(shown, owner) -> None:
    wrong = handed_in(shown, ListKind.RANGES, b"10.0.0.0/8\n")
    assert wrong.state == ListState.FAILED
    assert "Không dòng nào" in wrong.problem
    with pytest.raises(Refused):
        actions.take_over(wrong, actor=owner)
