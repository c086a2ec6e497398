"""Folders come at once for a new device, each hour, and each day once more."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.errors.exceptions import Problem
from quetsach.scanning.job import ReadOptions
from quetsach.sweeping.sweep import SweepRequest
from quetsach.watch.seal_times import AT_ONCE_US, FLUSH, SealTimes
from quetsach.watch.sealing import Sealer
from tests.scanning.generated import indicators
from tests.watch.conftest import Start
from tests.watch.watched import Watched, lines

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_HOUR_US = 3600 * 1_000_000
_NOON_US = 1_796_014_800 * 1_000_000


@pytest.fixture
def watched(tmp_path: Path, start: Start) -> Watched:
    return start(tmp_path / "eve.json")


def _times(watched: Watched, tmp_path: Path) -> SealTimes:
    request = SweepRequest([], indicators(), tmp_path, ReadOptions(zone=_ZONE.key))
    target = tmp_path / "sealed"
    return SealTimes(watched.state, Sealer(watched.state, request, watched.tools, target), _ZONE)


def _grow(watched: Watched, first: int) -> None:
    watched.write(watched.paths[0], lines(first, first + 2))
    watched.go(2)


def _kinds(times: SealTimes, now_us: int) -> list[str]:
    news = times.look(now_us)
    assert not isinstance(news, Problem)
    return [one.kind for one in news]


def test_each_hour_each_day_and_at_once(tmp_path: Path, watched: Watched) -> None:
    times = _times(watched, tmp_path)
    _grow(watched, 0)
    assert _kinds(times, _NOON_US) == []
    times.met_new()
    assert _kinds(times, _NOON_US + 1) == ["instant"]
    _grow(watched, 2)
    times.met_new()
    assert _kinds(times, _NOON_US + 2) == []
    assert _kinds(times, _NOON_US + 2 + AT_ONCE_US) == ["instant"]
    _grow(watched, 4)
    assert _kinds(times, _NOON_US + _HOUR_US) == ["sealed"]
    assert _kinds(times, _NOON_US + 12 * _HOUR_US) == []
    assert _kinds(times, _NOON_US + 14 * _HOUR_US) == ["day"]
    assert _kinds(times, _NOON_US + 15 * _HOUR_US) == []


def test_whoever_asks_has_it_at_once(tmp_path: Path, watched: Watched) -> None:
    times = _times(watched, tmp_path)
    _grow(watched, 0)
    watched.state.set({FLUSH: "5"})
    assert _kinds(times, _NOON_US) == ["sealed"]
    _grow(watched, 2)
    assert _kinds(times, _NOON_US) == []
    news = times.end(_NOON_US)
    assert not isinstance(news, Problem)
    assert [one.kind for one in news] == ["sealed"]


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(
    tmp_path: Path, watched: Watched
) -> None:
    times = _times(watched, tmp_path)
    _grow(watched, 0)
    (tmp_path / "sealed").write_text("a file")
    watched.state.set({FLUSH: "5"})
    news = times.look(_NOON_US)
    assert isinstance(news, Problem)
    (tmp_path / "sealed").unlink()
    assert _kinds(times, _NOON_US + 1) == []
    assert _kinds(times, _NOON_US + AT_ONCE_US) == ["sealed"]
