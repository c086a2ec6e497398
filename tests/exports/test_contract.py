"""Times and indicators as exports tell them."""

from datetime import UTC, datetime

import pytest

from quetsach.exports.contract import indicator_of, iso_us, plain_record, tlp_of
from quetsach.indicators.model import IndicatorKind, MatchRule, Tlp


@pytest.mark.parametrize("when_us", [0, 1, 999_999, 1_662_945_670_440_662, -1, -1_500_000])
def test_a_time_is_told_to_the_microsecond(when_us: int) -> None:
    told = datetime.fromisoformat(iso_us(when_us))
    since = told - datetime(1970, 1, 1, tzinfo=UTC)
    assert since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds == when_us


def test_an_indicator_is_read_back_from_its_row() -> None:
    row = {
        "quetsach.match.rule": "ip-port",
        "quetsach.indicator.key": "[2001:db8::1]:8080",
        "threat.indicator.name": "[2001:db8::1]:8080",
        "threat.indicator.type": "address",
    }
    indicator = indicator_of(row)
    assert (indicator.kind, indicator.rule) == (IndicatorKind.ADDRESS, MatchRule.IP_PORT)
    assert indicator.port == 8080


def test_a_marking_is_read_and_a_missing_one_is_none() -> None:
    assert tlp_of({"threat.indicator.marking.tlp": "AMBER+STRICT"}) is Tlp.AMBER_STRICT
    assert tlp_of({}) is None


def test_only_times_change_in_a_plain_record() -> None:
    record = plain_record({"@timestamp": 1_000_000, "source.port": 1_000_000})
    assert record == {"@timestamp": "1970-01-01T00:00:01.000000Z", "source.port": 1_000_000}
