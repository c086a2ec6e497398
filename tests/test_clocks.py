"""Times as logs write them, to the microsecond, with their offset or the zone of their source."""

import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach import clocks

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322 * clocks.MICROSECONDS  # 2026-09-01 08:15:22 at +07:00


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1788225322", WHEN),
        ("1788225322.", WHEN),
        ("1788225322.1", WHEN + 100_000),
        ("1788225322.123456", WHEN + 123_456),
        ("1788225322.123456999", WHEN + 123_456),
        ("1788225322123", WHEN + 123_000),
        ("1788225322123.4", WHEN + 123_400),
        ("1788225322123456", WHEN + 123_456),
        ("1788225322123456789", WHEN + 123_456),
        ("946684799", 946_684_799_000_000),
    ],
)
def test_epoch_text_is_read_to_the_microsecond(text: str, expected: int) -> None:
    assert clocks.us_from_epoch(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1788225322",
        "17882253221",
        "147.026993",
        "XXXXXXXXXX.XXXXXX",
        "1788225322,5",
        "1788225322.x",
        "١٧٨٨٢٢٥٣٢٢",
        "1" * 5000,
        "4102444800",
        "100000000",
    ],
)
def test_what_is_no_bounded_epoch_is_no_time(text: str) -> None:
    assert clocks.us_from_epoch(text) is None


@given(st.integers(clocks.EARLIEST_US, clocks.LATEST_US - 1))
def test_a_number_of_a_json_log_gives_back_the_microsecond_written(when_us: int) -> None:
    written = f"{when_us // 1_000_000}.{when_us % 1_000_000:06}"
    assert clocks.us_from_epoch(written) == when_us
    assert clocks.us_from_number(float(written)) == when_us
    assert clocks.us_from_number(when_us // 1_000_000) == when_us // 1_000_000 * 1_000_000


def test_whole_numbers_of_a_json_log_take_their_unit_from_their_length() -> None:
    assert clocks.us_from_number(1788225322123) == WHEN + 123_000
    assert clocks.us_from_number(1788225322123456789) == WHEN + 123_456
    assert clocks.us_from_number(1.788225322123e12) == WHEN + 123_000


@pytest.mark.parametrize("zone", [" UTC", "UTC", " GMT", " Z", "Z", " (UTC)", " +0000", " UTC+0"])
@pytest.mark.parametrize("time", ["2026-09-01 01:15:22", "2026-09-01T01:15:22.000"])
@pytest.mark.parametrize("otherwise", [None, HANOI])
def test_a_zone_behind_a_time_is_honoured(zone: str, time: str, otherwise: ZoneInfo | None) -> None:
    assert clocks.us_from_iso(time + zone, otherwise) == WHEN


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1)),
    st.sampled_from(("UTC", "GMT", "Z", "UTC+0", "GMT-0", "+0000", "-00:00")),
    st.sampled_from(("", " ")),
)
def test_no_source_s_zone_is_applied_where_a_zone_stands(
    moment: datetime, zone: str, blank: str
) -> None:
    written = f"{moment:%Y-%m-%d %H:%M:%S}{blank}{zone}"
    there = clocks.us_from_iso(written, HANOI)
    assert there == round(moment.replace(microsecond=0, tzinfo=UTC).timestamp()) * 1_000_000
    assert clocks.us_from_iso(written, None) == there


@pytest.mark.parametrize("zone", [" ICT", " UTC+15", " UTCX", " +", " utc", " x UTC", " +99:99"])
def test_a_zone_that_nobody_knows_gives_no_time(zone: str) -> None:
    assert clocks.us_from_iso(f"2026-09-01 01:15:22{zone}", HANOI) is None


