"""Locks and places of open files, with flock and pread and without them."""

import os
import sys
import types
from pathlib import Path

import pytest

from quetsach.open_files import lock_open_file, read_at, write_at


def test_a_lock_is_of_one_at_a_time(tmp_path: Path) -> None:
    with (tmp_path / "a").open("w") as first, (tmp_path / "a").open("w") as second:
        assert lock_open_file(first.fileno(), waits=False) is True
        assert lock_open_file(second.fileno(), waits=False) is False
        first.close()
        assert lock_open_file(second.fileno(), waits=True) is True


def test_windows_locks_one_byte_far_behind_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, int, int]] = []

    def locking(number: int, how: int, count: int) -> None:
        calls.append((os.lseek(number, 0, os.SEEK_CUR), how, count))
        if len(calls) > 1:
            raise OSError

    module = types.ModuleType("msvcrt")
    module.__dict__.update(LK_LOCK=1, LK_NBLCK=2, locking=locking)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", module)
    with (tmp_path / "a").open("wb") as file:
        file.write(b"abc")
        file.flush()
        assert lock_open_file(file.fileno(), waits=False) is True
        assert lock_open_file(file.fileno(), waits=True) is False
        assert file.tell() == os.lseek(file.fileno(), 0, os.SEEK_CUR) == 3
    assert calls == [(0x7FFF_FFF0, 2, 1), (0x7FFF_FFF0, 1, 1)]
    monkeypatch.setitem(sys.modules, "msvcrt", None)
    with (tmp_path / "a").open("rb") as file:
        assert lock_open_file(file.fileno(), waits=False) is None


@pytest.mark.parametrize("has_places", [True, False])
def test_bytes_at_a_place(
    tmp_path: Path, has_places: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_places:
        monkeypatch.delattr(os, "pread")
        monkeypatch.delattr(os, "pwrite")
    (tmp_path / "a").write_bytes(b"0123456789")
    with (tmp_path / "a").open("r+b", buffering=0) as file:
        assert write_at(file.fileno(), 4, b"xy") == 2
        assert read_at(file.fileno(), 3, 4) == b"3xy6"
        assert read_at(file.fileno(), 20, 4) == b""
