"""A list is decided once."""

import pytest

from quetsach_portal.publishing.lists import actions
from quetsach_portal.publishing.models import ListKind
from quetsach_portal.web.acts import Refused
from tests.portal.publishing.lists.handed import SHARED, handed_in

pytestmark = pytest.mark.django_db


def test_a_list_is_decided_once(shown, owner) -> None:
    one = handed_in(shown, ListKind.SHARED, SHARED)
    actions.drop(one, actor=owner)
    with pytest.raises(Refused):
        actions.take_over(one, actor=owner)
