"""A spool holds whole lines, by the hour, within its limit; what goes unread is counted."""

import errno
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quetsach.watch.listening.spools import USUAL_SLACK, Spool, Spools

NOW = datetime(2026, 11, 30, 8, 15, tzinfo=UTC)


def spools_in(folder: Path, limit: int = 1 << 30, slack: int = USUAL_SLACK) -> tuple[Spools, Spool]:
    spools = Spools(folder, UTC, limit, slack=slack)
    return spools, Spool(spools, "udp-10.0.0.5-514", "received", NOW)


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.log"))}


def test_each_hour_has_its_file(tmp_path: Path) -> None:
    _, spool = spools_in(tmp_path)
    assert spool.write(b"one\n", NOW)
    assert spool.write(b"two\n", NOW + timedelta(minutes=50))
    assert spool.write(b"three\n", NOW + timedelta(minutes=51))
    spool.close()
    held = {name: text for name, text in texts(tmp_path).items() if text}
    assert held == {
        "received-20261130T08.log": b"one\n",
        "received-20261130T09.log": b"two\nthree\n",
    }
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.rglob("*.log"))


def test_a_name_that_was_let_go_is_not_used_again(tmp_path: Path) -> None:
    spools, spool = spools_in(tmp_path, limit=80)
    line = b"a line of twenty one\n"
    for _ in range(4):
        assert spool.write(line, NOW)
    before = texts(tmp_path).keys()
    spools.tidy(lambda path: path.stat().st_size, lambda path: path.stat().st_size)
    assert before - texts(tmp_path).keys() == {"received-20261130T08.log"}
    # A watch that begins anew goes on behind the newest, too.
    for one in (spool, Spool(spools, spool.name, "received", NOW)):
        assert one.write(line, NOW)
        assert one.write(line, NOW)
    assert "received-20261130T08.log" not in texts(tmp_path)


def test_a_line_that_a_kill_cut_off_stays_alone(tmp_path: Path) -> None:
    _, spool = spools_in(tmp_path)
    spool.write(b"whole\ncut", NOW)
    spool.close()
    _, spool = spools_in(tmp_path)
    spool.write(b"next\n", NOW)
    spool.close()
    assert texts(tmp_path)["received-20261130T08.log"] == b"whole\ncut\nnext\n"


def test_a_full_disk_cuts_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, spool = spools_in(tmp_path)
    spool.write(b"begun\n", NOW)
    write, room = os.write, [3, 0, 0, 2, 100, 100]

    def narrow(number: int, content: bytes) -> int:
        most = room.pop(0)
        if not most:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(number, content[:most])

    monkeypatch.setattr(os, "write", narrow)
    assert spool.write(b"first\n", NOW)
    assert not spool.write(b"second\n", NOW)
    assert spool.problem == os.strerror(errno.ENOSPC)
    assert not spool.write(b"second\n", NOW)
    assert spool.write(b"third\n", NOW)
    assert not spool.problem
    monkeypatch.undo()
    spool.close()
    assert texts(tmp_path)["received-20261130T08.log"] == b"begun\nfirst\nthird\n"


def test_the_oldest_hour_goes_and_what_was_unread_is_counted(tmp_path: Path) -> None:
    spools, spool = spools_in(tmp_path, limit=100)
    for hour in range(4):
        spool.write(b"0123456789\n" * 4, NOW + timedelta(hours=hour))
    let_go: list[str] = []

    def read_to(path: Path) -> int:
        return 22 if path.name.endswith("T08.log") else 0

    def closed(path: Path) -> int:
        let_go.append(path.name)
        return read_to(path)

    lost = spools.tidy(read_to, closed)
    # Of the first hour two lines were read.
    assert lost == {"udp-10.0.0.5-514": 6}
    assert let_go == ["received-20261130T08.log", "received-20261130T09.log"]
    assert spools.is_behind
    assert not spools.tidy(lambda _path: 44, closed)
    assert not spools.is_behind


def test_what_comes_in_one_hour_is_parted_and_bounded(tmp_path: Path) -> None:
    spools, spool = spools_in(tmp_path, limit=800, slack=0)
    for _ in range(10):
        assert spool.write(b"0123456789\n" * 9, NOW)
    assert not spool.write(b"more\n", NOW)
    assert spools.is_full
    names = list(texts(tmp_path))
    assert {"received-20261130T08.log", "received-20261130T08-002.log"} <= set(names)
    assert spools.tidy(lambda _path: 0, lambda _path: 0) == {"udp-10.0.0.5-514": 18}
    assert "received-20261130T08.log" not in texts(tmp_path)
    assert not spools.is_full
    assert spool.write(b"more\n", NOW)


def test_what_is_old_goes_though_there_is_room(tmp_path: Path) -> None:
    spools, spool = spools_in(tmp_path)
    spool.write(b"one\n", NOW)
    spool.write(b"two\n", NOW + timedelta(hours=1))
    spool.write(b"three\n", NOW + timedelta(hours=2))
    os.utime(tmp_path / "udp-10.0.0.5-514" / "received-20261130T08.log", (0, 0))
    assert spools.tidy(lambda _path: 4, lambda _path: 4) == {}
    assert list(texts(tmp_path)) == ["received-20261130T09.log", "received-20261130T10.log"]


def test_what_was_read_through_is_named(tmp_path: Path) -> None:
    spools, spool = spools_in(tmp_path)
    folder = tmp_path / "udp-10.0.0.5-514"
    for hour in range(3):
        spool.write(b"one\n", NOW + timedelta(hours=hour))
    old_s = time.time() - 2 * 3_600
    for name in ("received-20261130T08.log", "received-20261130T09.log"):
        os.utime(folder / name, (old_s, old_s))
    spools.tidy(lambda path: 4 if "T08" in path.name else 0, lambda _path: 0)
    assert spools.read_through == {str(folder / "received-20261130T08.log")}


def test_a_link_in_the_place_of_a_spool_is_not_written_to(tmp_path: Path) -> None:
    folder = tmp_path / "udp-10.0.0.5-514"
    folder.mkdir()
    victim = tmp_path / "victim"
    (folder / "received-20261130T08.log").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic link"):
        spools_in(tmp_path)
    assert not victim.exists()
