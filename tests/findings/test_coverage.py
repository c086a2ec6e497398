"""Coverage: what was looked at, per source and day, a file given twice once."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pyroaring import BitMap

from quetsach.findings.coverage import (
    SourceCoverage,
    coverage_json,
    kind_of,
    kinds_of_source,
)
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.plan import YearSource
from tests.findings.rows import START_US

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR_US = 3_600_000_000
PC, OTHER = (int(IPv4Address(text)) for text in ("10.0.0.5", "10.0.0.21"))


def _bitmaps(alive: Mapping[int | None, set[int]]) -> dict[int | None, BitMap]:
    return {hour: BitMap(addresses) for hour, addresses in alive.items()}


def _source(**more: Any) -> SourceCoverage:
    return SourceCoverage("a.log", "zeek-tsv", "zeek.conn", "plain", **more)


def test_the_year_of_a_log_without_years_stands_with_its_source() -> None:
    told = YearSource("neighbour", "conn.log")
    source = _source(year_source=told, first_us=START_US, last_us=START_US + 200 * 24 * HOUR_US)
    year = source.to_json(SAIGON)["year_source"]
    assert year == {"kind": "neighbour", "path": "conn.log", "years": [2022, 2023]}
    assert _source().to_json(SAIGON)["year_source"] is None


def test_hours_and_speakers_stand_in_local_time() -> None:
    source = _source(
        hours={START_US: 5, START_US + HOUR_US: 2, None: 3},
        alive=_bitmaps({START_US: {PC}, START_US + 18 * HOUR_US: {PC, OTHER}, None: {OTHER}}),
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
        _source(alive=_bitmaps({START_US: {PC}})),
        _source(alive=_bitmaps({START_US: {PC, OTHER}})),
        _source(alive=_bitmaps({START_US: {1}}), duplicate_of="b.log"),
    ]
    told = coverage_json(sources, SAIGON)
    assert {day: [*speakers] for day, speakers in told["alive"].items()} == {
        "2022-09-12": ["10.0.0.5", "10.0.0.21"]
    }
    assert len(told["sources"]) == 3
    assert told["zone"] == "Asia/Ho_Chi_Minh"


def test_a_source_of_which_nothing_is_known_says_so() -> None:
    told = _source().to_json(SAIGON)
    assert (told["first"], told["last"], told["hours"], told["alive"]) == (None, None, {}, {})


@pytest.mark.parametrize(
    ("dataset", "kind"),
    [
        ("zeek.dns", "dns"),
        ("suricata.dns", "dns"),
        ("bind.query", "dns"),
        ("unbound.queries", "dns"),
        ("dnsmasq.query", "dns"),
        ("zeek.conn", "connection"),
        ("suricata.flow", "connection"),
        ("suricata.alert", "connection"),
        ("fortigate.traffic", "connection"),
        ("conntrack.event", "connection"),
        ("asa.302013", "connection"),
        ("paloalto.traffic", "connection"),
        ("mikrotik.firewall", "connection"),
        ("netfilter", "connection"),
        ("zeek.ssl", "web"),
        ("suricata.http", "web"),
        ("squid.access", "web"),
        ("fortigate.utm", "web"),
        ("zeek.files", "file"),
        ("host.dns-cache", "host"),
        ("text", "text"),
        ("zeek.dhcp", ""),
        ("dnsmasq.dhcp", ""),
        ("arp.table", ""),
    ],
)
def test_a_record_has_its_kind(dataset: str, kind: str) -> None:
    assert kind_of(dataset) == kind


def test_a_source_of_one_kind_of_record_shows_that_kind() -> None:
    assert kinds_of_source("zeek.dns") == {"dns"}
    assert kinds_of_source("zeek.dhcp") == frozenset()


@pytest.mark.parametrize(
    ("source", "records"),
    [
        ("suricata.eve", ("suricata.dns", "suricata.tls", "suricata.flow", "suricata.fileinfo")),
        ("fortigate.log", ("fortigate.traffic", "fortigate.utm")),
    ],
)
def test_a_mixed_source_shows_what_its_records_are(source: str, records: tuple[str, ...]) -> None:
    assert {kind_of(one) for one in records} <= kinds_of_source(source)


def test_a_log_of_chosen_packets_proves_no_silence() -> None:
    assert kinds_of_source("netfilter") == frozenset()


def test_what_nobody_has_sorted_is_a_kind_of_its_own() -> None:
    assert kind_of("newsensor.thing") == "newsensor.thing"
    assert kinds_of_source("newsensor.thing") == {"newsensor.thing"}
