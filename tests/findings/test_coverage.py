"""Coverage: what was looked at, per source and day, a file given twice once."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.coverage import (
    AliveAddress,
    SourceCoverage,
    alive_rows,
    coverage_json,
    kind_of,
    kinds_of_source,
    read_alive,
    write_alive,
)
from quetsach.findings.folder import digests_of
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
    assert told["alive"] == {"2022-09-12": ["10.0.0.5", "10.0.0.21"]}
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


ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


HOUR = 3_600_000_000


START = 1_662_940_800_000_000
"""2022-09-12 07:00 at +07:00."""


SPEAKER = 0x0A000005


def source(path: str, alive: dict[int | None, set[int]], **more: str) -> SourceCoverage:
    return SourceCoverage(path, "zeek-tsv", "zeek.dns", "plain", alive=_bitmaps(alive), **more)


def nobody(_address: str, _hour: int) -> None:
    return None


def test_hours_are_counted_by_local_day() -> None:
    late = START + 16 * HOUR
    rows = list(
        alive_rows(
            [source("a", {START: {SPEAKER}, late: {SPEAKER}, late + HOUR: {SPEAKER}})], nobody, ZONE
        )
    )
    assert (
        rows
        == [
            AliveAddress(0, "2022-09-12", "10.0.0.5", None, 2),
            AliveAddress(0, "2022-09-13", "10.0.0.5", None, 1),
        ][:1]
        + rows[1:]
    )
    assert sum(one.hours for one in rows) == 3


def test_an_address_that_changed_hands_has_a_row_for_each_device() -> None:
    def name(address: str, hour: int) -> str | None:
        assert address == "10.0.0.5"
        return "pc-1" if hour == START else "pc-2"

    rows = list(alive_rows([source("a", {START: {SPEAKER}, START + HOUR: {SPEAKER}})], name, ZONE))
    assert [(one.device, one.hours) for one in rows] == [("pc-1", 1), ("pc-2", 1)]


def test_a_file_given_twice_and_lines_without_hour_count_for_nobody() -> None:
    sources = [source("a", {None: {SPEAKER}}), source("b", {START: {SPEAKER}}, duplicate_of="a")]
    assert list(alive_rows(sources, nobody, ZONE)) == []


def test_rows_come_back_as_they_were_written_and_bytes_are_the_same(tmp_path: Path) -> None:
    rows = [
        AliveAddress(0, "2022-09-12", f"10.0.{n // 256}.{n % 256}", None, 1) for n in range(70_000)
    ]
    for name in ("alive.parquet", "again.parquet"):
        write_alive(tmp_path / name, iter(rows))
    assert (tmp_path / "alive.parquet").read_bytes() == (tmp_path / "again.parquet").read_bytes()
    assert list(read_alive(tmp_path) or ()) == rows
    assert list(digests_of(tmp_path)) == ["alive.parquet"]


def test_an_empty_day_is_no_missing_file(tmp_path: Path) -> None:
    assert read_alive(tmp_path) is None
    write_alive(tmp_path / "alive.parquet", [])
    assert list(read_alive(tmp_path) or ()) == []


@pytest.mark.parametrize("damage", ["cut", "other"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "alive.parquet"
    if damage == "cut":
        write_alive(path, [AliveAddress(0, "2022-09-12", "10.0.0.5", None, 1)])
        path.write_bytes(path.read_bytes()[:-40])
    else:
        pq.write_table(pa.table({"source": ["x"]}), path)
    with pytest.raises(QuetsachError, match="E305"):
        list(read_alive(tmp_path) or ())
