"""The span of time that a notice means."""

from dataclasses import replace

from quetsach.notices.model import Notice
from quetsach.notices.moments import SLACK_US, TimeWindow, window_elsewhere, window_of

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
