"""Moments are told on the clock of Vietnam, and say so."""

from datetime import UTC, datetime

from quetsach.cli.terminal import format_moment


def test_the_evening_in_utc_is_the_next_day_here() -> None:
    moment = datetime(2022, 9, 27, 20, 25, 39, tzinfo=UTC)
    assert format_moment(moment) == "03:25:39 28/09/2022 (+07:00)"
