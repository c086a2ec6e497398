from datetime import UTC, date, timedelta, timezone

import pytest

from quetsach.html_report.words import day, foreign, moment, number, size, span
from quetsach.texts import use_language


@pytest.fixture(params=["vi", "en"])
def used(request: pytest.FixtureRequest) -> str:
    use_language(request.param)
    return str(request.param)


def test_numbers_set_their_thousands_apart(used: str) -> None:
    assert number(1_234_567) == {"vi": "1.234.567", "en": "1,234,567"}[used]


def test_sizes_use_the_decimal_mark_of_the_language(used: str) -> None:
    assert size(1536) == {"vi": "1,5 KiB", "en": "1.5 KiB"}[used]
    assert size(1) == {"vi": "1 byte", "en": "1 bytes"}[used]
    assert size(5 * 1024**5) == {"vi": "5.120,0 TiB", "en": "5,120.0 TiB"}[used]


def test_times_are_shown_in_the_zone_asked_for(used: str) -> None:
    zone = timezone(timedelta(hours=7))
    wanted = {"vi": "12/9/2022\xa008:15", "en": "12\xa0Sep\xa02022\xa008:15"}[used]
    assert moment("2022-09-12T01:15:22+00:00", zone) == wanted


def test_unknown_times_are_one_dash() -> None:
    assert span(None, None, UTC) == "–"
    assert moment(None, UTC) == "–"


def test_days_carry_no_leading_zero(used: str) -> None:
    assert day(date(2022, 1, 5)) == {"vi": "5/1/2022", "en": "5 Jan 2022"}[used]


def test_invisible_characters_are_written_out() -> None:
    assert foreign("a\u202eb\u200bc\nd") == "a‹U+202E›b‹U+200B›c‹U+000A›d"
    assert foreign("Xã Đại An") == "Xã Đại An"
