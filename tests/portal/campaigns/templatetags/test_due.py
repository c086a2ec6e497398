"""Deadlines as templates show them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
MIDNIGHT = datetime(2022, 9, 29, tzinfo=HERE)


@pytest.mark.parametrize(
    ("due_at", "shown"),
    [
        (MIDNIGHT, "trước ngày 29/09/2022 | thứ Tư, 28/09/2022"),
        (MIDNIGHT.replace(hour=10, minute=30), "trước 10:30 ngày 29/09/2022 | thứ Năm, 29/09/2022"),
    ],
)
def test_a_deadline_is_shown_with_the_last_day_in_time(due_at: datetime, shown: str) -> None:
    template = Template("{% load due %}{{ due|before }} | {{ due|last_day }}")
    with translation.override("vi"):
        assert template.render(Context({"due": due_at})) == shown


def test_no_deadline_is_a_dash() -> None:
    assert Template("{% load due %}{{ due|before }}").render(Context({"due": None})) == "–"
