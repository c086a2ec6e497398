"""How a watch stands: what it read, what is silent, whom it met, what it could not follow."""

from pathlib import Path

from quetsach.clocks import MICROSECONDS
from quetsach.watch.figures import KEPT_MINUTES, SILENT_US, add_minute, standing
from quetsach.watch.keeping import RoundFigures
from quetsach.watch.telling import SightingReporter
from tests.watch.conftest import Start
from tests.watch.watched import lines


def test_it_says_what_is_read_silent_and_met(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log, tmp_path / "none.json", tmp_path)
    (tmp_path / "link").symlink_to("/etc/hostname")
    watched.write(log, lines(0, 3))
    rows = watched.go(1).rows
    now_us = int(watched.now_s * MICROSECONDS)
    teller = SightingReporter(watched.state)
    teller.tidings(rows, now_us)
    teller.done()
    add_minute(watched.state, RoundFigures(lines=3, bytes=600), 7, now_us - 60 * MICROSECONDS)
    watched.write(log, b"half a line")
    now = standing(watched.state, now_us)
    assert (now["lines"], now["sightings"], now["lag"]) == (3, 3, 7)
    assert now["minute"] == {"lines": 3, "bytes": 600}
    [file] = [one for one in now["files"] if one["path"] == str(log)]
    assert (file["form"], file["lag"], file["is_silent"]) == ("suricata-eve", 11, False)
    assert standing(watched.state, now_us + 2 * SILENT_US)["files"][0]["is_silent"]
    assert {one["device"] for one in now["devices"]} == {"10.2.0.1", "10.2.0.2", "10.2.0.3"}
    assert "E138" in {one["code"] for one in now["problems"]}


def test_old_minutes_are_forgotten(tmp_path: Path, start: Start) -> None:
    watched = start(tmp_path / "eve.json")
    minute_us = 60 * MICROSECONDS
    add_minute(watched.state, RoundFigures(lines=1), 0, minute_us)
    add_minute(watched.state, RoundFigures(lines=1), 0, (KEPT_MINUTES + 2) * minute_us)
    assert len(watched.state.run("SELECT 1 FROM loss")) == 1


def test_a_text_and_its_copies_count_once_and_what_was_rotated_is_not_silent(
    tmp_path: Path, start: Start
) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 3))
    watched.go(1)
    watched.stop()
    log.rename(tmp_path / "old.json")
    (tmp_path / "eve.json.1").write_bytes(lines(0, 3))
    watched.write(log, lines(3, 5))
    watched.start()
    watched.go(4)
    now = standing(watched.state, int(watched.now_s * MICROSECONDS) + 2 * SILENT_US)
    assert (now["lines"], now["texts"]) == (5, 2)
    assert [one["lines"] for one in now["files"] if one["is_silent"]] == [2]
