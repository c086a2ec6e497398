"""Dates of lists are read as Vietnamese offices and ISO 8601 write them."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.dates import date_us, iso_of, status_at, us_of
from quetsach.indicators.model import Claim, IndicatorStatus

ZONE = timezone(timedelta(hours=7))
MIDNIGHT = 1_662_915_600_000_000
"""2022-09-12 00:00 at +07:00."""


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2022-09-12", MIDNIGHT, MIDNIGHT + 86_399_999_999),
        ("12/9/2022", MIDNIGHT, MIDNIGHT + 86_399_999_999),
        ("12.09.2022", MIDNIGHT, MIDNIGHT + 86_399_999_999),
        ("12/09/2022 00:00", MIDNIGHT, MIDNIGHT),
        ("2022-09-11T17:00:00Z", MIDNIGHT, MIDNIGHT),
        ("2022-09-11 17:00:00 UTC", MIDNIGHT, MIDNIGHT),
        ("2022-09-11 17:00:00 GMT", MIDNIGHT, MIDNIGHT),
        ("2022-09-11 17:00 Z", MIDNIGHT, MIDNIGHT),
        ("11/9/2022 17:00 UTC", MIDNIGHT, MIDNIGHT),
        ("12/9/2022 00:00 GMT+7", MIDNIGHT, MIDNIGHT),
        ("2022-09-12 00:00:00 +0700", MIDNIGHT, MIDNIGHT),
        ("2022-09-11 17:00 UTC+15", None, None),
        ("31/2/2022", None, None),
        ("hết năm", None, None),
        ("", None, None),
    ],
)
def test_bare_date_is_its_start_or_its_end(
    written: str, start: int | None, end: int | None
) -> None:
    assert date_us(written, ZONE, at_end=False) == start
    assert date_us(written, ZONE, at_end=True) == end


def test_end_of_the_last_day_of_all_is_open() -> None:
    assert date_us("9999-12-31", ZONE, at_end=True) is None


@given(st.text(alphabet="0123456789/-:. TZ+UC", max_size=45))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    moment = date_us(text, ZONE, at_end=True)
    assert moment is None or isinstance(moment, int)


def test_moments_are_written_in_utc_and_read_back_to_the_microsecond() -> None:
    assert iso_of(1_788_225_322_000_001) == "2026-09-01T01:15:22.000001Z"
    assert us_of("2026-09-01T01:15:22.000001Z") == 1_788_225_322_000_001
    assert us_of("2026-09-01T08:15:22+07:00") == us_of("2026-09-01T01:15:22")
    assert (iso_of(None), us_of("")) == ("", None)
    assert iso_of(10**30).startswith("9999-12-31")


def test_an_indicator_expires_after_its_last_moment_and_not_before() -> None:
    claim = Claim(valid_until_us=10)
    assert status_at(claim, 10) is IndicatorStatus.ACTIVE
    assert status_at(claim, 11) is IndicatorStatus.EXPIRED
    assert (
        status_at(Claim(status=IndicatorStatus.WITHDRAWN, valid_until_us=10), 11)
        is IndicatorStatus.WITHDRAWN
    )
    assert status_at(Claim(), 10**18) is IndicatorStatus.ACTIVE
