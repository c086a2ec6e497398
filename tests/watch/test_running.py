"""A watch runs until it is ended, tells as it happens, and says in the end what it looked at."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.sweeping.sweep import SweepRequest
from quetsach.watch import running, watching
from quetsach.watch.running import WatchCallbacks, WatchOptions, WatchTotals, run_watch
from quetsach.watch.state import WatchState
from quetsach.watch.telling import NewSightings
from tests.watch.watched import eve, lines


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "POLL_S", 0.001)


def test_it_tells_sightings_as_they_come_and_goes_on_where_it_was(tmp_path: Path) -> None:
    log, listed = tmp_path / "eve.json", tmp_path / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    log.write_bytes(lines(0, 3))
    indicators = read_lists([listed], ListOptions())
    request = SweepRequest([str(log)], indicators, tmp_path)
    wishes = WatchOptions(request, [listed], lambda: indicators, tmp_path / "state")
    told: list[str] = []
    figures: list[WatchTotals] = []
    problems: list[Problem] = []

    def sightings(tidings: NewSightings) -> None:
        told.extend(row["source.ip"] for row in tidings.rows)
        ears.ask.set()
        if len(told) == 3:
            with log.open("ab") as file:
                file.write(lines(3, 5))
        else:
            ears.stop.set()

    ears = WatchCallbacks(sightings, problems.append, lambda _count: None, figures.append)
    totals = run_watch(wishes, ears)
    assert (totals.figures.lines, totals.figures.sightings, totals.texts) == (5, 5, 1)
    assert len(told) == 5
    assert figures[0].figures.sightings == 3
    assert problems == []
    ears.stop.clear()
    ears.stop.set()
    assert run_watch(wishes, ears).figures.lines == 0


def test_each_line_is_looked_at_by_the_list_in_force_while_lists_are_swapped(
    tmp_path: Path,
) -> None:
    log, listed = tmp_path / "eve.json", tmp_path / "list.txt"
    swaps, batch = 20, 250

    def write_list(version: int) -> None:
        aside = tmp_path / "list.new"
        aside.write_text(f"bad.example\nv{version}.example\n", encoding="ascii")
        aside.replace(listed)

    def read() -> IndicatorSet:
        return read_lists([listed], ListOptions())

    write_list(0)
    log.touch()
    wishes = WatchOptions(
        SweepRequest([str(log)], read(), tmp_path), [listed], read, tmp_path / "state"
    )
    versions, problems, written = [0], [], [0]
    told: list[str] = []
    by_another: list[str] = []

    def write(stop: Event) -> None:
        # About 5,000 lines a second; the name of a version is written once it is in force.
        while not stop.is_set():
            version, first = versions[-1], written[0]
            rows = [eve(n, "good.example") for n in range(first, first + batch - 2)]
            rows.append(eve(first))
            rows.append(eve(first, f"v{version}.example"))
            with log.open("ab") as file:
                file.write(b"".join(rows))
            written[0] += batch
            stop.wait(0.04)

    def sightings(tidings: NewSightings) -> None:
        keys = [row["quetsach.indicator.key"] for row in tidings.rows]
        own = f"v{versions[-1]}.example"
        is_first = own in keys and own not in told
        told.extend(keys)
        by_another.extend(key for key in keys if key not in ("bad.example", own))
        if is_first and versions[-1] == swaps:
            ears.stop.set()
        elif is_first:
            write_list(versions[-1] + 1)
            ears.reload.set()

    def new_list(_count: int) -> None:
        versions.append(versions[-1] + 1)

    ears = WatchCallbacks(sightings, problems.append, new_list, lambda _totals: None)
    ended = Event()
    writer = Thread(target=write, args=(ended,))
    writer.start()
    try:
        run_watch(wishes, ears)
    finally:
        ended.set()
        writer.join()
    ears.stop.clear()
    rest = run_watch(replace(wishes, once=True), ears)
    assert problems == []
    assert versions == list(range(swaps + 1))
    state = WatchState(tmp_path / "state", read_only=True)
    assert sum(stream.lines for stream in state.streams()) == written[0]
    state.close()
    assert told.count("bad.example") == written[0] // batch
    assert by_another == []
    assert set(told) == {"bad.example", *(f"v{version}.example" for version in versions)}
    assert rest.figures.rejects == 0


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    request = SweepRequest([], IndicatorSet(()), tmp_path)
    wishes = WatchOptions(request, [], lambda: IndicatorSet(()), tmp_path / "state")
    nobody = WatchCallbacks(lambda _: None, lambda _: None, lambda _: None, lambda _: None)
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
    wishes = WatchOptions(request, [listed], lambda: indicators, tmp_path / "state", once=True)
    nobody = WatchCallbacks(
        lambda _: None, lambda _: nobody.stop.set(), lambda _: None, lambda _: None
    )

    def full(*_facts: object, **_more: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(watching.Watch, "round", full)
    with pytest.raises(QuetsachError, match="E505"):
        run_watch(wishes, nobody)