@pytest.mark.parametrize("value", [-1, -0.5, 0, 147.026993, 1e300, float("nan"), 10**400])
def test_a_number_out_of_bounds_is_no_time(value: float) -> None:
    assert clocks.us_from_number(value) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01T08:15:22.123456+0700",
        "2026-09-01T08:15:22.123456+07:00",
        "2026-09-01T08:15:22.123456789+07",
        "2026-09-01 01:15:22,123456Z",
        "2026-09-01T01:15:22.123456-0000",
        "2026-08-31T20:15:22.123456-05:00",
    ],
)
def test_an_offset_in_the_text_wins_over_the_zone(text: str) -> None:
    assert clocks.us_from_iso(text, HANOI) == WHEN + 123_456
    assert clocks.us_from_iso(text, None) == WHEN + 123_456


def test_a_text_without_offset_takes_the_zone_or_is_no_time() -> None:
    assert clocks.us_from_iso("2026-09-01T08:15:22", HANOI) == WHEN
    assert clocks.us_from_iso("2026-09-01T01:15:22", UTC) == WHEN
    assert clocks.us_from_iso("2026-09-01T08:15:22", None) is None


@pytest.mark.parametrize(
    "text",
    [
        "20260901",
        "2026-09-01",
        "2026-13-01T00:00:00",
        "2026-09-01T25:00:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59",
        "0001-01-01T00:00:00+14:00",
        "1989-12-31T23:59:59",
        "Sep  1 08:15:22 2026",
        "x" * 40,
    ],
)
def test_what_is_no_bounded_iso_time_is_no_time(text: str) -> None:
    assert clocks.us_from_iso(text, HANOI) is None


def test_local_date_and_time_take_the_zone() -> None:
    assert clocks.us_from_local("2026-09-01", "08:15:22", HANOI) == WHEN
    assert clocks.us_from_local("2026-9-1", "08:15:22", HANOI) is None
    assert clocks.us_from_local("2026-09-01", "8:15", HANOI) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [("+0700", 7), ("+7:00", 7), ("+07", 7), ("UTC+7", 7), ("GMT-3", -3), ("-0930", -9.5)],
)
def test_an_offset_is_read_in_each_of_its_forms(text: str, hours: float) -> None:
    assert clocks.zone_from_offset(text) == timezone(timedelta(hours=hours))


@pytest.mark.parametrize("text", ["", "CET", "+", "+1500", "+0760", "Asia/Ho_Chi_Minh", "7"])
def test_what_is_no_offset_is_no_zone(text: str) -> None:
    assert clocks.zone_from_offset(text) is None


def test_a_time_is_shown_with_its_offset() -> None:
    assert clocks.iso_from_us(WHEN, HANOI) == "2026-09-01T08:15:22+07:00"


@pytest.mark.parametrize(
    "zone",
    [
        *("Asia/Ho_Chi_Minh", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"),
        *("Asia/Gaza", "America/New_York", "Pacific/Apia", "UTC"),
    ],
)
def test_a_moment_is_written_as_the_module_datetime_writes_it(zone: str) -> None:
    # St John's and Gaza have turned their clocks at one minute past midnight.
    turned = datetime(2010, 11, 7, 2, 31, tzinfo=UTC)
    around = [turned + timedelta(seconds=second) for second in range(-3600, 3600, 59)]
    chosen = random.Random(zone)
    latest = clocks.LATEST_US // clocks.MICROSECONDS
    moments = [
        *around,
        *(datetime.fromtimestamp(chosen.randrange(latest), UTC) for _ in range(300)),
    ]
    for moment in moments:
        when_us = int(moment.timestamp()) * clocks.MICROSECONDS + chosen.randrange(1_000_000)
        expected = moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
        assert clocks.iso_from_us(when_us, ZoneInfo(zone)) == expected
    assert clocks.zone_from_offset("Z") is UTC


def test_iso_and_epoch_agree_with_the_slow_reading() -> None:
    chance = random.Random(7)
    for _ in range(500):
        seconds = chance.randrange(631_152_000, 4_102_444_800)
        micro = chance.randrange(1_000_000)
        moment = datetime.fromtimestamp(seconds, tz=HANOI).replace(microsecond=micro)
        exact = int(Decimal(f"{seconds}.{micro:06}") * 1_000_000)
        assert clocks.us_from_iso(moment.isoformat(), None) == exact
        assert clocks.us_from_epoch(f"{seconds}.{micro:06}") == exact
