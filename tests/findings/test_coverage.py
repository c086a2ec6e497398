"""Coverage: what was looked at, per source and day, a file given twice once."""

from ipaddress import IPv4Address
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.findings.coverage import SourceCoverage, coverage_json
from quetsach.scanning.line_outcomes import LineCounts
from tests.findings.rows import START_US

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR_US = 3_600_000_000
PC, OTHER = (int(IPv4Address(text)) for text in ("10.0.0.5", "10.0.0.21"))


def _source(**more: Any) -> SourceCoverage:
    return SourceCoverage("a.log", "zeek-tsv", "zeek.conn", "plain", **more)


def test_hours_and_speakers_stand_in_local_time() -> None:
    source = _source(
        hours={START_US: 5, START_US + HOUR_US: 2, None: 3},
        alive={START_US: {PC}, START_US + 18 * HOUR_US: {PC, OTHER}, None: {OTHER}},
        first_us=START_US + 1,
        last_us=START_US + HOUR_US,
        counts=LineCounts(lines=10),
    )
    told = source.to_json(SAIGON)
    assert told["hours"] == {"2022-09-12T07:00:00+07:00": 5, "2022-09-12T08:00:00+07:00": 2}
    assert told["lines_without_hour"] == 3
    assert sum(told["hours"].values()) + told["lines_without_hour"] == told["lines"]
    assert told["alive"] == {"2022-09-12": 1, "2022-09-13": 2}
    assert (told["first"], told["last"]) == (
        "2022-09-12T07:00:00+07:00",
        "2022-09-12T08:00:00+07:00",
    )


def test_no_line_is_lost_in_a_zone_of_half_hours() -> None:
    hours = {START_US: 1, START_US + HOUR_US: 2}
    told = _source(hours=hours).to_json(ZoneInfo("Asia/Kabul"))
    assert sum(told["hours"].values()) == 3


def test_speakers_of_a_day_are_joined_over_sources_but_not_over_twins() -> None:
    sources = [
        _source(alive={START_US: {PC}}),
        _source(alive={START_US: {PC, OTHER}}),
        _source(alive={START_US: {1}}, duplicate_of="b.log"),
    ]
    told = coverage_json(sources, SAIGON)
    assert told["alive"] == {"2022-09-12": ["10.0.0.5", "10.0.0.21"]}
    assert len(told["sources"]) == 3
    assert told["zone"] == "Asia/Ho_Chi_Minh"


def test_a_source_of_which_nothing_is_known_says_so() -> None:
    told = _source().to_json(SAIGON)
    assert (told["first"], told["last"], told["hours"], told["alive"]) == (None, None, {}, {})
