"""Times are shown in the zone of the sweep, hours and days as they are there."""

from zoneinfo import ZoneInfo

from quetsach.findings.steps import format_hour, format_time, local_day

SAIGON, KABUL = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Asia/Kabul")
NEARLY_MIDNIGHT_US = 1_663_001_999_999_999
"""2022-09-12 16:59:59.999999 UTC, a microsecond before a Vietnamese midnight."""


def test_a_time_is_cut_to_the_second_and_never_rounded_into_the_next_day() -> None:
    assert format_time(NEARLY_MIDNIGHT_US, SAIGON) == "2022-09-12T23:59:59+07:00"
    assert format_time(None, SAIGON) is None


def test_hour_and_day_are_those_of_the_zone() -> None:
    assert format_hour(NEARLY_MIDNIGHT_US, SAIGON) == "2022-09-12T23:00:00+07:00"
    assert format_hour(NEARLY_MIDNIGHT_US, KABUL) == "2022-09-12T21:00:00+04:30"
    assert local_day(NEARLY_MIDNIGHT_US, SAIGON) == "2022-09-12"
    assert local_day(NEARLY_MIDNIGHT_US + 1, SAIGON) == "2022-09-13"
    assert local_day(NEARLY_MIDNIGHT_US + 1, ZoneInfo("UTC")) == "2022-09-12"
