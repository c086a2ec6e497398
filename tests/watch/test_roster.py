"""Rotation in all its ways: nothing is read twice, and nothing is left out."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from quetsach.watch.state import StreamState
from tests.watch.conftest import Start
from tests.watch.watched import Watched, clients, lines


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder / "eve.json"


def _pack(path: Path, target: Path) -> None:
    status = path.stat()
    target.write_bytes(gzip.compress(path.read_bytes()))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    path.unlink()


def _begin(log: Path, start: Start) -> Watched:
    watched = start(log)
    watched.write(log, lines(0, 10))
    watched.go(6)
    assert watched.clients() == clients(0, 10)
    return watched


def test_a_renamed_file_is_read_to_its_end_and_its_successor_from_the_beginning(
    log: Path, start: Start
) -> None:
    watched = _begin(log, start)
    old = log.rename(log.with_name("eve.json.1"))
    watched.write(log, lines(12, 14))
    watched.write(old, lines(10, 12))
    watched.go(4)
    assert sorted(watched.clients()) == sorted(clients(0, 14))
    watched.go(8, wait_s=20)
    _pack(old, log.with_name("eve.json.1.gz"))
    watched.write(log, lines(14, 15))
    watched.go(8)
    assert sorted(watched.clients()) == sorted(clients(0, 15))
    assert StreamState.DONE in {one.state for one in watched.streams()}
    assert sum(one.figures.shared for one in watched.rounds) == 0


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_file_that_was_copied_and_cut_off_goes_on_in_its_copy(
    log: Path, start: Start, is_packed: bool
) -> None:
    watched = _begin(log, start)
    watched.write(log, lines(10, 13))
    copy = log.with_name("eve.json.1")
    shutil.copy2(log, copy)
    watched.write(log, lines(13, 15), anew=True)
    if is_packed:
        _pack(copy, log.with_name("eve.json.1.gz"))
    watched.go(8)
    assert sorted(watched.clients()) == sorted(clients(0, 15))


@pytest.mark.parametrize("wait_s", [1.5, 100.0])
def test_rotations_while_nobody_watched_are_caught_up_with(
    log: Path, start: Start, wait_s: float
) -> None:
    """Also where a look takes long, or the machine sleeps between two of them."""
    watched = _begin(log, start)
    log.with_name("eve.json.9").write_bytes(lines(900, 903))
    os.utime(log.with_name("eve.json.9"), (1, 1))
    watched.stop()
    watched.now_s += 3600
    watched.write(log, lines(10, 12))
    log.rename(log.with_name("eve.json.2"))
    watched.write(log.with_name("eve.json.1"), lines(12, 15))
    _pack(log.with_name("eve.json.2"), log.with_name("eve.json.2.gz"))
    watched.write(log, lines(15, 17))
    watched.start()
    watched.go(10, wait_s=wait_s)
    # What was there before it was ever watched was not named, and is not read.
    assert sorted(watched.clients()) == sorted(clients(0, 17))
    watched.stop()
    watched.start()
    watched.go(6)
    assert len(watched.clients()) == 17


def test_a_log_that_was_empty_and_was_rotated_while_nobody_watched_is_read(
    log: Path, start: Start
) -> None:
    watched = start(log)
    log.touch()
    watched.go(1)
    watched.stop()
    watched.now_s += 600
    watched.write(log, lines(0, 4))
    log.rename(log.with_name("eve.json.1"))
    watched.write(log, lines(4, 6))
    watched.start()
    watched.go(4)
    assert sorted(watched.clients()) == sorted(clients(0, 6))


def test_an_inode_that_is_used_again_holds_another_text(log: Path, start: Start) -> None:
    watched = _begin(log, start)
    watched.write(log, lines(20, 40), anew=True)
    watched.go(3)
    assert sorted(watched.clients()) == sorted(clients(0, 10) + clients(20, 40))


def test_a_copy_under_another_name_is_counted_once_and_said(log: Path, start: Start) -> None:
    copy = log.with_name("copy.json")
    watched = start(log, copy)
    watched.write(log, lines(0, 10))
    watched.go(2)
    watched.write(copy, lines(0, 12))
    watched.go(3)
    assert watched.clients() == clients(0, 12)
    assert sum(one.figures.shared for one in watched.rounds) == 10


def test_a_link_that_was_put_in_while_nobody_watched_is_not_followed(
    log: Path, start: Start
) -> None:
    outside, named = log.parents[1] / "outside", log.with_name("named.json")
    outside.write_bytes(lines(50, 52))
    named.symlink_to(outside)
    watched = start(log, named)
    watched.write(log, lines(0, 2))
    watched.go(2)
    watched.stop()
    log.unlink()
    log.symlink_to(outside)
    watched.start()
    watched.go(2)
    assert [path for code, path in watched.problems() if code == "E138"] == [str(log)]
    assert sorted(watched.clients()) == sorted(clients(0, 2) + clients(50, 52))


def test_a_packed_log_that_was_named_is_read_once(log: Path, start: Start) -> None:
    packed = log.with_name("old.json.gz")
    watched = start(packed)
    packed.write_bytes(gzip.compress(lines(0, 5)))
    os.utime(packed, (watched.now_s, watched.now_s))
    watched.go(1, wait_s=1)
    assert watched.clients() == []
    watched.go(3)
    watched.stop()
    watched.start()
    watched.go(3)
    assert watched.clients() == clients(0, 5)


def test_what_cannot_be_followed_is_told_once_and_counted(log: Path, start: Start) -> None:
    watched = start(log.parent)
    log.write_bytes(lines(0, 2))
    outside = log.parents[1] / "outside"
    outside.write_bytes(lines(5, 9))
    log.with_name("link.json").symlink_to(outside)
    os.mkfifo(log.with_name("pipe"))
    log.with_name("photo.log").write_bytes(b"\x7fELF" + bytes(200))
    watched.go(4)
    codes = {code for code, _ in watched.problems()}
    assert {"E138", "E113"} <= codes
    assert watched.clients() == clients(0, 2)
    told = [one for each in watched.rounds for one in each.problems]
    assert len(told) == len({(one.code, one.where) for one in told})
