"""Days and times as people in an office type them."""

from datetime import date, datetime, time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from quetsach_portal.web.days import DayField, HourField, MomentField, PastDay, day_of, hour_of


class _Form(forms.Form):
    day = DayField(label="Day", help_text="Counted from then on.")
    hour = HourField(label="Hour", required=False)
    at = MomentField(label="At", required=False)


@pytest.mark.parametrize(
    "text",
    ["5/12/2026", "05/12/2026", "5-12-2026", "05.12.2026", "5 12 2026", "05122026", "2026-12-05"],
)
def test_a_day_is_day_month_year_however_it_is_parted(text: str) -> None:
    assert day_of(text) == date(2026, 12, 5)


@pytest.mark.asvs("V2.2.1")
@pytest.mark.parametrize(
    "text", ["12/31/2026", "5/12/26", "5/12", "hôm nay", "", "31/2/2026", "1/1/0000"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_of(text) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("16:30", "16:30"),
        ("16h30", "16:30"),
        ("8h", "08:00"),
        ("16 giờ 30", "16:30"),
        ("1630", "16:30"),
    ],
)
def test_a_time_is_taken_as_offices_write_it(text: str, told: str) -> None:
    assert hour_of(text) == told


@pytest.mark.parametrize("text", ["25:00", "16:75", "chiều", "16"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert not hour_of(text)


@pytest.mark.parametrize(
    "text", ["16:30 05/12/2026", "05/12/2026 16:30", "16h30 ngày 5/12/2026", "2026-12-05T16:30"]
)
def test_a_moment_is_time_and_day_in_either_order(text: str) -> None:
    form = _Form({"day": "5/12/2026", "hour": "16h", "at": text})
    assert form.is_valid(), form.errors
    told = timezone.make_aware(datetime(2026, 12, 5, 16, 30))
    assert form.cleaned_data == {"day": date(2026, 12, 5), "hour": time(16), "at": told}


def test_a_form_shows_days_as_the_pages_do_and_leaves_what_was_typed() -> None:
    with translation.override("vi"):
        shown = _Form(initial={"day": date(2026, 12, 4)}).as_div()
        assert 'value="04/12/2026"' in shown
        assert 'type="date"' not in shown
        assert "Ví dụ: 05/12/2026" in shown
        stored = _Form(initial={"day": "2026-12-04"}).as_div()
        assert 'value="04/12/2026"' in stored
        wrong = _Form({"day": "12/31/2026"})
        assert not wrong.is_valid()
        assert 'value="12/31/2026"' in wrong.as_div()
        assert "ngày/tháng/năm" in wrong.errors["day"][0]


@pytest.mark.parametrize("text", ["0001-01-01", "31/12/9999", "9999-12-31", "01/01/1899"])
def test_a_day_beyond_the_calendar_of_offices_is_refused_and_no_error_of_ours(text: str) -> None:
    assert day_of(text) is None
    for field in (DayField(), MomentField()):
        for typed in (text, f"00:00 {text}"):
            with pytest.raises(ValidationError):
                field.clean(typed)


@pytest.mark.parametrize("typed", ["31/02/2026", "01/01/2199", "abc", "hôm qua"])
def test_a_past_day_that_is_none_or_lies_ahead_is_told(typed: str) -> None:
    asked = PastDay({"on": typed}, "Đến hết ngày")
    assert (asked.day, len(asked.errors["on"])) == (None, 1)
    assert f'value="{typed}"' in str(asked["on"])


def test_no_day_and_today_are_now_and_a_past_day_is_itself() -> None:
    today = timezone.localdate()
    days = {"": None, "  ": None, f"{today:%d/%m/%Y}": None, "05/12/2022": date(2022, 12, 5)}
    for typed, day in days.items():
        asked = PastDay({"on": typed}, "Đến hết ngày")
        assert (asked.day, dict(asked.errors)) == (day, {})
