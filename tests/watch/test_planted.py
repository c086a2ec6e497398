"""A planted name is told apart: it shows that a source sees, and is no sighting."""

from pathlib import Path

import pytest

from quetsach.watch.planted import PLANTED, is_below, keep_planted, planted_in
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
    keep_planted(tmp_path, ["n.example", "odd\x00name"])
    assert planted_in(tmp_path) == {"n.example", "planted.quetsach.example"}
