"""Times of notices in every spelling that authorities use."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.clocks import MICROSECONDS
from quetsach.notices.model import Notice
from quetsach.notices.moments import (
    SLACK_US,
    VIETNAM,
    TimeWindow,
    moment_of,
    moments_in,
    window_elsewhere,
    window_of,
)


@pytest.mark.parametrize(
    ("text", "iso", "digits"),
    [
        ("2022-09-12 05:00:07", "2022-09-12T05:00:07+00:00", "second"),
        ("2022-09-12T05:00:07.123456Z", "2022-09-12T05:00:07.123456+00:00", "second"),
        ("2022-09-12 05:00:07 UTC", "2022-09-12T05:00:07+00:00", "second"),
        ("2022-09-12 12:00:07 +0700", "2022-09-12T05:00:07+00:00", "second"),
        ("2023-08-16 00:54:56 -0400", "2023-08-16T04:54:56+00:00", "second"),
        ("12/09/2022 12:00:07 (GMT+7)", "2022-09-12T05:00:07+00:00", "second"),
        ("2022/9/2 05:00", "2022-09-02T05:00:00+00:00", "minute"),
        ("02-09-2022", "2022-09-02T00:00:00+00:00", "day"),
        ("05h07' ngày 12/9/2022", "2022-09-12T05:07:00+00:00", "minute"),
        ("5 giờ 07 phút, ngày 12/9/2022", "2022-09-12T05:07:00+00:00", "minute"),
        ("9/12/2022 5:00:07 AM", "2022-12-09T05:00:07+00:00", "second"),
        ("9/12/2022 5:00:07 PM", "2022-12-09T17:00:07+00:00", "second"),
        ("1662958800", "2022-09-12T05:00:00+00:00", "second"),
    ],
)
def test_each_spelling_is_read(text: str, iso: str, digits: str) -> None:
    found = moment_of(text, UTC)
    assert found is not None
    assert found.us == round(datetime.fromisoformat(iso).timestamp() * MICROSECONDS)
    assert found.digits == digits


def test_the_zone_is_told_only_where_none_was_written() -> None:
    assert moments_in("2022-09-12 05:00:00", VIETNAM)[0].zone == "Asia/Ho_Chi_Minh"
    assert moments_in("2022-09-12 05:00:00", UTC)[0].zone == "UTC"
    assert moments_in("2022-09-12 05:00:00Z", VIETNAM)[0].zone == ""


@pytest.mark.parametrize(
    "text",
    ["", "hôm qua", "30/02/2022", "12/09/2022 25:00", "2022-09", "12:00", "1/1/1970", "9" * 101],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment_of(text, UTC) is None


def test_a_period_has_its_two_ends_whichever_side_the_clock_stands_on() -> None:
    behind = moments_in("12/09/2022 08:00 - 13/09/2022 09:00", UTC)
    before = moments_in("từ 08:00 12/09/2022 đến 09:00 13/09/2022", UTC)
    assert [one.us for one in behind] == [one.us for one in before]
    assert len(behind) == 2


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1)))
def test_what_is_written_is_read_back(when: datetime) -> None:
    aware = when.replace(tzinfo=UTC)
    found = moment_of(aware.isoformat(sep=" "), VIETNAM)
    assert found is not None
    assert (found.us, found.zone) == (
        (aware - datetime(1970, 1, 1, tzinfo=UTC)).days * 86_400 * MICROSECONDS
        + (aware - datetime(1970, 1, 1, tzinfo=UTC)).seconds * MICROSECONDS
        + when.microsecond,
        "",
    )


@given(st.text(alphabet="0123456789/-:. TZhngày+giờUTC()", max_size=100))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert len(moments_in(text, UTC)) <= 2


SECOND = 1_000_000
HOUR = 3_600 * SECOND
NOON = 1_662_958_800 * SECOND
NOTICE = Notice("n.csv", 1, "203.0.113.5", when_us=NOON)


def test_a_second_a_minute_and_a_day_are_as_long_as_they_say() -> None:
    for digits, length in (("second", SECOND), ("minute", 60 * SECOND), ("day", 24 * HOUR)):
        window = window_of(replace(NOTICE, time_digits=digits))
        assert (window.from_us, window.until_us) == (NOON, NOON + length - 1)
    assert not window_of(NOTICE).is_wide
    assert window_of(replace(NOTICE, time_digits="day")).is_wide


def test_a_period_ends_with_the_last_moment_that_its_end_means() -> None:
    window = window_of(replace(NOTICE, end_us=NOON + HOUR, time_digits="minute"))
    assert (window.from_us, window.until_us) == (NOON, NOON + HOUR + 60 * SECOND - 1)


def test_an_untold_time_is_all_time() -> None:
    window = window_of(replace(NOTICE, when_us=None))
    assert window == TimeWindow(None, None)
    assert window.loosened() == window
    assert window.is_wide
    assert window.distance_us(NOON, NOON) == 0


def test_a_zone_that_was_written_has_no_other() -> None:
    assert window_elsewhere(NOTICE) is None


def test_the_other_zone_is_seven_hours_off_in_the_right_direction() -> None:
    utc = window_elsewhere(replace(NOTICE, zone_assumed=True, zone="UTC"))
    local = window_elsewhere(replace(NOTICE, zone_assumed=True, zone="Asia/Ho_Chi_Minh"))
    assert utc is not None
    assert local is not None
    assert (utc.from_us, utc.zone) == (NOON - 7 * HOUR, "Asia/Ho_Chi_Minh")
    assert (local.from_us, local.zone) == (NOON + 7 * HOUR, "UTC")


def test_a_zone_of_no_known_name_does_no_harm() -> None:
    assert window_elsewhere(replace(NOTICE, zone_assumed=True, zone="No/Where")) is not None


def test_the_distance_is_counted_from_the_nearer_end() -> None:
    window = TimeWindow(100, 200)
    assert window.distance_us(150, 160) == 0
    assert window.distance_us(250, 260) == 50
    assert window.distance_us(10, 60) == 40
    assert window.distance_us(10, None) == 0
    assert window.loosened(5) == TimeWindow(95, 205)
    assert SLACK_US == 300 * SECOND
