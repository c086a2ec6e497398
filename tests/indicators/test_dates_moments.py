"""Moments are written exactly, and the status of an indicator follows from them."""

from quetsach.indicators.dates import iso_of, status_at, us_of
from quetsach.indicators.model import Claim, IndicatorStatus


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
