"""A planted name is told apart: it shows that a source sees, and is no sighting."""

from pathlib import Path

import pytest

from quetsach.watch.planted import PLANTED, PLANTED_NAME, is_below, keep_planted, planted_in
from quetsach.watch.telling import Teller
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
    assert not Teller(watched.state).untold(1).rows
    names = {name for (name,) in watched.state.run("SELECT name FROM planted")}
    assert names == {NAME, f"x1.{NAME}"}
    assert watched.state.run("SELECT DISTINCT source FROM planted") == [(str(log),)]


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
