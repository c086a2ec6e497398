"""What could not be read, and why."""

import pytest
from django.test import Client

from tests.portal.worklist.commune import heading, received, unread_hand_in
from tests.portal.worklist.pages import page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_what_could_not_be_read_is_no_clean_machine(world: World, clerk: Client) -> None:
    received(world)
    unread_hand_in(world)
    source = page(clerk)
    assert heading(source) == "Chưa kiểm tra được gì: hãy nộp lại tệp"
    assert "Đây không phải là “không thấy mã độc”." in source
    assert "H101" in source
    assert "Cần nộp lại" in source
