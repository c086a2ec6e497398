"""A planted name is told apart: it shows that a source sees, and is no sighting."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.blocklists.planted import PlantedKey, planted_on
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.watch.planted import (
    PLANTED,
    PLANTED_NAME,
    PlantedDays,
    is_below,
    keep_planted,
    listed_count,
    planted_in,
    planted_standing,
    us_of_time,
)
from quetsach.watch.state import WatchState
from quetsach.watch.telling import SightingReporter
from tests.watch.conftest import Start
from tests.watch.watched import NAME, eve, lines


def test_what_meets_it_is_no_sighting(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    (watched.folder / PLANTED).write_text(f"{NAME}\n")
    watched.watch.use(watched.tools)
    watched.write(log, lines(0, 2) + eve(5, f"x1.{NAME}") + eve(6, "good.example"))
    outcome = watched.go(2)
    assert watched.clients() == []
    assert sum(one.figures.sightings for one in watched.rounds) == 0
    assert not outcome.rows
    assert not SightingReporter(watched.state).untold(1).rows
    names = {name for (name,) in watched.state.run("SELECT name FROM planted")}
    assert names == {NAME, f"x1.{NAME}"}
    assert watched.state.run("SELECT DISTINCT source FROM planted") == [(str(log),)]


def test_it_is_seen_at_the_lines_own_time(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    (watched.folder / PLANTED).write_text(f"{NAME}\n")
    watched.watch.use(watched.tools)
    watched.write(log, eve(70) + eve(5))
    watched.go(2)
    when = datetime.fromisoformat("2026-11-30T08:01:10.000070+07:00")
    assert watched.state.run("SELECT seen_us FROM planted") == [(round(when.timestamp() * 1e6),)]
    assert us_of_time(None, 7) == 7


def test_a_key_plants_anew_each_day_and_status_says_what_was_seen(tmp_path: Path) -> None:
    state = WatchState(tmp_path)
    key = PlantedKey(b"s" * 32, ("Một cửa", "Văn phòng"), None)
    days = PlantedDays(state, key, ZoneInfo("Asia/Ho_Chi_Minh"))
    day = date(2026, 11, 30)
    for later in (0, 1):
        # 17:00 UTC is midnight there.
        when = datetime(2026, 11, 29 + later, 18, tzinfo=UTC)
        days.look(round(when.timestamp() * 1e6))
        today = [planted_on(key, day + timedelta(days=later), place) for place in key.places]
        before = [planted_on(key, day + timedelta(days=later - 1), place) for place in key.places]
        assert {one.name for one in (*today, *before)} <= planted_in(tmp_path)
        assert {one.address for one in today} <= planted_in(tmp_path)
        assert [one["name"] for one in planted_standing(state)] == [one.name for one in today]
    state.run("INSERT INTO planted VALUES(?, 'eve.json', 5)", today[1].name)
    assert [(one["source"], one["seen_us"]) for one in planted_standing(state)] == [
        ("", None),
        ("eve.json", 5),
    ]
    state.close()


def test_what_is_planted_is_no_indicator_unless_a_list_has_it(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    keep_planted(tmp_path, [f"0a.{PLANTED_NAME}", f"0b.{PLANTED_NAME}", "192.0.2.7"])
    listed.write_text(f"bad.example\nworse.example\n0b.{PLANTED_NAME}\n", encoding="ascii")
    options = ListOptions(accept_private=True)
    indicators = read_lists([listed, tmp_path / PLANTED], options)
    assert len(indicators.indicators) == 6
    assert listed_count(indicators, planted_in(tmp_path)) == 3
    assert listed_count(indicators, frozenset()) == 6


@pytest.mark.parametrize(
    ("key", "expected"), [("a.b.c", True), ("b.c", True), ("xb.c", False), ("c", False)]
)
def test_below(key: str, expected: bool) -> None:
    assert is_below(key, frozenset({"b.c"})) is expected


def test_the_names_of_a_portal_are_kept(tmp_path: Path) -> None:
    assert planted_in(tmp_path) == frozenset()
    good = [f"0a.{PLANTED_NAME}", "192.0.2.7"]
    keep_planted(tmp_path, good)
    assert planted_in(tmp_path) == {PLANTED_NAME, *good}


@pytest.mark.parametrize(
    "told",
    ["n.example", "example", "198.51.100.7", "192.0.2.0/24", "::1", f"x{PLANTED_NAME}", ""]
    + [f"0a.{PLANTED_NAME}{more}" for more in (" n.example", "\nn.example", "\0", ".n.example")],
)
def test_a_portal_hides_nothing_else(tmp_path: Path, told: str) -> None:
    keep_planted(tmp_path, [told])
    assert planted_in(tmp_path) == {PLANTED_NAME}
