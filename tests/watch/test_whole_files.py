"""Archives and records of several lines are read as a whole, and anew when they changed."""

import gzip
import os
import zipfile
from pathlib import Path

from quetsach.watch.state import StreamState
from tests.watch.conftest import Start
from tests.watch.watched import Watched, clients, lines


def _zip(watched: Watched, path: Path, text: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eve.json", text)
    watched.write(path, b"")


def test_a_time_that_is_to_come_keeps_nothing_from_being_read(tmp_path: Path, start: Start) -> None:
    packed, log, rotated = (tmp_path / name for name in ("a.zip", "eve.json", "old.json.gz"))
    watched = start(tmp_path)
    _zip(watched, packed, lines(0, 3))
    log.write_bytes(lines(5, 7).rstrip())
    rotated.write_bytes(gzip.compress(lines(8, 9)))
    for path in (packed, log, rotated):
        os.utime(path, (4_000_000_000, 4_000_000_000))
    watched.go(4)
    watched.go(3, wait_s=20)
    assert sorted(watched.clients()) == sorted([*clients(0, 3), *clients(5, 7), *clients(8, 9)])


def test_what_cannot_be_read_of_an_archive_is_told(tmp_path: Path, start: Start) -> None:
    packed = tmp_path / "logs.zip"
    watched = start(packed)
    _zip(watched, packed, lines(0, 30))
    watched.write(packed, packed.read_bytes()[:-40], anew=True)
    watched.go(4)
    assert [one.code for each in watched.rounds for one in each.problems] == ["E116"]
    assert watched.problems() == [("E116", str(packed))]


def test_a_link_that_takes_the_place_of_an_archive_is_not_followed(
    tmp_path: Path, start: Start
) -> None:
    packed, outside = tmp_path / "in" / "logs.zip", tmp_path / "outside.zip"
    packed.parent.mkdir()
    watched = start(packed.parent)
    _zip(watched, outside, lines(0, 3))
    _zip(watched, packed, lines(5, 6))
    watched.go(1, wait_s=0.5)
    packed.unlink()
    packed.symlink_to(outside)
    watched.go(3)
    assert watched.clients() == []
    assert {"E104", "E138"} <= {code for code, _ in watched.problems()}


def test_an_archive_is_read_when_it_rests_and_again_when_it_changed(
    tmp_path: Path, start: Start
) -> None:
    packed = tmp_path / "logs.zip"
    watched = start(packed)
    _zip(watched, packed, lines(0, 3))
    watched.go(1, wait_s=1.0)
    assert watched.clients() == []
    watched.go(2)
    assert watched.clients() == clients(0, 3)
    watched.go(2)
    _zip(watched, packed, lines(0, 5))
    watched.go(3)
    assert watched.clients() == clients(0, 5)
    [stream] = watched.streams()
    assert (stream.state, stream.counts["lines"]) == (StreamState.WHOLE, 5)
    assert len(watched.state.run("SELECT 1 FROM sighting")) == 5
