"""A watch runs until it is ended, tells as it happens, and says in the end what it looked at."""

import sqlite3
from pathlib import Path

import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.sweeping.sweep import SweepRequest
from quetsach.watch import running, watching
from quetsach.watch.running import WatchEars, WatchTotals, WatchWishes, run_watch
from quetsach.watch.telling import Tidings
from tests.watch.watched import lines


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "POLL_S", 0.001)


def test_it_tells_sightings_as_they_come_and_goes_on_where_it_was(tmp_path: Path) -> None:
    log, listed = tmp_path / "eve.json", tmp_path / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    log.write_bytes(lines(0, 3))
    indicators = read_lists([listed], ListOptions())
    request = SweepRequest([str(log)], indicators, tmp_path)
    wishes = WatchWishes(request, [listed], lambda: indicators, tmp_path / "state")
    told: list[str] = []
    figures: list[WatchTotals] = []
    problems: list[Problem] = []

    def sightings(tidings: Tidings) -> None:
        told.extend(row["source.ip"] for row in tidings.rows)
        ears.ask.set()
        if len(told) == 3:
            with log.open("ab") as file:
                file.write(lines(3, 5))
        else:
            ears.stop.set()

    ears = WatchEars(sightings, problems.append, lambda _count: None, figures.append)
    totals = run_watch(wishes, ears)
    assert (totals.figures.lines, totals.figures.sightings, totals.texts) == (5, 5, 1)
    assert len(told) == 5
    assert figures[0].figures.sightings == 3
    assert problems == []
    ears.stop.clear()
    ears.stop.set()
    assert run_watch(wishes, ears).figures.lines == 0


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    request = SweepRequest([], IndicatorSet(()), tmp_path)
    wishes = WatchWishes(request, [], lambda: IndicatorSet(()), tmp_path / "state")
    nobody = WatchEars(lambda _: None, lambda _: None, lambda _: None, lambda _: None)
    with pytest.raises(QuetsachError, match="E201"):
        run_watch(wishes, nobody)
    assert not (tmp_path / "state").exists()


def test_once_does_not_wait_for_a_state_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_WAIT_S", 0.001)
    log, listed = tmp_path / "eve.json", tmp_path / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    log.write_bytes(lines(0, 3))
    indicators = read_lists([listed], ListOptions())
    request = SweepRequest([str(log)], indicators, tmp_path)
    wishes = WatchWishes(request, [listed], lambda: indicators, tmp_path / "state", once=True)
    nobody = WatchEars(lambda _: None, lambda _: nobody.stop.set(), lambda _: None, lambda _: None)

    def full(*_facts: object, **_more: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(watching.Watch, "round", full)
    with pytest.raises(QuetsachError, match="E505"):
        run_watch(wishes, nobody)
