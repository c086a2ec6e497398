"""Connections that several files tell of are found by columns as one by one."""

import random
from pathlib import Path
from typing import Any

import pytest

from quetsach.attribution.clock_offsets import Observation, estimate
from quetsach.sweeping import spools
from quetsach.sweeping.common_connections import CommonConnections, event_key
from tests.sweeping.test_spools import spooled


def _rows(seed: int, ahead_s: int) -> list[dict[str, Any]]:
    """Return connections of which other seeds have some; ends and times may be missing."""
    draw = random.Random(seed)

    def row(number: int) -> dict[str, Any]:
        own = random.Random(number)
        return {
            "@timestamp": None if draw.random() < 0.02 else (1_000 + number + ahead_s) * 1_000_000,
            "log.offset": number,
            "network.direction": draw.choice(["inbound", "outbound", None]),
            "source.ip": own.choice(["10.0.0.5", "2001:db8::5", None]),
            "source.port": 49_152 + number,
            "destination.ip": own.choice(["203.0.113.7", "203.0.113.8"]),
            "destination.port": own.choice([53, 443, None]),
            "network.transport": own.choice(["udp", "tcp", None]),
        }

    return [row(number) for number in draw.sample(range(90), 60)]


def _kept(folder: Path) -> list[tuple[int, Path]]:
    logs = [_rows(1, 0), _rows(2, 30), _rows(3, -7)]
    alone = [{"source.ip": "10.0.0.9", "source.port": port} for port in range(9)]
    return [
        (2, spooled(folder / "a", logs[0][:40], logs[0][40:])),
        (3, spooled(folder / "b", logs[1])),
        (3, spooled(folder / "c", alone)),
        (9, spooled(folder / "d", logs[2], logs[2][:5])),
    ]


def _seen(found: CommonConnections) -> list[tuple[Observation, int, tuple[Any, ...]]]:
    return [(one.observation, one.offset, one.what) for one in found]


def test_by_columns_the_clocks_differ_by_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = _kept(tmp_path)
    one_by_one = _seen(CommonConnections(kept))
    monkeypatch.setattr(spools, "FEW", 0)
    found = CommonConnections(kept)
    by_columns = _seen(found)
    assert _seen(found) == by_columns, "it may be gone through again"
    files: dict[object, set[int]] = {}
    for one, _, _ in one_by_one:
        files.setdefault(one.key, set()).add(one.source)
    assert [one for one in by_columns if len(files[one[0].key]) > 1] == [
        one for one in one_by_one if len(files[one[0].key]) > 1
    ]
    assert len(by_columns) < len(one_by_one)
    clocks = estimate(one for one, _, _ in by_columns)
    assert clocks == estimate(one for one, _, _ in one_by_one)
    assert [(one.source, one.offset_us) for one in clocks] == [(2, 30_000_000), (9, 37_000_000)]
    assert [one.examples for one in clocks] == [
        one.examples for one in estimate(one for one, _, _ in one_by_one)
    ]


@pytest.mark.parametrize("few", [0, 1000])
def test_files_that_share_nothing_are_not_gone_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(spools, "FEW", few)
    rows = _rows(1, 0)
    assert _seen(CommonConnections([(0, spooled(tmp_path / "a", rows))])) == []
    kept = [(0, tmp_path / "a"), (0, spooled(tmp_path / "b", rows))]
    assert _seen(CommonConnections(kept)) == [], "two parts of one file"


def test_the_key_of_an_event_is_the_same_for_all() -> None:
    assert event_key("connection", ("10.0.0.5", 1, None)) == event_key(
        "connection", ["10.0.0.5", "1", "None"]
    )


@pytest.mark.parametrize("few", [0, 1000])
def test_what_has_the_same_ports_each_time_is_no_mark_of_one_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """A ping or an NTP question each hour is in each hour's file, and no clock is an hour off."""
    monkeypatch.setattr(spools, "FEW", few)

    def hour(number: int) -> list[dict[str, Any]]:
        ports = (("icmp", 8, 0), ("udp", 123, 123), ("tcp", 49_200, 443), ("tcp", 443, 49_201))
        return [
            {
                "@timestamp": (number * 3_600 + place) * 1_000_000,
                "log.offset": place,
                "network.direction": "outbound",
                "source.ip": f"10.0.0.{place}",
                "source.port": port,
                "destination.ip": "203.0.113.7",
                "destination.port": other,
                "network.transport": transport,
            }
            for place, (transport, port, other) in enumerate(ports)
        ]

    logs = [(number, spooled(tmp_path / f"{number}", hour(number))) for number in range(3)]
    found = CommonConnections(logs)
    assert [(one.observation.source, one.offset) for one in found] == [
        (number, place) for number in range(3) for place in (2, 3)
    ]
    assert found.counts == {0: 4, 1: 4, 2: 4}
